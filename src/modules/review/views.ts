// What waits for people: parked commands, exceptions, lost values.
import { exception, lostValue, reviewItem } from '../../kernel/kernel-tables.ts'
import { view } from '../../kernel/view.ts'
import { item } from '../masters/item.ts'
import { branch, till, warehouse } from '../masters/organisation.ts'
import { contact, party } from '../masters/party.ts'
import { user } from '../masters/people.ts'
import { priceList } from '../masters/price.ts'

export interface ReviewRow {
  readonly id: string
  readonly dev: string
  readonly seq: number
  readonly command: string
  readonly reason: string
  /** JSON text: facts and arguments. */
  readonly facts: string
  readonly args: string
  /** JSON text: how the command described itself. */
  readonly about: string
  readonly user: string
  readonly branch: string
  readonly capturedAt: number
  readonly state: string
}

export const parkedList = view<ReviewRow>()('review.parkedList', [reviewItem], (args: { state?: string }) => ({
  text: `SELECT id, dev, seq, command, reason, facts, args, about, "user", branch, captured_at AS capturedAt, state FROM kernel_review_item
    WHERE gone_at IS NULL AND state = ? ORDER BY captured_at, id`,
  params: [args.state ?? 'open'],
}))

export interface ExceptionRow {
  readonly id: string
  readonly code: string
  readonly facts: string
  readonly command: string
  readonly dev: string
  readonly seq: number
  readonly user: string
  readonly branch: string
  /** The duty that it goes to: `storekeeper`. */
  readonly owner: string | null
  readonly isUrgent: number
  readonly raisedAt: number
}

/** Open exceptions, what can't wait first; with `duties`, only those that go to one of them: "mine". */
export const exceptionList = view<ExceptionRow>()(
  'review.exceptionList',
  [exception],
  (args: { duties?: readonly string[] }) => ({
    text: `SELECT id, code, facts, command, dev, seq, "user", branch, owner, is_urgent AS isUrgent, raised_at AS raisedAt FROM kernel_exception
      WHERE gone_at IS NULL AND state = 'open' AND (?1 IS NULL OR owner IN (SELECT value FROM json_each(?1)))
      ORDER BY is_urgent DESC, raised_at, id`,
    params: [args.duties === undefined ? null : JSON.stringify(args.duties)],
  }),
)

export interface LostRow {
  readonly id: string
  readonly table: string
  readonly rowId: string
  readonly field: string
  /** JSON texts. */
  readonly base: string | null
  readonly kept: string | null
  readonly lost: string | null
  readonly isMine: number
  readonly by: string
  readonly at: number
}

export const lostList = view<LostRow>()('review.lostList', [lostValue], () => ({
  text: `SELECT id, "table", row_id AS rowId, field, base, kept, lost, is_mine AS isMine, "by", at FROM kernel_lost_value
    WHERE gone_at IS NULL AND state = 'open' ORDER BY at, id`,
  params: [],
}))

/** What rows are called, by their ids: facts name rows by id only. Ids that this device doesn't hold are left out. */
export const names = view<{ readonly id: string; readonly name: string }>()(
  'review.names',
  [item, party, contact, user, branch, warehouse, till, priceList],
  (args: { ids: readonly string[] }) => ({
    text: [item, party, contact, user, branch, warehouse, till, priceList]
      .map(
        ({ sqlName }) =>
          `SELECT id, name FROM ${sqlName} WHERE gone_at IS NULL AND id IN (SELECT value FROM json_each(?1))`,
      )
      .join(' UNION ALL '),
    params: [JSON.stringify(args.ids)],
  }),
)

export const reviewViews = [parkedList, exceptionList, lostList, names]
