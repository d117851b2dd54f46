// Money, rates and quantities as integers, and the only arithmetic that may multiply or divide them. Everything rounds
// half away from zero, so that a return mirrors its sale. Never a float result, never negative zero, and never a
// silent loss beyond 2^53 - 1: that is asserted.
import { assert } from './assert.ts'
import { type Outcome, fit, unfit } from './outcome.ts'

declare const brand: unique symbol

/** Money in the currency's minor unit (cents): an integer. */
export type AmountMinor = number & { readonly [brand]: 'AmountMinor' }
/** A price or cost per unit, an exchange rate, or a percentage (20 % is 20 000 000): 6 decimals as an integer. */
export type Rate6 = number & { readonly [brand]: 'Rate6' }
/** A quantity with 6 decimals as an integer: 1.5 kg is 1 500 000. */
export type Quantity6 = number & { readonly [brand]: 'Quantity6' }

/** What 1 is, in a rate or a quantity. */
export const ONE6 = 1_000_000
const DECIMALS6 = 6
const LIMIT = BigInt(Number.MAX_SAFE_INTEGER)

function safe(value: number, what: string): number {
  assert(Number.isSafeInteger(value), `${what} must be a whole number within ±(2^53 - 1), not ${value}.`)
  return value + 0 // -0 becomes 0: the two would print and compare differently
}

function narrow(value: bigint, what: string): number {
  assert(value <= LIMIT && value >= -LIMIT, `${what} must stay within ±(2^53 - 1), but is ${value}.`)
  return Number(value)
}

export const amountMinor = (value: number): AmountMinor => safe(value, 'An amount in minor units') as AmountMinor
export const rate6 = (value: number): Rate6 => safe(value, 'A rate with 6 decimals') as Rate6
export const quantity6 = (value: number): Quantity6 => safe(value, 'A quantity with 6 decimals') as Quantity6

/** `numerator ÷ denominator` to the nearest integer, half away from zero. The denominator may not be 0. */
export function roundDiv(numerator: bigint, denominator: bigint): bigint {
  assert(denominator !== 0n, 'A division needs a denominator other than 0.')
  const positive = numerator < 0n === denominator < 0n
  const n = numerator < 0n ? -numerator : numerator
  const d = denominator < 0n ? -denominator : denominator
  const quotient = (2n * n + d) / (2n * d)
  return positive ? quotient : -quotient
}

/** round(a × b ÷ d) for a positive d. Products below 2^53 are exact in a double and skip BigInt: most lines of a sale. */
export function mulDivRound(a: number, b: number, d: number, what: string): number {
  const product = a * b
  if (!Number.isSafeInteger(product) || !Number.isSafeInteger(a) || !Number.isSafeInteger(b)) {
    return narrow(roundDiv(BigInt(safe(a, what)) * BigInt(safe(b, what)), BigInt(d)), what)
  }
  const rest = product % d
  const whole = (product - rest) / d
  if (rest >= d - rest) return whole + 1
  if (-rest >= d + rest) return whole - 1
  return whole + 0
}

function powerOf10(digits: number): number {
  assert(Number.isInteger(digits) && digits >= 0 && digits <= 12, `A count of digits must be 0 to 12, not ${digits}.`)
  return 10 ** digits
}

const minorPower = (minorDigits: number): number => {
  assert(minorDigits <= DECIMALS6, `A currency has at most ${DECIMALS6} minor digits, not ${minorDigits}.`)
  return powerOf10(minorDigits)
}

/** Quantity × price per unit, to the minor unit of a currency with `minorDigits` (2 for EUR, 0 for JPY). */
export function lineAmount(quantity: Quantity6, rate: Rate6, minorDigits: number): AmountMinor {
  return mulDivRound(quantity, rate, 1e12 / minorPower(minorDigits), 'Quantity × price') as AmountMinor
}

/** Amount × rate, to the minor unit. */
export function mulRate(amount: AmountMinor, rate: Rate6): AmountMinor {
  return mulDivRound(amount, rate, ONE6, 'Amount × rate') as AmountMinor
}

/** `percent` of an amount, to the minor unit; 20 % is 20 000 000. */
export function percentOf(amount: AmountMinor, percent: Rate6): AmountMinor {
  return mulDivRound(amount, percent, 100 * ONE6, 'A percentage of an amount') as AmountMinor
}

/** Into another currency: the rate is the price of one major unit of `from` in `to`; digits are the minor digits. */
export function convert(amount: AmountMinor, exchangeRate: Rate6, digits: { from: number; to: number }): AmountMinor {
  const numerator =
    BigInt(safe(amount, 'An amount')) * BigInt(safe(exchangeRate, 'An exchange rate')) * BigInt(minorPower(digits.to))
  return narrow(
    roundDiv(numerator, BigInt(ONE6) * BigInt(minorPower(digits.from))),
    'A converted amount',
  ) as AmountMinor
}

/** What is paid in cash when the smallest coin is `stepMinor`, and the difference for its own ledger account. */
export function cashRounding(amount: AmountMinor, stepMinor: number): { payable: AmountMinor; rounding: AmountMinor } {
  assert(
    Number.isSafeInteger(stepMinor) && stepMinor > 0,
    `The smallest coin must be a positive amount, not ${stepMinor}.`,
  )
  const steps = mulDivRound(safe(amount, 'An amount'), 1, stepMinor, 'Cash rounding')
  const payable = amountMinor(steps * stepMinor)
  return { payable, rounding: amountMinor(payable - amount) }
}

/** The sum; asserted to fit. */
export function sumAmounts(amounts: Iterable<AmountMinor>): AmountMinor {
  let sum = 0
  for (const amount of amounts) sum = safe(sum + amount, 'A sum of amounts')
  return sum as AmountMinor
}

export type DecimalFlaw = 'decimal.malformed' | 'decimal.too-fine' | 'decimal.out-of-range'

/** `-12.5` with 2 decimals is -1250. A point, no grouping, no sign but `-`; only zeros may follow the last decimal. */
export function parseDecimal(text: string, decimals: number): Outcome<number, DecimalFlaw> {
  powerOf10(decimals)
  const match = text.length > 64 ? null : /^(-?)(\d+)(?:\.(\d+))?$/.exec(text)
  if (match === null) return unfit('decimal.malformed', { text: text.slice(0, 64) })
  const fraction = match[3] ?? ''
  if (/[1-9]/.test(fraction.slice(decimals))) return unfit('decimal.too-fine', { text, decimals })
  const value = Number((match[2] ?? '') + fraction.slice(0, decimals).padEnd(decimals, '0'))
  if (!Number.isSafeInteger(value)) return unfit('decimal.out-of-range', { text })
  return fit(match[1] === '-' && value !== 0 ? -value : value)
}

/** -1250 with 2 decimals is `-12.50`; with `decimalsMin` 0 the zeros at the end go: `-12.5`. */
export function formatDecimal(value: number, decimals: number, decimalsMin: number = decimals): string {
  const unsigned = Math.abs(safe(value, 'A number to print'))
    .toString()
    .padStart(decimals + 1, '0')
  const whole = unsigned.slice(0, unsigned.length - decimals)
  let fraction = decimals === 0 ? '' : unsigned.slice(-decimals)
  while (fraction.length > decimalsMin && fraction.endsWith('0')) fraction = fraction.slice(0, -1)
  return `${value < 0 ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}`
}

export const parseAmount = (text: string, minorDigits: number): Outcome<AmountMinor, DecimalFlaw> =>
  parseDecimal(text, minorDigits) as Outcome<AmountMinor, DecimalFlaw>
export const parseRate = (text: string): Outcome<Rate6, DecimalFlaw> =>
  parseDecimal(text, DECIMALS6) as Outcome<Rate6, DecimalFlaw>
export const parseQuantity = (text: string): Outcome<Quantity6, DecimalFlaw> =>
  parseDecimal(text, DECIMALS6) as Outcome<Quantity6, DecimalFlaw>

export const formatAmount = (amount: AmountMinor, minorDigits: number): string => formatDecimal(amount, minorDigits)
export const formatRate = (rate: Rate6, decimalsMin = 0): string => formatDecimal(rate, DECIMALS6, decimalsMin)
export const formatQuantity = (quantity: Quantity6, decimalsMin = 0): string =>
  formatDecimal(quantity, DECIMALS6, decimalsMin)
