// Photos, files and signatures as fields. A blob's bytes never lie in a row: the row names them by their SHA-256 and says
// what they are, with a thumbnail to show at once; a signature is small and is its own value. It reads no bytes of a file.
import * as z from 'zod/mini'
import { Field, type Fields } from './field.ts'
import type { AnyTable } from './table.ts'

/** What may be kept: what its first bytes say, never what a name or a browser says. */
export const blobTypes = ['image/jpeg', 'image/png', 'image/webp', 'application/pdf'] as const
export type BlobType = (typeof blobTypes)[number]

/** A photo of a phone at full size is 3–8 MB. */
export const BLOB_BYTES_MAX = 16 * 1024 * 1024
export const THUMBNAIL_BYTES_MAX = 8 * 1024
export const SIGNATURE_CHARS_MAX = 32 * 1024
/** A command must fit into a push with all its thumbnails. */
export const BLOBS_A_FIELD_MAX = 20

export interface Blob {
  /** SHA-256 of the bytes, 64 lower-case hex digits: the name. */
  readonly sha: string
  readonly type: BlobType
  /** Bytes. */
  readonly size: number
  /** A small JPEG or WebP in base64, for pictures. */
  readonly thumbnail?: string
}

export const isSha = (text: string): boolean => /^[0-9a-f]{64}$/.test(text)

/** Base64 takes four characters for three bytes. */
const THUMBNAIL_CHARS_MAX = Math.ceil(THUMBNAIL_BYTES_MAX / 3) * 4
/** The base64 of the first bytes of a JPEG (ff d8 ff) and of a RIFF file. */
const isThumbnail = (text: string): boolean => /^(?:\/9j\/|UklGR)[A-Za-z0-9+/]*={0,2}$/.test(text)

const blobSchema = z.strictObject({
  sha: z.string().check(z.refine(isSha, { error: 'must be 64 hex digits' })),
  type: z.enum(blobTypes),
  size: z.int().check(z.minimum(1), z.maximum(BLOB_BYTES_MAX)),
  thumbnail: z.optional(
    z.string().check(z.maxLength(THUMBNAIL_CHARS_MAX), z.refine(isThumbnail, { error: 'must be a small picture' })),
  ),
})

/** One photo or file. [BLOB1] */
export const blob = (): Field<Blob> =>
  new Field({ type: 'json', schema: blobSchema, need: 'required', holdsBlobs: 'one' })

/** Several, each once; what two people add at once stands beside each other. */
export const blobs = (most: number = BLOBS_A_FIELD_MAX): Field<readonly Blob[]> =>
  new Field({
    type: 'json',
    schema: z.array(blobSchema).check(z.maxLength(most)),
    need: 'required',
    holdsBlobs: 'several',
    merge: 'union',
  })

/** The arguments of any command, kept in a row: it names every blob that is anywhere in them. */
export const keptArguments = (): Field<unknown> =>
  new Field({ type: 'json', schema: z.unknown(), need: 'required', holdsBlobs: 'within' })

/** Strokes on a pad of 2000 × 600, as an SVG path of whole numbers: `M120 80L124 91L…M…`. */
export const isInk = (text: string): boolean => /^(?:M\d{1,4} \d{1,3}(?:L\d{1,4} \d{1,3})*)+$/.test(text)

/** A signature, drawn: it travels inside its command and can be shown at any size, without fetching anything. [BLOB2] */
export const signature = (): Field<string> =>
  new Field({
    type: 'text',
    schema: z.string().check(z.maxLength(SIGNATURE_CHARS_MAX), z.refine(isInk, { error: 'must be strokes' })),
    need: 'required',
  })

function shasOf(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return []
  const { sha } = value as Partial<Blob>
  return typeof sha === 'string' && isSha(sha) ? [sha] : Object.values(value).flatMap(shasOf)
}

/** The names of all blobs in a row or in arguments, each once, sorted. */
export function blobsIn(fields: Fields, values: Readonly<Record<string, unknown>>): readonly string[] {
  const found = new Set<string>()
  for (const [name, { traits }] of Object.entries(fields)) {
    const value = values[name]
    if (value === null || value === undefined) continue
    if (traits.holdsBlobs !== undefined) for (const sha of shasOf(value)) found.add(sha)
    if (traits.items !== undefined && Array.isArray(value))
      for (const item of value as Readonly<Record<string, unknown>>[])
        for (const sha of blobsIn(traits.items, item)) found.add(sha)
  }
  return [...found].sort()
}

const fieldsOfTable = new WeakMap<AnyTable, readonly string[]>()

/** The fields of a table that name blobs; most tables have none. */
export function blobFieldsOf(table: AnyTable): readonly string[] {
  let names = fieldsOfTable.get(table)
  if (names === undefined) {
    names = table.fieldNames.filter((name) => table.fields[name]?.traits.holdsBlobs !== undefined)
    fieldsOfTable.set(table, names)
  }
  return names
}
