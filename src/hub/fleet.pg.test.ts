// Many devices at one hub: nobody is starved, nobody floods, memory is bounded, two processes share one order. What is asserted
// is order and counts, never time: a slow machine changes neither.
import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { afterEach, expect, test } from 'vitest'
import { inTenant } from '../sync/hub/tenant.ts'
import type { PushAnswer } from '../sync/protocol.ts'
import { HostileClient, type RawCommand } from '../testing/hostile-client.ts'
import { HubLives } from '../testing/hub-lives.ts'
import { aHub, type HubUnderTest } from '../testing/hub-with-devices.ts'
import { ManualClock } from '../testing/manual-clock.ts'
import { wireCatalogue } from '../testing/wire-catalogue.ts'
import { standardLimits } from './door.ts'
import type { Hub } from './hub.ts'
import type { Device } from '../sync/device/device.ts'

let hub: HubUnderTest | null = null
afterEach(async () => {
  await hub?.end()
  hub = null
})

function clientOf({ replica }: Device, url: string): HostileClient {
  const [identity, lease] = [replica.identity(), replica.lease()]
  if (identity === null || lease === null) throw new Error('The device was not enrolled.')
  return new HostileClient(url, identity, lease)
}

/** The next lines of this device. */
const items = (client: HostileClient, count: number, nameOf = (seq: number): string => `Item ${seq}`): RawCommand[] =>
  Array.from({ length: count }, (_, index) => {
    const seq = client.next + index
    return { line: client.envelope('wire.addItem', { name: nameOf(seq) }, { seq, nos: { 'I-26': [seq] } }) }
  })

const rowsOf = async <R extends object>({ pool, tenant }: Hub, text: string): Promise<R[]> =>
  inTenant(pool, tenant, async (client) => (await client.query<R>(text)).rows)

test('[FAIR1] a small shop’s push is passed by one part of them, however many devices bring a backlog of 50 000 commands', async () => {
  hub = await aHub(wireCatalogue)
  const { url } = hub
  const backlogs: HostileClient[] = []
  for (let index = 0; index < 5; index++) backlogs.push(clientOf(await hub.device(), url))
  const shop = clientOf(await hub.device(), url)
  const { line } = hub.hub.pushContext
  const enter = line.enter.bind(line)
  let letIn = 0
  const passed: number[] = []
  line.enter = async (size, room) => {
    const before = letIn
    const leave = await enter(size, room)
    if (size === 1) passed.push(letIn - before)
    else letIn += 1
    return leave
  }
  const flooding = { isOver: false }
  const flood = backlogs.map(async (client) => {
    for (let first = 1; first <= 50_000 && !flooding.isOver; first += 500) await client.push(items(client, 500))
  })
  for (let sale = 1; sale <= 8; sale++) {
    const { outcome } = await shop.command('wire.addItem', { name: 'Sold now' }, { nos: { 'I-26': [sale] } })
    expect(outcome).toBe('adjusted')
  }
  const [log] = await rowsOf<{ n: number }>(hub.hub, 'SELECT count(*) AS n FROM command_log')
  flooding.isOver = true
  await Promise.all(flood)
  expect(passed).toHaveLength(8)
  // What was inside when it came isn't counted; of what waited, at most the longest waiter went first.
  expect(Math.max(...passed)).toBeLessThanOrEqual(1)
  expect(log?.n).toBeLessThan(5 * 50_000)
})

test('[LIMIT1] a device that floods is asked for patience and keeps its work; the others don’t notice', async () => {
  let now = Date.UTC(2026, 10, 20, 9)
  const clock = new ManualClock(now)
  const limits = { ...standardLimits, device: { burst: 12, perSecond: 1 } }
  hub = await aHub(wireCatalogue, { now: () => now, limits })
  const { url } = hub
  const flooding = await hub.device({ clock })
  const other = await hub.device({ clock })
  await flooding.run('wire.addItem', { name: 'Kept' })
  const client = clientOf(flooding, url)
  const said = await Promise.all(Array.from({ length: 40 }, () => client.pull()))
  const busy = said.filter(({ status }) => status === 429)
  expect(busy.length).toBeGreaterThanOrEqual(40 - 12)
  expect(busy.every(({ error, headers }) => error === 'hub.busy' && Number(headers.get('retry-after')) >= 1)).toBe(true)
  // The device itself meets the same bucket: nothing is lost, no incident is noted, and nothing is called offline.
  const held = await flooding.sync()
  expect([held.waiting, held.isOnline, held.fault, held.incidents]).toEqual([1, true, null, 0])
  expect((await other.sync()).isOnline).toBe(true)
  now += 60_000
  expect((await flooding.sync()).waiting).toBe(0)
})

test('[LIMIT1] bodies that find no room are refused before they are read, and all get in one after the other', async () => {
  const limits = { ...standardLimits, bodyBytes: 20_000, openBytes: 200_000, device: standardLimits.tenant }
  hub = await aHub(wireCatalogue, { limits })
  const { url } = hub
  const clients: HostileClient[] = []
  for (let index = 0; index < 6; index++) clients.push(clientOf(await hub.device(), url))
  const statuses: number[] = []
  await Promise.all(
    clients.map(async (client) => {
      // Packs to some 9 KB, so that three don't fit beside each other.
      const commands = items(client, 200, (seq) =>
        createHash('sha256').update(`${client.identity.dev} ${seq}`).digest('base64'),
      )
      const body = gzipSync(await client.body(commands))
      expect(body.length).toBeGreaterThan(7_000)
      for (;;) {
        const headers = { 'content-encoding': 'gzip', 'content-type': 'application/x-ndjson' }
        const said = await client.request('/sync/push', body, headers)
        statuses.push(said.status)
        if (said.status !== 429) return expect((JSON.parse(said.text) as PushAnswer).outcomes).toHaveLength(200)
      }
    }),
  )
  expect(new Set(statuses)).toEqual(new Set([200, 429]))
  expect(statuses.filter((status) => status === 200)).toHaveLength(6)
})

test('two processes of one hub take a fleet together: one order, each command once, no push lost', async () => {
  const lives = await HubLives.begin()
  try {
    const processes = [await lives.start(), await lives.start()]
    const clients: HostileClient[] = []
    for (let index = 0; index < 12; index++) {
      const served = processes[index % 2]!
      clients.push(clientOf(await lives.device(served), `http://127.0.0.1:${served.port}`))
    }
    await Promise.all(
      clients.map(async (client) => {
        for (let push = 0; push < 4; push++) {
          const { outcomes, problems } = await client.push(items(client, 1 + push * 7))
          expect([problems, outcomes.length]).toEqual([[], 1 + push * 7])
        }
      }),
    )
    const { hub: one } = processes[0]!
    const [log] = await rowsOf<{ n: number; first: number; last: number; places: number }>(
      one,
      'SELECT count(*) AS n, min(at) AS first, max(at) AS last, count(DISTINCT at) AS places FROM command_log',
    )
    const sent = 12 * (1 + 8 + 15 + 22)
    expect(log).toEqual({ n: sent, first: 1, last: sent, places: sent })
    expect([await one.clock(), await processes[1]!.hub.clock()]).toEqual([sent, sent])
    const [rows] = await rowsOf<{ n: number }>(one, 'SELECT count(*) AS n FROM wire_item')
    expect(rows?.n).toBe(sent)
  } finally {
    await lives.end()
  }
})
