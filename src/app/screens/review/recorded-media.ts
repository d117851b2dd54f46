// Photos and signatures in what was recorded, told by their shape alone: a table of values shows them as what they are. Pure.
import type { Blob as Photo } from '../../../kernel/blob.ts'

const isPhoto = (value: unknown): value is Photo => {
  const { sha, type, size } = (value ?? {}) as Partial<Record<keyof Photo, unknown>>
  return typeof sha === 'string' && /^[0-9a-f]{64}$/.test(sha) && typeof type === 'string' && Number.isSafeInteger(size)
}

/** One or several; null where it is something else. */
export function photosIn(value: unknown): readonly Photo[] | null {
  const all: readonly unknown[] = Array.isArray(value) ? value : [value]
  return all.length > 0 && all.every(isPhoto) ? all : null
}

/** Strokes of a signature, as the kernel keeps them. [BLOB2] */
export const isInk = (value: unknown): boolean => typeof value === 'string' && /^M\d{1,4} \d{1,3}[ML\d ]*$/.test(value)
