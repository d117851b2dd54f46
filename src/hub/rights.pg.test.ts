// L8, rights: random roles, random rows and random pulls of a real PostgreSQL, against an oracle that knows what a person
// of a role should see and nothing of buckets. Not a byte of anything else may be in any answer, whatever is asked for.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { catalogueOf } from '../kernel/catalogue.ts'
import { command } from '../kernel/command.ts'
import { json, text } from '../kernel/field.ts'
import type { AnyRow, AnyTable, Insert, Row } from '../kernel/table.ts'
import { modules } from '../modules/all.ts'
import type { BucketRule } from '../modules/masters/bucket-rule.ts'
import type { role } from '../modules/masters/people.ts'
import { profileOf } from '../modules/masters/profile.ts'
import { aBranch, aCompany, aRole, aUser } from '../testing/organisation-rows.ts'
import type { Scripted } from '../store/contract.ts'
import { applyPart } from '../sync/hub/apply.ts'
import { OlderDigests } from '../sync/hub/older-digests.ts'
import { answerPull } from '../sync/hub/pull.ts'
import { inTenant } from '../sync/hub/tenant.ts'
import { toLines } from '../sync/ndjson.ts'
import { anyRow, pick, seededDraw, type Draw, type Places } from '../testing/any-row.ts'
import { addTenant, incomingOf, openHubDatabase, type HubDatabase } from '../testing/hub-tenant.ts'
import { aLease } from '../testing/two-sides.ts'

const put = command('test.put', {
  kind: 'fact',
  version: 1,
  permission: 'test.put',
  args: { table: text(), row: json<AnyRow>() },
  run(ctx, a) {
    const { goneAt: _, ...row } = a.row
    ctx.insert(tableOf(a.table), row as unknown as Insert<AnyTable>)
  },
})
const catalogue = catalogueOf([...modules, { name: 'test', tables: [], commands: [put] }])
/** Rows stand as they are put: what the hub would conclude from them carries their marks elsewhere. */
const withoutPasses = { ...catalogue, passes: [] }
const tableOf = (name: string): AnyTable => {
  const table = catalogue.tables.get(name)
  if (table === undefined) throw new Error(`There is no table ${name}.`)
  return table
}

const TODAY = '2026-02-10'
const NEAR = ['2025-12', '2026-01', '2026-02', '2026-03']
const places: Places = {
  companies: ['bw'],
  branches: ['leeds', 'whitby', 'kendal'],
  territories: ['leeds', 'whitby', 'coast', 'suppliers'],
  months: ['2025-06', '2025-11', ...NEAR, '2026-05'],
}

/** What a table's rows are about, in words of the business: whose place, which month, and for whose work. */
interface About {
  readonly place: 'everybody' | 'branch' | 'territory' | 'company' | 'nobody'
  /** Modules whose people see it; `!` only those who work there, not those who look. */
  readonly by?: readonly string[]
  readonly month?: string
  /** Work that isn't done: seen whatever its month. */
  readonly isOpen?: (row: AnyRow) => boolean
  readonly header?: string
}
const ABOUT: Readonly<Record<string, About>> = {
  'masters.item': { place: 'everybody' },
  'masters.till': { place: 'everybody' },
  'masters.party': { place: 'territory' },
  'kernel.partyBalance': { place: 'territory' },
  'masters.itemCost': { place: 'nobody' },
  'kernel.stockBalance': {
    place: 'branch',
    by: ['pos', 'sales', 'delivery', 'purchasing', 'inventory', 'service', 'inspection', 'production'],
  },
  'kernel.stockEntry': {
    place: 'branch',
    by: ['purchasing!', 'inventory!', 'inspection!', 'production!'],
    month: 'businessDate',
  },
  'inventory.receipt': {
    place: 'branch',
    by: ['purchasing!', 'inventory!', 'inspection!', 'production!'],
    month: 'businessDate',
  },
  'inventory.receiptLine': { place: 'branch', header: 'inventory.receipt' },
  'pos.sale': { place: 'branch', by: ['pos!'], month: 'businessDate' },
  'pos.saleLine': { place: 'branch', header: 'pos.sale' },
  'kernel.cashEntry': { place: 'branch', by: ['pos!'], month: 'businessDate' },
  'sales.order': {
    place: 'branch',
    by: ['sales!', 'delivery!', 'service!'],
    month: 'businessDate',
    isOpen: ({ state, isOnHold, pending }) =>
      state === 'draft' || (state === 'submitted' && (isOnHold === true || pending !== 0)),
  },
  'sales.orderLine': { place: 'branch', header: 'sales.order' },
  'kernel.partyEntry': { place: 'branch', by: ['pos!', 'sales!', 'delivery!'], month: 'businessDate' },
  'crm.visit': {
    place: 'territory',
    by: ['crm!'],
    month: 'plannedOn',
    isOpen: ({ state }) => state === 'planned' || state === 'checked-in',
  },
  'crm.note': { place: 'territory', by: ['crm!'], month: 'on' },
  'kernel.glEntry': { place: 'company', by: ['accounting!'] },
}

interface Person {
  readonly permissions: readonly string[]
  readonly branch: string
  readonly territories: readonly string[]
}

/** The oracle. */
function maySee(
  { permissions, branch: own, territories }: Person,
  table: string,
  row: AnyRow,
  headers: ReadonlyMap<string, AnyRow>,
): boolean {
  const about = ABOUT[table] as About
  if (about.header !== undefined) {
    const header = headers.get(String(row['document'])) as AnyRow
    return maySee({ permissions, branch: own, territories }, about.header, header, headers)
  }
  const holds = (need: string): boolean => {
    const module = need.replace('!', '')
    return permissions.some(
      (held) => held === '*' || (held.startsWith(`${module}.`) && (held !== `${module}.see` || !need.endsWith('!'))),
    )
  }
  const isEverywhere = permissions.some((held) => ['*', 'masters.*', 'masters.allBranches'].includes(held))
  if (about.place === 'everybody') return true
  if (about.place === 'nobody') return false
  if (about.by !== undefined && !about.by.some(holds)) return false
  const isDone = about.isOpen?.(row) !== true
  if (about.month !== undefined && isDone && !NEAR.includes(String(row[about.month]).slice(0, 7))) return false
  if (about.place === 'company') return true
  if (about.place === 'branch') return isEverywhere || row['branch'] === own
  const mine = new Set([own, ...territories, ...(isEverywhere ? places.branches : [])])
  if (['inventory!', 'purchasing!', 'accounting!'].some(holds)) mine.add('suppliers')
  return (isEverywhere && about.by === undefined) || mine.has(String(row['territory']))
}

const roleOf = (permissions: readonly string[], buckets: readonly BucketRule[] | null = null): Row<typeof role> =>
  aRole('r', { permissions, home: 'x', buckets })
const bucketsOf = (person: Person, roles: readonly Row<typeof role>[]): readonly string[] =>
  profileOf({
    company: aCompany(),
    branch: aBranch(person.branch),
    branches: places.branches.map((code) => aBranch(code)),
    user: aUser('user', { branch: person.branch, territories: person.territories }),
    roles,
    today: TODAY,
  }).buckets

const grants = [
  'pos.sell',
  'pos.see',
  'sales.*',
  'sales.see',
  'inventory.see',
  'inventory.*',
  'purchasing.order',
  'delivery.load',
  'crm.note',
  'crm.see',
  'accounting.*',
  'service.*',
  'masters.allBranches',
  'masters.edit',
  'review.see',
  '*',
]
const aPerson = (draw: Draw): Person => ({
  permissions: Array.from({ length: draw(4) }, () => pick(draw, grants)),
  branch: pick(draw, places.branches),
  territories: draw(2) === 0 ? [] : [pick(draw, places.territories)],
})

const TENANT = 'rights'
const ROWS = 400
let hub: HubDatabase
const rows = new Map<string, { table: string; row: AnyRow }>()
const headers = new Map<string, AnyRow>()
let everyBucket: readonly string[] = []

beforeAll(async () => {
  hub = await openHubDatabase(catalogue)
  await addTenant(hub.pool, TENANT)
  const draw = seededDraw(20_260_210)
  const names = Object.keys(ABOUT)
  const script: Scripted[] = []
  for (let at = 0; at < ROWS; at++) {
    const name = names[at % names.length] as string
    const { header } = ABOUT[name] as About
    const mark = `mark${at}x`
    const of = [...headers].filter(([, { table }]) => table === header).map(([key]) => key)
    const given = header === undefined ? {} : { document: of.length === 0 ? null : pick(draw, of) }
    if (given.document === null) continue
    const row = anyRow(tableOf(name), mark, { draw, places, mark }, given)
    rows.set(mark, { table: name, row })
    if (Object.values(ABOUT).some((about) => about.header === name)) headers.set(mark, { ...row, table: name })
    script.push({
      command: put,
      args: { table: name, row },
      frame: {
        tenant: TENANT,
        dev: 'AAAA',
        ep: 1,
        seq: at + 1,
        at,
        tz: 'UTC',
        lease: aLease({ tenant: TENANT, branch: 'leeds' }),
        nos: {},
        base: {},
      },
      isPredicted: true,
    })
  }
  await inTenant(hub.pool, TENANT, async (client) => {
    const decided = await applyPart(
      client,
      withoutPasses,
      TENANT,
      0,
      script.map((each) => incomingOf(each, '')),
    )
    expect(decided.filter(({ outcome }) => outcome === 'parked')).toEqual([])
    await client.query('UPDATE tenant_clock SET seq = $2 WHERE tenant_id = $1', [TENANT, script.length])
    everyBucket = (await client.query<{ name: string }>('SELECT name FROM bucket ORDER BY name')).rows.map(
      ({ name }) => name,
    )
  })
})
afterAll(() => hub.close())

async function pull(allowed: readonly string[], asked: readonly string[], limit: number): Promise<ReadonlySet<string>> {
  const context = {
    catalogue,
    tenant: TENANT,
    incarnation: 'i',
    now: () => 0,
    olderDigests: new OlderDigests(),
  }
  const buckets = asked.map((name) => ({ name, after: 0, generation: 0 }))
  const request = { incarnation: 'i', sv: 1, buckets, limit }
  const lines = await inTenant(
    hub.pool,
    TENANT,
    (client) => answerPull(client, context, request, { dev: 'AAAA', ep: 1 }, new Set(allowed)),
    'snapshot',
  )
  return new Set(toLines(lines).match(/mark\d+x/g))
}

const PULLS = Number(process.env['HOLDFAST_PULLS'] ?? 5_000)

test(
  `[PULL3] L8: in ${PULLS} pulls of random roles there is no byte that the person may not see, and nothing missing`,
  { timeout: 600_000 },
  async () => {
    const draw = seededDraw(8)
    let seen = 0
    for (let at = 0; at < PULLS; at++) {
      const person = aPerson(draw)
      const own = bucketsOf(person, [roleOf(person.permissions)])
      // Some ask for all that is theirs, some for a stranger's, some for whatever there is.
      const isWhole = draw(25) === 0
      const asked = isWhole
        ? [...own, ...everyBucket]
        : Array.from({ length: 1 + draw(8) }, () => pick(draw, draw(2) === 0 ? own : everyBucket))
      const got = await pull(own, [...new Set(asked)], isWhole ? 20_000 : 1 + draw(50))
      const wrong = [...got].filter((mark) => {
        const { table, row } = rows.get(mark) as { table: string; row: AnyRow }
        return !maySee(person, table, row, headers)
      })
      expect(wrong.map((mark) => [rows.get(mark), person])).toEqual([])
      if (isWhole) {
        const due = [...rows].filter(([, { table, row }]) => maySee(person, table, row, headers)).map(([mark]) => mark)
        expect([person, due.filter((mark) => !got.has(mark))]).toEqual([person, []])
      }
      seen += got.size
    }
    expect(seen).toBeGreaterThan(PULLS)
  },
)

test('[PROF2] a role’s own rules give exactly their kinds, whatever its permissions', async () => {
  const person: Person = { permissions: ['*'], branch: 'leeds', territories: [] }
  const own = bucketsOf(person, [roleOf(['pos.sell'], [{ kind: 'stock' }, { kind: 'costs' }])])
  const tables = new Set([...(await pull(own, [...own, ...everyBucket], 20_000))].map((mark) => rows.get(mark)?.table))
  expect([...tables].sort((a, b) => String(a).localeCompare(String(b)))).toEqual([
    'kernel.partyBalance',
    'kernel.stockBalance',
    'masters.item',
    'masters.itemCost',
    'masters.party',
    'masters.till',
  ])
})
