// Photos and signatures in what was recorded, told by their shape alone: a table of values shows them as what they are. Pure.
import { isInk, isSha, type Blob as Photo } from '../../../kernel/blob.ts'

const isPhoto = (value: unknown): value is Photo => {
  const { sha, type, size } = (value ?? {}) as Partial<Record<keyof Photo, unknown>>
  return typeof sha === 'string' && isSha(sha) && typeof type === 'string' && Number.isSafeInteger(size)
}

/** One or several; null where it is something else. */
export function photosIn(value: unknown): readonly Photo[] | null {
  const all: readonly unknown[] = Array.isArray(value) ? value : [value]
  return all.length > 0 && all.every(isPhoto) ? all : null
}

/** The strokes of a signature; null where it is something else. */
export const inkIn = (value: unknown): string | null => (typeof value === 'string' && isInk(value) ? value : null)
