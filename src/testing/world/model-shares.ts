// Shares of scarce goods, as the reference sees them: a share is what a device was granted less what it used of it, free is what lies
// there less all that is left of shares. It shares nothing with the kernel's allotment but the names of two tables.
import type { ModelRow, Told, Verdict } from './model.ts'

/** What the reference lets its parts do. */
export interface Books {
  isDevice(): boolean
  /** It is the older release that decides, or predicts. */
  isOlder(): boolean
  row(table: string, key: readonly string[]): ModelRow | undefined
  rows(table: string): Iterable<ModelRow>
  /** Makes the row where there is none. */
  add(table: string, key: readonly string[], fields: Readonly<Record<string, unknown>>, field: string, by: number): void
  put(table: string, key: readonly string[], fields: Readonly<Record<string, unknown>>): void
  insert(table: string, id: string, fields: Readonly<Record<string, unknown>>): void
  raise(told: Told, code: string): void
}

const SHARE = 'kernel.allotment'
const SUM = 'kernel.allotmentSum'
const number = (value: unknown): number => Number(value ?? 0)
const left = (row: ModelRow | undefined): number => number(row?.['granted']) - number(row?.['used'])

export function meaningOfShare(books: Books, told: Told): Verdict | null {
  const { branch, item, quantity, device = told.dev } = told.args as Record<string, string> & { quantity: number }
  const key = ['stock', String(branch), String(item)]
  const fields = { kind: 'stock', scope: branch, resource: item, area: branch }
  const change = (of: string, field: string, by: number): void => {
    books.add(SHARE, [...key, of], { ...fields, device: of }, field, by)
    books.add(SUM, key, fields, field, by)
  }
  const shares = (): ModelRow[] =>
    [...books.rows(SHARE)].filter((row) => row['scope'] === branch && row['resource'] === item)
  const onShelf = number(books.row('sim.shelf', [String(branch), String(item)])?.['onHand'])
  const promised = shares().reduce((all, row) => all + left(row), 0)
  const own = left(books.row(SHARE, [...key, device]))
  switch (told.command) {
    case 'sim.askShare':
      if (books.isDevice()) return 'stands'
      if (quantity > onShelf - promised) return 'refused'
      change(device, 'granted', quantity)
      return 'stands'
    case 'sim.endShare':
      if (books.isDevice()) return 'stands'
      if (own <= 0) return 'refused'
      change(device, 'granted', -Math.min(own, quantity))
      return 'stands'
    case 'sim.giveOut': {
      const rest = onShelf - (promised - own)
      if (own > 0) change(device, 'used', Math.min(own, quantity))
      if (quantity > Math.max(own, rest)) books.raise(told, 'OVERSOLD')
      books.add('sim.shelf', [String(branch), String(item)], { branch, item }, 'onHand', -quantity)
      books.insert('sim.move', String(told.made['sim.move']?.[0]), { branch, item, quantity: -quantity })
      return 'stands'
    }
    default:
      return null
  }
}

/** L15: what all shares were granted and used is the sum's, and nobody used more than their share. */
export function wrongShares(
  where: string,
  rows: ReadonlyMap<string, readonly Readonly<Record<string, unknown>>[]>,
): string[] {
  const wrong: string[] = []
  const sums = new Map<string, { granted: number; used: number }>()
  const of = (row: Readonly<Record<string, unknown>>): string => `${String(row['scope'])} ${String(row['resource'])}`
  for (const share of rows.get(SHARE) ?? []) {
    const sum = sums.get(of(share)) ?? { granted: 0, used: 0 }
    const [granted, used] = [number(share['granted']), number(share['used'])]
    sums.set(of(share), { granted: sum.granted + granted, used: sum.used + used })
    if (used < 0 || used > granted)
      wrong.push(`${where}: ${String(share['device'])} used ${used} of a share of ${granted}.`)
  }
  for (const row of rows.get(SUM) ?? []) {
    const { granted, used } = sums.get(of(row)) ?? { granted: 0, used: 0 }
    sums.delete(of(row))
    if (row['granted'] !== granted || row['used'] !== used)
      wrong.push(
        `${where}: shares of ${of(row)} come to ${granted}/${used}, and their sum says ${String(row['granted'])}/${String(row['used'])}.`,
      )
  }
  for (const each of sums.keys()) wrong.push(`${where}: shares of ${each} have no sum.`)
  return wrong
}
