// Exact decimals as BigInt for the retail comparison: six places when read, hundredths for money. It never passes through a float.

const places = 6
const scale = 10n ** BigInt(places)
const scaleToMinor = 10n ** BigInt(2 * places - 2)

/** `-12.345` → −12 345 000 (millionths). Undefined when the text isn't a plain decimal of at most six places. */
export function parseMicro(text: string): bigint | undefined {
  const match = /^([+-]?)(\d+)(?:\.(\d*))?$/.exec(text)
  if (match === null) return undefined
  const fraction = (match[3] ?? '').replace(/0+$/, '')
  if (fraction.length > places) return undefined
  const size = BigInt(match[2] ?? '0') * scale + BigInt(fraction.padEnd(places, '0'))
  return match[1] === '-' ? -size : size
}

/** Quantity × price, both in millionths, in hundredths: rounded half away from zero, so that a return mirrors its sale. */
export function lineValue(operands: { quantity: bigint; price: bigint }): bigint {
  const exact = operands.quantity * operands.price
  const size = exact < 0n ? -exact : exact
  const rounded = (size + scaleToMinor / 2n) / scaleToMinor
  return exact < 0n ? -rounded : rounded
}

const withFraction = (value: bigint, digits: number): { sign: string; whole: string; fraction: string } => {
  const text = (value < 0n ? -value : value).toString().padStart(digits + 1, '0')
  return { sign: value < 0n ? '-' : '', whole: text.slice(0, -digits), fraction: text.slice(-digits) }
}

/** Hundredths as `-3.10`, always two places. */
export function printMoney(minor: bigint): string {
  const { sign, whole, fraction } = withFraction(minor, 2)
  return `${sign}${whole}.${fraction}`
}

/** Millionths as the shortest decimal: `12`, `0.5`. */
export function printMicro(micro: bigint): string {
  const { sign, whole, fraction } = withFraction(micro, places)
  const kept = fraction.replace(/0+$/, '')
  return kept === '' ? `${sign}${whole}` : `${sign}${whole}.${kept}`
}
