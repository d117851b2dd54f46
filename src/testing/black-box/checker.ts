// The judge: it has the devices' journals and SQL on the hub's database, shares no code with the product, and says in
// sentences what can't both be true. It excuses nothing.
import type { Told } from './journal.ts'

export interface Evidence {
  /** By device code. */
  readonly journals: ReadonlyMap<string, readonly Told[]>
  /** Rows of one query on the hub's database. */
  readonly sql: <Row>(text: string) => Promise<readonly Row[]>
}

interface LogRow {
  readonly dev: string
  readonly seq: number
  readonly outcome: string
  readonly line: string
}
interface ItemRow {
  readonly id: string
  readonly name: string
  readonly stock: number
}

export async function judge({ journals, sql }: Evidence): Promise<string[]> {
  const wrong: string[] = []
  const log = await sql<LogRow>('SELECT dev, seq, outcome, line FROM command_log ORDER BY dev, seq')
  const items = await sql<ItemRow>('SELECT id, name, stock FROM wire_item WHERE gone_at IS NULL')
  for (const [dev, told] of journals) {
    const own = log.filter((row) => row.dev === dev)
    wrong.push(...savedButLost(dev, told, own), ...toldOtherwise(dev, told, own), ...holdsOther(dev, told, items))
  }
  wrong.push(...numbersTwice(log), ...stockOff(log, items))
  return wrong
}

/** Everything that was shown as saved is in the log, once, without a gap, and is what was saved. */
function savedButLost(dev: string, told: readonly Told[], own: readonly LogRow[]): string[] {
  const wrong: string[] = []
  own.forEach(({ seq }, index) => {
    if (seq !== index + 1) wrong.push(`${dev}: the hub's log has ${seq} where ${index + 1} belongs`)
  })
  const bySeq = new Map(own.map((row) => [row.seq, row]))
  const seen = new Set<number>()
  for (const { told: what, seq = 0, command, args } of told) {
    if (what !== 'saved') continue
    if (seen.has(seq)) wrong.push(`${dev}: ${seq} was shown as saved twice`)
    seen.add(seq)
    const row = bySeq.get(seq)
    if (row === undefined) {
      wrong.push(`${dev}: ${seq} (${command}) was shown as saved and the hub has never heard of it`)
      continue
    }
    const line = JSON.parse(row.line) as { type: string; args: { item?: string; quantity?: number } }
    if (line.type !== command || line.args.item !== args?.item || line.args.quantity !== args?.quantity)
      wrong.push(`${dev}: ${seq} was saved as ${command} and is ${line.type} on the hub`)
  }
  return wrong
}

/** What a device was told of an outcome is what the log says. */
const toldOtherwise = (dev: string, told: readonly Told[], own: readonly LogRow[]): string[] =>
  told
    .filter(({ told: what }) => what === 'outcome')
    .flatMap(({ seq, outcome }) => {
      const row = own.find((each) => each.seq === seq)
      return row?.outcome === outcome ? [] : [`${dev}: ${seq} was told ${outcome}, the log says ${row?.outcome}`]
    })

/** After all have settled each device holds the hub's items. */
function holdsOther(dev: string, told: readonly Told[], items: readonly ItemRow[]): string[] {
  const last = told.findLast(({ told: what }) => what === 'holds')
  if (last === undefined) return [`${dev}: never said what it holds in the end`]
  const held = new Map((last.items ?? []).map(([id, name, stock]) => [id, `${name} ${stock}`]))
  const wrong = items.flatMap(({ id, name, stock }) => {
    const mine = held.get(id)
    held.delete(id)
    return mine === `${name} ${stock}` ? [] : [`${dev}: item ${id} is ${mine} here and ${name} ${stock} on the hub`]
  })
  for (const id of held.keys()) wrong.push(`${dev}: item ${id} is on no hub`)
  return wrong
}

const isTaken = ({ outcome }: LogRow): boolean => outcome === 'accepted' || outcome === 'adjusted'

/** Each item's stock is what the taken commands say, each once. */
function stockOff(log: readonly LogRow[], items: readonly ItemRow[]): string[] {
  const sums = new Map<string, number>()
  for (const row of log) {
    if (!isTaken(row)) continue
    const { type, args } = JSON.parse(row.line) as { type: string; args: { item: string; quantity: number } }
    const sign = type === 'wire.sell' ? -1 : type === 'wire.receive' ? 1 : 0
    if (sign !== 0) sums.set(args.item, (sums.get(args.item) ?? 0) + sign * args.quantity)
  }
  return items
    .filter(({ id, stock }) => stock !== (sums.get(id) ?? 0))
    .map(({ id, stock }) => `item ${id} has ${stock}, its commands say ${sums.get(id) ?? 0}`)
}

/** A number on paper is on one paper. */
function numbersTwice(log: readonly LogRow[]): string[] {
  const seen = new Map<string, number>()
  for (const { dev, line } of log) {
    const { nos = {} } = JSON.parse(line) as { nos?: Record<string, number[]> }
    for (const [series, counters] of Object.entries(nos))
      for (const counter of counters) {
        const number = `${series}-${dev}-${counter}`
        seen.set(number, (seen.get(number) ?? 0) + 1)
      }
  }
  return [...seen].filter(([, times]) => times > 1).map(([number, times]) => `the number ${number} stands on ${times}`)
}
