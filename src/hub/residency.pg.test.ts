// Residency over the real wire: what no device of another region may get, in no byte of an answer and in nothing of its database; what it
// may get under a transfer, and that the register says just what was sent. The bytes are kept by a network that the test reads along.
import { gunzipSync } from 'node:zlib'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { keyId } from '../kernel/hash.ts'
import { catalogue } from '../modules/all.ts'
import { runCommandLine } from '../cli/program.ts'
import type { Device } from '../sync/device/device.ts'
import type { PullHead, PullRows } from '../sync/protocol.ts'
import { aBranchHub, type BranchHub } from '../testing/branch-hub.ts'
import { addressOf } from '../testing/fresh-database.ts'
import { disagreements } from '../testing/replica-truth.ts'
import { estimateProfile } from './profile-estimate.ts'
import { transfersOf } from './transfers.ts'

/** In rows of Berlin only: a customer of its territory, goods that came in there. */
const CANARY = 'Kanarienvogel 7f3a9'
const GOODS = 'canary-9b1c-goods'
const DAY_MINUTES = 24 * 60

interface Sent {
  readonly path: string
  readonly at: number
  readonly text: string
}

let place: BranchHub
let berlin = ''
let [wes, eva]: readonly Device[] = []
const sent = new Map<string, Sent[]>()

/** Everything that came down to the person's device, as text. */
const listening =
  (name: string): typeof fetch =>
  async (input, init) => {
    const answer = await fetch(input, init)
    const bytes = Buffer.from(await answer.arrayBuffer())
    const plain = bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes
    const path = new URL(input instanceof Request ? input.url : input).pathname
    sent.set(name, [...(sent.get(name) ?? []), { path, at: place.time.now, text: plain.toString('utf8') }])
    return new Response(bytes, answer)
  }

async function enrol(signIn: string, branch: string): Promise<Device> {
  const { hub, must, setup, time } = place
  await must(setup, 'masters.setRole', { code: 'all', name: 'all', permissions: ['*'], home: 'stock' })
  await must(setup, 'masters.setUser', { signInName: signIn, name: signIn, roles: ['all'], branch })
  await setup.sync()
  await hub.account(keyId(hub.hub.tenant, 'masters.user', [signIn]), signIn)
  const device = await hub.device({ signIn, clock: time.clockOff(0), fetch: listening(signIn) })
  await device.sync()
  await device.sync()
  return device
}

const saveBranch = (code: string, name: string, region: string | null) =>
  place.must(place.setup, 'masters.saveBranch', {
    company: place.company,
    code,
    name,
    tz: 'Europe/London',
    territory: name.toLowerCase(),
    region,
  })
const saveTransfer = (more: object = {}) =>
  place.must(place.setup, 'masters.saveTransfer', {
    origin: 'EU',
    destination: 'UK',
    basis: 'SCC 2021/914 module 1',
    categories: ['customers', 'stock'],
    protection: 'encrypted on the device',
    from: '2026-11-01',
    ...more,
  })
async function settle(...devices: readonly (Device | undefined)[]): Promise<void> {
  await place.setup.sync()
  for (const device of devices) for (let round = 0; round < 2; round++) await device?.sync()
}
const received = (name: string): string => (sent.get(name) ?? []).map(({ text }) => text).join('\n')

/** Every value of every table of its opened database, those under the search index too. */
function held(device: Device | undefined): string {
  const db = device?.replica.db
  const tables = db?.all<{ name: string }>(
    "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'",
  )
  return (tables ?? [])
    .flatMap(({ name }) => db?.all(`SELECT * FROM "${name}"`) ?? [])
    .flatMap((row) => Object.values(row))
    .map((value) => (value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : String(value)))
    .join('\n')
}

/** The oracle of the register: of which branch rows went out to the device, by the rows themselves, when it was sent first. */
function rowsSentOf(name: string, branch: string, territory: string): number | null {
  for (const { path, at, text } of sent.get(name) ?? []) {
    if (path !== '/sync/pull') continue
    const [head, ...lines] = text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as PullHead | PullRows)
    const { names } = head as PullHead
    for (const line of lines) {
      if (!('rows' in line)) continue
      const columns = ['branch', 'territory'].map((column) => line.cols.indexOf(column))
      for (const [index, values] of line.vals.entries()) {
        const isBound = line.buckets[index]?.some((each) => names[each] !== 'company') === true
        if (isBound && columns.some((column) => [branch, territory].some((each) => each === values[column]))) return at
      }
    }
  }
  return null
}

beforeAll(async () => {
  place = await aBranchHub(catalogue)
  const { hub, must, setup, company, item } = place
  vi.stubEnv('DATABASE_URL', hub.database.url)
  const { host, port, user, password } = hub.database.app
  const server = { host: String(host), port: Number(port) }
  vi.stubEnv(
    'DATABASE_APP_URL',
    addressOf(server, { user: String(user), password: String(password) }, hub.database.name),
  )
  await saveBranch('LDS', 'Leeds', 'UK')
  await saveBranch('BER', 'Berlin', 'EU')
  berlin = keyId(hub.hub.tenant, 'masters.branch', [company, 'BER'])
  await must(setup, 'masters.saveWarehouse', { branch: berlin, code: 'LAGER', name: 'Lager' })
  await setup.sync()
  eva = await enrol('eva', berlin)
  await must(eva, 'masters.createParty', { name: CANARY, roles: ['customer'], territory: 'berlin' })
  await must(eva, 'inventory.receiveGoods', {
    warehouse: keyId(hub.hub.tenant, 'masters.warehouse', [berlin, 'LAGER']),
    businessDate: '2026-11-20',
    order: 'none',
    lines: [{ item, unit: 'each', accepted: 10_000_000 }],
    externalRef: GOODS,
  })
  await settle(eva)
  wes = await enrol('wes', place.branch)
})
afterEach(() => vi.restoreAllMocks())
afterAll(() => {
  vi.unstubAllEnvs()
  return place.hub.end()
})

const transfers = async (...more: readonly string[]): Promise<string> => {
  const said: string[] = []
  vi.spyOn(console, 'log').mockImplementation((text) => void said.push(String(text)))
  expect(await runCommandLine(['transfers', '--data', place.hub.dataDir, ...more])).toBe(0)
  vi.restoreAllMocks()
  return said.join('\n')
}

test('[RES1] [RES2] no byte of an answer to a device of the refused region has the canary, nor has its database', async () => {
  for (const mark of [CANARY, GOODS]) {
    // It would be seen: whoever may hold it has it.
    expect([mark, received('eva').includes(mark) || held(eva).includes(mark)]).toEqual([mark, true])
    expect(held(eva)).toContain(mark)
    expect([mark, received('wes').includes(mark), held(wes).includes(mark)]).toEqual([mark, false, false])
  }
  expect(rowsSentOf('wes', berlin, 'berlin')).toBeNull()
  expect(received('wes').length).toBeGreaterThan(1_000)
  expect(await transfersOf(place.hub.hub)).toEqual([])
  expect(await transfers()).toBe('No device holds or held rows of another region.')
})

test('[PROF4] [RES2] an estimate says what is left out for which region', async () => {
  const wanted = await estimateProfile(place.hub.hub, 'wes')
  expect(wanted).toMatchObject({ region: 'UK' })
  expect(wanted?.leftOut?.['EU']).toEqual(
    expect.arrayContaining([
      `stock:${berlin}`,
      `entries:${berlin}:2026-11`,
      'parties',
      'parties:berlin',
      `ledger:${place.company}`,
    ]),
  )
})

test('[RES3] under a transfer it comes down, and the register says what was sent, since when and why', async () => {
  place.time.pass(5)
  await saveTransfer()
  await settle(wes)
  for (const mark of [CANARY, GOODS])
    expect([held(wes).includes(mark), received('wes').includes(mark)]).toEqual([true, true])
  const dev = wes?.replica.identity()?.dev
  const since = rowsSentOf('wes', berlin, 'berlin')
  expect(since).toBe(place.time.now)
  const register = await transfersOf(place.hub.hub)
  expect(register).toMatchObject([
    {
      dev,
      userName: 'wes',
      origin: 'EU',
      destination: 'UK',
      branch: berlin,
      branchName: 'Berlin',
      basis: 'SCC 2021/914 module 1',
      categories: ['customers', 'stock'],
      protection: 'encrypted on the device',
      until: null,
      since,
      ended: null,
    },
  ])
  // No transfer leads the other way.
  expect(rowsSentOf('eva', place.branch, 'leeds')).toBeNull()
  const text = await transfers()
  expect(text).toContain(`EU → UK  ${dev} wes; Berlin since 2026-11-20 09:05; under SCC 2021/914 module 1`)
  expect(JSON.parse(await transfers('--json'))).toEqual(register)
  expect(await eva?.office('transfers', {})).toMatchObject({ value: register })
  // A lease that is renewed goes on where it was.
  place.time.pass(2 * DAY_MINUTES)
  await settle(wes)
  expect(await transfersOf(place.hub.hub)).toEqual(register)
})

test('[RES3] a transfer that ends takes the rows back with the next pull, whoever was offline meanwhile', async () => {
  await saveTransfer({ until: '2026-11-22' })
  await settle(wes)
  expect(held(wes)).toContain(CANARY)
  // The day after, nobody has changed anything.
  place.time.pass(DAY_MINUTES)
  const before = (sent.get('wes') ?? []).length
  await settle(wes)
  for (const mark of [CANARY, GOODS]) {
    expect([mark, held(wes).includes(mark)]).toEqual([mark, false])
    const after = (sent.get('wes') ?? []).slice(before).map(({ text }) => text)
    expect(after.join('\n')).not.toContain(mark)
  }
  // Nor is the word in the index by which it was searched.
  expect(held(eva).toLowerCase()).toContain('kanarienvogel')
  expect(held(wes).toLowerCase()).not.toContain('kanarienvogel')
  expect(await transfersOf(place.hub.hub)).toMatchObject([{ ended: place.time.now, until: '2026-11-22' }])
  expect(await transfers()).toContain('in force until 2026-11-22')
  await settle(eva)
  expect(await disagreements(place.hub.hub, catalogue, [wes as Device, eva as Device])).toEqual([])
})

test('[RES1] a branch that moves into another region is a change like any other: its rows come, and leave again', async () => {
  await saveBranch('BER', 'Berlin', 'UK')
  await settle(wes)
  expect(held(wes)).toContain(CANARY)
  // Within one region that is no transfer.
  expect(await transfersOf(place.hub.hub)).toHaveLength(1)
  await saveBranch('BER', 'Berlin', 'EU')
  await settle(wes, eva)
  expect(held(wes)).not.toContain(CANARY)
  expect(held(eva)).toContain(CANARY)
  expect(await disagreements(place.hub.hub, catalogue, [wes as Device, eva as Device])).toEqual([])
})
