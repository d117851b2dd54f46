// What waits for people: parked commands, exceptions, lost values.
import type { AnyCommand } from '../../kernel/command.ts'
import type { MergeRule } from '../../kernel/field.ts'
import { exception, lostValue, mergeRule, reviewItem } from '../../kernel/kernel-tables.ts'
import { choosableRules, ruleFits } from '../../kernel/merge.ts'
import type { AnyTable } from '../../kernel/table.ts'
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
  /** When the hub received it: how long it has been waiting. */
  readonly parkedAt: number
  readonly state: string
}

/** What waits for people; what only waits for another parked command isn't theirs to decide. [REV4] */
export const parkedList = view<ReviewRow>()('review.parkedList', [reviewItem], (args: { state?: string }) => ({
  text: `SELECT r.id, r.dev, r.seq, r.command, r.reason, r.facts, r.args, r.about, r."user", r.branch, r.captured_at AS capturedAt,
      r.parked_at AS parkedAt, r.state
    FROM kernel_review_item r
    WHERE r.gone_at IS NULL AND r.state = ? AND NOT EXISTS (
      SELECT 1 FROM kernel_review_item p WHERE p.id = r.waits_for AND p.state = 'open' AND p.gone_at IS NULL)
    ORDER BY r.captured_at, r.id`,
  params: [args.state ?? 'open'],
}))

export interface WaitingRow {
  readonly id: string
  readonly command: string
  readonly about: string
  readonly args: string
  readonly user: string
  readonly capturedAt: number
}

/** What waits for a parked command, and for what waits for it, in the order it was captured. */
export const waitingWork = view<WaitingRow>()('review.waitingWork', [reviewItem], (args: { item: string }) => ({
  text: `WITH RECURSIVE waiting (id) AS (
      SELECT id FROM kernel_review_item WHERE waits_for = ? AND state = 'open' AND gone_at IS NULL
      UNION SELECT r.id FROM kernel_review_item r JOIN waiting w ON r.waits_for = w.id WHERE r.state = 'open' AND r.gone_at IS NULL)
    SELECT r.id, r.command, r.about, r.args, r."user", r.captured_at AS capturedAt
    FROM kernel_review_item r JOIN waiting USING (id) ORDER BY r.captured_at, r.id`,
  params: [args.item],
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
  readonly isSensitive: number
  /** The rule that decided, and whether it is the company's own. */
  readonly rule: string | null
  readonly isOwnRule: number
  readonly by: string
  readonly at: number
  /** Who had changed it before, where that is known. */
  readonly otherBy: string | null
  readonly otherAt: number | null
  /** Where whoever made it lose worked. */
  readonly branch: string | null
}

export const lostList = view<LostRow>()('review.lostList', [lostValue], () => ({
  text: `SELECT id, "table", row_id AS rowId, field, base, kept, lost, is_mine AS isMine, is_sensitive AS isSensitive,
      rule, is_own_rule AS isOwnRule, "by", at, other_by AS otherBy, other_at AS otherAt,
      (SELECT substr(value, 8) FROM json_each(buckets) WHERE value LIKE 'review:%' LIMIT 1) AS branch
    FROM kernel_lost_value WHERE gone_at IS NULL AND state = 'open' ORDER BY is_sensitive DESC, at, id`,
  params: [],
}))

/** How long what was decided had waited: the time to a settled state, by kind and type. Clocks of two sides: never less than nothing. */
export const settledTimes = view<{
  readonly kind: 'parked' | 'exception' | 'value'
  /** The command that was parked, the exception's code, the field as `table.field`. */
  readonly type: string
  readonly settled: number
  readonly averageMs: number
  readonly longestMs: number
}>()('review.settledTimes', [reviewItem, exception, lostValue], () => ({
  text: `SELECT kind, type, COUNT(*) AS settled, CAST(AVG(ms) AS INTEGER) AS averageMs, MAX(ms) AS longestMs FROM (
      SELECT 'parked' AS kind, command AS type, MAX(settled_at - parked_at, 0) AS ms FROM kernel_review_item WHERE settled_at IS NOT NULL AND gone_at IS NULL
      UNION ALL
      SELECT 'exception', code, MAX(closed_at - raised_at, 0) FROM kernel_exception WHERE closed_at IS NOT NULL AND gone_at IS NULL
      UNION ALL
      SELECT 'value', "table" || '.' || field, MAX(settled_at - at, 0) FROM kernel_lost_value WHERE settled_at IS NOT NULL AND gone_at IS NULL)
    GROUP BY kind, type ORDER BY kind, type`,
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

export interface MergeFieldRow {
  readonly table: string
  readonly field: string
  /** The rule that holds without an own one. */
  readonly declared: MergeRule
  /** JSON text: the rules that mean something for it. */
  readonly fits: string
  readonly isSensitive: number
  /** The company's own rule, who set it and when. */
  readonly own: MergeRule | null
  readonly setBy: string | null
  readonly setAt: number | null
  /** An edit of today's release sets it. */
  readonly isEdited: number
  /** Values of it that lost, as far as this device holds them. */
  readonly clashes: number
}

/**
 * The fields that two people can disagree about, with their rules: what an edit sets, and whatever has clashed or has a rule already.
 * `tables`: as `setMergeRuleOf` takes them.
 */
export const mergeFieldsOf = (tables: ReadonlyMap<string, AnyTable>, commands: readonly AnyCommand[]) => {
  const edited = new Set(
    commands.flatMap(({ edits }) => edits?.fields.map((field) => `${edits.table.name}.${field}`) ?? []),
  )
  const fields = [...tables.values()].flatMap((table) =>
    table.side === 'hub'
      ? []
      : table.fieldNames.flatMap((field) => {
          const traits = table.fields[field]?.traits
          if (traits === undefined || traits.isDelta === true || traits.merge === 'stamp') return []
          const fits = choosableRules.filter((rule) => ruleFits(rule, traits))
          const isSensitive = traits.isSensitive === true ? 1 : 0
          const isEdited = edited.has(`${table.name}.${field}`) ? 1 : 0
          return [{ table: table.name, field, declared: traits.merge ?? 'later', fits, isSensitive, isEdited }]
        }),
  )
  const all = JSON.stringify(fields)
  return view<MergeFieldRow>()('review.mergeFields', [mergeRule, lostValue], () => ({
    text: `SELECT * FROM (
        SELECT json_extract(f.value, '$.table') AS "table", json_extract(f.value, '$.field') AS field, json_extract(f.value, '$.declared') AS declared,
          json_extract(f.value, '$.fits') AS fits, json_extract(f.value, '$.isSensitive') AS isSensitive,
          json_extract(f.value, '$.isEdited') AS isEdited, m.rule AS own, m.set_by AS setBy, m.set_at AS setAt,
          (SELECT COUNT(*) FROM kernel_lost_value l
           WHERE l."table" = json_extract(f.value, '$.table') AND l.field = json_extract(f.value, '$.field') AND l.gone_at IS NULL) AS clashes
        FROM json_each(?1) f LEFT JOIN kernel_merge_rule m
          ON m."table" = json_extract(f.value, '$.table') AND m.field = json_extract(f.value, '$.field') AND m.gone_at IS NULL)
      WHERE isEdited = 1 OR own IS NOT NULL OR clashes > 0
      ORDER BY "table", field`,
    params: [all],
  }))
}

/** Clashes of one field that were settled, the newest first, whatever people made of them since. */
export const pastClashes = view<{
  readonly id: string
  readonly rowId: string
  /** JSON texts. */
  readonly base: string | null
  readonly kept: string | null
  readonly lost: string | null
  readonly isMine: number
  readonly state: 'open' | 'restored' | 'dismissed'
  readonly at: number
}>()('review.pastClashes', [lostValue], (args: { table: string; field: string; limit?: number }) => ({
  text: `SELECT id, row_id AS rowId, base, kept, lost, is_mine AS isMine, state, at FROM kernel_lost_value
    WHERE "table" = ? AND field = ? AND gone_at IS NULL ORDER BY at DESC, id LIMIT ?`,
  params: [args.table, args.field, args.limit ?? 200],
}))

export const reviewViews = [parkedList, waitingWork, settledTimes, exceptionList, lostList, names, pastClashes]
