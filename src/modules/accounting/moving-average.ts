// Moving average, pure: what leaves is worth its share of what is held, what is sold below zero the last known cost, and
// the receipt that covers it brings the difference. Values always add up to the minor unit; emptied stock is worth 0.
import {
  amountMinor,
  lineAmount,
  mulDivRound,
  rate6,
  roundDiv,
  type AmountMinor,
  type Quantity6,
  type Rate6,
} from '../../kernel/amount.ts'

export interface Held {
  readonly quantity: number
  /** Below zero while the quantity is. */
  readonly value: number
}

/** The cost of one stock unit, from a value; null where nothing is held. */
export function averageOf(held: Held, minorDigits: number): Rate6 | null {
  if (held.quantity <= 0) return null
  return rate6(mulDivRound(held.value, 10 ** (12 - minorDigits), held.quantity, 'An average cost'))
}

/** What `quantity` (above zero) is worth as it leaves: positive. `lastCost` values what isn't there. */
export function issueValue(held: Held, quantity: number, lastCost: Rate6, minorDigits: number): AmountMinor {
  const here = Math.min(quantity, Math.max(0, held.quantity))
  const ofHeld =
    here === 0
      ? 0
      : here === held.quantity
        ? held.value
        : mulDivRound(held.value, here, held.quantity, 'The value of an issue')
  return amountMinor(ofHeld + lineAmount((quantity - here) as Quantity6, lastCost, minorDigits))
}

/**
 * How much more than was assumed a receipt of `quantity` worth `value` costs, for the part that covers what was sold
 * below zero. It goes from stock to the cost of sales; 0 when nothing was below zero.
 */
export function coveredDifference(held: Held, quantity: number, value: number): AmountMinor {
  if (held.quantity >= 0) return amountMinor(0)
  const short = -held.quantity
  const covered = Math.min(quantity, short)
  const cost = covered === quantity ? value : mulDivRound(value, covered, quantity, 'The cost of covered goods')
  const assumed =
    covered === short ? -held.value : mulDivRound(-held.value, covered, short, 'The assumed cost of covered goods')
  return amountMinor(cost - assumed)
}

/** The value of a quantity at a cost for `num/den` stock units. */
export function valueAt(
  quantity: number,
  cost: { readonly rate: number; readonly num: number; readonly den: number },
  minorDigits: number,
): AmountMinor {
  const numerator = BigInt(quantity) * BigInt(cost.rate) * BigInt(cost.den)
  return amountMinor(Number(roundDiv(numerator, BigInt(cost.num) * 10n ** BigInt(12 - minorDigits))))
}
