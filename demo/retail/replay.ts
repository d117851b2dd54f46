// The retailer's file through the product: masters imported, invoices split over devices, captured offline, exchanged,
// late returns linked, and everything read back from rows. It compares nothing and never writes past a command.
import { inTenant } from '../../src/sync/hub/tenant.ts'
import type { ServedHub } from '../../src/hub/serve.ts'
import type { Device } from '../../src/sync/device/device.ts'
import { exchangeAll, must, openCompany, type Place, type RetailCompany } from './replay-company.ts'
import { readInvoices } from './replay-file.ts'
import { importMasters, type MastersImported } from './replay-masters.ts'
import { originKey, planReplay, type Plan } from './replay-plan.ts'
import { TillsElsewhere } from './replay-process.ts'
import { addDocuments, addWhole, Sums, type Select } from './replay-rows.ts'
import { TillsHere, type Tills, type TillsReport } from './replay-tills.ts'
import type { RetailResult, Section, SectionName } from './result.ts'

export interface ReplayOptions extends Place {
  readonly file: string
  readonly devices: number
  /** Processes that work the tills; 0: this one. */
  readonly processes: number
  /** Import the file once more, each invoice on another device, and read the hub again. */
  readonly isTwice?: boolean
  readonly say: (text: string) => void
}

export interface Replayed {
  readonly result: RetailResult
  /** The device sections as each device counted them by itself, before it ever sent anything. */
  readonly fromDevices: Readonly<Partial<Record<SectionName, Section>>>
  /** Commands by outcome, type and reason; a sound replay has none parked or refused. */
  readonly outcomes: Readonly<Record<string, number>>
  readonly seconds: Readonly<Record<string, number>>
  readonly masters: MastersImported
  /** Documents captured, and those that stood already. */
  readonly documents: number
  readonly known: number
  readonly lateLinks: number
  /** The hub after the second run. */
  readonly again: RetailResult | null
}

const deviceSections = [
  'deviceDocuments',
  'deviceLines',
  'deviceQuantity',
  'deviceValue',
  'deviceStock',
  'deviceTender',
] as const satisfies readonly SectionName[]

/** Selects on the hub's PostgreSQL, as the tenant. */
export const hubSelect =
  ({ hub }: ServedHub): Select =>
  (sql) =>
    inTenant(hub.pool, hub.tenant, async (client) => (await client.query<Record<string, unknown>>(sql)).rows)

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

/** One replay, from an empty hub to what its rows say. */
export async function replay(options: ReplayOptions): Promise<Replayed> {
  const { file, devices, say } = options
  const watch = new Watch(say)
  const invoices = await watch.time('read the file', () => readInvoices(file))
  const plan = planReplay(invoices, devices)
  say(
    `${plan.invoices.length.toLocaleString('en-GB')} invoices, ${plan.lineCount.toLocaleString('en-GB')} lines, ${devices} devices`,
  )
  const company = await watch.time('set up the company', () => openCompany(options, devices))
  const groups = tillGroups(options, company)
  const all = (step: Exclude<keyof Tills, 'report'>) => () => Promise.all(groups.map((group) => group[step]()))
  try {
    const masters = await watch.time('import items, customers, opening stock', () =>
      importMasters(company.office, invoices, plan),
    )
    await watch.time('send them to the hub', () => exchangeAll(company.office))
    await watch.time('enrol the tills', all('open'))
    await watch.time('capture offline', all('capture'))
    const reports = await watch.time('read each device', () => Promise.all(groups.map((group) => group.report())))
    await watch.time('exchange', all('exchange'))
    const lateLinks = await watch.time('link late returns', () => linkLate(company.office, reports))
    const { result, outcomes } = await watch.time('read the hub', () => readHub(options, reports, plan))
    let again: RetailResult | null = null
    if (options.isTwice === true) {
      await watch.time('capture all of it again, elsewhere', all('captureAgain'))
      await watch.time('exchange that', all('exchange'))
      again = (await watch.time('read the hub again', () => readHub(options, reports, plan))).result
    }
    const own = Sums.of(reports.map(({ counted }) => counted)).sections()
    const sum = (pick: (report: TillsReport) => number): number =>
      reports.reduce((total, report) => total + pick(report), 0)
    return {
      result,
      fromDevices: Object.fromEntries(deviceSections.map((name) => [name, own[name]])),
      outcomes,
      seconds: watch.seconds,
      masters,
      documents: sum((report) => report.documents),
      known: sum((report) => report.known),
      lateLinks,
      again,
    }
  } finally {
    await all('close')()
    await company.office.close()
  }
}

/** The tills dealt out over the processes, in turn. */
function tillGroups({ file, devices, processes, say }: ReplayOptions, company: RetailCompany): Tills[] {
  if (processes === 0) return [new TillsHere({ file, devices, places: company.tills }, say)]
  const dealt = Array.from({ length: Math.min(processes, devices) }, (_, at) =>
    company.tills.filter(({ index }) => index % processes === at),
  )
  return dealt.map((places) => new TillsElsewhere({ file, devices, places }, say))
}

/** What came back where its sale wasn't is linked by the office when everything is in. */
async function linkLate(office: Device, reports: readonly TillsReport[]): Promise<number> {
  const origins = new Map(reports.flatMap(({ origins }) => Object.entries(origins)))
  const late = reports.flatMap(({ lateLinks }) => lateLinks)
  for (const { line, origin, quantity } of late) {
    const originLine = origins.get(originKey(origin))
    if (originLine === undefined)
      throw new Error(
        `Line ${origin.position} of invoice ${origin.invoice}, which a return goes back to, was never captured.`,
      )
    await must(office, 'pos.linkReturn', { line, originLine, quantity })
  }
  await exchangeAll(office)
  return late.length
}

async function readHub(
  { served, devices }: ReplayOptions,
  reports: readonly TillsReport[],
  plan: Plan,
): Promise<{ result: RetailResult; outcomes: Record<string, number> }> {
  const select = hubSelect(served)
  const names = new Map(reports.flatMap(({ codes }) => Object.entries(codes).map(([name, code]) => [code, name])))
  const sums = new Sums()
  await addDocuments(select, sums, (code) => names.get(String(code)) ?? String(code))
  await addWhole(select, sums)
  const counted = async (sql: string): Promise<Record<string, number>> =>
    Object.fromEntries((await select(sql)).map(({ key, n }) => [String(key), Number(n)]))
  const outcomes = await counted(
    `select concat_ws(' ', outcome, type, reason) as key, count(*) as n from command_log group by 1 order by 1`,
  )
  const exceptions = await counted('select code as key, count(*) as n from kernel_exception group by 1 order by 1')
  const notes = Object.fromEntries(Object.entries(exceptions).map(([code, n]) => [`exceptions ${code}`, String(n)]))
  return {
    result: {
      format: 1,
      side: 'holdfast',
      devices,
      sections: sums.sections(),
      notes: { lines: String(plan.lineCount), ...notes },
    },
    outcomes,
  }
}
