// Retail barcodes: GTIN check digits and the weight labels a scale prints inside a shop's own number range.
// It reads and makes digits; it never looks an item up.
import { type Quantity6, ONE6 } from './amount.ts'
import { type Outcome, fit, unfit } from './outcome.ts'

export type BarcodeFlaw =
  | 'barcode.wrong-length'
  | 'barcode.not-digits'
  | 'barcode.wrong-check-digit'
  | 'barcode.other-prefix'
  | 'barcode.weight-too-large'

const GTIN_LENGTHS = [8, 12, 13, 14]

/** The GS1 modulo-10 check digit of the digits before it: weights 3, 1, 3 … from the right. */
export function checkDigit(digits: string): number {
  let sum = 0
  for (let i = 0; i < digits.length; i++) sum += Number(digits[digits.length - 1 - i]) * (i % 2 === 0 ? 3 : 1)
  return (10 - (sum % 10)) % 10
}

function checkedDigits(text: string, lengths: readonly number[]): Outcome<string, BarcodeFlaw> {
  if (!/^\d*$/.test(text)) return unfit('barcode.not-digits', { text })
  if (!lengths.includes(text.length)) {
    return unfit('barcode.wrong-length', { text, length: text.length, expected: lengths.join(', ') })
  }
  const expected = checkDigit(text.slice(0, -1))
  if (Number(text.at(-1)) !== expected) return unfit('barcode.wrong-check-digit', { text, expected })
  return fit(text)
}

/** EAN-8, UPC-A, EAN-13 or GTIN-14 with a right check digit, as 14 digits, so that spellings of one number are equal. */
export function parseGtin(text: string): Outcome<string, BarcodeFlaw> {
  const checked = checkedDigits(text, GTIN_LENGTHS)
  return checked.ok ? fit(checked.value.padStart(14, '0')) : checked
}

export const isGtin = (text: string): boolean => parseGtin(text).ok

/** A weight label: prefix, item number, weight, check digit, side by side (`2112345006540`: prefix 21, item 12345, 0.654). */
export interface WeightPattern {
  readonly prefix: string
  readonly itemDigits: number
  readonly weightDigits: number
  /** Decimals of the printed weight in its unit; 3 (grams of a kg) when absent. */
  readonly weightDecimals?: number
}

const weightStep = (pattern: WeightPattern): number => ONE6 / 10 ** (pattern.weightDecimals ?? 3)

/** The item number (zeros kept) and the weight that a label carries. */
export function parseWeightBarcode(
  text: string,
  pattern: WeightPattern,
): Outcome<{ item: string; weight: Quantity6 }, BarcodeFlaw> {
  const { prefix, itemDigits, weightDigits } = pattern
  const checked = checkedDigits(text, [prefix.length + itemDigits + weightDigits + 1])
  if (!checked.ok) return checked
  if (!text.startsWith(prefix)) return unfit('barcode.other-prefix', { text, prefix })
  const weightAt = prefix.length + itemDigits
  const weight = Number(text.slice(weightAt, weightAt + weightDigits)) * weightStep(pattern)
  return fit({ item: text.slice(prefix.length, weightAt), weight: weight as Quantity6 })
}

/** The label for a weight; refused when the weight or item has more digits than the pattern gives it. */
export function makeWeightBarcode(
  label: { readonly item: string; readonly weight: Quantity6 },
  pattern: WeightPattern,
): Outcome<string, BarcodeFlaw> {
  const steps = label.weight / weightStep(pattern)
  const item = label.item.padStart(pattern.itemDigits, '0')
  if (!/^\d+$/.test(item) || item.length > pattern.itemDigits) {
    return unfit('barcode.wrong-length', { text: label.item, expected: pattern.itemDigits })
  }
  if (!Number.isInteger(steps) || steps < 0 || steps >= 10 ** pattern.weightDigits) {
    return unfit('barcode.weight-too-large', { weight: label.weight, digits: pattern.weightDigits })
  }
  const body = pattern.prefix + item + String(steps).padStart(pattern.weightDigits, '0')
  return fit(body + String(checkDigit(body)))
}
