// The worker's SHA-256 against Node's, over what a device hashes: texts of any length and script, and bytes.
import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { hex } from '../../kernel/bytes.ts'
import { hash64, sha256, sha256Hex } from '../../kernel/hash.ts'
import { adoptWasmSha256 } from './wasm-sha256.ts'

const node = (content: string | Uint8Array): string => createHash('sha256').update(content).digest('hex')

test('every text and all bytes have the hash that they have elsewhere, and an answer isn’t changed by the next question', async () => {
  await adoptWasmSha256()
  const texts = ['', 'pump', 'Größe 🧾', 'x'.repeat(63), 'é'.repeat(20_000)]
  for (const text of texts) {
    expect(sha256Hex(text)).toBe(node(text))
    expect(hash64(text)).toBe(node(text).slice(0, 16))
  }
  const bytes = Uint8Array.from({ length: 70_000 }, (_, index) => index % 251)
  const first = sha256(bytes)
  sha256('something else')
  expect(hex(first)).toBe(node(bytes))
})
