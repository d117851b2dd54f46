// Puts the live tables right after the hub's truth arrived: restores the hub's images, then runs the pending commands
// again in order. Every command's new effect hash becomes its latest prediction. Any seed may rebase everything.
import { effOf, Effects } from '../../kernel/effects.ts'
import { runCommand, type Run } from '../../kernel/run.ts'
import { SqliteError } from '../../store/sqlite/sqlite-error.ts'
import { BugError } from '../../kernel/assert.ts'
import { openEnvelope, parseEnvelope } from '../envelope.ts'
import type { Personal } from '../protocol.ts'
import type { Replica } from './replica.ts'

interface PendingRow {
  readonly seq: number
  readonly line: string
  readonly pd: string | null
}

/** A prediction that can't be made here: the hub decides, and the difference counts as adjusted. */
const NO_PREDICTION: Pick<Run, 'effects' | 'reads' | 'ranges'> = { effects: new Effects(), reads: [], ranges: [] }

/** Restores every touched row from its shadow and re-runs all unsettled commands. Inside the caller's transaction. [REB3] */
export function rebaseAll(replica: Replica): void {
  const { db, store, touches, catalogue } = replica
  for (const { tbl, id, image } of db.all<{ tbl: string; id: string; image: string | null }>(
    'SELECT tbl, id, image FROM shadow',
  )) {
    const table = catalogue.tables.get(tbl)
    if (table === undefined) continue
    if (image === null) store.delete(table, id)
    else store.put(table, JSON.parse(image))
  }
  touches.clear()
  const pending = db.all<PendingRow>(
    "SELECT seq, line, pd FROM outbox WHERE is_settled = 0 AND state NOT IN ('refused', 'parked') ORDER BY seq",
  )
  for (const row of pending) replay(replica, row)
}

function replay(replica: Replica, row: PendingRow): void {
  const { db, touches } = replica
  const run = predict(replica, row)
  try {
    db.transaction(() => touches.apply(row.seq, run))
    db.run('UPDATE outbox SET predicted = ? WHERE seq = ?', [effOf(run.effects), row.seq])
  } catch (fault) {
    // An insert over a row, or a sum past what is exact, that came from the hub meanwhile: this device can't predict it; the
    // command stays pending.
    const isUnfit = fault instanceof BugError || (fault instanceof SqliteError && fault.kind === 'constraint')
    if (!isUnfit) throw fault
    db.run("UPDATE outbox SET predicted = '' WHERE seq = ?", [row.seq])
  }
}

/** Runs a pending command again on today's rows. */
function predict(replica: Replica, row: PendingRow): Run {
  const { catalogue } = replica
  const identity = replica.identity()
  const held = replica.lease()
  const nothing: Run = {
    ...NO_PREDICTION,
    effects: new Effects(),
    refusal: null,
    exceptions: [],
    nos: {},
    about: {},
    base: {},
  }
  const envelope = parseEnvelope(row.line)
  if (identity === null || held === null || envelope === null) return nothing
  const opened = openEnvelope(catalogue, envelope, row.pd === null ? null : (JSON.parse(row.pd) as Personal))
  if (!opened.ok || opened.command === null) return nothing
  const frame = {
    tenant: identity.tenant,
    dev: envelope.dev,
    ep: envelope.ep,
    seq: envelope.seq,
    at: envelope.at,
    tz: envelope.tz,
    lease: held.lease.user === envelope.user ? held.lease : { ...held.lease, user: envelope.user },
    nos: envelope.nos ?? {},
    base: opened.base,
  }
  try {
    const run = runCommand(opened.command, opened.args, { phase: 'replay', reader: replica.store, frame })
    return run.refusal === null ? run : nothing
  } catch (bug) {
    // On today's rows the handler breaks an invariant (its row was taken away): the hub will park it; nothing is lost.
    if (bug instanceof BugError) return nothing
    throw bug
  }
}
