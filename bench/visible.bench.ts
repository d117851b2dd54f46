// `npm run bench -- visible [saves]`: both devices online: from the call that saves on A until a query on B shows the row, over real HTTP,
// server-sent hints, PostgreSQL that syncs to disk and two encrypted databases; and where that time goes.
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
import type { Device } from '../src/sync/device/device.ts'
import type { HubAnswer, HubRequest } from '../src/sync/device/transport.ts'
import { wireCatalogue } from '../src/testing/wire-catalogue.ts'
import { ms, quantile, quantiles } from './figures.ts'

const PASSWORD = 'only for this bench'
/** Between two saves, so that each is seen alone. */
const PAUSE_MS = 150

async function hubProcess(dataDir: string): Promise<void> {
  const served = await serve({ dataDir, port: 0, catalogue: wireCatalogue, log: pino({ level: 'silent' }) })
  await setAccount(served.hub, { user: SETUP_USER, signIn: SETUP_USER, password: PASSWORD })
  const codes = [await served.newCode(null), await served.newCode(null)]
  process.stdout.write(`${JSON.stringify({ port: served.port, codes })}\n`)
  process.stdin.once('data', () => void served.stop().then(() => process.exit(0)))
}

/** Notes when each request began and ended, and when a hint came. */
class TimedTransport extends FetchTransport {
  readonly marks = new Map<string, number>()

  override async send(request: HubRequest): Promise<HubAnswer> {
    this.marks.set(`${request.path} asked`, performance.now())
    const answer = await super.send(request)
    this.marks.set(`${request.path} answered`, performance.now())
    return answer
  }

  override hints(...[path, headers, onHint]: Parameters<FetchTransport['hints']>): () => void {
    return super.hints(path, headers, (w) => {
      this.marks.set('hint', performance.now())
      onHint(w)
    })
  }
}

async function main(saves: number): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), 'holdfast-bench-'))
  const child = spawn(process.execPath, [...process.execArgv, process.argv[1] ?? '', '--hub', join(root, 'hub')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const [first] = (await once(createInterface(child.stdout), 'line')) as [string]
  const { port, codes } = JSON.parse(first) as { port: number; codes: string[] }
  const url = `http://127.0.0.1:${port}`
  const open = (name: string, code: string | undefined, transport: FetchTransport): Promise<Device> =>
    openDevice({
      directory: join(root, name),
      hubUrl: url,
      catalogue: wireCatalogue,
      passphrase: 'p',
      kdf: argon2Floor,
      enrol: { code: code ?? '', signIn: SETUP_USER, password: PASSWORD },
      transport,
    })
  const [sending, seeing] = [new TimedTransport(url), new TimedTransport(url)]
  const a = await open('a', codes[0], sending)
  const b = await open('b', codes[1], seeing)
  try {
    const steps = new Map<string, number[]>()
    const note = (step: string, value: number): void => void steps.set(step, [...(steps.get(step) ?? []), value])
    const times: number[] = []
    for (let save = -10; save < saves; save++) {
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
      const name = `Item ${save}`
      let stop = (): void => undefined
      const seen = new Promise<number>((resolve) => {
        stop = b.onChange((tables) => {
          if (!tables.has('wire.item')) return
          const row = b.replica.db.get('SELECT 1 FROM wire_item WHERE name = ?', [name])
          if (row !== undefined) resolve(performance.now())
        })
      })
      const began = performance.now()
      const answer = await a.run('wire.addItem', { name })
      const saved = performance.now()
      if (!answer.saved) throw new Error(`Refused: ${answer.refusal.code}`)
      const at = await seen
      stop()
      if (save < 0) continue
      times.push(at - began)
      const mark = (of: TimedTransport, what: string): number => of.marks.get(what) ?? 0
      note('saved', saved - began)
      note('push leaves', mark(sending, '/sync/push asked') - saved)
      note('hint at B', mark(seeing, 'hint') - mark(sending, '/sync/push asked'))
      note('pull leaves B', mark(seeing, '/sync/pull asked') - mark(seeing, 'hint'))
      note('pull', mark(seeing, '/sync/pull answered') - mark(seeing, '/sync/pull asked'))
      note('applied', at - mark(seeing, '/sync/pull answered'))
    }
    console.log(
      `${saves} saves on A, visible on B: p50 ${ms(quantile(times, 0.5))}, p95 ${ms(quantile(times, 0.95))} (goal 20 and 40 ms); ${quantiles(times)}`,
    )
    for (const [step, values] of steps)
      console.log(`  ${step}: p50 ${ms(quantile(values, 0.5))}, p95 ${ms(quantile(values, 0.95))}`)
  } finally {
    await a.close()
    await b.close()
    child.stdin.write('stop\n')
    await once(child, 'exit')
    rmSync(root, { recursive: true, force: true })
  }
}

const [given, dataDir] = process.argv.slice(2)
if (given === '--hub') await hubProcess(dataDir ?? '')
else await main(Number(given ?? 100))
