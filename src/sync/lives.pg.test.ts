// The hub's other lives: restored from a backup, started twice on one database, killed in the middle of a batch. Devices
// heal it with what they kept, and nobody loses or doubles anything.
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { afterEach, expect, test } from 'vitest'
import type { ServedHub } from '../hub/serve.ts'
import { HubLives } from '../testing/hub-lives.ts'
import { disagreements } from '../testing/replica-truth.ts'
import { wireCatalogue } from '../testing/wire-catalogue.ts'
import type { Device } from './device/device.ts'
import { inTenant } from './hub/tenant.ts'

let lives: HubLives
afterEach(() => lives.end())

const HOUR_MS = 3_600_000
const add = (device: Device, name: string): Promise<unknown> =>
  device.run('wire.addItem', { name, phone: `phone of ${name}` })
const logOf = (served: ServedHub): Promise<{ dev: string; n: number; outcomes: string[] }[]> =>
  inTenant(
    served.hub.pool,
    served.hub.tenant,
    async (client) =>
      (
        await client.query(
          'SELECT dev, count(*) AS n, array_agg(DISTINCT outcome) AS outcomes FROM command_log GROUP BY dev ORDER BY dev',
        )
      ).rows,
  )
const incidentsOf = (device: Device): string[] =>
  device.replica.db.all<{ kind: string }>('SELECT kind FROM incident').map(({ kind }) => kind)

async function settle(devices: readonly Device[]): Promise<void> {
  for (let round = 0; round < 3; round++) for (const device of devices) await device.sync()
}

/** Work before the backup, after it, by a device enrolled after it, under a lease signed after it; then the backup is all there is. */
async function restored(incarnation: string | null): Promise<{ served: ServedHub; devices: Device[] }> {
  lives = await HubLives.begin()
  let clock = Date.now()
  lives.now = () => clock
  let served = await lives.start()
  const [a, b] = [await lives.device(served), await lives.device(served)]
  for (const name of ['one', 'two', 'three']) await add(a, name)
  await add(b, 'four')
  await settle([a, b])
  await lives.stop(served)
  const backup = await lives.copy()
  served = await lives.start()
  const c = await lives.device(served)
  await add(c, 'by a device enrolled after the backup')
  await add(a, 'after the backup')
  // More than half of the lease is over: the hub signs another one, which the backup doesn't know.
  clock += 40 * HOUR_MS
  await settle([a, b, c])
  await add(a, 'under the second lease')
  await settle([a, b, c])
  expect(await disagreements(served.hub, wireCatalogue, [a, b, c])).toEqual([])
  await lives.stop(served)
  if (incarnation !== null) await lives.setIncarnation(backup, incarnation)
  served = await lives.start(backup)
  return { served, devices: [a, b, c] }
}

test('[LIFE1] [LIFE2] [LIFE3] a hub restored from a backup gets everything back from its devices', async () => {
  const { served, devices } = await restored('another life')
  const [a, b, c] = devices as [Device, Device, Device]
  // The new life overtakes the old clock before the first device comes back.
  for (let count = 0; count < 9; count++) await add(b, `new life ${count}`)
  await b.sync()
  await a.sync()
  expect(a.replica.db.all('SELECT name FROM wire_item')).toHaveLength(3 + 1 + 1 + 1 + 9)
  await c.sync()
  await settle(devices)
  expect(await disagreements(served.hub, wireCatalogue, devices)).toEqual([])
  for (const device of devices) {
    expect(await device.status()).toMatchObject({ waiting: 0, fault: null })
    expect(incidentsOf(device).filter((kind) => kind !== 'hub-restored')).toEqual([])
  }
  expect((await logOf(served)).map(({ n }) => n).sort((a, b) => a - b)).toEqual([1, 5, 10])
  expect((await logOf(served)).every(({ outcomes }) => outcomes.join() === 'accepted')).toBe(true)
  expect(b.replica.db.all('SELECT name FROM wire_item')).toHaveLength(16)
})

test('[LIFE1] [CLOCK1] a backup put back without telling anybody heals as well, and gives no number that a device has seen', async () => {
  const { served, devices } = await restored(null)
  const b = devices[1] as Device
  const seen = Math.max(...devices.map(({ replica }) => replica.watermark))
  for (let count = 0; count < 9; count++) await add(b, `new life ${count}`)
  await b.sync()
  expect(b.replica.watermark).toBeGreaterThan(seen + 9)
  const again = await inTenant(served.hub.pool, served.hub.tenant, (client) =>
    client.query("SELECT min(at) AS first FROM command_log WHERE line LIKE '%new life%'"),
  )
  expect(again.rows[0].first).toBeGreaterThan(seen)
  await settle(devices)
  await settle(devices)
  expect(await disagreements(served.hub, wireCatalogue, devices)).toEqual([])
  expect((await logOf(served)).map(({ n }) => n).sort((a, b) => a - b)).toEqual([1, 5, 10])
})

test('[PUSH2] two hub processes on one database serve a device each: one order, one truth', async () => {
  lives = await HubLives.begin()
  const [first, second] = [await lives.start(), await lives.start()]
  const a = await lives.device(first, undefined, () => first.port)
  const b = await lives.device(first, undefined, () => second.port)
  await add(a, 'shared')
  await settle([a, b])
  const item = String(a.replica.db.get<{ id: string }>('SELECT id FROM wire_item')?.id)
  for (let round = 0; round < 6; round++) {
    for (const device of [a, b]) {
      for (let count = 0; count < 20; count++) await device.run('wire.receive', { item, quantity: 1_000_000 })
      await device.run('wire.rename', { item, name: `round ${round} of ${device.replica.identity()?.dev}` })
    }
    await Promise.all([a.sync(), b.sync()])
  }
  await settle([a, b])
  expect(await disagreements(first.hub, wireCatalogue, [a, b])).toEqual([])
  expect(a.replica.store.read(wireCatalogue.tables.get('wire.item') as never, item)?.['stock']).toBe(240_000_000)
  expect([...incidentsOf(a), ...incidentsOf(b)]).toEqual([])
})

const program = fileURLToPath(new URL('../testing/serve-process.ts', import.meta.url))

async function spawnHub(port: number): Promise<{ child: ChildProcess; port: number }> {
  const { stop: _, ...database } = lives.databaseAs()
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', program, JSON.stringify({ dataDir: lives.root, port, database })],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  const [chunk] = (await once(child.stdout, 'data')) as [Buffer]
  return { child, port: (JSON.parse(chunk.toString()) as { port: number }).port }
}

test('[PUSH2] [LOG1] a hub killed in the middle of a batch has all of a part or nothing of it', async () => {
  lives = await HubLives.begin()
  const served = await lives.start()
  const a = await lives.device(served)
  await add(a, 'counted')
  await a.sync()
  const item = String(a.replica.db.get<{ id: string }>('SELECT id FROM wire_item')?.id)
  for (let count = 0; count < 1500; count++) await a.run('wire.receive', { item, quantity: 1_000_000 })
  const clock = (): Promise<number> =>
    inTenant(
      served.hub.pool,
      served.hub.tenant,
      async (client) => (await client.query<{ seq: number }>('SELECT seq FROM tenant_clock')).rows[0]?.seq ?? 0,
    )
  let kills = 0
  for (let target = 60; kills < 4 && (await a.status()).waiting > 0; target += 350) {
    const { child, port } = await spawnHub(0)
    lives.port = port
    const state = { isOver: false }
    const exchange = a.sync().finally(() => (state.isOver = true))
    // Killed as soon as so much is committed: somewhere in a part, before its answer.
    while (!state.isOver && (await clock()) < target) continue
    if (!state.isOver) kills += 1
    child.kill('SIGKILL')
    await Promise.all([exchange, child.exitCode === null ? once(child, 'exit') : null])
  }
  expect(kills).toBeGreaterThan(0)
  lives.port = served.port
  await settle([a])
  expect(await a.status()).toMatchObject({ waiting: 0, incidents: 0, fault: null })
  expect((await logOf(served))[0]).toMatchObject({ n: 1501, outcomes: ['accepted'] })
  expect(a.replica.store.read(wireCatalogue.tables.get('wire.item') as never, item)?.['stock']).toBe(1_500_000_000)
  expect(await disagreements(served.hub, wireCatalogue, [a])).toEqual([])
}, 120_000)
