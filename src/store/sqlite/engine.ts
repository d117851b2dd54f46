// The device's SQLite as plain synchronous calls: run, all, get, each, transactions, and a cache of prepared statements. It knows neither
// files nor keys (see open.ts) and must never turn an integer into a float, or report a commit that SQLite has not reported.
/* oxlint-disable no-underscore-dangle -- the exports of the SQLite build are named so */
import { SqliteError } from './sqlite-error.ts'
import { BindArena, Statement, type SqliteValue } from './statement.ts'
import { allocateText } from './text-codec.ts'
import { rc, type SqliteModule } from './wasm.ts'

export type { SqliteValue } from './statement.ts'
export type SqliteParameters = readonly SqliteValue[]

/** An open database. Every call is synchronous; failures of SQLite throw SqliteError, wrong parameters TypeError. */
export interface Sqlite {
  /** Executes one statement and returns how many rows it changed (0 when it changed none). */
  run(sql: string, parameters?: SqliteParameters): number
  /** All rows, as objects by column name. */
  all<Row = Record<string, SqliteValue>>(sql: string, parameters?: SqliteParameters): Row[]
  /** The first row, or undefined. */
  get<Row = Record<string, SqliteValue>>(sql: string, parameters?: SqliteParameters): Row | undefined
  /** Calls `visit` with one row after the other, without holding them all; `false` ends it. */
  each<Row = Record<string, SqliteValue>>(
    sql: string,
    parameters: SqliteParameters,
    visit: (row: Row) => boolean | void,
  ): void
  /** Executes a script of statements without parameters (schema), and forgets the prepared statements. */
  exec(script: string): void
  /**
   * BEGIN IMMEDIATE … COMMIT, ROLLBACK when `work` throws; within a transaction a savepoint. When the outermost call returns, the work
   * is on the disk. `work` must be synchronous. A rolled-back transaction rethrows what ended it.
   */
  transaction<Result>(work: () => Result): Result
  readonly inTransaction: boolean
  /**
   * What memory holds of the database goes back with it: `undo` is called, the latest first, when the innermost transaction or
   * savepoint that is open now is rolled back, or one around it. Outside of a transaction nothing can be.
   */
  ifUndone(undo: () => void): void
  /** Calls `listener` after each outermost transaction has committed; returns how to stop. A throwing listener crashes the task, not the commit. */
  onCommit(listener: () => void): () => void
  /** Calls `listener` once, after the database was closed: release its files and its lock there. */
  onClose(listener: () => void): void
  /** Closes the database; every later call throws. Safe to call twice. */
  close(): void
}

const cachedStatementsMax = 256
const prepareForReuse = 1

class Connection implements Sqlite {
  readonly #module: SqliteModule
  readonly #db: number
  readonly #arena: BindArena
  readonly #outPointer: number
  readonly #forsakeUnsynced: () => void
  readonly #listeners = new Set<() => void>()
  readonly #closeListeners: (() => void)[] = []
  readonly #statements = new Map<string, Statement>()
  #uses = 0
  readonly #undos: (() => void)[] = []
  #depth = 0
  #open = true
  /** A transaction failed, and may be there all the same after the next crash. */
  #isUnsure = false

  constructor(module: SqliteModule, db: number, forsakeUnsynced: () => void) {
    this.#module = module
    this.#db = db
    this.#forsakeUnsynced = forsakeUnsynced
    this.#arena = new BindArena(module)
    this.#outPointer = module._malloc(4)
    module._sqlite3_extended_result_codes(db, 1)
  }

  run(sql: string, parameters: SqliteParameters = []): number {
    const module = this.#module
    const before = module._sqlite3_total_changes(this.#db)
    this.#execute(sql, parameters, () => true)
    return module._sqlite3_total_changes(this.#db) === before ? 0 : module._sqlite3_changes(this.#db)
  }

  all<Row>(sql: string, parameters: SqliteParameters = []): Row[] {
    const rows: Row[] = []
    this.#execute(sql, parameters, (statement) => (rows.push(statement.row() as Row), true))
    return rows
  }

  get<Row>(sql: string, parameters: SqliteParameters = []): Row | undefined {
    let first: Row | undefined
    this.#execute(sql, parameters, (statement) => ((first = statement.row() as Row), false))
    return first
  }

  each<Row>(sql: string, parameters: SqliteParameters, visit: (row: Row) => boolean | void): void {
    this.#execute(sql, parameters, (statement) => visit(statement.row() as Row) !== false)
  }

  exec(script: string): void {
    this.#mustBeUsable()
    this.#forgetStatements()
    const module = this.#module
    const pointer = allocateText(module, script)
    const result = module._sqlite3_exec(this.#db, pointer, 0, 0, 0)
    module._free(pointer)
    if (result !== rc.ok) throw this.#error(script)
  }

  get inTransaction(): boolean {
    return this.#depth > 0
  }

  transaction<Result>(work: () => Result): Result {
    const savepoint = this.#depth > 0 ? `level_${this.#depth}` : undefined
    const undosBefore = this.#undos.length
    this.run(savepoint ? `SAVEPOINT ${savepoint}` : 'BEGIN IMMEDIATE')
    this.#depth++
    let result: Result
    try {
      result = work()
      if (isThenable(result))
        throw new TypeError(
          'The work of a transaction must be synchronous, but it returned a promise: await before it.',
        )
      this.run(savepoint ? `RELEASE ${savepoint}` : 'COMMIT')
    } catch (error) {
      this.#undo(savepoint)
      while (this.#undos.length > undosBefore) this.#undos.pop()?.()
      if (savepoint === undefined) this.#forsake(error)
      throw error
    } finally {
      this.#depth--
    }
    if (!savepoint) {
      this.#undos.length = 0
      this.#tellListeners()
    }
    return result
  }

  ifUndone(undo: () => void): void {
    if (this.#depth > 0) this.#undos.push(undo)
  }

  onCommit(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  onClose(listener: () => void): void {
    this.#closeListeners.push(listener)
  }

  close(): void {
    if (!this.#open) return
    if (this.#depth > 0) throw new Error('The database cannot be closed inside a transaction: return from it first.')
    this.#forgetStatements()
    const result = this.#module._sqlite3_close(this.#db)
    if (result !== rc.ok) throw this.#error('')
    this.#open = false
    this.#arena.free()
    this.#module._free(this.#outPointer)
    for (const listener of this.#closeListeners) listener()
  }

  /** Steps through the rows until `visit` answers false. */
  #execute(sql: string, parameters: SqliteParameters, visit: (statement: Statement) => boolean): void {
    this.#mustBeUsable()
    try {
      this.#step(sql, parameters, visit)
    } catch (error) {
      // A statement of its own is a transaction of its own.
      if (this.#depth === 0) this.#forsake(error)
      throw error
    }
  }

  /** The statement is reset and its arena given back, whatever happens. */
  #step(sql: string, parameters: SqliteParameters, visit: (statement: Statement) => boolean): void {
    const module = this.#module
    const statement = this.#statement(sql)
    const mark = this.#arena.mark()
    statement.busy = true
    try {
      statement.bind(parameters, this.#arena)
      let result = module._sqlite3_step(statement.handle)
      if (result === rc.row) {
        statement.refreshNames()
        while (result === rc.row && visit(statement)) result = module._sqlite3_step(statement.handle)
      }
      if (result !== rc.row && result !== rc.done) throw this.#error(sql)
    } finally {
      module._sqlite3_reset(statement.handle)
      this.#arena.release(mark)
      statement.busy = false
      if (!statement.isKept) module._sqlite3_finalize(statement.handle)
    }
  }

  /** The cached statement; a second one when a visitor runs the very SQL that it is visiting (finalized after use). */
  #statement(sql: string): Statement {
    const cached = this.#statements.get(sql)
    if (cached?.busy) return this.#prepare(sql)
    if (cached) {
      cached.usedAt = ++this.#uses
      return cached
    }
    const statement = this.#prepare(sql)
    statement.usedAt = ++this.#uses
    statement.isKept = true
    if (this.#statements.size >= cachedStatementsMax) this.#forgetOldest()
    this.#statements.set(sql, statement)
    return statement
  }

  #prepare(sql: string): Statement {
    const module = this.#module
    const pointer = allocateText(module, sql)
    const result = module._sqlite3_prepare_v3(this.#db, pointer, -1, prepareForReuse, this.#outPointer, 0)
    module._free(pointer)
    if (result !== rc.ok) throw this.#error(sql)
    const handle = module.HEAP32[this.#outPointer >> 2] ?? 0
    if (handle === 0) throw new TypeError('The SQL holds no statement.')
    return new Statement(module, handle, sql)
  }

  #forgetOldest(): void {
    let oldest: Statement | undefined
    for (const statement of this.#statements.values())
      if (!statement.busy && (oldest === undefined || statement.usedAt < oldest.usedAt)) oldest = statement
    if (oldest === undefined) return
    this.#statements.delete(oldest.sql)
    this.#module._sqlite3_finalize(oldest.handle)
  }

  #forgetStatements(): void {
    for (const [sql, statement] of this.#statements) {
      this.#statements.delete(sql)
      statement.isKept = false
      // A busy one is finalized by the call that is using it.
      if (!statement.busy) this.#module._sqlite3_finalize(statement.handle)
    }
  }

  /** Some faults (disk full, I/O) make SQLite roll back by itself; then there is nothing left to undo. */
  #undo(savepoint: string | undefined): void {
    if (this.#rolledBack()) return
    try {
      if (savepoint) {
        this.run(`ROLLBACK TO ${savepoint}`)
        this.run(`RELEASE ${savepoint}`)
      } else this.run('ROLLBACK')
    } catch {
      // What ended the transaction is the error that the caller must see; SQLite rolls back on its own when the connection closes.
    }
  }

  /**
   * After a fault nothing is left of the transaction in memory, but its commit may lie in the log, whole: the disk was full, or failed, behind
   * it. Whoever hears that it wasn't stored must be able to rely on that after a crash too. [STO3]
   */
  #forsake(error: unknown): void {
    if (!(error instanceof SqliteError) || !this.#rolledBack()) return
    try {
      this.#forsakeUnsynced()
    } catch (cause) {
      this.#isUnsure = true
      throw new SqliteError({
        extendedCode: error.extendedCode,
        kind: 'unsure',
        sql: error.sql,
        message: String(cause),
      })
    }
  }

  #rolledBack(): boolean {
    return this.#module._sqlite3_get_autocommit(this.#db) !== 0
  }

  #mustBeUsable(): void {
    if (!this.#open) throw new Error('The database is closed: open it again.')
    if (this.#isUnsure)
      throw new Error('The disk failed over a transaction: open the database again to see whether it was stored.')
    // Without this, work that swallowed a fault would go on statement by statement, outside of any transaction.
    if (this.#depth > 0 && this.#rolledBack())
      throw new Error('The transaction was rolled back by a fault: let the fault out, then begin again.')
  }

  #tellListeners(): void {
    for (const listener of this.#listeners) {
      try {
        listener()
      } catch (error) {
        void Promise.reject(error)
      }
    }
  }

  #error(sql: string): SqliteError {
    const module = this.#module
    return new SqliteError({
      extendedCode: module._sqlite3_extended_errcode(this.#db),
      message: module.UTF8ToString(module._sqlite3_errmsg(this.#db)),
      sql,
    })
  }
}

/** Wraps an open connection `db` of `module`. */
export function sqliteOver(module: SqliteModule, db: number, forsakeUnsynced: () => void): Sqlite {
  return new Connection(module, db, forsakeUnsynced)
}

function isThenable(value: unknown): boolean {
  return typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function'
}
