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
  /** Its place in the order in which the hub decided. */
  readonly at: number
  readonly outcome: string
  readonly line: string
}
interface ItemRow {
  readonly id: string
  readonly name: string
  readonly tags: readonly string[]
  readonly stock: number
}
interface OrderRow {
  readonly number: string
  readonly rank: number
  readonly state: string
}
/** What a line of the log says. */
interface Said {
  readonly type: string
  readonly args: Readonly<Record<string, unknown>>
  /** What the person saw of what they edited: by table, row and field. */
  readonly base?: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>
}

export async function judge({ journals, sql }: Evidence): Promise<string[]> {
  const wrong: string[] = []
  const log = await sql<LogRow>('SELECT dev, seq, at, outcome, line FROM command_log ORDER BY dev, seq')
  const items = await sql<ItemRow>('SELECT id, name, tags, stock FROM wire_item WHERE gone_at IS NULL')
  const orders = await sql<OrderRow>('SELECT number, rank, state FROM wire_order WHERE gone_at IS NULL')
  for (const [dev, told] of journals) {
    const own = log.filter((row) => row.dev === dev)
    wrong.push(...savedButLost(dev, told, own), ...toldOtherwise(dev, told, own), ...holdsOther(dev, told, items))
  }
  const taken = takenOf(log)
  wrong.push(...numbersTwice(log), ...stockOff(taken, items), ...editsOff(taken, items), ...ordersOff(taken, orders))
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
    const line = JSON.parse(row.line) as Said
    const isOther = ([name, value]: [string, unknown]): boolean => !isSame(line.args[name], value)
    if (line.type !== command || Object.entries(args ?? {}).some(isOther))
      wrong.push(`${dev}: ${seq} was saved as ${command} ${JSON.stringify(args)} and is ${row.line} on the hub`)
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

const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)

/** What the hub took, in its order. */
const takenOf = (log: readonly LogRow[]): readonly Said[] =>
  log
    .filter(({ outcome }) => outcome === 'accepted' || outcome === 'adjusted')
    .toSorted((a, b) => a.at - b.at)
    .map(({ line }) => JSON.parse(line) as Said)

/** Each item's stock is what the taken commands say, each once. */
function stockOff(taken: readonly Said[], items: readonly ItemRow[]): string[] {
  const sums = new Map<string, number>()
  for (const { type, args } of taken) {
    const { item, quantity } = args as { item: string; quantity: number }
    const sign = type === 'wire.sell' ? -1 : type === 'wire.receive' ? 1 : 0
    if (sign !== 0) sums.set(item, (sums.get(item) ?? 0) + sign * quantity)
  }
  return items
    .filter(({ id, stock }) => stock !== (sums.get(id) ?? 0))
    .map(({ id, stock }) => `item ${id} has ${stock}, its commands say ${sums.get(id) ?? 0}`)
}

/** Names and tags are what people changed them to, each from what they saw, in the hub's order. */
function editsOff(taken: readonly Said[], items: readonly ItemRow[]): string[] {
  const names = new Map<string, string>()
  const tags = new Map<string, ReadonlySet<string>>()
  const first = new Set(taken.filter(({ type }) => type === 'wire.addItem').map(({ args }) => args['name']))
  for (const { type, args, base } of taken) {
    if (type !== 'wire.rename') continue
    const edit = args as { readonly item: string; readonly name: string; readonly tags: readonly string[] }
    const seen = (base?.['wire.item']?.[edit.item] ?? {}) as Partial<ItemRow>
    if (edit.name !== seen.name) names.set(edit.item, edit.name)
    const removed = new Set((seen.tags ?? []).filter((tag) => !edit.tags.includes(tag)))
    const added = edit.tags.filter((tag) => seen.tags?.includes(tag) !== true)
    const kept = [...(tags.get(edit.item) ?? [])].filter((tag) => !removed.has(tag))
    tags.set(edit.item, new Set([...kept, ...added]))
  }
  return items.flatMap(({ id, name, tags: has }) => {
    const wanted = names.get(id)
    const isNamed = wanted === undefined ? first.has(name) : name === wanted
    const [tagged, wantsTags] = [has, [...(tags.get(id) ?? [])]].map((each) => each.toSorted().join(', '))
    return [
      ...(isNamed ? [] : [`item ${id} is called ${name}, its commands say ${wanted ?? 'no such name'}`]),
      ...(tagged === wantsTags ? [] : [`item ${id} has the tags ${tagged}, its commands say ${wantsTags}`]),
    ]
  })
}

/** Each order that was taken is there once, and those of the lowest rank at the time are paid, one a payment. */
function ordersOff(taken: readonly Said[], orders: readonly OrderRow[]): string[] {
  const open: number[] = []
  const paid: number[] = []
  for (const { type, args } of taken) {
    if (type === 'wire.openOrder') open.push(args['rank'] as number)
    if (type !== 'wire.payOldest' || open.length === 0) continue
    paid.push(...open.splice(open.indexOf(Math.min(...open)), 1))
  }
  const wrong = Object.entries({ open, paid }).flatMap(([state, ranks]) => {
    const has = orders.filter((order) => order.state === state).map(({ rank }) => rank)
    const told = (each: readonly number[]): string => each.toSorted((a, b) => a - b).join(' ')
    return told(has) === told(ranks)
      ? []
      : [`${state} are orders of the ranks ${told(has)}, the commands say ${told(ranks)}`]
  })
  if (new Set(orders.map(({ number }) => number)).size < orders.length) wrong.push('two orders have one number')
  return wrong
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
