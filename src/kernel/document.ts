// Documents share one lifecycle: draft → submitted → cancelled. A header carries who, where, when; its lines belong to
// it and live in its buckets. Submitting posts ledger entries, cancelling reverses them; nothing posted is ever changed.
import type { Context } from './command.ts'
import { code, date, instant, rate, ref, text, type Fields } from './field.ts'
import { checkDay, monthOf } from './period.ts'
import { table, type AnyTable, type Table, type TableOptions } from './table.ts'

export { monthOf } from './period.ts'

/**
 * The bucket of a piece of work: its month once it is done, and until then the one of open work, which no retention drops. The day must
 * never change. [BKT4]
 */
export const workBucket = (
  kind: string,
  place: string,
  of: { readonly day: string; readonly isOpen: boolean },
): string => `${kind}:${place}:${of.isOpen ? 'open' : monthOf(of.day)}`

export const documentStates = ['draft', 'submitted', 'cancelled'] as const

const headerFields = {
  company: ref('masters.company'),
  branch: ref('masters.branch'),
  /** The legal or internal number, drawn from a device series. */
  number: text(32).optional(),
  state: code(documentStates),
  businessDate: date(),
  capturedAt: instant(),
  tz: text(64),
  device: text(16),
  user: ref('masters.user'),
  currency: code(),
  exchangeRate: rate().optional(),
  remarks: text().optional(),
  /** Unique token of the system it was imported from. */
  externalRef: text(128).optional(),
  source: code().optional(),
}
export type HeaderFields = typeof headerFields

/** A document's header table: the common header fields (documents.md §0.1) and its own. */
export const document = <const F extends Fields>(
  name: string,
  options: TableOptions<F & HeaderFields> & { readonly fields: F },
): Table<F & HeaderFields> =>
  table<F & HeaderFields>(name, {
    ...options,
    fields: { ...headerFields, ...options.fields },
    isDocument: true,
  })

const lineFields = { document: text(64) }

/** A document's lines: each points at its header by `document`, and is found by the index `byParent`. */
export const lines = <const F extends Fields>(
  name: string,
  header: AnyTable,
  options: Omit<TableOptions<F>, 'parent' | 'buckets'>,
): Table<F & typeof lineFields> =>
  table<F & typeof lineFields>(name, {
    ...options,
    fields: { ...lineFields, ...options.fields },
    parent: { table: header, field: 'document' },
  })

export interface HeaderGiven {
  readonly businessDate: string
  readonly currency: string
  /** Default: the lease's company and branch. */
  readonly company?: string | null | undefined
  readonly branch?: string | null | undefined
  readonly remarks?: string | null | undefined
  readonly externalRef?: string | null | undefined
  readonly source?: string | null | undefined
  /** A document without entries may carry a day of a closed month. */
  readonly postsNothing?: boolean
}

/** The header values that come from the envelope and the lease. */
export function headerOf(ctx: Context, given: HeaderGiven) {
  const company = given.company ?? ctx.lease.company
  if (given.postsNothing !== true) checkDay(ctx, company, given.businessDate)
  return headerValues(ctx, company, given)
}

const headerValues = (ctx: Context, company: string, given: HeaderGiven) => ({
  company,
  branch: given.branch ?? ctx.lease.branch,
  businessDate: given.businessDate,
  capturedAt: ctx.now,
  tz: ctx.tz,
  device: ctx.device,
  user: ctx.user,
  currency: given.currency,
  remarks: given.remarks ?? null,
  externalRef: given.externalRef ?? null,
  source: given.source ?? null,
})
