// The context's store over the device's SQLite: reads for a command, its effects as row statements. It runs inside
// whatever transaction the caller opened and never commits by itself.
import { assert } from '../../kernel/assert.ts'
import type { Elsewhere } from '../../kernel/command.ts'
import { ELSEWHERE } from '../../kernel/command.ts'
import { applyOp, completeRow, type Effects, type Op } from '../../kernel/effects.ts'
import type { Range, Reader } from '../../kernel/reader.ts'
import { columnOf, type AnyRow, type AnyTable } from '../../kernel/table.ts'
import { codecOf, searchInBulk } from './device-tables.ts'
import type { Sqlite, SqliteValue } from './engine.ts'
import { migrateTable } from './migrate.ts'

type Key = Readonly<Record<string, unknown>> | null

/** From so many rows on it pays to take the search's trigger away: all statements are prepared anew then. */
const ROWS_IN_BULK = 200
/** With more the index is a little faster now and keeps a larger table in memory, to be emptied with every later row. */
const ROWS_A_SEARCH_WRITE = 100

export class SqliteStore implements Reader {
  readonly db: Sqlite
  /** Whose rows enter the search later, and which of them stand already. */
  private bulk: { readonly table: AnyTable; readonly standing: ReadonlySet<string> } | null = null
  private readonly holds: (bucket: string) => boolean

  /** `holds` says whether this device carries a bucket: what it must carry and doesn't have does not exist. */
  constructor(db: Sqlite, holds: (bucket: string) => boolean) {
    this.db = db
    this.holds = holds
  }

  static createTables(db: Sqlite, tables: Iterable<AnyTable>): void {
    for (const table of tables) migrateTable(db, table, null)
  }

  read(table: AnyTable, id: string): AnyRow | null {
    const codec = codecOf(table)
    const found = this.db.get(codec.byId, [id])
    return found === undefined ? null : codec.decode(found)
  }

  get(table: AnyTable, id: string, key: Key): AnyRow | null | Elsewhere {
    return this.read(table, id) ?? this.absent(table, key)
  }

  /** [PROF3] */
  private absent(table: AnyTable, key: Key): null | Elsewhere {
    if (table.whole.some(this.holds)) return null
    if (key === null) return ELSEWHERE
    return bucketsOfKey(table, key).some(this.holds) ? null : ELSEWHERE
  }

  find(table: AnyTable, range: Range): readonly AnyRow[] {
    const { decode } = codecOf(table)
    const rows = this.db.all(findSql(table, range), paramsOf(range))
    return rows.map((row) => decode(row))
  }

  apply(effects: Effects): void {
    for (const op of effects) this.applyOp(op)
  }

  /** A row that this device doesn't have (elsewhere) stays so: its patch and its deltas happen on the hub. */
  applyOp(op: Op): void {
    const { table, id } = op
    if (op.insert !== null) return this.insert(op)
    const codec = codecOf(table)
    const sets: string[] = []
    const params: SqliteValue[] = []
    for (const [field, value] of Object.entries(op.patch ?? {})) {
      sets.push(`"${columnOf(field)}" = ?`)
      params.push(codec.value(field, value))
    }
    if (op.patch !== null && op.removedAt === null) sets.push('gone_at = NULL')
    const sums: string[] = []
    for (const [field, delta] of Object.entries(op.add ?? {})) {
      const column = `"${columnOf(field)}"`
      sets.push(`${column} = ${column} + ?`)
      params.push(delta)
      sums.push(`abs(${column}) <= ${Number.MAX_SAFE_INTEGER}`)
    }
    if (op.removedAt !== null) {
      sets.push('gone_at = ?')
      params.push(op.removedAt)
    }
    if (sets.length === 0) return
    // SQLite adds up to 2^63 and reading would then fail for ever: a sum must be seen to be exact while it can be undone.
    const isExact = sums.length === 0 ? '1' : sums.join(' AND ')
    const changed = this.db.get<{ isExact: number }>(
      `UPDATE ${table.sqlName} SET ${sets.join(', ')} WHERE id = ? RETURNING ${isExact} AS "isExact"`,
      [...params, id],
    )
    assert(changed?.isExact !== 0, `${table.name} ${id}: a sum leaves the range of exact integers.`)
    if (changed === undefined && op.frame !== null) this.insertRow(table, applyOp(null, op))
  }

  /** A natural key may meet its own removed row and brings it back; over a living row any insert breaks the constraint. */
  private insert(op: Op): void {
    const { table, id } = op
    const row = applyOp(null, op)
    if (table.key === null) return this.insertRow(table, row)
    const codec = codecOf(table)
    if (this.db.run(codec.insertNew, codec.values(row)) > 0) return
    const before = this.read(table, id)
    if (before === null || before.goneAt === null) this.insertRow(table, row)
    else this.put(table, applyOp(before, op))
  }

  private insertRow(table: AnyTable, row: AnyRow): void {
    const codec = codecOf(table)
    this.db.run(codec.insert, codec.values(row))
  }

  /** Writes a whole row as given, whatever stood there. */
  put(table: AnyTable, row: AnyRow): void {
    const { bulk } = this
    // What may update runs the search's triggers, whether it does or not.
    if (bulk?.table === table && !bulk.standing.has(row.id)) return this.insertRow(table, row)
    const codec = codecOf(table)
    this.db.run(codec.put, codec.values(row))
  }

  /**
   * Whatever `work` puts of these rows of a table enters its search at the end, many at once. In one transaction, so that nobody ever
   * finds the search without its trigger; `work` must neither put a row twice nor delete one.
   */
  inBulk(table: AnyTable, ids: readonly string[], work: () => void): void {
    if (table.search.length === 0 || ids.length < ROWS_IN_BULK) return work()
    const { db } = this
    const lastRid = (): number =>
      db.get<{ rid: number | null }>(`SELECT MAX(rid) AS rid FROM ${table.sqlName}`)?.rid ?? 0
    db.transaction(() => {
      const search = searchInBulk(table)
      const before = lastRid()
      this.bulk = { table, standing: this.idsHere(table, ids) }
      try {
        db.exec(search.before)
        work()
      } finally {
        this.bulk = null
      }
      db.exec(search.after)
      const last = lastRid()
      for (let rid = before; rid < last; rid += ROWS_A_SEARCH_WRITE)
        db.run(search.add, [rid, rid + ROWS_A_SEARCH_WRITE])
    })
  }

  private idsHere(table: AnyTable, ids: readonly string[]): ReadonlySet<string> {
    const found = this.db.all<{ id: string }>(
      `SELECT id FROM ${table.sqlName} WHERE id IN (SELECT value FROM json_each(?))`,
      [JSON.stringify(ids)],
    )
    return new Set(found.map(({ id }) => id))
  }

  delete(table: AnyTable, id: string): void {
    this.db.run(`DELETE FROM ${table.sqlName} WHERE id = ?`, [id])
  }
}

/** A key may lack the field that names the bucket (a date, a branch): then nothing tells where the row would be. */
function bucketsOfKey(table: AnyTable, key: Readonly<Record<string, unknown>>): readonly string[] {
  try {
    return table.bucketsOf(completeRow(table, '', key))
  } catch (fault) {
    if (fault instanceof TypeError) return []
    throw fault
  }
}

/** The text for ranges of one shape, by table and shape: one text, because one put together anew is hashed anew to find its statement. */
const finds = new WeakMap<AnyTable, Map<string, string>>()

function findSql(table: AnyTable, range: Range): string {
  const { index, eq, from, to, desc, limit } = range
  const shape = `${index} ${eq.length}${from === null ? '' : ' from'}${to === null ? '' : ' to'}${desc ? ' desc' : ''}${limit === null ? '' : ' limit'}`
  let shapes = finds.get(table)
  if (shapes === undefined) finds.set(table, (shapes = new Map()))
  let text = shapes.get(shape)
  if (text === undefined) shapes.set(shape, (text = textOf(table, range)))
  return text
}

function textOf(table: AnyTable, { columns, eq, from, to, desc, limit }: Range): string {
  const column = (index: number): string => `"${columnOf(columns[index] as string)}"`
  const where = ['gone_at IS NULL', ...eq.map((_, index) => `${column(index)} IS ?`)]
  if (from !== null) where.push(`${column(eq.length)} >= ?`)
  if (to !== null) where.push(`${column(eq.length)} <= ?`)
  const direction = desc ? 'DESC' : 'ASC'
  const order = [...columns.slice(eq.length).map((name) => `"${columnOf(name)}"`), 'id'].map(
    (each) => `${each} ${direction}`,
  )
  const text = `SELECT ${codecOf(table).selected} FROM ${table.sqlName} WHERE ${where.join(' AND ')} ORDER BY ${order.join(', ')}`
  return limit === null ? text : `${text} LIMIT ?`
}

function paramsOf({ eq, from, to, limit }: Range): SqliteValue[] {
  const params = eq.map((value) => (typeof value === 'boolean' ? (value ? 1 : 0) : (value as SqliteValue)))
  for (const bound of [from, to, limit]) if (bound !== null) params.push(bound)
  return params
}
