// How far two places are from each other, in whole metres, by integers alone, so that every machine gives one answer.
// Good to half a percent below 50 km, which is all a check-in needs; never for navigation.
import { roundDiv } from '../../kernel/amount.ts'
import type { Address } from '../masters/organisation.ts'

interface Place {
  readonly latitude6: number
  readonly longitude6: number
}

const MICRODEGREES_AROUND = 360_000_000
/** Metres in 10⁹ microdegrees of a great circle: 40 007 863 m ÷ 360° (WGS 84, along a meridian). */
const METRES_PER_1000_DEGREES = 111_132_953n

/** cos of a latitude × 10⁶, by Bhaskara's fraction (7th century): (32400 − 4x²) ÷ (32400 + x²), off by at most 0.0016. */
function cosine6(latitude6: number): bigint {
  const x2 = BigInt(latitude6) * BigInt(latitude6)
  const full = 32_400n * 1_000_000_000_000n
  return roundDiv((full - 4n * x2) * 1_000_000n, full + x2)
}

function squareRoot(value: bigint): bigint {
  if (value < 2n) return value
  let root = BigInt(Math.floor(Math.sqrt(Number(value))))
  while (root * root > value) root -= 1n
  while ((root + 1n) * (root + 1n) <= value) root += 1n
  return root
}

export function distanceM(a: Place, b: Place): number {
  let along = Math.abs(a.longitude6 - b.longitude6)
  if (along > MICRODEGREES_AROUND / 2) along = MICRODEGREES_AROUND - along
  const middle = Math.trunc((a.latitude6 + b.latitude6) / 2)
  // Micrometres would be lost in rounding; millimetres are kept until the root.
  const north = roundDiv(BigInt(a.latitude6 - b.latitude6) * METRES_PER_1000_DEGREES, 1_000_000n)
  const east = roundDiv(BigInt(along) * METRES_PER_1000_DEGREES * cosine6(middle), 1_000_000_000_000n)
  return Number(roundDiv(squareRoot(north * north + east * east), 1000n))
}

/** To the nearest of a party's addresses that has a place; null when none has. */
export function distanceToParty(place: Place, addresses: readonly Address[]): number | null {
  let nearest: number | null = null
  for (const { latitude6, longitude6 } of addresses) {
    if (latitude6 === undefined || longitude6 === undefined) continue
    const metres = distanceM(place, { latitude6, longitude6 })
    if (nearest === null || metres < nearest) nearest = metres
  }
  return nearest
}
