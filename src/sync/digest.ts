// Bucket digests (sync.md §7): how many rows, and the sum of their 64-bit hashes modulo 2⁶⁴. Each side computes them from
// its own rows; a digest is compared and never copied.

const MASK = (1n << 64n) - 1n
export const EMPTY_SUM = '0000000000000000'

const format = (sum: bigint): string => (sum & MASK).toString(16).padStart(16, '0')

/** Sum after a row entered; both as 16 hex digits. */
export const addHash = (sum: string, hash: string): string => format(BigInt(`0x${sum}`) + BigInt(`0x${hash}`))

/** Sum after a row left. */
export const subtractHash = (sum: string, hash: string): string =>
  format(BigInt(`0x${sum}`) - BigInt(`0x${hash}`) + MASK + 1n)
