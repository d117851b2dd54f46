// Lets a SHA-256 of WebAssembly stand in for the portable one in the worker that owns the device: synchronous once it is loaded. The
// same values, checked before it is taken; until then, and where it can't be had, the portable one answers.
import { createSHA256 } from 'hash-wasm'
import { adoptSha256 } from '../../kernel/hash.ts'

let adopted: Promise<void> | null = null

/** Loads it once. */
export function adoptWasmSha256(): Promise<void> {
  return (adopted ??= adopt())
}

async function adopt(): Promise<void> {
  const hasher = await createSHA256()
  adoptSha256(
    (content) => hasher.init().update(content).digest('binary'),
    (content) => hasher.init().update(content).digest('hex'),
  )
}
