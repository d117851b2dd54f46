// `npm run bench -- idle-pull [few] [many]`: an exchange in which nothing is new, of a device that holds few rows and of one that holds
// many, over real HTTP and PostgreSQL: the whole exchange of the device, and what of it is the hub's. The goal is that it is the same.
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
import { serve } from '../src/hub/serve.ts'
import { glEntry } from '../src/kernel/ledger.ts'
import { argon2Floor } from '../src/store/vault/kdf.ts'
import type { Device } from '../src/sync/device/device.ts'
import type { HubAnswer, HubRequest } from '../src/sync/device/transport.ts'
import { writeHubRows } from '../src/testing/write-hub-rows.ts'
import { ms, quantile, quantiles, ratio } from './figures.ts'
import { branchOf, firm, idOf, lightCatalogue as catalogue, made, personOf, writeCompany } from './light-company.ts'

const PASSWORD = 'only for this bench'
const ROUNDS = 200
const ROWS_A_FLUSH = 20_000

/** Entries of the general ledger, two a document: rows that the device also adds up. */
const anEntry = (index: number) =>
  made(glEntry, idOf('entry', index), {
    document: 'bench.document',
    documentId: `document-${Math.floor(index / 2)}`,
    businessDate: '2026-11-02',
    branch: branchOf(0),
    company: firm,
    account: index % 2 === 0 ? '1200' : '4000',
    purpose: 'sales',
    amount: index % 2 === 0 ? 1250 : -1250,
  })

async function hubProcess(dataDir: string): Promise<void> {
  const served = await serve({ dataDir, port: 0, catalogue, log: pino({ level: 'warn' }, process.stderr) })
  await writeCompany(served.hub, [{ kind: 'ledger' }])
  await setAccount(served.hub, { user: personOf(0), signIn: 'p0', password: PASSWORD })
  let rows = 0
  process.stdout.write(`${JSON.stringify({ port: served.port })}\n`)
  for await (const line of createInterface(process.stdin)) {
    if (line === 'stop') break
    for (const total = Number(line); rows < total;) {
      const count = Math.min(ROWS_A_FLUSH, total - rows)
      const first = rows
      await writeHubRows(
        served.hub,
        Array.from({ length: count }, (_, index) => anEntry(first + index)),
      )
      rows += count
    }
    process.stdout.write(`${JSON.stringify(await served.newCode(null))}\n`)
  }
  await served.stop()
  process.exit(0)
}

class TimedTransport extends FetchTransport {
  pulls: number[] = []
  override async send(request: HubRequest): Promise<HubAnswer> {
    const began = performance.now()
    const answer = await super.send(request)
    if (request.path === '/sync/pull') this.pulls.push(performance.now() - began)
    return answer
  }
}

async function measured(device: Device, transport: TimedTransport): Promise<{ all: number; hub: number }> {
  for (let round = 0; round < 20; round++) await device.sync()
  transport.pulls = []
  const times: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const began = performance.now()
    await device.sync()
    times.push(performance.now() - began)
  }
  const { integrity, incidents } = await device.status()
  console.log(
    `${integrity.rowsHeld} rows held: exchange of nothing new ${quantiles(times)}; its pull ${quantiles(transport.pulls)}; incidents ${incidents}`,
  )
  return { all: quantile(times, 0.5), hub: quantile(transport.pulls, 0.5) }
}

async function main(few: number, many: number): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), 'holdfast-bench-'))
  const child = spawn(process.execPath, [...process.execArgv, process.argv[1] ?? '', '--hub', join(root, 'hub')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]()
  const line = async <T>(): Promise<T> => JSON.parse((await lines.next()).value as string) as T
  const { port } = await line<{ port: number }>()
  try {
    const found: { all: number; hub: number }[] = []
    for (const rows of [few, many]) {
      child.stdin.write(`${rows}\n`)
      const code = await line<string>()
      const transport = new TimedTransport(`http://127.0.0.1:${port}`)
      const device = await openDevice({
        directory: join(root, `device-${rows}`),
        hubUrl: `http://127.0.0.1:${port}`,
        catalogue,
        passphrase: 'p',
        kdf: argon2Floor,
        enrol: { code, signIn: 'p0', password: PASSWORD },
        isAutomatic: false,
        transport,
      })
      const began = performance.now()
      // Making ready a first download of so many rows may take longer than a request waits.
      for (let tries = 0; (await device.sync()).integrity.rowsHeld < rows; tries++)
        if (tries > 30) throw new Error(`The download doesn't end: ${JSON.stringify(await device.status())}`)
      console.log(`a device of ${rows} rows downloaded in ${((performance.now() - began) / 1000).toFixed(1)} s`)
      found.push(await measured(device, transport))
      await device.close()
    }
    const [least, most] = found
    if (least === undefined || most === undefined) return
    console.log(
      `${ratio(`exchange at ${many} rows to ${few}`, most.all, least.all, '≤ 1.2')}; of the pull alone ${(most.hub / least.hub).toFixed(2)} (${ms(most.hub)} to ${ms(least.hub)})`,
    )
  } finally {
    child.stdin.write('stop\n')
    await once(child, 'exit')
    rmSync(root, { recursive: true, force: true })
  }
}

const given = process.argv.slice(2)
if (given[0] === '--hub') await hubProcess(given[1] ?? '')
else await main(Number(given[0] ?? 10_000), Number(given[1] ?? 1_000_000))
