// Devices and a hub of different releases over the real wire: what an older app doesn't know it never hears of and its proof holds all
// the same; what it learns with an update it is sent once, and no more than that; an update in the middle of anything loses nothing.
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Fetch } from '../device/fetch-transport.ts'
import type { AnyTable } from '../kernel/table.ts'
import { integrityOfDevices } from '../hub/integrity.ts'
import { aHub, type HubUnderTest } from '../testing/hub-with-devices.ts'
import { newerRelease, newerTables, olderRelease, olderTables } from '../testing/two-releases.ts'
import type { Device } from './device/device.ts'
import { inTenant } from './hub/tenant.ts'

const UNIT = 1_000_000
let hub: HubUnderTest
beforeAll(async () => {
  hub = await aHub(newerRelease)
}, 60_000)
afterAll(async () => {
  await hub.end()
})

const older = (directory?: string, fetch?: Fetch): Promise<Device> =>
  hub.device({ catalogue: olderRelease, ...(directory !== undefined && { directory }), ...(fetch && { fetch }) })
const newer = (directory?: string, fetch?: Fetch): Promise<Device> =>
  hub.device({ ...(directory !== undefined && { directory }), ...(fetch && { fetch }) })

async function save(device: Device, command: string, args: object, table?: AnyTable): Promise<string> {
  const answer = await device.run(command, args as Readonly<Record<string, unknown>>)
  if (!answer.saved) throw new Error(`${command}: ${JSON.stringify(answer.refusal)}`)
  return table === undefined ? '' : (answer.inserted[table.name]?.[0] ?? '')
}

/** Everything sent, everything here, every digest the hub's, and nothing to explain. */
async function expectProved(device: Device): Promise<void> {
  const status = await device.sync()
  expect(device.replica.db.all('SELECT kind, detail FROM incident')).toEqual([])
  expect(status).toMatchObject({ waiting: 0, fault: null, isOnline: true, incidents: 0 })
  expect(status.integrity.rowsVerified).toBe(status.integrity.rowsHeld)
}

/** A fetch that notes the lines of rows in each answer to a pull. */
function watchedFetch(): { readonly fetch: Fetch; readonly pulled: Record<string, unknown>[] } {
  const pulled: Record<string, unknown>[] = []
  const fetcher: Fetch = async (url, init) => {
    const response = await fetch(url, init)
    if (!url.endsWith('/sync/pull')) return response
    const text = await response.text()
    for (const line of text.split('\n'))
      if (line.includes('"rows"')) pulled.push(JSON.parse(line) as Record<string, unknown>)
    return new Response(text, { status: response.status, headers: response.headers })
  }
  return { fetch: fetcher, pulled }
}

test('[VER4] an older app never hears of what it does not know, and its digests are over what it does', async () => {
  const writer = await newer()
  const plain = await save(writer, 'rel.addItem', { name: 'plain', grade: 'standard' }, newerTables.item)
  const fine = await save(writer, 'rel.addItem', { name: 'fine', grade: 'fine' }, newerTables.item)
  await save(writer, 'rel.setGrade', { item: plain, grade: 'finer', barcode: '50' })
  await expectProved(writer)

  const { fetch: watched, pulled } = watchedFetch()
  const reader = await older(undefined, watched)
  await expectProved(reader)
  expect(JSON.stringify(pulled)).not.toMatch(/grade|barcode|remark/)
  expect(reader.replica.db.all('SELECT id, name FROM rel_item ORDER BY name')).toEqual([
    { id: fine, name: 'fine' },
    { id: plain, name: 'plain' },
  ])
  // Its own work goes through the upcasters, and rows that change, come and lose their later values keep its proof.
  await save(reader, 'rel.rename', { item: fine, name: 'finest' })
  await save(reader, 'rel.addItem', { name: 'of an older app' })
  await save(reader, 'rel.addShelf', { label: 'gone since' })
  await expectProved(reader)
  await writer.sync()
  await save(writer, 'rel.setGrade', { item: plain, grade: 'standard' })
  await save(writer, 'rel.addItem', { name: 'another', grade: 'fine' })
  await expectProved(writer)
  await expectProved(reader)
  expect(writer.replica.store.read(newerTables.item, fine)).toMatchObject({ name: 'finest', grade: 'fine' })
})

test('[VER4] a row that an older app lost is mended by its leaf, like anybody’s', async () => {
  const reader = await older()
  await expectProved(reader)
  const { db } = reader.replica
  const { id } = db.get<{ id: string }>("SELECT id FROM rel_item WHERE name = 'finest'") ?? { id: '' }
  db.run("UPDATE rel_item SET name = 'damaged' WHERE id = ?", [id])
  // The scrub finds it, the next pull differs, and the leaf comes whole.
  for (let round = 0; round < 3; round++) await reader.sync()
  expect(reader.replica.store.read(olderTables.item, id)).toMatchObject({ name: 'finest' })
  const kinds = db.all<{ kind: string }>('SELECT kind FROM incident').map(({ kind }) => kind)
  expect(kinds).toContain('mended')
  expect(kinds.filter((kind) => kind === 'digest').length).toBeLessThanOrEqual(2)
  const { integrity } = await reader.sync()
  expect(integrity.rowsVerified).toBe(integrity.rowsHeld)
})

test('[VER4] after an update a device is sent the new columns and tables, and nothing that it has', async () => {
  const directory = hub.directory()
  const before = await older(directory)
  await expectProved(before)
  const pending = await save(before, 'rel.addItem', { name: 'captured before the update' }, olderTables.item)
  const rowsBefore = before.replica.db.all<{ id: string }>('SELECT id FROM rel_item')
  await before.close()

  const { fetch: watched, pulled } = watchedFetch()
  const after = await newer(directory, watched)
  // Already predicted by today's rules, before any network.
  expect(after.replica.store.read(newerTables.item, pending)).toMatchObject({ grade: 'unknown' })
  await expectProved(after)
  const parts = pulled.filter((line) => line['isPart'] === true)
  expect(parts).toMatchObject([{ rows: 'rel.item', cols: ['grade', 'tags', 'isLoud', 'barcode'] }])
  const whole = pulled.filter((line) => line['isPart'] !== true)
  const wholeItems = whole.filter((line) => line['rows'] === 'rel.item').flatMap((line) => line['ids'] as string[])
  // Of the old table only what changed since; of the new one all.
  expect(wholeItems).toEqual([pending])
  expect(rowsBefore.length).toBeGreaterThan(3)
  expect(whole.some((line) => line['rows'] === 'rel.remark')).toBe(true)
  const { rows } = await inTenant(hub.hub.pool, hub.hub.tenant, (client) =>
    client.query<{ id: string; grade: string }>('SELECT id, grade FROM rel_item ORDER BY id'),
  )
  expect(after.replica.db.all('SELECT id, grade FROM rel_item ORDER BY id')).toEqual(rows)
  // Once.
  pulled.length = 0
  await expectProved(after)
  expect(pulled).toEqual([])
})

test('[VER4] what was learned by pages is learned whole, cut anywhere', async () => {
  const writer = await newer()
  for (let index = 0; index < 130; index++)
    await save(writer, 'rel.addItem', { name: `many ${index}`, grade: `grade ${index}` })
  await expectProved(writer)
  const directory = hub.directory()
  const before = await older(directory)
  await expectProved(before)
  await before.close()
  // Each second answer is cut, so that pages become as small as they can.
  let asked = 0
  const cut: Fetch = async (url, init) => {
    const response = await fetch(url, init)
    if (!url.endsWith('/sync/pull') || ++asked % 2 === 1) return response
    const text = await response.text()
    return new Response(text.slice(0, Math.floor(text.length * 0.6)), { status: 200, headers: response.headers })
  }
  const flaky: Fetch = (url, init) => (asked < 14 ? cut(url, init) : fetch(url, init))
  const after = await newer(directory, flaky)
  for (let round = 0; round < 10; round++) await after.sync()
  await expectProved(after)
  const { rows } = await inTenant(hub.hub.pool, hub.hub.tenant, (client) =>
    client.query<{ id: string; grade: string }>('SELECT id, grade FROM rel_item ORDER BY id'),
  )
  expect(after.replica.db.all('SELECT id, grade FROM rel_item ORDER BY id')).toEqual(rows)
})

test('[VER3] an update while the answer to a push is lost: everything once, whatever version it was captured in', async () => {
  const directory = hub.directory()
  // The hub has committed, and the device never hears of it.
  const deaf: Fetch = async (url, init) => {
    const response = await fetch(url, init)
    if (url.endsWith('/sync/push') || url.endsWith('/sync/pull')) throw new TypeError('The connection was cut.')
    return response
  }
  const before = await older(directory)
  await expectProved(before)
  await before.close()
  const cutOff = await older(directory, deaf)
  const id = await save(cutOff, 'rel.addItem', { name: 'told to nobody' }, olderTables.item)
  await save(cutOff, 'rel.sell', { item: id, quantity: 3 * UNIT })
  expect(await cutOff.sync()).toMatchObject({ waiting: 2 })
  await cutOff.close()
  const after = await newer(directory)
  expect(after.replica.store.read(newerTables.item, id)).toMatchObject({ stock: -3 * UNIT, grade: 'unknown' })
  await save(after, 'rel.setGrade', { item: id, grade: 'fine' })
  await expectProved(after)
  const { rows } = await inTenant(hub.hub.pool, hub.hub.tenant, (client) =>
    client.query('SELECT stock, grade FROM rel_item WHERE id = $1', [id]),
  )
  expect(rows).toEqual([{ stock: -3 * UNIT, grade: 'fine' }])
})

test('[VER3] what can’t be brought over can be read and sends what waits, begins nothing and takes nothing down', async () => {
  const directory = hub.directory()
  const before = await older(directory)
  await expectProved(before)
  const id = await save(before, 'rel.addItem', { name: 'waits for its hub' }, olderTables.item)
  // Something else has the new table's name: the upgrade fails each time.
  before.replica.db.exec('CREATE VIEW rel_remark AS SELECT 1 AS id')
  await before.close()
  const held = await newer(directory)
  expect(await held.status()).toMatchObject({ fault: 'not-updated', waiting: 1 })
  expect(await held.query('rel.items')).toContainEqual({ id, name: 'waits for its hub', stock: 0 })
  expect(await held.run('rel.addItem', { name: 'new', grade: 'fine' })).toMatchObject({
    saved: false,
    refusal: { code: 'device.not-updated' },
  })
  const { watermark } = held.replica
  expect(await held.sync()).toMatchObject({ fault: 'not-updated', waiting: 0, watermark, isOnline: true })
  // With nothing to send it asks nobody, and doesn't say that somebody answered.
  expect(await held.sync()).toMatchObject({ fault: 'not-updated', waiting: 0, isOnline: false })
  const { rows } = await inTenant(hub.hub.pool, hub.hub.tenant, (client) =>
    client.query('SELECT grade FROM rel_item WHERE id = $1', [id]),
  )
  expect(rows).toEqual([{ grade: 'unknown' }])
  held.replica.db.exec('DROP VIEW rel_remark')
  await held.close()
  const after = await newer(directory)
  await expectProved(after)
  expect(after.replica.store.read(newerTables.item, id)).toMatchObject({ name: 'waits for its hub', grade: 'unknown' })
})

test('[ROW2] powersync-162: one row that can’t be stored stops no download, is told to the hub, and comes after an update', async () => {
  const directory = hub.directory()
  const writer = await newer()
  const id = await save(writer, 'rel.addItem', { name: 'odd', grade: 'fine' }, newerTables.item)
  await expectProved(writer)
  let pulledBytes = 0
  // This release of the app reads one row otherwise than its table takes it.
  const misread: Fetch = async (url, init) => {
    const response = await fetch(url, init)
    if (!url.endsWith('/sync/pull')) return response
    const text = await response.text()
    pulledBytes += text.length
    const lines = text
      .split('\n')
      .map((line) => (line.includes('"rows":"rel.item"') ? line.replace('"odd"', '7') : line))
    return new Response(lines.join('\n'), { status: response.status, headers: response.headers })
  }
  const before = await older(directory, misread)
  const first = await before.sync()
  expect(first).toMatchObject({ isOnline: true, setAside: 1, watermark: writer.replica.watermark })
  expect(first.integrity.rowsVerified).toBeLessThan(first.integrity.rowsHeld)
  // The others go on in both directions, and nothing is fetched again.
  await save(before, 'rel.addItem', { name: 'goes on' })
  await save(writer, 'rel.addItem', { name: 'comes down', grade: 'fine' })
  await expectProved(writer)
  pulledBytes = 0
  for (let round = 0; round < 3; round++) expect(await before.sync()).toMatchObject({ waiting: 0, setAside: 1 })
  expect(pulledBytes).toBeLessThan(6000)
  expect(before.replica.db.all("SELECT 1 FROM rel_item WHERE name = 'comes down'")).toHaveLength(1)
  expect(before.replica.db.all('SELECT kind FROM incident')).toEqual([{ kind: 'set-aside' }])
  const { dev } = before.replica.identity() ?? {}
  const { rows } = await inTenant(hub.hub.pool, hub.hub.tenant, (client) =>
    client.query('SELECT aside, incidents FROM device WHERE dev = $1', [dev]),
  )
  // [PROOF5] And that it happened, without what the row held.
  expect(rows).toEqual([
    { aside: [['rel.item', id, 'type of name']], incidents: [1, [[expect.any(Number), 'set-aside']]] },
  ])
  expect((await integrityOfDevices(hub.hub))?.worst).toBeLessThan(1)
  await before.close()

  const after = await newer(directory)
  const status = await after.sync()
  expect(after.replica.store.read(newerTables.item, id)).toMatchObject({ name: 'odd', grade: 'fine' })
  expect(status).toMatchObject({ setAside: 0, fault: null })
  expect(status.integrity.rowsVerified).toBe(status.integrity.rowsHeld)
})

test('[VER6] an app that is too old begins nothing new, sends and fetches all the same, and goes on once it is updated', async () => {
  const strict = await aHub(newerRelease, { oldestSchema: newerRelease.schema })
  try {
    const directory = strict.directory()
    const before = await strict.device({ catalogue: olderRelease, directory })
    const id = await save(before, 'rel.addItem', { name: 'before it heard' }, olderTables.item)
    expect(await before.sync()).toMatchObject({ waiting: 0, fault: 'update-needed', isOnline: true })
    const refused = await before.run('rel.addItem', { name: 'new' })
    expect(refused).toMatchObject({ saved: false, refusal: { code: 'device.update-needed' } })
    expect(await before.query('rel.items')).toHaveLength(1)
    const writer = await strict.device()
    await save(writer, 'rel.addItem', { name: 'of today', grade: 'fine' })
    await writer.sync()
    await before.sync()
    expect(await before.query('rel.items')).toHaveLength(2)
    await before.close()
    const after = await strict.device({ directory })
    await save(after, 'rel.setGrade', { item: id, grade: 'fine' })
    await expectProved(after)
  } finally {
    await strict.end()
  }
})

test('[VER4] a large bucket comes ready-made to an older app too, and what it learns later comes by pages', async () => {
  const large = await aHub(newerRelease)
  try {
    const writer = await large.device()
    for (let index = 0; index < 1050; index++)
      await save(writer, 'rel.addItem', {
        name: `item ${index}`,
        grade: index % 3 === 0 ? 'standard' : `grade ${index}`,
      })
    await expectProved(writer)
    const directory = large.directory()
    const before = await large.device({ catalogue: olderRelease, directory })
    let chunks = 0
    before.onStatus(({ download }) => (chunks += download === null ? 0 : 1))
    await expectProved(before)
    expect(chunks).toBeGreaterThan(0)
    expect(before.replica.db.get('SELECT COUNT(*) AS n FROM rel_item')).toEqual({ n: 1050 })
    await before.close()
    const after = await large.device({ directory })
    await expectProved(after)
    const grades = "SELECT COUNT(*) AS n FROM rel_item WHERE grade <> 'standard'"
    expect(after.replica.db.get(grades)).toEqual({ n: 700 })
    expect(after.replica.db.get('SELECT COUNT(*) AS n FROM rel_remark')).toEqual({ n: 1050 })
    // A new device of today, by chunks made for today.
    const fresh = await large.device()
    await expectProved(fresh)
    expect(fresh.replica.db.get("SELECT sv FROM bucket WHERE name = 'company'")).toEqual({ sv: newerRelease.schema })
  } finally {
    await large.end()
  }
}, 120_000)
