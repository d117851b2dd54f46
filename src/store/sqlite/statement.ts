// One prepared statement: binds values, steps, reads columns, all through the raw exports of the build. Bound text and bytes lie in an
// arena that is given back when the statement is reset, so a statement must never be stepped again without binding all its parameters.
/* oxlint-disable no-underscore-dangle -- the exports of the SQLite build are named so */
import { writeText, readText } from './text-codec.ts'
import { columnType, type SqliteModule } from './wasm.ts'

/** What a column may hold. Integers are numbers within ±(2^53 − 1); there are no booleans, no bigint, and no float going in. */
export type SqliteValue = null | string | number | Uint8Array

const twoTo32 = 2 ** 32
const arenaBytes = 64 * 1024
/** SQLITE_STATIC: SQLite must not copy the value; the arena outlives the step. */
const keptByUs = 0

/** Where the arena stood before a statement bound its values. */
export interface ArenaMark {
  readonly top: number
  readonly large: number
}

/** A stack of bound values: whatever a statement took is given back when it ends. What doesn't fit is allocated one by one. */
export class BindArena {
  readonly #module: SqliteModule
  readonly #base: number
  #top = 0
  readonly #large: number[] = []

  constructor(module: SqliteModule) {
    this.#module = module
    this.#base = module._malloc(arenaBytes)
  }

  mark(): ArenaMark {
    return { top: this.#top, large: this.#large.length }
  }

  take(bytes: number): number {
    if (this.#top + bytes <= arenaBytes) {
      const pointer = this.#base + this.#top
      this.#top += bytes
      return pointer
    }
    const pointer = this.#module._malloc(bytes)
    if (pointer === 0)
      throw new RangeError(`A value of ${bytes} bytes does not fit in the memory of the database: store it in parts.`)
    this.#large.push(pointer)
    return pointer
  }

  /** Gives back what was taken since `mark`. */
  release(mark: ArenaMark): void {
    this.#top = mark.top
    while (this.#large.length > mark.large) this.#module._free(this.#large.pop() as number)
  }

  free(): void {
    this.release({ top: 0, large: 0 })
    this.#module._free(this.#base)
  }
}

/** A prepared statement with its shape. `busy` while it is between its first step and its reset. */
export class Statement {
  readonly sql: string
  readonly handle: number
  busy = false
  /** In the cache: otherwise whoever uses it finalizes it. */
  isKept = false
  /** Grows with each use of any statement: the smallest is the one to drop. */
  usedAt = 0
  readonly #module: SqliteModule
  readonly #parameterCount: number
  /** Which parameters hold a value: they keep it over a reset, and most columns of most rows are null again and again. */
  readonly #isSet: Uint8Array
  #names: string[] = []

  constructor(module: SqliteModule, handle: number, sql: string) {
    this.#module = module
    this.handle = handle
    this.sql = sql
    this.#parameterCount = module._sqlite3_bind_parameter_count(handle)
    this.#isSet = new Uint8Array(this.#parameterCount + 1)
  }

  /** Binds every parameter; the caller took the arena's mark before. Throws TypeError on a value that can't be stored exactly. */
  bind(values: readonly SqliteValue[], arena: BindArena): void {
    if (values.length !== this.#parameterCount) {
      throw new TypeError(
        `The statement has ${this.#parameterCount} parameters but got ${values.length} values. In: ${this.sql}`,
      )
    }
    for (let index = 0; index < values.length; index++) this.#bindOne(index + 1, values[index], arena)
  }

  #bindOne(position: number, value: SqliteValue | undefined, arena: BindArena): void {
    const module = this.#module
    if (value === null) {
      if (this.#isSet[position] === 0) return
      this.#isSet[position] = 0
    } else this.#isSet[position] = 1
    let result: number
    if (typeof value === 'string') {
      const pointer = arena.take(value.length * 3 + 1)
      result = module._sqlite3_bind_text(this.handle, position, pointer, writeText(module, value, pointer), keptByUs)
    } else if (typeof value === 'number') {
      if (value === (value | 0)) result = module._sqlite3_bind_int(this.handle, position, value)
      else if (Number.isSafeInteger(value)) {
        const high = Math.floor(value / twoTo32)
        result = module._sqlite3_bind_int64(this.handle, position, (value - high * twoTo32) | 0, high)
      } else
        throw new TypeError(
          `Parameter ${position} is ${value}: only whole numbers within ±(2^53 − 1) are stored. In: ${this.sql}`,
        )
    } else if (value === null) {
      result = module._sqlite3_bind_null(this.handle, position)
    } else if (value instanceof Uint8Array) {
      // One byte more, because an empty value at a null pointer would become NULL.
      const pointer = arena.take(value.byteLength + 1)
      module.HEAPU8.set(value, pointer)
      result = module._sqlite3_bind_blob(this.handle, position, pointer, value.byteLength, keptByUs)
    } else {
      throw new TypeError(
        `Parameter ${position} is of type ${typeof value}: give null, a string, a whole number or a Uint8Array. In: ${this.sql}`,
      )
    }
    if (result !== 0) throw new TypeError(`Parameter ${position} could not be bound (${result}). In: ${this.sql}`)
  }

  /** Reads the names again: SQLite re-prepares a statement by itself when the schema changed. */
  refreshNames(): void {
    const count = this.#module._sqlite3_column_count(this.handle)
    if (count === this.#names.length) return
    this.#names = Array.from({ length: count }, (_, column) =>
      this.#module.UTF8ToString(this.#module._sqlite3_column_name(this.handle, column)),
    )
  }

  /** The row that the last step delivered. */
  row(): Record<string, SqliteValue> {
    const row: Record<string, SqliteValue> = {}
    const names = this.#names
    for (let column = 0; column < names.length; column++) row[names[column] ?? ''] = this.#column(column)
    return row
  }

  #column(column: number): SqliteValue {
    const module = this.#module
    const handle = this.handle
    switch (module._sqlite3_column_type(handle, column)) {
      case columnType.integer: {
        const low = module._sqlite3_column_int64(handle, column)
        const value = module.getTempRet0() * twoTo32 + (low >>> 0)
        if (!Number.isSafeInteger(value)) {
          throw new RangeError(
            `Column ${column + 1} holds an integer beyond ±(2^53 − 1), which a number cannot carry: cast it to text. In: ${this.sql}`,
          )
        }
        return value
      }
      case columnType.text: {
        const pointer = module._sqlite3_column_text(handle, column)
        return readText(module, pointer, module._sqlite3_column_bytes(handle, column))
      }
      case columnType.blob: {
        const pointer = module._sqlite3_column_blob(handle, column)
        return module.HEAPU8.slice(pointer, pointer + module._sqlite3_column_bytes(handle, column))
      }
      case columnType.float:
        return module._sqlite3_column_double(handle, column)
      default:
        return null
    }
  }
}
