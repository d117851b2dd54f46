// What a file is by its first bytes, and how large a picture would be once unpacked. Names and declared types are never
// asked: a page that calls itself a photo is no photo. It decodes nothing.
import type { BlobType } from './blob.ts'

export interface FileKind {
  readonly type: BlobType
  /** Null for what is no picture. */
  readonly pixels: { readonly width: number; readonly height: number } | null
}

/** More pixels than any camera of ours takes: a picture of a few kilobytes may claim to unpack into gigabytes. */
export const PIXELS_MAX = 120_000_000

const startsWith = (bytes: Uint8Array, start: readonly number[], at = 0): boolean =>
  start.every((byte, index) => bytes[at + index] === byte)
const ascii = (text: string): readonly number[] => Array.from(text, (letter) => letter.charCodeAt(0))
const PNG = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, ...ascii('IHDR')]

/** Null for anything that isn't kept: another kind, a broken head, a picture beyond `PIXELS_MAX`. */
export function fileKindOf(bytes: Uint8Array): FileKind | null {
  const kind = anyKindOf(bytes)
  if (kind?.pixels == null) return kind
  const { width, height } = kind.pixels
  return width > 0 && height > 0 && width * height <= PIXELS_MAX ? kind : null
}

function anyKindOf(bytes: Uint8Array): FileKind | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (startsWith(bytes, [0xff, 0xd8, 0xff])) {
    const pixels = pixelsOfJpeg(view)
    return pixels && { type: 'image/jpeg', pixels }
  }
  if (startsWith(bytes, PNG) && bytes.length >= 24)
    return { type: 'image/png', pixels: { width: view.getUint32(16), height: view.getUint32(20) } }
  if (startsWith(bytes, ascii('RIFF')) && startsWith(bytes, ascii('WEBPVP8'), 8) && bytes.length >= 30) {
    const pixels = pixelsOfWebp(view)
    return pixels && { type: 'image/webp', pixels }
  }
  return startsWith(bytes, ascii('%PDF-')) ? { type: 'application/pdf', pixels: null } : null
}

/** Start-of-frame markers; c4, c8 and cc are other tables. */
const isFrame = (marker: number): boolean =>
  marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc

function pixelsOfJpeg(view: DataView): FileKind['pixels'] {
  let at = 2
  while (at + 9 < view.byteLength) {
    if (view.getUint8(at) !== 0xff) return null
    const marker = view.getUint8(at + 1)
    if (marker === 0xff) at += 1
    else if (isFrame(marker)) return { height: view.getUint16(at + 5), width: view.getUint16(at + 7) }
    else at += 2 + view.getUint16(at + 2)
  }
  return null
}

function pixelsOfWebp(view: DataView): FileKind['pixels'] {
  const variant = view.getUint8(15)
  // "VP8 ", "VP8L" and "VP8X" keep their size in different places.
  if (variant === 0x20) return { width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff }
  if (variant === 0x4c) {
    const bits = view.getUint32(21, true)
    return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 }
  }
  if (variant !== 0x58) return null
  const of24 = (at: number): number => view.getUint16(at, true) + view.getUint8(at + 2) * 65_536 + 1
  return { width: of24(24), height: of24(27) }
}
