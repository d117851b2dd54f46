// The retailer's file through the product: masters imported, invoices split over devices, captured offline, exchanged,
// late returns linked, and everything read back from rows. It compares nothing and never writes past a command.
import { inTenant } from '../../src/sync/hub/tenant.ts'
import type { ServedHub } from '../../src/hub/serve.ts'
import type { Device } from '../../src/sync/device/device.ts'
import { TillAtWork } from './replay-capture.ts'
import { must, openCompany, type Place, type RetailCompany } from './replay-company.ts'
import { readInvoices } from './replay-file.ts'
import { importMasters, type MastersImported } from './replay-masters.ts'
import { originKey, planReplay, type Plan } from './replay-plan.ts'
import { addDocuments, addWhole, Sums, type Select } from './replay-rows.ts'
import type { Captured } from './replay-sale.ts'
import type { RetailResult, Section, SectionName } from './result.ts'

export interface ReplayOptions extends Place {
  readonly file: string
  readonly devices: number
  readonly say: (text: string) => void
}

export interface Replayed {
  readonly result: RetailResult
  /** The device sections as each device counted them by itself, before it ever sent anything. */
  readonly fromDevices: Readonly<Partial<Record<SectionName, Section>>>
  /** Commands that the hub didn't accept as they were, by outcome and reason; a sound replay has none parked or refused. */
  readonly outcomes: Readonly<Record<string, number>>
  readonly seconds: Readonly<Record<string, number>>
  readonly masters: MastersImported
}

const deviceSections = ['deviceDocuments', 'deviceLines', 'deviceQuantity', 'deviceValue', 'deviceStock', 'deviceTender'] as const satisfies readonly SectionName[]

/** Selects on the hub's PostgreSQL, as the tenant. */
export const hubSelect =
  ({ hub }: ServedHub): Select =>
  (sql) =>
    inTenant(hub.pool, hub.tenant, async (client) => (await client.query<Record<string, unknown>>(sql)).rows)

const deviceSelect =
  (device: Device): Select =>
  (sql) =>
    Promise.resolve(device.replica.db.all<Record<string, unknown>>(sql, []))

class Watch {
  readonly seconds: Record<string, number> = {}
  private readonly say: (text: string) => void

  constructor(say: (text: string) => void) {
    this.say = say
  }

  async time<T>(what: string, work: () => Promise<T>): Promise<T> {
    const from = performance.now()
    const done = await work()
    const seconds = (performance.now() - from) / 1000
    this.seconds[what] = Math.round(seconds * 10) / 10
    this.say(`${what}: ${seconds.toFixed(1)} s`)
    return done
  }
}

export async function replay(options: ReplayOptions): Promise<Replayed> {
  const watch = new Watch(options.say)
  const invoices = await watch.time('read the file', () => readInvoices(options.file))
  const plan = planReplay(invoices, options.devices)
  options.say(`${plan.invoices.length.toLocaleString('en-GB')} invoices, ${plan.lineCount.toLocaleString('en-GB')} lines, ${options.devices} devices`)
  const company = await watch.time('set up the company', () => openCompany(options, options.devices))
  try {
    const masters = await watch.time('import items, customers, opening stock', () => importMasters(company.office, invoices, plan))
    await watch.time('bring them to every device', () => syncAll([company.office, ...company.tills.map(({ device }) => device)], options.say))
    for (const { network } of company.tills) network.isUp = false
    const works = await watch.time('capture offline', () => captureAll(plan, company, options.say))
    const fromDevices = await watch.time('read each device', () => readDevices(company))
    for (const { network } of company.tills) network.isUp = true
    await watch.time('exchange', () => Promise.all(company.tills.map(({ device }) => syncAll([device], options.say))).then(() => undefined))
    await watch.time('link late returns', () => linkLate(company.office, works))
    const { result, outcomes } = await watch.time('read the hub', () => readHub(options, company))
    return { result, fromDevices, outcomes, seconds: watch.seconds, masters }
  } finally {
    for (const device of [company.office, ...company.tills.map((till) => till.device)]) await device.close()
  }
}

const TRIES = 5

/** Exchanges until nothing waits; a device that can't is a fault of the world, told with its status. */
async function syncAll(devices: readonly Device[], say: (text: string) => void): Promise<void> {
  for (const device of devices) {
    const stop = device.onStatus(({ device: code, progress, exchange }) => {
      if (exchange === 'sending' && progress !== null && progress.total > 2000) say(`  ${code}: ${progress.done} of ${progress.total} sent`)
    })
    let status = await device.sync()
    for (let tries = 0; tries < TRIES && (status.waiting > 0 || !status.isOnline); tries++) status = await device.sync()
    stop()
    if (status.waiting > 0 || !status.isOnline || status.fault !== null || !status.isReady) throw new Error(`The device ${status.device} could not exchange with the hub: ${JSON.stringify(status)}`)
  }
}

const idsBy = async (device: Device, table: 'masters_item' | 'masters_party'): Promise<ReadonlyMap<string, string>> => {
  const rows = device.replica.db.all<{ id: string; code_key: string | null }>(`select id, code_key from ${table} where gone_at is null`, [])
  return new Map(rows.map(({ id, code_key }) => [code_key ?? '', id]))
}

interface Works {
  readonly tills: readonly TillAtWork[]
  readonly captured: ReadonlyMap<string, Captured>
}

/** Every invoice on its device, in the order of the file. */
async function captureAll(plan: Plan, company: RetailCompany, say: (text: string) => void): Promise<Works> {
  const captured = new Map<string, Captured>()
  const facts = { items: await idsBy(company.office, 'masters_item'), parties: await idsBy(company.office, 'masters_party'), captured }
  const tills = company.tills.map((till, index) => new TillAtWork(till, index, company, facts))
  let done = 0
  let toldAt = Date.now()
  for (const invoice of plan.invoices) {
    await tills[invoice.device]?.capture(invoice)
    done += 1
    if (Date.now() - toldAt < 5000) continue
    toldAt = Date.now()
    say(`  ${done.toLocaleString('en-GB')} of ${plan.invoices.length.toLocaleString('en-GB')} invoices captured`)
    // The captures are synchronous work; timers and signals get their turn here.
    await new Promise((resolve) => setImmediate(resolve))
  }
  for (const till of tills) await till.closeShift()
  return { tills, captured }
}

/** Each device's own share, by its own rows. */
async function readDevices(company: RetailCompany): Promise<Partial<Record<SectionName, Section>>> {
  const sums = new Sums()
  for (const { device, name, code } of company.tills) {
    const other = `${name} holds a document of another device`
    await addDocuments(deviceSelect(device), sums, (by) => (by === code ? name : other))
  }
  const all = sums.sections()
  return Object.fromEntries(deviceSections.map((name) => [name, all[name]]))
}

/** What came back where its sale wasn't is linked by the office when everything is in. */
async function linkLate(office: Device, { tills, captured }: Works): Promise<number> {
  const late = tills.flatMap(({ lateLinks }) => lateLinks)
  for (const { line, from } of late) {
    const origin = from.origin === null ? undefined : captured.get(originKey(from.origin))
    if (origin === undefined) throw new Error(`The sale that ${from.code} goes back to was never captured.`)
    await must(office, 'pos.linkReturn', { line, originLine: origin.line, quantity: -from.quantity })
  }
  await syncAll([office], () => {})
  return late.length
}

async function readHub({ served, devices }: ReplayOptions, company: RetailCompany): Promise<{ result: RetailResult; outcomes: Record<string, number> }> {
  const select = hubSelect(served)
  const names = new Map(company.tills.map(({ code, name }) => [code, name]))
  const sums = new Sums()
  await addDocuments(select, sums, (code) => names.get(String(code)) ?? String(code))
  await addWhole(select, sums)
  const counted = async (sql: string): Promise<Record<string, number>> => Object.fromEntries((await select(sql)).map(({ key, n }) => [String(key), Number(n)]))
  const outcomes = await counted(`select concat_ws(' ', outcome, type, reason) as key, count(*) as n from command_log group by 1 order by 1`)
  const exceptions = await counted('select code as key, count(*) as n from kernel_exception group by 1 order by 1')
  const notes = Object.fromEntries(Object.entries(exceptions).map(([code, n]) => [`exceptions ${code}`, String(n)]))
  return { result: { format: 1, side: 'holdfast', devices, sections: sums.sections(), notes }, outcomes }
}
