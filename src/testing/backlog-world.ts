// A device that worked alone for very long: thousands of commands lie in its outbox, ninety days pass, others changed the same rows
// meanwhile, and the first exchange is cut right behind a commit while the device is closed and opened again. Then all of it must be at
// the hub once, in its order, and both devices hold the hub's rows. How long each part took is told, and judged by nobody here.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { FetchTransport, type Fetch } from '../device/fetch-transport.ts'
import { openDevice } from '../device/open-device.ts'
import { systemClock } from '../device/system-clock.ts'
import type { ServedHub } from '../hub/serve.ts'
import { argon2Floor } from '../store/vault/kdf.ts'
import type { Device } from '../sync/device/device.ts'
import { inTenant } from '../sync/hub/tenant.ts'
import { disagreements } from './replica-truth.ts'
import { wireCatalogue } from './wire-catalogue.ts'

/** The time of the hub and of its devices: it goes on by itself, and in leaps. */
export class LeapingTime {
  private leapt = 0
  now = (): number => Date.now() + this.leapt
  leap(ms: number): void {
    this.leapt += ms
  }
}

export interface BacklogOptions {
  /** Its `now` is that of `time`. */
  readonly served: ServedHub
  readonly time: LeapingTime
  readonly signIn: string
  readonly password: string
  readonly commands: number
}

export interface BacklogReport {
  /** What is wrong, in sentences. */
  readonly wrong: readonly string[]
  /** How long each part took, in ms. */
  readonly took: Readonly<Record<string, number>>
}

const ITEMS = 200
const CHANGED_MEANWHILE = 40
const UNIT = 1_000_000
const DAY_MS = 24 * 3_600_000
const BACKLOG_DAYS = 90
const EXCHANGES_MAX = 5

export async function runBacklog(options: BacklogOptions): Promise<BacklogReport> {
  const root = mkdtempSync(join(tmpdir(), 'holdfast-backlog-'))
  const world = new BacklogWorld(options, root)
  try {
    return await world.run()
  } finally {
    await world.close()
    rmSync(root, { recursive: true, force: true })
  }
}

class BacklogWorld {
  private readonly options: BacklogOptions
  private readonly root: string
  private readonly open = new Map<string, Device>()
  private readonly took: Record<string, number> = {}
  private readonly wrong: string[] = []
  private readonly items: string[] = []
  private orders = 0

  constructor(options: BacklogOptions, root: string) {
    this.options = options
    this.root = root
  }

  async run(): Promise<BacklogReport> {
    const { commands, time } = this.options
    const other = await this.device('other')
    for (let index = 0; index < ITEMS; index++) await this.do(other, 'wire.addItem', { name: `Item ${index}` })
    await other.sync()
    let alone = await this.device('alone')
    await alone.sync()
    const half = Math.floor(commands / 2)
    await this.timed('first half captured', () => this.work(alone, half))
    await this.timed('second half captured', () => this.work(alone, commands - half))
    for (const item of this.items.slice(0, CHANGED_MEANWHILE)) {
      await this.do(other, 'wire.rename', { item, name: 'Renamed meanwhile' })
      await this.do(other, 'wire.receive', { item, quantity: 5 * UNIT })
    }
    await other.sync()
    await this.closeOne('alone')
    time.leap(BACKLOG_DAYS * DAY_MS)
    alone = await this.timed('opened again', () => this.device('alone', cutBehindCommit(3)))
    await this.timed('first exchange, cut', () => alone.sync())
    await this.closeOne('alone')
    alone = await this.device('alone')
    await this.timed('exchanged', async () => {
      for (let left = EXCHANGES_MAX; left > 0 && (await alone.sync()).waiting > 0;) left -= 1
    })
    await this.timed('nothing new', () => alone.sync())
    await other.sync()
    await this.judge([alone, other])
    return { wrong: this.wrong, took: this.took }
  }

  async close(): Promise<void> {
    for (const name of this.open.keys()) await this.closeOne(name)
  }

  private async device(name: string, fetcher?: Fetch): Promise<Device> {
    const { served, signIn, password, time } = this.options
    const device = await openDevice({
      directory: join(this.root, name),
      hubUrl: served.url,
      catalogue: wireCatalogue,
      passphrase: 'a passphrase',
      kdf: argon2Floor,
      enrol: { code: await served.newCode(null), signIn, password },
      isAutomatic: false,
      clock: { ...systemClock, now: time.now },
      transport: new FetchTransport(served.url, fetcher),
    })
    this.open.set(name, device)
    return device
  }

  private async closeOne(name: string): Promise<void> {
    await this.open.get(name)?.close()
    this.open.delete(name)
  }

  private async do(device: Device, command: string, args: Readonly<Record<string, unknown>>): Promise<void> {
    const answer = await device.run(command, args, { overrides: ['wire.no-stock'] })
    if (!answer.saved) throw new Error(`${command} was refused: ${answer.refusal.code}`)
    this.items.push(...(answer.inserted['wire.item'] ?? []))
  }

  /** Sales, orders, payments and edits in turns; each reads or writes what the ones before it wrote. */
  private async work(device: Device, count: number): Promise<void> {
    for (let index = 0; index < count; index++) {
      const item = this.items[(index * 31) % ITEMS] ?? ''
      const kind = index % 10
      if (kind < 5) await this.do(device, 'wire.sell', { item, day: `d${index % 90}`, quantity: UNIT })
      else if (kind < 8) await this.do(device, 'wire.openOrder', this.order(item))
      else if (kind < 9) await this.do(device, 'wire.receive', { item, quantity: 3 * UNIT })
      else await this.do(device, 'wire.rename', { item, name: `Renamed ${index}` })
    }
  }

  private order(item: string): Readonly<Record<string, unknown>> {
    this.orders += 1
    return { place: 'company', rank: this.orders, total: 199, lines: [{ item, quantity: UNIT, price: 199 }] }
  }

  private async timed<T>(what: string, work: () => Promise<T>): Promise<T> {
    const began = performance.now()
    const result = await work()
    this.took[what] = Math.round(performance.now() - began)
    return result
  }

  private async judge(devices: readonly [Device, Device]): Promise<void> {
    const { served, commands } = this.options
    const [alone] = devices
    const dev = alone.replica.identity()?.dev ?? ''
    const left = alone.replica.db.get<{ n: number }>('SELECT COUNT(*) AS n FROM outbox WHERE is_settled = 0')?.n
    if (left !== 0) this.wrong.push(`${left} commands are not settled.`)
    const { rows } = await inTenant(served.hub.pool, served.hub.tenant, (client) =>
      client.query<{ seq: number; outcome: string }>(
        'SELECT seq, outcome FROM command_log WHERE tenant_id = $1 AND dev = $2 ORDER BY at',
        [served.hub.tenant, dev],
      ),
    )
    if (rows.length !== commands) this.wrong.push(`The hub has ${rows.length} commands of ${commands}.`)
    const astray = rows.findIndex(({ seq }, index) => seq !== index + 1)
    if (astray !== -1) this.wrong.push(`The hub's command ${astray + 1} of the device is its ${rows[astray]?.seq}.`)
    const denied = rows.filter(({ outcome }) => outcome === 'refused' || outcome === 'parked').length
    if (denied > 0) this.wrong.push(`${denied} commands were refused or parked.`)
    this.wrong.push(...(await disagreements(served.hub, wireCatalogue, devices)))
  }
}

/** The answer to the n-th push is lost behind its commit, and from then on there is no network. */
function cutBehindCommit(nth: number): Fetch {
  let pushes = 0
  return async (url, init) => {
    if (pushes >= nth) throw new TypeError('There is no network.')
    const answer = await fetch(url, init)
    if (url.endsWith('/sync/push') && ++pushes === nth) throw new TypeError('The connection was cut.')
    return answer
  }
}
