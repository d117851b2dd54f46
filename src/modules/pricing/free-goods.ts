// Free goods: how much of what is in the document a rule gives away, and what was earned and is not in it yet. Goods that
// are given earn nothing themselves ("3 for 2": of three, two are paid and earn the third). Pure; it chooses no rule.
import {
  ONE6,
  amountMinor,
  lineAmount,
  quantity6,
  type AmountMinor,
  type Quantity6,
  type Rate6,
} from '../../kernel/amount.ts'
import type { FreeGoods, PricingRule, RuleBenefit } from './price-types.ts'

type Gift = Extract<RuleBenefit, { kind: 'free' }>

/** A line that can be given, by what of it is still paid. */
export interface Givable {
  readonly item: string
  readonly unit: string
  readonly quantity: Quantity6
  readonly stockQuantity: Quantity6
  /** What the paid part costs. */
  readonly gross: AmountMinor
  /** It counts towards the rule: giving it away leaves less that earns. */
  readonly isCounted: boolean
}

/** What a rule's bounds and its `forEach` are measured by: stock quantity and amount of the lines it looks at. */
export interface Measured {
  /** Stock quantity of the lines that chose the rule. */
  readonly counted: number
  readonly stockQuantity: number
  readonly gross: number
}

/** In the gift's own unit. */
export function freeQuantity(rule: PricingRule, counted: number): number {
  if (rule.benefit.kind !== 'free') return 0
  const { forEach, quantity } = rule.benefit
  return forEach == null || forEach <= 0 ? quantity : Math.floor(counted / forEach) * quantity
}

/** Goods that `quantity` of a rule's gift come to; none for another benefit. */
export function freeGoods(rule: PricingRule, quantity: number): FreeGoods[] {
  if (rule.benefit.kind !== 'free' || quantity <= 0) return []
  const { item, unit, worth } = rule.benefit
  return [{ rule: rule.id, item, unit, quantity: quantity6(quantity), worth }]
}

/** How much of each line the rule gives, in their order. `lines` are the document's, whatever they hold. */
export function allotGift(rule: PricingRule, lines: readonly Givable[], measured: Measured): readonly number[] {
  const { benefit } = rule
  if (benefit.kind !== 'free') return lines.map(() => 0)
  const isGift = (line: Givable): boolean =>
    line.item === benefit.item && line.unit === benefit.unit && line.quantity > 0 && line.gross > 0
  const others = lines.filter((line) => isGift(line) && !line.isCounted)
  const own = lines.filter((line) => isGift(line) && line.isCounted)
  // What costs the customer no earned goods goes first.
  let ofOthers = Math.min(sumOf(others, 'quantity'), freeQuantity(rule, measured.counted))
  let ofOwn = largestOwn(rule, benefit, own, measured, ofOthers)
  return lines.map((line) => {
    if (!isGift(line)) return 0
    const given = Math.min(line.quantity, line.isCounted ? ofOwn : ofOthers)
    if (line.isCounted) ofOwn -= given
    else ofOthers -= given
    return given
  })
}

const sumOf = (lines: readonly Givable[], field: 'quantity' | 'stockQuantity' | 'gross'): number =>
  lines.reduce((sum, line) => sum + line[field], 0)

/** The most that can be given of lines that earn it themselves, when `given` of other lines is free already. */
function largestOwn(
  rule: PricingRule,
  { quantity, forEach }: Gift,
  own: readonly Givable[],
  measured: Measured,
  given: number,
): number {
  const first = own[0]
  if (first === undefined) return 0
  const isStockUnit = first.quantity === first.stockQuantity
  const whole = (units: number): number => (isStockUnit ? units : Math.floor(units / ONE6) * ONE6)
  /** Units that may be given so that at least `kept` of the stock quantity that is looked at is still paid. */
  const leaving = (stock: number, kept: number): number =>
    stock <= kept
      ? 0
      : whole(Number((BigInt(stock - kept) * BigInt(first.quantity)) / BigInt(Math.max(1, first.stockQuantity))))
  const unitPrice = Number((BigInt(first.gross) * BigInt(ONE6)) / BigInt(first.quantity))
  const limit = Math.min(
    sumOf(own, 'quantity'),
    leaving(measured.stockQuantity, Math.max(1, rule.quantityMin ?? 0)),
    rule.amountMin == null || unitPrice <= 0
      ? Number.MAX_SAFE_INTEGER
      : Math.floor(Math.max(0, measured.gross - rule.amountMin) / unitPrice) * ONE6,
  )
  // Something must be paid: a gift that comes once, by no other bound, is for at least one unit beside it.
  if (forEach == null || forEach <= 0)
    return Math.max(
      0,
      Math.min(limit, quantity - given, leaving(measured.counted, first.stockQuantity / (first.quantity / ONE6))),
    )
  // With m full shares paid, m gifts are earned: more shares earn more and leave less to give. The best is where the two meet.
  const stockOfGift = (quantity * first.stockQuantity) / first.quantity
  const meet = Math.floor((measured.counted + (given * first.stockQuantity) / first.quantity) / (forEach + stockOfGift))
  const at = (shares: number): number =>
    shares < 0 ? 0 : Math.min(limit, shares * quantity - given, leaving(measured.counted, shares * forEach))
  return Math.max(0, at(meet - 1), at(meet), at(meet + 1))
}

/** What is left to pay of a line of which `given` is free, and what that takes off. */
export function afterGift(
  line: { readonly quantity: Quantity6; readonly stockQuantity: Quantity6; readonly rate: Rate6 },
  given: number,
  minorDigits: number,
): { readonly quantity: Quantity6; readonly stockQuantity: Quantity6; readonly gross: AmountMinor } {
  const quantity = quantity6(line.quantity - given)
  const stock = line.quantity === 0 ? 0n : (BigInt(line.stockQuantity) * BigInt(quantity)) / BigInt(line.quantity)
  return {
    quantity,
    stockQuantity: quantity6(Number(stock)),
    gross: amountMinor(lineAmount(quantity, line.rate, minorDigits)),
  }
}
