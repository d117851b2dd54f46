// A few devices that work while the network between them and the hub goes wrong, from one seed; then it heals, and the
// laws are looked at: nothing lost, nothing twice, everybody holds the same. It knows no fault that it excuses.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { FetchTransport } from '../device/fetch-transport.ts'
import { openDevice } from '../device/open-device.ts'
import { newEnrolmentCode } from '../hub/enrolment.ts'
import type { Hub } from '../hub/hub.ts'
import { argon2Floor } from '../store/vault/kdf.ts'
import type { Device } from '../sync/device/device.ts'
import { inTenant } from '../sync/hub/tenant.ts'
import { chaosProxy, seededRandom, type ChaosProxy, type Fate } from './chaos-proxy.ts'
import { disagreements } from './replica-truth.ts'
import { wireCatalogue } from './wire-catalogue.ts'

export interface CutWorldOptions {
  readonly hub: Hub
  readonly port: number
  readonly seed: number
  readonly devices?: number
  readonly rounds?: number
  /** Signs in at enrolment. */
  readonly signIn: string
  readonly password: string
}

export interface CutWorldReport {
  readonly commands: number
  readonly fired: ReadonlyMap<Fate, number>
  /** What is wrong, in sentences. */
  readonly wrong: readonly string[]
  /** Milliseconds from healing until every outbox was empty. */
  readonly healedMs: number
}

const PLACES = ['company', 'catalogue', 'elsewhere']
const UNIT = 1_000_000
const HEALING_ROUNDS_MAX = 12

export async function runCutWorld(options: CutWorldOptions): Promise<CutWorldReport> {
  const root = mkdtempSync(join(tmpdir(), 'holdfast-cuts-'))
  const proxy = await chaosProxy({ port: options.port, seed: options.seed })
  const world = new CutWorld(options, proxy, root)
  try {
    await world.open()
    await world.work()
    const healedMs = await world.heal()
    return { commands: world.saved, fired: proxy.fired, wrong: await world.wrong(), healedMs }
  } finally {
    await world.close()
    await proxy.stop()
    rmSync(root, { recursive: true, force: true })
  }
}

class CutWorld {
  private readonly options: CutWorldOptions
  private readonly proxy: ChaosProxy
  private readonly root: string
  private readonly random: () => number
  private readonly devices: Device[] = []
  private readonly savedBy = new Map<string, number>()
  private readonly items: string[] = []
  private readonly orders: string[] = []
  saved = 0

  constructor(options: CutWorldOptions, proxy: ChaosProxy, root: string) {
    this.options = options
    this.proxy = proxy
    this.root = root
    this.random = seededRandom(options.seed ^ 0x5eed)
  }

  private pick<T>(from: readonly T[]): T {
    return from[Math.floor(this.random() * from.length)] as T
  }

  private whole(max: number): number {
    return 1 + Math.floor(this.random() * max)
  }

  private async device(index: number): Promise<Device> {
    const { hub, signIn, password } = this.options
    return openDevice({
      directory: join(this.root, `device-${index}`),
      hubUrl: this.proxy.url,
      catalogue: wireCatalogue,
      passphrase: 'a passphrase',
      kdf: argon2Floor,
      enrol: { code: await newEnrolmentCode(hub, null), signIn, password },
      isAutomatic: false,
      transport: new FetchTransport(this.proxy.url),
    })
  }

  async open(): Promise<void> {
    for (let index = 0; index < (this.options.devices ?? 3); index++) this.devices.push(await this.device(index))
    for (let index = 0; index < 4; index++)
      await this.do(this.devices[0] as Device, 'wire.addItem', { name: `item ${index}`, phone: `0113 ${index}` })
    for (const device of this.devices) await device.sync()
  }

  private async do(device: Device, command: string, args: Readonly<Record<string, unknown>>): Promise<void> {
    const answer = await device.run(command, args, { overrides: ['wire.no-stock'] })
    if (!answer.saved) return
    this.saved += 1
    const dev = device.replica.identity()?.dev ?? ''
    this.savedBy.set(dev, answer.seq)
    for (const id of answer.inserted['wire.item'] ?? []) this.items.push(id)
    for (const id of answer.inserted['wire.order'] ?? []) this.orders.push(id)
  }

  /** One command of any kind; rows that this device doesn't hold are allowed. */
  private async someWork(device: Device): Promise<void> {
    const item = this.pick(this.items)
    const kinds: (() => Promise<void>)[] = [
      () => this.do(device, 'wire.sell', { item, day: `day ${this.whole(3)}`, quantity: this.whole(5) * UNIT }),
      () => this.do(device, 'wire.sell', { item, day: `day ${this.whole(3)}`, quantity: this.whole(5) * UNIT }),
      () => this.do(device, 'wire.receive', { item, quantity: this.whole(9) * UNIT }),
      () => this.do(device, 'wire.rename', { item, name: `name ${this.whole(1000)}`, tags: [`tag ${this.whole(4)}`] }),
      () => this.do(device, 'wire.reserve', { item, quantity: this.whole(3) * UNIT }),
      () => this.do(device, 'wire.openOrder', this.anOrder(item)),
      () => this.do(device, 'wire.payOldest', { place: this.pick(PLACES) }),
      () =>
        this.orders.length === 0
          ? this.do(device, 'wire.openOrder', this.anOrder(item))
          : this.do(device, 'wire.moveOrder', { order: this.pick(this.orders), place: this.pick(PLACES) }),
      () =>
        this.do(device, 'wire.addItem', {
          name: `item ${this.whole(1000)}`,
          ...(this.random() < 0.5 && { phone: `0113 ${this.whole(9999)}` }),
        }),
    ]
    await this.pick(kinds)()
  }

  private anOrder(item: string): Readonly<Record<string, unknown>> {
    const lines = Array.from({ length: this.whole(3) }, (_, index) => ({
      item,
      quantity: (index + 1) * UNIT,
      price: this.whole(900),
    }))
    return {
      place: this.pick(PLACES),
      rank: this.whole(20),
      lines,
      total: lines.reduce((sum, { quantity, price }) => sum + (quantity / UNIT) * price, 0),
    }
  }

  async work(): Promise<void> {
    this.proxy.chaos(0.45)
    for (let round = 0; round < (this.options.rounds ?? 30); round++) {
      const index = Math.floor(this.random() * this.devices.length)
      const device = this.devices[index] as Device
      for (let count = this.whole(4); count > 0; count--) await this.someWork(device)
      if (this.random() < 0.75) await device.sync()
      // Several at once, so that requests can overtake each other.
      if (this.random() < 0.4) await Promise.all(this.devices.map((each) => each.sync()))
      if (this.random() < 0.1) {
        await device.close()
        this.devices[index] = await this.device(index)
      }
    }
  }

  async heal(): Promise<number> {
    this.proxy.chaos(0)
    const healedAt = performance.now()
    for (let round = 0; round < HEALING_ROUNDS_MAX; round++) {
      let waiting = 0
      for (const device of this.devices) waiting += (await device.sync()).waiting
      if (waiting === 0 && round > 0) break
    }
    const healedMs = performance.now() - healedAt
    // One more: what the last device brought reaches the first.
    for (const device of this.devices) await device.sync()
    return healedMs
  }

  async wrong(): Promise<string[]> {
    const { hub } = this.options
    const wrong: string[] = []
    for (const device of this.devices) {
      const { waiting, incidents, fault } = await device.status()
      const details = device.replica.db.all('SELECT kind, detail FROM incident')
      if (waiting !== 0 || incidents !== 0 || fault !== null)
        wrong.push(
          `${device.replica.identity()?.dev}: waiting ${waiting}, fault ${fault}, incidents ${JSON.stringify(details)}`,
        )
    }
    const log = await inTenant(hub.pool, hub.tenant, (client) =>
      client.query<{ dev: string; seq: number; outcome: string; reason: string | null; line: string }>(
        'SELECT dev, seq, outcome, reason, line FROM command_log WHERE dev = ANY ($1::text[]) ORDER BY dev, seq',
        [[...this.savedBy.keys()]],
      ),
    )
    for (const [dev, last] of this.savedBy) {
      const seqs = log.rows.filter((row) => row.dev === dev).map(({ seq }) => seq)
      if (seqs.length !== last || seqs.some((seq, index) => seq !== index + 1))
        wrong.push(`${dev}: saved 1 to ${last}, the hub has ${seqs.join(' ')}`)
    }
    for (const { dev, seq, reason } of log.rows.filter(
      ({ outcome, reason: why }) => outcome === 'parked' && why !== 'hub.bug',
    ))
      wrong.push(`${dev}:${seq} was parked: ${reason}`)
    wrong.push(...(await this.wrongSums(log.rows)))
    wrong.push(...(await disagreements(hub, wireCatalogue, this.devices)))
    return wrong
  }

  /** Each item's stock is what the accepted commands of the log add up to, counted here from their lines. */
  private async wrongSums(log: readonly { outcome: string; line: string }[]): Promise<string[]> {
    const sums = new Map<string, number>()
    for (const { outcome, line } of log) {
      if (outcome !== 'accepted' && outcome !== 'adjusted') continue
      const { type, args } = JSON.parse(line) as { type: string; args: { item: string; quantity: number } }
      const sign = type === 'wire.sell' ? -1 : type === 'wire.receive' ? 1 : 0
      if (sign !== 0) sums.set(args.item, (sums.get(args.item) ?? 0) + sign * args.quantity)
    }
    const { hub } = this.options
    const rows = await inTenant(hub.pool, hub.tenant, (client) =>
      client.query<{ id: string; stock: number }>('SELECT id, stock FROM wire_item WHERE id = ANY ($1::text[])', [
        this.items,
      ]),
    )
    return rows.rows
      .filter(({ id, stock }) => stock !== (sums.get(id) ?? 0))
      .map(({ id, stock }) => `item ${id} has ${stock}, its commands say ${sums.get(id) ?? 0}`)
  }

  async close(): Promise<void> {
    for (const device of this.devices) await device.close()
  }
}
