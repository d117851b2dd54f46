// Where a receipt's cost comes from. A module that knows it writes it beside the stock entry, in one of two shapes, so
// that accounting needs no module: a hub row `{ stockEntry, unitCost }`, which no device without the right to costs
// ever holds; or a rate on the received line or opening itself, where the paper that the storekeeper holds shows it.
import type { Effects } from '../../kernel/effects.ts'

export interface GivenCost {
  /** For `num/den` stock units, 6 decimals, without tax. */
  readonly rate: number
  readonly num: number
  readonly den: number
}

/** Tables whose rows may carry the agreed cost of what they bring in. */
const pricedSources: ReadonlySet<string> = new Set([
  'inventory.receiptLine',
  'inventory.opening',
  'purchasing.receiptLine',
])

/** Costs named by this command, by the id of the stock entry, line or document they are about. */
export function givenCosts(effects: Effects): ReadonlyMap<string, GivenCost> {
  const costs = new Map<string, GivenCost>()
  for (const op of effects) {
    const values = { ...op.insert, ...op.patch } as Readonly<Record<string, unknown>>
    if (op.table.side === 'hub' && typeof values['stockEntry'] === 'string' && typeof values['unitCost'] === 'number') {
      costs.set(values['stockEntry'], { rate: values['unitCost'], num: 1, den: 1 })
    }
    if (!pricedSources.has(op.table.name) || typeof values['rate'] !== 'number') continue
    costs.set(op.id, { rate: values['rate'], num: Number(values['num'] ?? 1), den: Number(values['den'] ?? 1) })
  }
  return costs
}
