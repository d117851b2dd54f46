// What stands on paper: the numbers that devices drew and the sums that they printed, beside the books.
import { said, type HubRows } from './hub-log.ts'
import type { WorldDevice } from './world-device.ts'

/** L6 on paper: what a device printed is one series a year, drawn one after the other, whatever the hub has of it. */
export function wrongPaper(devices: readonly WorldDevice[]): string[] {
  // Who put an older image back, or copied one, draws the same numbers again: the hub tells of those.
  const doubled = new Set(devices.flatMap(({ hasForked, dev }) => (hasForked ? [dev] : [])))
  const wrong: string[] = []
  for (const device of devices) {
    const last = new Map<string, number>()
    const jobs = [...device.told.values()].filter(
      ({ dev, command, was }) => command === 'sim.openJob' && was === undefined && !doubled.has(dev),
    )
    for (const { dev, ep, seq, args, number } of jobs.toSorted((a, b) => a.ep - b.ep || a.seq - b.seq)) {
      const series = `J-${dev}${String.fromCodePoint(64 + ep)}-${String(args['day']).slice(2, 4)}`
      const expected = args['isNumbered'] === true ? (last.get(series) ?? 0) + 1 : null
      if (expected !== null) last.set(series, expected)
      const paper = expected === null ? null : `${series}-${String(expected).padStart(6, '0')}`
      if (number !== paper)
        wrong.push(`${said(device, seq)} printed ${String(number)} where ${String(paper)} comes next.`)
    }
  }
  return wrong
}

/** L14: the number and the sum on a receipt are those in the books. */
export function otherPaper(devices: readonly WorldDevice[], rows: HubRows): string[] {
  const jobs = new Map((rows.get('sim.job') ?? []).map((row) => [row.id, row]))
  return devices.flatMap((device) =>
    [...device.told.values()].flatMap(({ seq, number, amount, made }) => {
      const job = jobs.get(made['sim.job']?.[0] ?? '')
      if (job === undefined || (job['number'] === number && job['due'] === amount)) return []
      const [printed, stored] = [JSON.stringify([number, amount]), JSON.stringify([job['number'], job['due']])]
      return [`${said(device, seq)} printed ${printed}, and the books say ${stored}.`]
    }),
  )
}
