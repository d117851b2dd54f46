// A hub that is restored to before a device began its next life: what the device did in each of its lives comes back, in order, once, and
// nothing waits for it in vain or goes on without it.
import { afterEach, expect, test } from 'vitest'
import { HubLives } from '../testing/hub-lives.ts'
import { HostileClient } from '../testing/hostile-client.ts'
import { disagreements } from '../testing/replica-truth.ts'
import { wireCatalogue } from '../testing/wire-catalogue.ts'
import type { ServedHub } from '../hub/serve.ts'
import type { Device } from './device/device.ts'
import { inTenant } from './hub/tenant.ts'

let lives: HubLives | null = null
afterEach(async () => {
  await lives?.end()
  lives = null
})

const HOUR = 3_600_000
const add = (device: Device, name: string): Promise<unknown> => device.run('wire.addItem', { name })
const sell = (device: Device, name: string): Promise<unknown> => {
  const { id = '' } = device.replica.db.get<{ id: string }>('SELECT id FROM wire_item WHERE name = ?', [name]) ?? {}
  return device.run('wire.rename', { item: id, name: `${name}, sold` })
}
const sql = async <R extends object>({ hub }: ServedHub, text: string): Promise<R[]> =>
  inTenant(hub.pool, hub.tenant, async (client) => (await client.query<R>(text)).rows)
const logOf = (served: ServedHub): Promise<{ ep: number; n: number }[]> =>
  sql(
    served,
    "SELECT ep, count(*) AS n FROM command_log WHERE outcome IN ('accepted', 'adjusted') GROUP BY ep ORDER BY ep",
  )
const names = async (served: ServedHub): Promise<string[]> =>
  (await sql<{ name: string }>(served, 'SELECT name FROM wire_item ORDER BY name')).map(({ name }) => name)

/** Three lives of one device; the backup is from before the second began, or from before the first. */
async function restoredTo(
  when: 'first life' | 'nothing',
): Promise<{ served: ServedHub; device: Device; wants: string[] }> {
  lives = await HubLives.begin()
  let clock = Date.now()
  lives.now = () => clock
  const directory = `${lives.root}/device-of-three-lives`
  let served = await lives.start()
  let backup = ''
  const backUp = async (): Promise<void> => {
    await lives!.stop(served)
    backup = await lives!.copy()
    served = await lives!.start()
  }
  if (when === 'nothing') await backUp()
  let device = await lives.device(served, directory)
  await add(device, 'a')
  await device.sync()
  if (when === 'first life') await backUp()
  await add(device, 'b')
  await device.sync()
  clock += 40 * HOUR
  await device.sync()
  await add(device, 'c')
  await device.sync()
  await add(device, 'd waits over')
  for (const life of [2, 3]) {
    await device.close()
    device = await lives.device(served, directory, undefined, true)
    await device.sync()
    // It needs a row of the life before.
    await sell(device, life === 2 ? 'b' : 'in life 2')
    await add(device, `in life ${life}`)
    await device.sync()
  }
  const wants = await names(served)
  expect(wants).toHaveLength(6)
  await lives.stop(served)
  await lives.setIncarnation(backup, 'another life')
  served = await lives.start(backup)
  return { served, device, wants }
}

test.each(['first life', 'nothing'] as const)(
  '[LIFE7] a hub restored to %s hears all lives of a device again, the earliest first, each command once',
  async (when) => {
    const { served, device, wants } = await restoredTo(when)
    for (let round = 0; round < 3; round++) await device.sync()
    expect(await device.status()).toMatchObject({ fault: null, waiting: 0, needsYou: 0, epoch: 3 })
    expect(await names(served)).toEqual(wants)
    expect(await logOf(served)).toEqual([
      { ep: 1, n: 3 },
      { ep: 2, n: 3 },
      { ep: 3, n: 2 },
    ])
    expect(await disagreements(served.hub, wireCatalogue, [device])).toEqual([])
    expect(
      await sql(served, "SELECT 1 FROM kernel_exception WHERE code IN ('NUMBER_GAP', 'NUMBER_TWICE', 'FORK')"),
    ).toEqual([])
    // Healed is healed: nothing is sent again.
    const before = (await device.status()).bytesSent
    await device.sync()
    expect((await device.status()).bytesSent - before).toBeLessThan(3_000)
  },
)

test('[LIFE7] [DONE1] until the hole is filled the device’s word doesn’t count; a later life adds nothing to an earlier one', async () => {
  const { served, device } = await restoredTo('first life')
  const [identity, lease] = [device.replica.identity(), device.replica.lease()]
  if (identity === null || lease === null) throw new Error('The device was not enrolled.')
  const client = new HostileClient(`http://127.0.0.1:${served.port}`, identity, lease)
  // As the device does, but for the work of its first life: it shows its papers and reports.
  const { tenant, dev, ep, certificate } = identity
  const asked = { tenant, dev, ep }
  const { challenge } = JSON.parse((await client.json('/sync/session', asked)).text) as { challenge: string }
  const signature = await client.signText(`holdfast-session-1\n${challenge}`)
  const papers = { certificate, lease: lease.jws }
  const opened = await client.json('/sync/session', { ...asked, challenge, signature, papers })
  expect(opened.status).toBe(200)
  const [known] = await sql<{ seq: number; seal: string; ep: number }>(
    served,
    'SELECT last_seq AS seq, last_seal AS seal, ep FROM device WHERE ep = 3',
  )
  await client.pull({ report: { seq: known?.seq, seal: known?.seal, at: served.hub.now() } })
  const reported = (): Promise<{ at: number }[]> => sql(served, 'SELECT reported_at AS at FROM device WHERE ep = 3')
  expect(await reported()).toEqual([{ at: 0 }])
  // A line that the first life never had, behind what it had when it ended.
  const forged = client.envelope('wire.addItem', { name: 'forged' }, { ep: 1, seq: 9, nos: { 'I-26': [9] } })
  const answer = await client.send(
    await client.body([{ line: forged }], { ep: 1, firstSeq: 9, lastSeq: 9, prev: 'f'.repeat(64) }),
  )
  expect(answer.text).not.toContain('accepted')
  for (let round = 0; round < 3; round++) await device.sync()
  expect((await reported())[0]?.at).toBeGreaterThan(0)
  expect(await names(served)).not.toContain('forged')
  expect(await logOf(served)).toHaveLength(3)
})
