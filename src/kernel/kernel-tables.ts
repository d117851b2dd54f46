// The kernel's own tables: chains between documents, named exceptions, values that lost a merge, parked commands.
// They sync like any other table; exceptions, lost values and review items are written on the hub only.
import { quantity6 } from './amount.ts'
import { keptArguments } from './blob.ts'
import { code, flag, instant, integer, json, quantity, ref, set, text } from './field.ts'
import type { Numbers } from './number-series.ts'
import type { Base } from './run.ts'
import { table } from './table.ts'

/** A typed chain from one document or line to another: what was ordered, delivered, billed, paid, returned. */
export const link = table('kernel.link', {
  fields: {
    fromTable: code(),
    fromId: text(64),
    toTable: code(),
    toId: text(64),
    kind: code(),
    quantity: quantity().default(quantity6(0)),
    branch: ref('masters.branch'),
  },
  indexes: { byFrom: ['fromId', 'kind'], byTo: ['toId', 'kind'] },
  buckets: (row) => [`links:${row.branch}`],
})

/** A fact stands although a rule failed; somebody looks at it (documents.md §19). */
export const exception = table('kernel.exception', {
  side: 'hub',
  fields: {
    code: code(),
    facts: json(),
    command: code(),
    dev: text(16),
    ep: integer(),
    seq: integer(),
    user: text(64),
    branch: text(64),
    /** The duty that it goes to (exception-owner.ts); null for a code of another release. */
    owner: text(64).optional(),
    /** Above all others: recalled goods went out. */
    isUrgent: flag().default(false),
    raisedAt: instant(),
    state: code(['open', 'closed']),
    closedBy: text(64).optional(),
    closedAt: instant().optional(),
    remark: text().optional(),
  },
  indexes: { byState: ['state', 'raisedAt'], byCommand: ['dev', 'ep', 'seq'] },
  // Whoever has the duty carries its exceptions without the whole review of the branch.
  buckets: (row) => [
    `review:${row.branch}`,
    `device:${row.dev}`,
    ...(row.owner === null ? [] : [`duty:${row.owner}:${row.branch}`]),
  ],
})

/** A value that lost a merge: kept, shown, restorable. */
export const lostValue = table('kernel.lostValue', {
  side: 'hub',
  fields: {
    table: code(),
    rowId: text(64),
    field: text(64),
    base: json<unknown>().optional(),
    kept: json<unknown>().optional(),
    lost: json<unknown>().optional(),
    /** The losing value was the editing command's own. */
    isMine: flag(),
    isSensitive: flag(),
    /** The rule that decided, and whether it was the company's own (absent in older rows: the declared one). */
    rule: code().optional(),
    isOwnRule: flag().default(false),
    by: text(64),
    dev: text(16),
    at: instant(),
    /** Who had changed it before, and when, where that is known. */
    otherBy: text(64).optional(),
    otherAt: instant().optional(),
    buckets: set(),
    state: code(['open', 'restored', 'dismissed']),
    settledBy: text(64).optional(),
    settledAt: instant().optional(),
    remark: text().optional(),
  },
  indexes: { byRow: ['table', 'rowId'], byState: ['state', 'at'] },
  buckets: (row) => row.buckets,
})

/** A company's own merge rule for one field; where there is none the declared one holds. Devices and hub decide by it alike. */
export const mergeRule = table('kernel.mergeRule', {
  key: ['table', 'field'],
  fields: {
    table: code(),
    field: text(64),
    rule: code(['later', 'first', 'larger', 'smaller', 'union', 'append']),
    setBy: text(64).merge('stamp'),
    setAt: instant().merge('stamp'),
  },
  buckets: () => ['company'],
  whole: ['company'],
})

/** Who changed a field last, so that a clash can name both people. Never synced: the lost value carries what it says. */
export const fieldEdit = table('kernel.fieldEdit', {
  side: 'hub',
  key: ['table', 'row', 'field'],
  fields: { table: code(), row: text(64), field: text(64), by: text(64), at: instant() },
})

/** A parked command, with the whole sealed envelope and the reason; it never blocks the ones behind it. */
export const reviewItem = table('kernel.reviewItem', {
  side: 'hub',
  fields: {
    dev: text(16),
    ep: integer(),
    seq: integer(),
    command: code(),
    version: integer(),
    seal: text(64),
    /** As the handler would see them, so that people can read what they decide about; erased with the command's personal values. */
    args: keptArguments().personal(),
    /** What its author saw of the rows it edits, and the legal numbers it drew: what it would do can be shown before it is sent again. */
    base: json<Base>().optional().personal(),
    nos: json<Numbers>().optional(),
    reason: code(),
    facts: json(),
    user: text(64),
    branch: text(64),
    about: json(),
    capturedAt: instant(),
    parkedAt: instant(),
    /** The parked command that would have made a row this one needs: it runs again with that one, and asks nobody meanwhile. */
    waitsFor: ref('kernel.reviewItem').optional(),
    /** That one was discarded, which a device of other buckets can't see: nothing will make the row, so people are asked about this one. */
    isLetGo: flag().optional().since(2),
    state: code(['open', 'resubmitted', 'forced', 'discarded']),
    settledBy: text(64).optional(),
    settledAt: instant().optional(),
    remark: text().optional(),
  },
  indexes: {
    byState: ['state', 'parkedAt'],
    byCapture: ['state', 'capturedAt'],
    byParent: ['waitsFor', 'state'],
    byCommand: ['dev', 'ep', 'seq'],
  },
  buckets: (row) => [`review:${row.branch}`, `device:${row.dev}`],
})

export const kernelTables = [link, exception, lostValue, mergeRule, fieldEdit, reviewItem]
