// What can go wrong in the device's database, told apart by SQLite's result code and never by the text of a message.
// A message must never carry a key or a bound value: it may end in a log.
import { rc } from './wasm.ts'

/**
 * - faults of the world: `disk-full`, `io`, `corrupt`, `cannot-open`, `read-only`, `busy`, `out-of-memory`
 * - `unsure`: the disk failed in the middle of a transaction, and only the next opening shows whether it was stored
 * - `wrong-key`: the file isn't a database under this key
 * - `not-wal`, `not-encrypted`: the opener refused, because the database would not be safe
 * - `constraint`: a row broke a constraint of the schema
 * - `statement`: the SQL or its parameters are wrong (a bug)
 */
export type SqliteErrorKind =
  | 'disk-full'
  | 'io'
  | 'corrupt'
  | 'cannot-open'
  | 'read-only'
  | 'busy'
  | 'out-of-memory'
  | 'wrong-key'
  | 'not-wal'
  | 'not-encrypted'
  | 'unsure'
  | 'constraint'
  | 'statement'

const kindByCode: Readonly<Record<number, SqliteErrorKind>> = {
  [rc.full]: 'disk-full',
  [rc.ioError]: 'io',
  [rc.corrupt]: 'corrupt',
  [rc.cantOpen]: 'cannot-open',
  [rc.readOnly]: 'read-only',
  [rc.busy]: 'busy',
  [rc.noMemory]: 'out-of-memory',
  [rc.notADatabase]: 'wrong-key',
  [rc.constraint]: 'constraint',
}

const adviceByKind: Partial<Record<SqliteErrorKind, string>> = {
  'disk-full': 'The device has no room left: free some space, then repeat; nothing of this transaction was stored.',
  io: 'The device could not read or write its file: close other programs that use it, check the disk, then open the database again.',
  unsure: 'The disk failed, and it is not known whether this was stored: open the database again to see.',
  corrupt:
    'The database file is damaged: keep a copy of it, then enrol the device again; what was pushed is on the hub.',
  'wrong-key': 'The file is not a database under this key: unlock the vault that belongs to this database.',
  'cannot-open': 'The database file could not be opened: check that the directory exists and may be written.',
}

/** A failed call of SQLite. `code` is the primary result code, `extendedCode` the exact one (https://sqlite.org/rescode.html). */
export class SqliteError extends Error {
  override readonly name = 'SqliteError'
  readonly kind: SqliteErrorKind
  readonly code: number
  readonly extendedCode: number
  /** The statement, without its values; empty where it held a key. */
  readonly sql: string

  constructor(failure: { extendedCode: number; message: string; sql: string; kind?: SqliteErrorKind }) {
    const code = failure.extendedCode & 0xff
    const kind = failure.kind ?? kindByCode[code] ?? 'statement'
    const advice = adviceByKind[kind]
    super(
      `SQLite: ${failure.message} (${failure.extendedCode})${advice ? `. ${advice}` : ''}${failure.sql ? ` In: ${failure.sql}` : ''}`,
    )
    this.kind = kind
    this.code = code
    this.extendedCode = failure.extendedCode
    this.sql = failure.sql
  }
}

/** Nothing was written for want of room. */
export const isDiskFull = (fault: unknown): boolean => fault instanceof SqliteError && fault.kind === 'disk-full'
