// Some of the tills, worked by one process: enrolled, cut off the network, each invoice of theirs captured in the order of
// the file, read back, and exchanged. Several processes may each work some; they share nothing but the hub.
import type { Device } from '../../src/sync/device/device.ts'
import { TillAtWork, type LateLink } from './replay-capture.ts'
import { enrolDevice, exchangeAll, type Network, type TillPlace } from './replay-company.ts'
import { readInvoices } from './replay-file.ts'
import { planReplay, type Plan } from './replay-plan.ts'
import { addDocuments, Sums } from './replay-rows.ts'
import type { Captured } from './replay-sale.ts'

export interface TillsOptions {
  readonly file: string
  /** Of the whole replay. */
  readonly devices: number
  readonly places: readonly TillPlace[]
}

/** What one process found out, as plain values that pass between processes. */
export interface TillsReport {
  /** The hub's code of each device, by its name. */
  readonly codes: Readonly<Record<string, string>>
  /** section → key → value, scaled integers as text. */
  readonly counted: ReturnType<Sums['raw']>
  readonly lateLinks: readonly LateLink[]
  /** Ids of the captured lines that some return goes back to. */
  readonly origins: Readonly<Record<string, string>>
  readonly documents: number
  readonly known: number
}

/** The steps in which a replay goes; each answers nothing but `report`. */
export interface Tills {
  open(): Promise<void>
  /** Captures every invoice on its device. */
  capture(): Promise<void>
  /** Captures every invoice once more, on the device after its own, as if the file was imported again elsewhere. */
  captureAgain(): Promise<void>
  report(): Promise<TillsReport>
  exchange(): Promise<void>
  close(): Promise<void>
}

interface OpenTill {
  readonly place: TillPlace
  readonly device: Device
  readonly network: Network
  readonly code: string
}

const TELL_EVERY_MS = 5000

export class TillsHere implements Tills {
  private readonly options: TillsOptions
  private readonly say: (text: string) => void
  private readonly tills: OpenTill[] = []
  private readonly captured = new Map<string, Captured>()
  private works: TillAtWork[] = []
  private plan: Plan | null = null

  constructor(options: TillsOptions, say: (text: string) => void) {
    this.options = options
    this.say = say
  }

  async open(): Promise<void> {
    for (const place of this.options.places) {
      const { device, network } = await enrolDevice(place.enrolment)
      this.tills.push({ place, device, network, code: (await device.status()).device })
    }
  }

  capture = (): Promise<void> => this.captureOn((device) => device)
  captureAgain = (): Promise<void> => this.captureOn((device) => (device + 1) % this.options.devices)

  /** Every invoice of these tills, in the order of the file, without a network. */
  private async captureOn(indexOf: (device: number) => number): Promise<void> {
    const plan = (this.plan ??= planReplay(await readInvoices(this.options.file), this.options.devices))
    for (const { network } of this.tills) network.isUp = false
    this.captured.clear()
    const works = new Map(
      this.tills.map(({ place, device }) => [
        place.index,
        new TillAtWork(device, place, { ...idsOn(device), captured: this.captured }),
      ]),
    )
    this.works = [...works.values()]
    const own = plan.invoices.filter(({ device }) => works.has(indexOf(device)))
    let done = 0
    let toldAt = Date.now()
    for (const invoice of own) {
      await works.get(indexOf(invoice.device))?.capture(invoice)
      done += 1
      if (Date.now() - toldAt < TELL_EVERY_MS) continue
      toldAt = Date.now()
      this.say(
        `  ${this.names}: ${done.toLocaleString('en-GB')} of ${own.length.toLocaleString('en-GB')} invoices captured`,
      )
      // Captures are synchronous work; timers and signals get their turn here.
      await new Promise((resolve) => setImmediate(resolve))
    }
    for (const work of this.works) await work.closeShift()
    for (const { network } of this.tills) network.isUp = true
  }

  private get names(): string {
    return this.tills.map(({ place }) => place.name).join(', ')
  }

  async report(): Promise<TillsReport> {
    const sums = new Sums()
    for (const { place, device, code } of this.tills) {
      const select = (sql: string) => Promise.resolve(device.replica.db.all<Record<string, unknown>>(sql, []))
      await addDocuments(select, sums, (by) =>
        by === code ? place.name : `${place.name} holds a document of another device`,
      )
    }
    const origins = [...(this.plan?.origins ?? [])].flatMap((key) => {
      const found = this.captured.get(key)
      return found === undefined ? [] : [[key, found.line] as const]
    })
    return {
      codes: Object.fromEntries(this.tills.map(({ place, code }) => [place.name, code])),
      counted: sums.raw(),
      lateLinks: this.works.flatMap(({ lateLinks }) => lateLinks),
      origins: Object.fromEntries(origins),
      documents: this.works.reduce((sum, { documents }) => sum + documents, 0),
      known: this.works.reduce((sum, { known }) => sum + known, 0),
    }
  }

  async exchange(): Promise<void> {
    await Promise.all(this.tills.map((till) => this.exchangeOne(till)))
  }

  private async exchangeOne({ device, place }: OpenTill): Promise<void> {
    let toldAt = Date.now()
    const stop = device.onStatus(({ progress, exchange }) => {
      if (exchange !== 'sending' || progress === null || Date.now() - toldAt < TELL_EVERY_MS) return
      toldAt = Date.now()
      this.say(
        `  ${place.name}: ${progress.done.toLocaleString('en-GB')} of ${progress.total.toLocaleString('en-GB')} sent`,
      )
    })
    await exchangeAll(device)
    stop()
  }

  async close(): Promise<void> {
    for (const { device } of this.tills) await device.close()
  }
}

function idsOn(device: Device): { items: ReadonlyMap<string, string>; parties: ReadonlyMap<string, string> } {
  const idsOf = (table: 'masters_item' | 'masters_party'): ReadonlyMap<string, string> => {
    const rows = device.replica.db.all<{ id: string; code_key: string | null }>(
      `select id, code_key from ${table} where gone_at is null`,
      [],
    )
    return new Map(rows.map(({ id, code_key }) => [code_key ?? '', id]))
  }
  return { items: idsOf('masters_item'), parties: idsOf('masters_party') }
}
