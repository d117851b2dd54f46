// Splitting one amount over several, to the last minor unit: a discount over lines, freight over receipts. The shares
// always add up to the total, none ever turns against its sign, and equal input gives equal shares on every machine.
import { assert } from './assert.ts'
import { type AmountMinor, amountMinor, mulDivRound } from './amount.ts'

const largestFirst = (weights: readonly number[]): number[] =>
  weights.map((_, i) => i).sort((a, b) => (weights[b] ?? 0) - (weights[a] ?? 0) || a - b)

/**
 * One share a weight: each in proportion, half away from zero, and the remainder to the largest weight (the first of
 * equals). Where the largest cannot bear it, because its share would turn negative or pass its ceiling, the next
 * largest carries on. `ceilings` (same unit and order, none below 0) bound the shares' sizes.
 * Weights are not negative; their sum is positive unless the total is 0.
 */
export function allocate(total: AmountMinor, weights: readonly number[], ceilings?: readonly number[]): AmountMinor[] {
  let sum = 0
  for (const weight of weights) {
    assert(weight >= 0, `A weight may not be negative, but one is ${weight}.`)
    sum = amountMinor(sum + weight)
  }
  if (total === 0) return weights.map(() => amountMinor(0))
  assert(sum > 0, 'Splitting an amount needs at least one weight above 0.')
  const sign = total < 0 ? -1 : 1
  const size = Math.abs(total)
  const ceilingOf = (i: number): number => ceilings?.[i] ?? size
  const shares = weights.map((weight, i) => Math.min(mulDivRound(size, weight, sum, 'A share'), ceilingOf(i)))
  let rest = size
  for (const share of shares) rest -= share
  for (const i of rest === 0 ? [] : largestFirst(weights)) {
    const share = shares[i] ?? 0
    const step = Math.max(-share, Math.min(rest, ceilingOf(i) - share))
    shares[i] = share + step
    rest -= step
    if (rest === 0) break
  }
  assert(rest === 0, `The ceilings leave ${rest} of ${size} without a place.`)
  return shares.map((share) => amountMinor(sign * share))
}
