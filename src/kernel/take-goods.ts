// Taking goods out of a warehouse: uses the device's own share where the item is scarce, and says when more is taken than
// there is. Tills, issues and deliveries meet here. It posts nothing, and never stops what happened.
import { standingOf, useShare, type Scarce } from './allotment.ts'
import type { Context } from './command.ts'
import { onHand } from './ledger.ts'
import type { Facts } from './refusal.ts'

export interface Taking {
  readonly item: string
  /** What people call it. */
  readonly name: string
  /** Quantity6 in the stock unit. */
  readonly quantity: number
  /** Devices hold shares of it. */
  readonly isAllotted: boolean
}

export interface Place {
  readonly warehouse: string
  readonly branch: string
}

/** `onHand` is what is there for this device: without what was promised to others. */
export type Shortage = Omit<Taking, 'isAllotted'> & { readonly warehouse: string; readonly onHand: number }

export interface TakingRules {
  /** allow: nobody is told · warn: the shortage is named · block: refused unless overridden. */
  readonly policy: unknown
  readonly facts: (shortage: Shortage) => Facts
  /** The module's own rule for `block`. */
  readonly block: (facts: Facts) => void
}

export const goodsIn = ({ warehouse, branch }: Place, item: string): Scarce => ({
  kind: 'stock',
  scope: warehouse,
  resource: item,
  area: branch,
})

/** Call it before the goods are posted. */
export function takeGoods(ctx: Context, place: Place, takings: readonly Taking[], rules: TakingRules): void {
  const sums = new Map<string, Taking>()
  for (const taking of takings) {
    const before = sums.get(taking.item)
    sums.set(taking.item, before === undefined ? taking : { ...before, quantity: before.quantity + taking.quantity })
  }
  for (const { isAllotted, ...taking } of sums.values()) {
    const held = onHand(ctx, taking.item, place.warehouse, place.branch)
    let available: number | null = held
    if (isAllotted) {
      const scarce = goodsIn(place, taking.item)
      const standing = standingOf(ctx, scarce, held)
      useShare(ctx, scarce, taking.quantity, standing)
      available = standing.available
    }
    if (rules.policy === 'allow' || available === null || taking.quantity <= available) continue
    const facts = rules.facts({ ...taking, warehouse: place.warehouse, onHand: available })
    if (rules.policy === 'block') rules.block(facts)
    else ctx.exception('OVERSOLD', facts)
  }
}
