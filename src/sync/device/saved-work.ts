// Reads the outbox as its author sees it: each command's state, why, and what people made of it when it was parked. It
// reads durable rows only and changes nothing.
import type { Facts } from '../../kernel/refusal.ts'
import type { Sqlite } from '../../store/sqlite/engine.ts'
import { rowId } from '../../kernel/hash.ts'
import { lostLabel } from '../../kernel/settle-row.ts'
import type { Outcome } from '../protocol.ts'
import { OUTBOX_NEWEST, type Decision, type OutboxEntry, type OutboxState } from './api.ts'
import type { Identity } from './replica.ts'

/** The review item of a parked command comes down in the bucket of the device that saved it. [REV3] */
const WITH_DECISION = `outbox o LEFT JOIN kernel_review_item r
  ON r.dev = ? AND r.ep = o.epoch AND r.seq = o.seq AND r.gone_at IS NULL
  LEFT JOIN kernel_review_item p ON p.id = r.waits_for AND p.gone_at IS NULL`
/** Whether it waits for another parked command: one of another device may not be known here. */
const WAITS = `(r.state = 'open' AND r.waits_for IS NOT NULL AND r.is_let_go IS NOT 1 AND coalesce(p.state, 'open') = 'open')`
/** A parked command that was taken after all needs nobody; one that was discarded is to be seen. */
const NEEDS_AUTHOR = `o.is_acknowledged = 0 AND (o.state = 'refused' OR (o.state = 'parked' AND coalesce(r.state, 'open') IN ('open', 'discarded') AND NOT coalesce(${WAITS}, 0)))`

interface Stored {
  readonly seq: number
  readonly epoch: number
  readonly type: string
  readonly about: string
  readonly at: number
  readonly user: string
  readonly state: OutboxState
  readonly outcome: string | null
  readonly needsYou: number
  readonly decided: Decision['state'] | null
  readonly by: string
  readonly remark: string | null
  readonly waits: number | null
  readonly parent: string | null
  readonly isOutside: number
  readonly isSettled: number
  readonly reviewItem: string | null
}

interface Lost {
  readonly id: string
  readonly table: string
  readonly rowId: string
  readonly field: string
  readonly isMine: number
  readonly at: number
  readonly otherBy: string | null
  readonly otherAt: number | null
}

type Owner = Pick<Identity, 'tenant' | 'dev'>
type Work = Pick<Stored, 'at' | 'user' | 'seq' | 'epoch'>

/** Whoever came second lost by the rule, and its command gave the lost value its id; or whoever came first, told by person and moment. */
function lostOf(db: Sqlite, { tenant, dev }: Owner): (work: Work) => OutboxEntry['lost'] {
  const found = db.all<Lost>(
    `SELECT id, "table", row_id AS rowId, field, is_mine AS isMine, at, other_by AS otherBy, other_at AS otherAt FROM kernel_lost_value
     WHERE state = 'open' AND gone_at IS NULL AND (dev = ? OR is_mine = 0) ORDER BY at, id`,
    [dev],
  )
  const isOf = (lost: Lost, { at, seq, epoch }: Work): boolean =>
    lost.at === at &&
    lost.id === rowId({ tenant, device: dev, epoch, seq, at, label: lostLabel(lost.table, lost.rowId, lost.field) })
  return (work) =>
    found
      .filter((lost) => (lost.isMine === 1 ? isOf(lost, work) : lost.otherBy === work.user && lost.otherAt === work.at))
      .map(({ id, field }) => ({ id, field }))
}

/** Rows that an edit or a request was about which the hub didn't take: it says so on the row, until somebody decides. `?1`: the table. */
export const ROWS_IN_QUESTION_SQL = `SELECT e.key AS id, o.state FROM outbox o
  JOIN json_each(o.line, '$.base."' || ?1 || '"') e
  LEFT JOIN kernel_review_item r ON r.dev = (SELECT json_extract(value, '$.dev') FROM meta WHERE key = 'identity')
    AND r.ep = o.epoch AND r.seq = o.seq AND r.gone_at IS NULL
  WHERE (o.state = 'refused' AND o.is_acknowledged = 0) OR (o.state = 'parked' AND coalesce(r.state, 'open') = 'open')
  ORDER BY o.seq`

export const needsAuthor = (db: Sqlite, dev: string): number =>
  db.get<{ n: number }>(
    `SELECT COUNT(*) AS n FROM ${WITH_DECISION} WHERE o.state IN ('refused', 'parked') AND ${NEEDS_AUTHOR}`,
    [dev],
  )?.n ?? 0

export function savedWork(db: Sqlite, identity: Owner): readonly OutboxEntry[] {
  const { dev } = identity
  const lost = lostOf(db, identity)
  return db
    .all<Stored>(
      `SELECT o.seq, o.epoch, o.type, o.about, o.at, o.user, o.state, o.outcome, o.is_settled AS isSettled, ${NEEDS_AUTHOR} AS needsYou,
         nullif(r.state, 'open') AS decided, r.settled_by AS by, r.remark, ${WAITS} AS waits, p.command AS parent, r.id AS reviewItem,
         EXISTS (SELECT 1 FROM outside_work w WHERE w.seq = o.seq) AS isOutside
       FROM ${WITH_DECISION} WHERE o.seq > (SELECT MAX(seq) FROM outbox) - ${OUTBOX_NEWEST}
         OR (o.state IN ('refused', 'parked') AND ${NEEDS_AUTHOR}) ORDER BY o.seq DESC`,
      [dev],
    )
    .map((entry) => {
      const { seq, type, about, at, user, state, outcome, needsYou, decided, by, remark, waits, parent } = entry
      const settled = outcome === null ? null : (JSON.parse(outcome) as Outcome)
      return {
        seq,
        command: type,
        about: JSON.parse(about) as Facts,
        at,
        user,
        state,
        reason: settled?.reason ?? null,
        facts: settled?.facts ?? {},
        needsYou: needsYou === 1,
        isSettled: entry.isSettled === 1,
        isOutside: entry.isOutside === 1,
        decision: decided === null ? null : { state: decided, by, remark },
        waitsFor: waits === 1 ? { command: parent } : null,
        reviewItem: state === 'parked' ? entry.reviewItem : null,
        lost: lost(entry),
      }
    })
}
