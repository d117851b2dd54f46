// The part of the pinned SQLite build (SQLite3MultipleCiphers compiled to WebAssembly, synchronous) that we call, typed by hand,
// with the numbers of SQLite's C interface. It holds no behaviour and must never see a platform.

/** A VFS as the build calls it: pointers and numbers in, result codes out. A 64-bit offset arrives as two signed 32-bit halves. */
export interface SqliteVfs {
  readonly name: string
  readonly mxPathname: number
  hasAsyncMethod(methodName: string): boolean
  /**
   * Takes out of the write-ahead log whatever was written since its last sync, also what a disk may have of it after a crash. Throws when that
   * can't be done.
   */
  forsakeUnsynced(): void
}

/** The instantiated build. One instance serves one database, so that a crash or a wipe takes all of its memory with it. */
export interface SqliteModule {
  /** A view of the memory. It is replaced when the memory grows: read it anew after every call that may allocate. */
  readonly HEAPU8: Uint8Array
  readonly HEAP32: Int32Array
  vfs_register(vfs: SqliteVfs, makeDefault: boolean): number
  ccall(
    name: string,
    returns: 'number' | 'string',
    argumentTypes: readonly string[],
    values: readonly (string | number)[],
  ): number
  UTF8ToString(pointer: number): string
  /** The upper 32 bits of the 64-bit integer that the last call returned. */
  getTempRet0(): number
  _malloc(bytes: number): number
  _free(pointer: number): void
  _sqlite3_close(db: number): number
  _sqlite3_extended_result_codes(db: number, on: number): number
  _sqlite3_extended_errcode(db: number): number
  _sqlite3_errmsg(db: number): number
  _sqlite3_exec(db: number, sql: number, callback: number, argument: number, message: number): number
  _sqlite3_get_autocommit(db: number): number
  _sqlite3_changes(db: number): number
  _sqlite3_total_changes(db: number): number
  _sqlite3_prepare_v3(db: number, sql: number, bytes: number, flags: number, statement: number, tail: number): number
  _sqlite3_step(statement: number): number
  _sqlite3_reset(statement: number): number
  _sqlite3_finalize(statement: number): number
  _sqlite3_bind_parameter_count(statement: number): number
  _sqlite3_bind_null(statement: number, index: number): number
  _sqlite3_bind_int(statement: number, index: number, value: number): number
  _sqlite3_bind_int64(statement: number, index: number, low: number, high: number): number
  _sqlite3_bind_text(statement: number, index: number, pointer: number, bytes: number, destructor: number): number
  _sqlite3_bind_blob(statement: number, index: number, pointer: number, bytes: number, destructor: number): number
  _sqlite3_column_count(statement: number): number
  _sqlite3_column_name(statement: number, column: number): number
  _sqlite3_column_type(statement: number, column: number): number
  _sqlite3_column_int64(statement: number, column: number): number
  _sqlite3_column_double(statement: number, column: number): number
  _sqlite3_column_text(statement: number, column: number): number
  _sqlite3_column_blob(statement: number, column: number): number
  _sqlite3_column_bytes(statement: number, column: number): number
}

/** Result codes, https://sqlite.org/rescode.html */
export const rc = {
  ok: 0,
  error: 1,
  busy: 5,
  noMemory: 7,
  readOnly: 8,
  ioError: 10,
  corrupt: 11,
  notFound: 12,
  full: 13,
  cantOpen: 14,
  tooBig: 18,
  constraint: 19,
  mismatch: 20,
  notADatabase: 26,
  row: 100,
  done: 101,
  ioErrorRead: 266,
  ioErrorShortRead: 522,
  ioErrorWrite: 778,
  ioErrorFsync: 1034,
  ioErrorTruncate: 1546,
  ioErrorFstat: 1802,
  ioErrorDelete: 2570,
  ioErrorAccess: 3338,
  ioErrorClose: 4106,
} as const

/** Flags of sqlite3_open_v2 and of xOpen. */
export const openFlag = { readOnly: 1, readWrite: 2, create: 4, deleteOnClose: 8, writeAheadLog: 0x80000 } as const

/** Storage classes of a column. */
export const columnType = { integer: 1, float: 2, text: 3, blob: 4, null: 5 } as const
