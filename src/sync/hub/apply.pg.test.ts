// The miss protocol on a real PostgreSQL: what is final, what is thrown away, how often the database is asked, and that
// no single command can stop the ones behind it.
import { createHash, randomBytes } from 'node:crypto'
import type { ClientBase, PoolClient } from 'pg'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { catalogueOf } from '../../kernel/catalogue.ts'
import { command, ELSEWHERE, type AnyCommand } from '../../kernel/command.ts'
import { text } from '../../kernel/field.ts'
import { adoptSha256 } from '../../kernel/hash.ts'
import { stockEntry } from '../../kernel/ledger.ts'
import { table } from '../../kernel/table.ts'
import type { Scripted } from '../../store/contract.ts'
import { addTenant, incomingOf, openHubDatabase, rowsOf, type HubDatabase } from '../../testing/hub-tenant.ts'
import { scriptCatalogueWithoutPasses, scriptCommands } from '../../testing/script-catalogue.ts'
import { bill, sample, scriptTables, stock } from '../../testing/script-tables.ts'
import { aLease } from '../../testing/two-sides.ts'
import { applyPart, type Decided } from './apply.ts'
import { applyByHalves } from './by-halves.ts'
import { lockClock } from './tenant.ts'
import { inTenant } from './tenant.ts'

let ran: string[] = []
const wide = table('test.wide', { fields: { key: text() }, indexes: { byKey: ['key'] }, buckets: () => ['wide'] })
const sloppy = table('test.sloppy', {
  side: 'hub',
  fields: { note: text().optional() },
  buckets: (row) => [`b:${(row.note as string).slice(0, 1)}`],
})

const own = { kind: 'fact', version: 1, permission: 'script.write' } as const
const note = command('test.note', {
  ...own,
  args: { label: text() },
  run(ctx, a) {
    ran.push(a.label)
    ctx.insert(sample, { id: ctx.id('sample'), label: a.label, rank: 1, isHot: false })
  },
})
/** Breaks on null, which is what a miss answers. */
const trust = command('test.trust', {
  ...own,
  args: { sample: text(), label: text() },
  run(ctx, a) {
    ran.push(a.label)
    const found = ctx.get(sample, a.sample)
    if (found === ELSEWHERE) return
    if ((found as unknown as { rank: number }).rank < 0) throw new Error(`broken ${a.label}`)
    ctx.patch(sample, a.sample, { label: a.label })
  },
})
const store = command('test.store', {
  ...own,
  args: { key: text(20_000) },
  run: (ctx, a) => void ctx.insert(wide, { id: ctx.id('wide'), key: a.key }),
})
const route = command('test.route', {
  ...own,
  args: {},
  run: (ctx) => void ctx.insert(sloppy, { id: ctx.id('sloppy') }),
})
const fraction = command('test.fraction', { ...own, args: {}, run: (ctx) => ctx.exception('HALF', { half: 0.5 }) })
const rewrite = command('test.rewrite', {
  ...own,
  args: { entry: text() },
  run: (ctx, a) => ctx.patch(stockEntry, a.entry, { reason: 'better' }),
})
const post = command('test.post', {
  ...own,
  args: {},
  run(ctx) {
    ctx.insert(stockEntry, {
      id: ctx.id('entry'),
      document: 'x',
      documentId: 'x',
      businessDate: '2026-11-20',
      branch: 'b',
      item: 'i',
      warehouse: 'w',
      state: 'onHand',
      quantity: 1 as never,
    })
  },
})

const ours = [note, trust, store, route, fraction, rewrite, post]
const catalogue = catalogueOf([
  { name: 'script', tables: scriptTables, commands: Object.values(scriptCommands) },
  { name: 'test', tables: [wide, sloppy], commands: ours },
])

let hub: HubDatabase
let tenant = ''
let seq = 0

beforeAll(async () => {
  adoptSha256((bytes) => createHash('sha256').update(bytes).digest())
  hub = await openHubDatabase(catalogue)
})
afterAll(() => hub.close())
beforeEach(async () => {
  tenant = `t-${randomBytes(6).toString('hex')}`
  seq = 0
  ran = []
  await addTenant(hub.pool, tenant)
})

const scripted = (what: AnyCommand, args: Readonly<Record<string, unknown>>): Scripted => {
  seq += 1
  return {
    command: what,
    args,
    isPredicted: false,
    frame: {
      tenant,
      dev: 'AAAA',
      ep: 1,
      seq,
      at: 1_795_165_200_000 + seq,
      tz: 'UTC',
      lease: aLease({ tenant, dev: 'AAAA' }),
      nos: {},
      base: {},
    },
  }
}

/** Names of the prepared statements that a part ran, in order. */
let asked: string[] = []
const counting = (client: PoolClient): ClientBase =>
  new Proxy(client, {
    get(target, key) {
      const member: unknown = Reflect.get(target, key)
      if (typeof member !== 'function') return member
      if (key !== 'query') return member.bind(target) as unknown
      return (...given: readonly unknown[]) => {
        const [first] = given
        asked.push(typeof first === 'string' ? first : String((first as { name?: string }).name))
        return (target.query as (...all: readonly unknown[]) => unknown)(...given)
      }
    },
  })

async function apply(
  part: readonly Scripted[],
  how: typeof applyPart = applyPart,
  using = catalogue,
): Promise<Decided[]> {
  return inTenant(hub.pool, tenant, async (client) => {
    const clock = await lockClock(client, { tenant, catalogue })
    asked = []
    const decided = await how(
      counting(client),
      using,
      tenant,
      clock,
      part.map((each) => incomingOf(each, '')),
    )
    await client.query('UPDATE tenant_clock SET seq = $2 WHERE tenant_id = $1', [tenant, clock + part.length])
    return decided
  })
}

const idsOf = async (of: { readonly name: string }): Promise<string[]> =>
  inTenant(hub.pool, tenant, async (client) =>
    (await rowsOf(client, tenant, catalogue))
      .filter(([each]) => each.name === of.name)
      .map(([, row]) => row.id)
      .sort(),
  )
const loads = (): string[] => asked.filter((name) => name.startsWith('rows-') || name.startsWith('range-'))

test('500 sales with their reads declared take one round and at most 8 queries', async () => {
  await apply([
    scripted(note, { label: 'pump' }),
    scripted(scriptCommands.receive, { item: 'pump', place: 'shop', quantity: 1 }),
  ])
  const [sampleId] = await idsOf(sample)
  const [stockId] = await idsOf(stock)
  const sales = Array.from({ length: 500 }, () =>
    scripted(scriptCommands.sellOne, { item: 'pump', stockId, sample: sampleId }),
  )
  const decided = await apply(sales, applyPart, scriptCatalogueWithoutPasses)
  expect(decided.every(({ outcome }) => outcome === 'adjusted')).toBe(true)
  expect(loads()).toEqual(['rows-script_stock', 'rows-script_sample'])
  expect(asked.length).toBeLessThanOrEqual(8)
})

test('what came before the first miss is final; what came after it runs again, and its errors are forgotten [PUSH3]', async () => {
  await apply([scripted(note, { label: 'first' }), scripted(note, { label: 'second' })])
  const [one, two] = await idsOf(sample)
  ran = []
  const decided = await apply([
    scripted(note, { label: 'a' }),
    scripted(trust, { sample: one, label: 'b' }),
    scripted(trust, { sample: two, label: 'c' }),
    scripted(note, { label: 'd' }),
  ])
  expect(decided.map(({ outcome }) => outcome)).toEqual(['adjusted', 'adjusted', 'adjusted', 'adjusted'])
  expect(ran).toEqual(['a', 'b', 'c', 'd', 'b', 'c', 'd'])
  expect(loads()).toEqual(['rows-script_sample'])
})

test('an error with no miss before it parks that command alone', async () => {
  const decided = await apply([
    scripted(note, { label: 'a' }),
    scripted(trust, { sample: 'nobody', label: 'b' }),
    scripted(note, { label: 'c' }),
  ])
  expect(decided.map(({ outcome, reason }) => `${outcome} ${String(reason)}`)).toEqual([
    'adjusted sync.other-effects',
    'parked hub.bug',
    'adjusted sync.other-effects',
  ])
})

test('any error, an unroutable row, an inexact fact, a changed entry: each parks its own command', async () => {
  await apply([scripted(post, {}), scripted(scriptCommands.addSample, { label: 'x', rank: -1, isHot: false })])
  const [entry] = await idsOf(stockEntry)
  const [sampleId] = await idsOf(sample)
  const part = [
    scripted(trust, { sample: sampleId, label: 'b' }),
    scripted(route, {}),
    scripted(fraction, {}),
    scripted(rewrite, { entry }),
    scripted(note, { label: 'still here' }),
  ]
  const decided = await apply(part, applyByHalves)
  expect(decided.map(({ outcome }) => outcome)).toEqual(['parked', 'parked', 'parked', 'parked', 'adjusted'])
  expect(decided[3]?.facts).toEqual({ sentence: 'Rows of kernel.stockEntry are never changed; post a reversal.' })
})

test('what the database cannot store is found by halves and parked alone [PUSH4]', async () => {
  const tooLong = randomBytes(7000).toString('base64')
  const part = Array.from({ length: 20 }, (_, index) =>
    scripted(store, { key: index === 13 ? tooLong.slice(0, 9000) : `k${index}` }),
  )
  const decided = await apply(part, applyByHalves)
  expect(decided.map(({ outcome }) => outcome)).toEqual(part.map((_, index) => (index === 13 ? 'parked' : 'adjusted')))
  expect(decided[13]?.reason).toBe('hub.cannot-store')
  expect(decided.map(({ at }) => at)).toEqual(part.map((_, index) => index + 1))
  expect(await idsOf(wide)).toHaveLength(19)
})

const WRITE_BESIDE =
  "INSERT INTO script_sample (tenant_id, id, label, rank, is_hot) VALUES ($1, 'beside', $2, 1, false)"

test('what is written beside the rows is written once, with the decisions that stand, also when the rows had to be halved [PUSH4]', async () => {
  const part = ['fine', randomBytes(7000).toString('base64').slice(0, 9000), 'fine too'].map((key) =>
    scripted(store, { key }),
  )
  const decided = await apply(part, (client, of, its, clock, incoming) =>
    applyByHalves(client, of, its, clock, incoming, undefined, (all) =>
      client.query(WRITE_BESIDE, [tenant, all.map(({ outcome }) => outcome).join()]),
    ),
  )
  const found = await inTenant(hub.pool, tenant, (client) =>
    client.query("SELECT label FROM script_sample WHERE id = 'beside'"),
  )
  expect(found.rows).toEqual([{ label: 'adjusted,parked,adjusted' }])
  expect(decided.map(({ outcome }) => outcome).join()).toBe('adjusted,parked,adjusted')
})

test('what fails beside the rows is no command’s doing: nothing is parked, nothing stays [PUSH4]', async () => {
  await inTenant(hub.pool, tenant, (client) => client.query(WRITE_BESIDE, [tenant, 'was here before']))
  const taken = apply([scripted(note, { label: 'a' })], (client, of, its, clock, incoming) =>
    applyByHalves(client, of, its, clock, incoming, undefined, () => client.query(WRITE_BESIDE, [tenant, 'again'])),
  )
  await expect(taken).rejects.toMatchObject({ code: '23505' })
  expect(await idsOf(sample)).toEqual(['beside'])
})

test('a limited range knows when it is exhausted, and when what was loaded of it is used up', async () => {
  const open = Array.from({ length: 300 }, (_, index) =>
    scripted(scriptCommands.openBill, {
      territory: 'north',
      party: 'ann',
      businessDate: '2026-11-20',
      isNumbered: false,
      lines: [{ item: 'pump', quantity: 1, amount: 1 + (index % 7) }],
    }),
  )
  await apply(open)
  const close = Array.from({ length: 310 }, () =>
    scripted(scriptCommands.closeOldest, { desc: false, isBounded: false }),
  )
  await apply(close)
  const left = await inTenant(hub.pool, tenant, (client) =>
    client.query('SELECT state, count(*) AS count FROM script_bill WHERE tenant_id = $1 GROUP BY state', [tenant]),
  )
  expect(left.rows).toEqual([{ state: 'closed', count: 300 }])
  const nothing = await inTenant(hub.pool, tenant, (client) =>
    client.query("SELECT 1 FROM kernel_exception WHERE tenant_id = $1 AND code = 'NOTHING_OPEN'", [tenant]),
  )
  expect(nothing.rows).toHaveLength(10)
  // Doubled each time, then the lines of the bills that moved: not one query a command.
  expect(loads().length).toBeLessThan(40)
})

test('the beginning of a range is not taken for the whole of it', async () => {
  await apply([
    scripted(scriptCommands.receive, { item: 'pump', place: 'shop', quantity: 1 }),
    scripted(scriptCommands.receive, { item: 'pump', place: 'van', quantity: 9 }),
  ])
  const hintsAtOne = scripted(scriptCommands.openBill, {
    territory: 'north',
    party: 'ann',
    businessDate: '2026-11-20',
    isNumbered: false,
    lines: [{ item: 'pump', quantity: 1, amount: 1 }],
  })
  await apply([hintsAtOne, scripted(scriptCommands.countStock, { item: 'pump' })])
  const counted = await inTenant(hub.pool, tenant, (client) =>
    client.query('SELECT extra FROM script_sample WHERE tenant_id = $1', [tenant]),
  )
  expect(counted.rows).toEqual([{ extra: { onHand: [0, 9] } }])
})

test(
  'a long chain of dependent reads ends; one that is too long is parked and the next command goes on',
  { timeout: 120_000 },
  async () => {
    const chain: Scripted[] = []
    for (let index = 0; index < 620; index++)
      chain.push(scripted(scriptCommands.addSample, { label: 'link', rank: index, isHot: false }))
    await apply(chain)
    await inTenant(hub.pool, tenant, (client) =>
      client.query(
        'UPDATE script_sample s SET partner = n.id FROM script_sample n WHERE s.tenant_id = $1 AND n.tenant_id = $1 AND n.rank = s.rank + 1',
        [tenant],
      ),
    )
    const start = async (rank: number): Promise<string> =>
      inTenant(
        hub.pool,
        tenant,
        async (client) =>
          (
            await client.query<{ id: string }>('SELECT id FROM script_sample WHERE tenant_id = $1 AND rank = $2', [
              tenant,
              rank,
            ])
          ).rows[0]?.id ?? '',
      )
    const decided = await apply([
      scripted(scriptCommands.walkPartners, { sample: await start(300), steps: 300 }),
      scripted(note, { label: 'between' }),
      scripted(scriptCommands.walkPartners, { sample: await start(0), steps: 1000 }),
      scripted(note, { label: 'after' }),
    ])
    // The second walk needs 300 more than what the first one loaded.
    expect(decided.map(({ outcome }) => outcome)).toEqual(['adjusted', 'adjusted', 'adjusted', 'adjusted'])
    const alone = await apply([
      scripted(scriptCommands.walkPartners, { sample: await start(0), steps: 1000 }),
      scripted(note, { label: 'after' }),
    ])
    expect(alone.map(({ reason }) => reason)).toEqual(['hub.too-deep', 'sync.other-effects'])
    expect(await idsOf(bill)).toEqual([])
  },
)
