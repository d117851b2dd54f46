// `npm run bench -- fleet [devices …]`: so many devices come back at once, each with some orders of its branch: seconds until all are
// settled, a device's own time, what it costs the hub, and whether one more device costs the same at 100, 300 and 1 000.
import '../src/device/native-sha256.ts'
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { pino } from 'pino'
import type { PoolClient } from 'pg'
import { issueLease } from '../src/hub/leases.ts'
import type { Hub } from '../src/hub/hub.ts'
import { serve } from '../src/hub/serve.ts'
import { inTenant } from '../src/sync/hub/tenant.ts'
import { newDeviceKeys, textHash } from '../src/sync/seal.ts'
import { quantile } from './figures.ts'
import { branchOf, itemIds, lightCatalogue as catalogue, personOf, writeCompany } from './light-company.ts'
import { LightDevice, type Enrolled } from './light-fleet.ts'

const ORDERS = 5

async function enrolOne(client: PoolClient, hub: Hub, index: number): Promise<Enrolled> {
  const dev = index.toString(36).toUpperCase().padStart(4, '0')
  const keys = await newDeviceKeys()
  const { tenant, incarnation } = hub
  const own = { tenant, dev, ep: 1, key: keys.publicKey, hubKeys: hub.keys.publicKeys, incarnation }
  const certificate = await hub.keys.sign(own)
  const person = personOf(index)
  await client.query(
    'INSERT INTO device (tenant_id, dev, ep, user_id, public_key, certificate, last_seal, enrolled_at) VALUES ($1, $2, 1, $3, $4, $5, $6, $7)',
    [tenant, dev, person, JSON.stringify(keys.publicKey), certificate, textHash(certificate), hub.now()],
  )
  const issued = await issueLease(client, hub, { dev, ep: 1, user: person })
  if (issued === null) throw new Error('The person has no profile.')
  const identity = { hubUrl: '', tenant, dev, ep: 1, keys, certificate, hubKeys: hub.keys.publicKeys, incarnation }
  const { user: leased, buckets } = issued.lease
  return {
    identity,
    held: { hash: textHash(issued.jws), lease: { user: leased, buckets } },
    place: `stock:${branchOf(index)}`,
  }
}

/** A hub of its own process; `devices` are made by the first one and written to a file. */
async function hubProcess(dataDir: string, devices: number, file: string): Promise<void> {
  const served = await serve({ dataDir, port: 0, catalogue, log: pino({ level: 'silent' }) })
  const { hub } = served
  if (devices > 0) {
    await writeCompany(hub, [{ kind: 'stock' }])
    const enrolled = await inTenant(hub.pool, hub.tenant, async (client) => {
      const all: Enrolled[] = []
      for (let index = 0; index < devices; index++) all.push(await enrolOne(client, hub, index))
      return all
    })
    writeFileSync(file, JSON.stringify(enrolled))
  }
  let rss = 0
  setInterval(() => (rss = Math.max(rss, process.memoryUsage().rss)), 20).unref()
  process.stdout.write(`${JSON.stringify({ port: served.port })}\n`)
  for await (const line of createInterface(process.stdin)) {
    if (line === 'stop') break
    const { user: own, system } = process.cpuUsage()
    process.stdout.write(`${JSON.stringify({ rss, cpuS: (own + system) / 1e6, w: await hub.clock() })}\n`)
  }
  await served.stop()
  process.exit(0)
}

interface Stats {
  readonly rss: number
  readonly cpuS: number
  readonly w: number
}

class HubProcess {
  private readonly child: ChildProcess
  private readonly lines: AsyncIterator<string>
  port = 0

  constructor(dataDir: string, devices: number, file: string) {
    const given = [...process.execArgv, process.argv[1] ?? '', '--hub', dataDir, String(devices), file]
    this.child = spawn(process.execPath, given, { stdio: ['pipe', 'pipe', 'inherit'] })
    this.lines = createInterface(this.child.stdout!)[Symbol.asyncIterator]()
  }

  private async line<T>(): Promise<T> {
    return JSON.parse((await this.lines.next()).value as string) as T
  }

  async ready(): Promise<void> {
    this.port = (await this.line<{ port: number }>()).port
  }

  stats(): Promise<Stats> {
    this.child.stdin?.write('stats\n')
    return this.line<Stats>()
  }

  async stop(): Promise<void> {
    this.child.stdin?.write('stop\n')
    await once(this.child, 'exit')
  }
}

/** Milliseconds of all together a device. */
async function round(hubs: readonly HubProcess[], enrolled: readonly Enrolled[]): Promise<number> {
  const fleet = enrolled.map(
    (each, index) => new LightDevice(`http://127.0.0.1:${hubs[index % hubs.length]?.port}`, each),
  )
  for (const device of fleet) await device.work(ORDERS, itemIds)
  const before = await Promise.all(hubs.map((hub) => hub.stats()))
  const w = before[0]?.w ?? 0
  const own = process.cpuUsage()
  const began = performance.now()
  const times = await Promise.all(
    fleet.map(async (device) => {
      await device.settle(w)
      return performance.now() - began
    }),
  )
  const ms = performance.now() - began
  const { user: mine, system } = process.cpuUsage(own)
  const after = await Promise.all(hubs.map((hub) => hub.stats()))
  const cpuS = after.reduce((sum, { cpuS: now }, index) => sum + now - (before[index]?.cpuS ?? 0), 0)
  const each = ms / fleet.length
  console.log(
    `${fleet.length} devices at once, ${ORDERS} orders of 4 rows each, ${hubs.length} hub process${hubs.length > 1 ? 'es' : ''}: all settled in ${(ms / 1000).toFixed(2)} s, ` +
      `a device p50 ${(quantile(times, 0.5) / 1000).toFixed(2)} s, p95 ${(quantile(times, 0.95) / 1000).toFixed(2)} s, slowest ${(quantile(times, 1) / 1000).toFixed(2)} s`,
  )
  console.log(
    `  ${each.toFixed(2)} ms a device, of it ${((cpuS * 1000) / fleet.length).toFixed(2)} ms processor time of the hub (the fleet itself ${((mine + system) / 1000 / fleet.length).toFixed(2)} ms); ` +
      `hub at most ${after.map(({ rss }) => (rss / 1024 / 1024).toFixed(0)).join(' and ')} MiB (goal 512); asked to wait ${fleet.reduce((sum, { waits }) => sum + waits, 0)} times`,
  )
  return each
}

async function main(sizes: readonly number[]): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), 'holdfast-bench-'))
  const file = join(root, 'devices.json')
  const warming = 50
  const most = Math.max(...sizes)
  const total = warming + most + sizes.reduce((sum, size) => sum + size, 0)
  const first = new HubProcess(join(root, 'hub'), total, file)
  await first.ready()
  const hubs = [first]
  try {
    const enrolled = JSON.parse(readFileSync(file, 'utf8')) as Enrolled[]
    const take = (count: number): Enrolled[] => enrolled.splice(0, count)
    console.log('to warm up:')
    await round(hubs, take(warming))
    const costs: number[] = []
    for (const size of sizes) costs.push(await round(hubs, take(size)))
    const [least] = costs
    for (const [index, size] of sizes.entries())
      if (index > 0 && least !== undefined)
        console.log(
          `ratio a device at ${size}: ${((costs[index] ?? 0) / least).toFixed(2)} times one at ${sizes[0]} (goal 1: linear)`,
        )
    const second = new HubProcess(join(root, 'hub'), 0, file)
    hubs.push(second)
    await second.ready()
    await round(hubs, take(most))
  } finally {
    for (const hub of hubs.toReversed()) await hub.stop()
    rmSync(root, { recursive: true, force: true })
  }
}

const given = process.argv.slice(2)
if (given[0] === '--hub') await hubProcess(given[1] ?? '', Number(given[2]), given[3] ?? '')
else await main(given.length === 0 ? [100, 300, 1000] : given.map(Number))
