// Scaled integers as exact decimal text, for sums that may pass what a number can hold.

const withPoint = (value: bigint, places: number): { sign: string; whole: string; fraction: string } => {
  const digits = (value < 0n ? -value : value).toString().padStart(places + 1, '0')
  return { sign: value < 0n ? '-' : '', whole: digits.slice(0, -places), fraction: digits.slice(-places) }
}

/** Minor units with two places: `-3.10`. */
export function printMoney(minor: bigint): string {
  const { sign, whole, fraction } = withPoint(minor, 2)
  return `${sign}${whole}.${fraction}`
}

/** Millionths as the shortest decimal: `12`, `0.5`. */
export function printMicro(micro: bigint): string {
  const { sign, whole, fraction } = withPoint(micro, 6)
  const kept = fraction.replace(/0+$/, '')
  return kept === '' ? `${sign}${whole}` : `${sign}${whole}.${kept}`
}
