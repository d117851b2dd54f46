// UTF-8 in and out of the memory of the SQLite build. Short plain text, which most of ours is, is handled by a loop, because the
// platform's coder costs more to call than the text is long. It must never change a text: what can't be stored exactly throws.
/* oxlint-disable no-underscore-dangle -- the exports of the SQLite build are named so */
import type { SqliteModule } from './wasm.ts'

declare const TextEncoder: {
  new (): { encodeInto(text: string, bytes: Uint8Array): { read: number; written: number } }
}
declare const TextDecoder: {
  new (label: string, options: { ignoreBOM: boolean }): { decode(bytes: Uint8Array): string }
}

const encoder = new TextEncoder()
// Without ignoreBOM a text that begins with U+FEFF would lose it.
const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

/**
 * Up to this many bytes the loop read faster than the platform's coder in Node 20; beyond it, it never did. To write, a loop took 0.1 µs
 * in Chromium for the 36 characters of an id, and the coder 0.6.
 */
const shortReadMax = 32
const shortWriteMax = 48
const loneSurrogate = /[\uD800-\uDFFF]/u

/** Writes `text` at `pointer`, where three bytes a character must be free. Returns the bytes written. */
export function writeText(module: SqliteModule, text: string, pointer: number): number {
  const heap = module.HEAPU8
  const length = text.length
  if (length <= shortWriteMax) {
    let index = 0
    for (; index < length; index++) {
      const unit = text.charCodeAt(index)
      if (unit > 0x7f) break
      heap[pointer + index] = unit
    }
    if (index === length) return length
  }
  const { written } = encoder.encodeInto(text, heap.subarray(pointer, pointer + length * 3))
  if (written !== length && loneSurrogate.test(text)) {
    throw new TypeError(
      'A text holds half of a surrogate pair, which UTF-8 cannot store: clean it with toWellFormed() where it enters.',
    )
  }
  return written
}

/** The text of `bytes` bytes at `pointer`. */
export function readText(module: SqliteModule, pointer: number, bytes: number): string {
  const heap = module.HEAPU8
  if (bytes <= shortReadMax) {
    let text = ''
    let index = 0
    for (; index < bytes; index++) {
      const byte = heap[pointer + index] ?? 0
      if (byte > 0x7f) break
      text += String.fromCharCode(byte)
    }
    if (index === bytes) return text
  }
  return decoder.decode(heap.subarray(pointer, pointer + bytes))
}

/** `text` with a closing zero byte, in memory that the caller frees. */
export function allocateText(module: SqliteModule, text: string): number {
  const pointer = module._malloc(text.length * 3 + 1)
  if (pointer === 0)
    throw new RangeError(`A text of ${text.length} characters does not fit in the memory of the database.`)
  const written = writeText(module, text, pointer)
  module.HEAPU8[pointer + written] = 0
  return pointer
}
