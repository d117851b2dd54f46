// Units of measure: a factor is a fraction frozen on the line, the stock quantity is the truth and is exact or refused.
// Catch weight is two quantities on a line (pieces and kg), priced on the second; nothing here converts between them.
// It never rounds a quantity.
import type { Quantity6 } from './amount.ts'
import { type Outcome, fit, unfit } from './outcome.ts'

/** How many stock units one unit is: a box of 12 is 12/1, a gram with stock in kg is 1/1000. Both positive integers. */
export interface UnitFactor {
  readonly num: number
  readonly den: number
}

export interface UnitPrecision {
  /** Decimals a quantity may have, 0 to 6. */
  readonly decimals: number
  /** Handled only in whole ones (pieces, pallets), whatever its decimals say. */
  readonly wholeNumber: boolean
}

export type UnitFlaw = 'unit.factor-invalid' | 'unit.not-exact' | 'unit.out-of-range'

export const decimalsOf = (unit: UnitPrecision): number => (unit.wholeNumber ? 0 : unit.decimals)

/** Whether a quantity has no more decimals than its unit allows. */
export const isExactIn = (quantity: Quantity6, decimals: number): boolean => quantity % 10 ** (6 - decimals) === 0

export const isFactor = ({ num, den }: UnitFactor): boolean =>
  Number.isSafeInteger(num) && Number.isSafeInteger(den) && num > 0 && den > 0

/**
 * quantity × num ÷ den in the stock unit, which has `decimals` (0 to 6). A result that needs more decimals is refused
 * with `unit.not-exact`: a third of a box of ten is not in the warehouse.
 */
export function toStock(quantity: Quantity6, num: number, den: number, decimals: number): Outcome<Quantity6, UnitFlaw> {
  if (!isFactor({ num, den })) return unfit('unit.factor-invalid', { num, den })
  const numerator = BigInt(quantity) * BigInt(num)
  const step = BigInt(10 ** (6 - decimals))
  if (numerator % (BigInt(den) * step) !== 0n) return unfit('unit.not-exact', { quantity, num, den, decimals })
  const stock = Number(numerator / BigInt(den))
  if (!Number.isSafeInteger(stock)) return unfit('unit.out-of-range', { quantity, num, den })
  return fit(stock as Quantity6)
}
