// `npm run bench -- push [orders]`: a device's offline backlog reaches a hub of its own process: seconds until everything
// is durable there, until the device has settled it, bytes an order on the wire, and where the time goes; beside SQL written
// by hand that puts the same rows into the same database, from no device and checking nothing. For 10 000 orders the hub takes some 3 s of
// processor time, PostgreSQL 1.8 and the device 1.1, so that two cores can't be below 3 s: what is left is the work, no more the waiting.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { pino } from 'pino'
import { FetchTransport } from '../src/device/fetch-transport.ts'
import { openDevice } from '../src/device/open-device.ts'
import { setAccount } from '../src/hub/enrolment.ts'
import { SETUP_USER } from '../src/hub/leases.ts'
import { serve } from '../src/hub/serve.ts'
import { argon2Floor } from '../src/store/vault/kdf.ts'
import type { HubAnswer, HubRequest } from '../src/sync/device/transport.ts'
import { wireCatalogue } from '../src/testing/wire-catalogue.ts'
import { ratio } from './figures.ts'
import { pushByHand } from './push-by-hand.ts'

const PASSWORD = 'only for this bench'
const LINES = 8
const ITEMS = 500
const UNIT = 1_000_000

async function hubProcess(dataDir: string): Promise<void> {
  const served = await serve({ dataDir, port: 0, catalogue: wireCatalogue, log: pino({ level: 'silent' }) })
  await setAccount(served.hub, { user: SETUP_USER, signIn: SETUP_USER, password: PASSWORD })
  process.stdout.write(
    `${JSON.stringify({ port: served.port, codes: [await served.newCode(null), await served.newCode(null)] })}\n`,
  )
  for await (const asked of createInterface(process.stdin)) {
    if (asked === 'stop') break
    const seconds = await pushByHand(served.hub.pool, { orders: Number(asked), lines: LINES })
    process.stdout.write(`${JSON.stringify({ seconds })}\n`)
  }
  await served.stop()
  process.exit(0)
}

/** Where an exchange's time goes, seen from the device. */
class TimedTransport extends FetchTransport {
  readonly ms: Record<string, number> = {}

  private async timed<T>(what: string, work: () => Promise<T>): Promise<T> {
    const began = performance.now()
    const result = await work()
    this.ms[what] = (this.ms[what] ?? 0) + performance.now() - began
    return result
  }

  override send(request: HubRequest): Promise<HubAnswer> {
    return this.timed(request.path, () => super.send(request))
  }

  override gzip(text: string): Promise<Uint8Array> {
    return this.timed('gzip', () => super.gzip(text))
  }
}

async function main(orders: number): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), 'holdfast-bench-'))
  const child = spawn(process.execPath, [...process.execArgv, process.argv[1] ?? '', '--hub', join(root, 'hub')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const [line] = (await once(child.stdout, 'data')) as [Buffer]
  const { port, codes } = JSON.parse(line.toString()) as { port: number; codes: string[] }
  const url = `http://127.0.0.1:${port}`
  const open = (name: string, code: string | undefined, transport: FetchTransport): ReturnType<typeof openDevice> =>
    openDevice({
      directory: join(root, name),
      hubUrl: url,
      catalogue: wireCatalogue,
      passphrase: 'p',
      kdf: argon2Floor,
      enrol: { code: code ?? '', signIn: SETUP_USER, password: PASSWORD },
      isAutomatic: false,
      transport,
    })
  const transport = new TimedTransport(url)
  const device = await open('device', codes[0], transport)
  try {
    const items: string[] = []
    for (let index = 0; index < ITEMS; index++) {
      const answer = await device.run('wire.addItem', { name: `Item ${index}` })
      if (answer.saved) items.push(answer.inserted['wire.item']?.[0] ?? '')
    }
    await device.sync()
    const captures: number[] = []
    const begun = performance.now()
    for (let index = 0; index < orders; index++) {
      const lines = Array.from({ length: LINES }, (_, at) => ({
        item: items[(index * 31 + at * 7) % ITEMS],
        quantity: (((index + at) % 9) + 1) * UNIT,
        price: 199 + ((index * 13 + at) % 700),
      }))
      const total = lines.reduce((sum, { quantity, price }) => sum + (quantity / UNIT) * price, 0)
      const started = performance.now()
      const answer = await device.run('wire.openOrder', { place: 'company', rank: index, total, lines })
      captures.push(performance.now() - started)
      if (!answer.saved) throw new Error(`Order ${index} was refused: ${answer.refusal.code}`)
    }
    const capturedS = (performance.now() - begun) / 1000
    captures.sort((a, b) => a - b)
    const at = (share: number): string => (captures[Math.floor(share * (captures.length - 1))] ?? 0).toFixed(2)
    for (const what of Object.keys(transport.ms)) transport.ms[what] = 0
    const before = await device.status()
    const cpuBefore = process.cpuUsage()
    const started = performance.now()
    let durableS = 0
    const stop = device.onStatus(({ waiting }) => {
      if (waiting === 0 && durableS === 0) durableS = (performance.now() - started) / 1000
    })
    const after = await device.sync()
    const settledS = (performance.now() - started) / 1000
    // A backlog of one push is told of with its pull.
    if (durableS === 0) durableS = settledS
    stop()
    const cpu = process.cpuUsage(cpuBefore)
    const spent = Object.entries(transport.ms)
      .map(([what, ms]) => `${what} ${(ms / 1000).toFixed(2)} s`)
      .join(', ')
    console.log(
      `${orders} orders of ${LINES + 1} rows, captured in ${capturedS.toFixed(1)} s, fsynced (p50 ${at(0.5)} ms, p99 ${at(0.99)} ms)`,
    )
    console.log(
      `on the hub, durable: ${durableS.toFixed(2)} s; settled on the device with the hub's rows: ${settledS.toFixed(2)} s; waiting ${after.waiting}, incidents ${after.incidents}`,
    )
    child.stdin.write(`${orders}\n`)
    const [answer] = (await once(child.stdout, 'data')) as [Buffer]
    const { seconds } = JSON.parse(answer.toString()) as { seconds: number }
    console.log(`by hand, the same rows: ${seconds.toFixed(2)} s`)
    console.log(ratio('durable', durableS, seconds, '2 s in all'))
    console.log(
      `sent ${((after.bytesSent - before.bytesSent) / orders).toFixed(0)} bytes an order, received ${((after.bytesReceived - before.bytesReceived) / orders).toFixed(0)}`,
    )
    console.log(`seen from the device: ${spent}; its own CPU ${((cpu.user + cpu.system) / 1e6).toFixed(2)} s`)
    const second = await open('second', codes[1], new FetchTransport(url))
    const bootstrapped = performance.now()
    const { integrity, bytesReceived } = await second.sync()
    const { rowsHeld } = integrity
    console.log(
      `a new device: ${rowsHeld} rows in ${((performance.now() - bootstrapped) / 1000).toFixed(2)} s, ${(bytesReceived / rowsHeld).toFixed(0)} bytes a row`,
    )
    await second.close()
  } finally {
    await device.close()
    child.stdin.write('stop\n')
    await once(child, 'exit')
    rmSync(root, { recursive: true, force: true })
  }
}

const [first, dataDir] = process.argv.slice(2)
if (first === '--hub') await hubProcess(dataDir ?? '')
else await main(Number(first ?? 10_000))
