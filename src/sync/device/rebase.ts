// Puts the live tables right after the hub's truth arrived: restores the hub's images of the rows that are in question,
// then runs the pending commands that are connected with them again, in order. Every command's new effect hash becomes
// its latest prediction. What ran again must come to the same rows as if everything had run again, or it is undone and
// more of it runs.
import { BugError } from '../../kernel/assert.ts'
import { effOf, Effects } from '../../kernel/effects.ts'
import type { Range, Reader } from '../../kernel/reader.ts'
import { runCommand, type Run } from '../../kernel/run.ts'
import type { AnyTable } from '../../kernel/table.ts'
import { SqliteError } from '../../store/sqlite/sqlite-error.ts'
import { openEnvelope, parseEnvelope, spaceOf } from '../envelope.ts'
import type { Personal } from '../protocol.ts'
import { Component, type Seeds } from './component.ts'
import type { Replica } from './replica.ts'

interface PendingRow {
  readonly seq: number
  readonly line: string
  readonly pd: string | null
}

/** What a run leaves in the live tables and in the book of touches. */
type Prediction = Pick<Run, 'effects' | 'reads' | 'ranges'>

/** Of the pending commands: beyond it the search for what is connected costs more than running everything. */
const SHARE_MAX = 0.25
/** A trial that reached others is widened and tried again so often; then everything runs. */
const TRIALS_MAX = 4

/**
 * Runs again what is connected to the seeds, or everything. Returns the names of the tables it wrote. Inside the caller's
 * transaction. `shareMax` 0: everything, always. [REB3]
 */
export function rebase(replica: Replica, seeds: Seeds, shareMax = SHARE_MAX): ReadonlySet<string> {
  const { db } = replica
  if (seeds.isEmpty) return new Set()
  const pending = db.get<{ n: number }>('SELECT COUNT(*) AS n FROM outbox WHERE is_settled = 0')?.n ?? 0
  if (seeds.isAll || shareMax === 0) return rebaseAll(replica)
  const component = new Component(replica, seeds, Math.max(shareMax * pending, 1))
  for (let trial = 0; trial < TRIALS_MAX; trial++) {
    if (!component.grow()) break
    if (component.rows.size === 0 && component.commands.size === 0) return new Set()
    const tables = tryComponent(replica, component)
    if (tables !== null) return tables
  }
  return rebaseAll(replica)
}

class Widened extends Error {}

/** Null when the commands reached beyond the component, or others' sums fit no more: nothing is changed then. */
function tryComponent(replica: Replica, component: Component): ReadonlySet<string> | null {
  try {
    return replica.db.transaction(() => {
      const tables = replayComponent(replica, component)
      if (!component.isClosed()) throw new Widened()
      return tables
    })
  } catch (thrown) {
    if (thrown instanceof Widened || thrown instanceof BugError) return null
    throw thrown
  }
}

function replayComponent(replica: Replica, { rows, commands }: Component): ReadonlySet<string> {
  const { store, touches, catalogue } = replica
  const tables = new Set<string>()
  const sums: { seq: number; table: AnyTable; id: string; add: Record<string, number> }[] = []
  for (const { tbl, id } of rows.values()) {
    const table = catalogue.tables.get(tbl)
    if (table === undefined) continue
    tables.add(tbl)
    const shadow = touches.shadow(table, id)
    if (shadow?.image === null) store.delete(table, id)
    else if (shadow !== null) store.put(table, shadow.image)
    for (const { seq, deltas } of touches.of(table, id))
      if (deltas !== null && !commands.has(seq)) sums.push({ seq, table, id, add: deltas })
  }
  touches.forget(commands)
  sums.sort((a, b) => a.seq - b.seq)
  let at = 0
  const addSumsBefore = (seq: number): void => {
    for (let sum = sums[at]; sum !== undefined && sum.seq < seq; sum = sums[++at]) {
      const { table, id, add } = sum
      store.applyOp({ table, id, insert: null, patch: null, add, frame: null, removedAt: null })
    }
  }
  for (const row of pendingOf(replica, commands)) {
    addSumsBefore(row.seq)
    replay(replica, row, tables)
  }
  addSumsBefore(Number.POSITIVE_INFINITY)
  for (const { tbl, id } of rows.values()) {
    const table = catalogue.tables.get(tbl)
    if (table !== undefined && touches.of(table, id).every(({ mode }) => mode === 'read')) touches.dropShadow(table, id)
  }
  return tables
}

/** Those of the commands that still are predicted, in their order: what was refused or parked is not. */
function pendingOf({ db }: Replica, commands: ReadonlySet<number>): PendingRow[] {
  const found: PendingRow[] = []
  for (const seq of [...commands].sort((a, b) => a - b)) {
    const row = db.get<PendingRow>(
      "SELECT seq, line, pd FROM outbox WHERE seq = ? AND is_settled = 0 AND state NOT IN ('refused', 'parked')",
      [seq],
    )
    if (row !== undefined) found.push(row)
  }
  return found
}

/** Restores every touched row from its shadow and re-runs all unsettled commands. */
function rebaseAll(replica: Replica): ReadonlySet<string> {
  const { db, store, touches, catalogue } = replica
  const tables = new Set<string>()
  for (const { tbl, id, image } of touches.shadows()) {
    const table = catalogue.tables.get(tbl)
    if (table === undefined) continue
    tables.add(tbl)
    if (image === null) store.delete(table, id)
    else store.put(table, image)
  }
  touches.clear()
  const pending = db.all<PendingRow>(
    "SELECT seq, line, pd FROM outbox WHERE is_settled = 0 AND state NOT IN ('refused', 'parked') ORDER BY seq",
  )
  for (const row of pending) replay(replica, row, tables)
  return tables
}

/** Names of tables that it wrote go to `tables`. */
function replay(replica: Replica, row: PendingRow, tables: Set<string>): void {
  const { db, touches } = replica
  const run = predict(replica, row)
  try {
    db.transaction(() => touches.apply(row.seq, run))
    db.run('UPDATE outbox SET predicted = ? WHERE seq = ?', [effOf(run.effects), row.seq])
    for (const { tbl } of touches.writtenBy(row.seq)) tables.add(tbl)
  } catch (fault) {
    // An insert over a row that came from the hub meanwhile, a sum out of range: this device can't predict it; the command
    // stays pending, and runs again when what it looked at or would have written changes.
    const isUnpredictable = fault instanceof BugError || (fault instanceof SqliteError && fault.kind === 'constraint')
    if (!isUnpredictable) throw fault
    const reads = new Map(run.reads.map((read) => [`${read.table.name} ${read.id}`, read]))
    for (const { table, id } of run.effects) reads.set(`${table.name} ${id}`, { table, id })
    touches.apply(row.seq, { effects: new Effects(), reads: [...reads.values()], ranges: run.ranges })
    db.run("UPDATE outbox SET predicted = '' WHERE seq = ?", [row.seq])
  }
}

/** Runs a pending command again on today's rows. */
function predict(replica: Replica, row: PendingRow): Prediction {
  const { catalogue } = replica
  const identity = replica.identity()
  const held = replica.lease()
  const seen = new Seen(replica.store)
  const envelope = parseEnvelope(row.line)
  if (identity === null || held === null || envelope === null) return seen.withoutEffects()
  const opened = openEnvelope(catalogue, envelope, row.pd === null ? null : (JSON.parse(row.pd) as Personal))
  if (!opened.ok || opened.command === null) return seen.withoutEffects()
  const frame = {
    tenant: identity.tenant,
    dev: envelope.dev,
    ...spaceOf(envelope),
    at: envelope.at,
    tz: envelope.tz,
    lease: held.lease.user === envelope.user ? held.lease : { ...held.lease, user: envelope.user },
    nos: envelope.nos ?? {},
    base: opened.base,
  }
  try {
    const run = runCommand(opened.command, opened.args, { phase: 'replay', reader: seen, frame })
    return run.refusal === null ? run : seen.withoutEffects()
  } catch (bug) {
    // On today's rows the handler breaks an invariant (its row was taken away): the hub will park it; nothing is lost.
    if (bug instanceof BugError) return seen.withoutEffects()
    throw bug
  }
}

/**
 * Remembers all that a run looked at, soft reads too: a command that can't be predicted on today's rows (the hub decides,
 * and the difference counts as adjusted) runs again when any of that changes, or it would stay unpredicted for ever.
 */
class Seen implements Reader {
  private readonly reader: Reader
  private readonly reads = new Map<string, { table: AnyTable; id: string }>()
  private readonly ranges: { table: AnyTable; range: Range }[] = []

  constructor(reader: Reader) {
    this.reader = reader
  }

  get(table: AnyTable, id: string, key: Parameters<Reader['get']>[2]): ReturnType<Reader['get']> {
    this.reads.set(`${table.name} ${id}`, { table, id })
    return this.reader.get(table, id, key)
  }

  find(table: AnyTable, range: Range): ReturnType<Reader['find']> {
    this.ranges.push({ table, range })
    return this.reader.find(table, range)
  }

  withoutEffects(): Prediction {
    return { effects: new Effects(), reads: [...this.reads.values()], ranges: this.ranges }
  }
}
