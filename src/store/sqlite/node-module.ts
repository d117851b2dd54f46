// Instantiates the SQLite build in Node, from the wasm file of the pinned package; the same bytes that the browser runs.
// oxlint-disable-next-line typescript/triple-slash-reference -- a file of foreign module types can't be imported
/// <reference path="./wa-sqlite.d.ts" />
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import factory from '@journeyapps/wa-sqlite/dist/mc-wa-sqlite.mjs'
import type { SqliteModule } from './wasm.ts'

let wasmBinary: Uint8Array | undefined

/** A fresh instance with a memory of its own: one for each open database. */
export async function newSqliteModule(): Promise<SqliteModule> {
  wasmBinary ??= readFileSync(createRequire(import.meta.url).resolve('@journeyapps/wa-sqlite/dist/mc-wa-sqlite.wasm'))
  return factory({ wasmBinary })
}
