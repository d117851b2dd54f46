// The shift of a till: from the counted float to the blind count. It is a document: draft while open, submitted when
// closed, and never opened again; a document that comes after its close is an exception, not a new session.
import * as z from 'zod/mini'
import { ELSEWHERE, type Context } from '../../kernel/command.ts'
import { lines, workBucket } from '../../kernel/document.ts'
import { amount, code, date, flag, instant, integer, json, rate, ref, set } from '../../kernel/field.ts'
import type { Row } from '../../kernel/table.ts'
import { tenderKinds } from '../masters/organisation.ts'
import { refuse } from './guard.ts'
import { tillDocument } from './till-document.ts'

/** Coins and notes of one value. */
export interface Denomination {
  readonly valueMinor: number
  readonly count: number
}
const denominationSchema = z.array(
  z.strictObject({ valueMinor: z.int().check(z.gte(1)), count: z.int().check(z.gte(0)) }),
)
export const denominations = () => json<readonly Denomination[]>(denominationSchema)
export const denominationSum = (counted: readonly Denomination[]): number =>
  counted.reduce((sum, { valueMinor, count }) => sum + valueMinor * count, 0)

/** A document of the shift as its close lists it: parked ones too, because the device knows them. */
export interface ListedDocument {
  readonly kind: 'sale' | 'movement'
  readonly id: string
  readonly amountMinor: number
}
const listedSchema = z.array(
  z.strictObject({ kind: z.enum(['sale', 'movement']), id: z.string().check(z.maxLength(64)), amountMinor: z.int() }),
)
export const listedDocuments = () => json<readonly ListedDocument[]>(listedSchema)

export const shift = tillDocument('pos.shift', {
  fields: {
    till: ref('masters.till'),
    /** Where this shift's goods leave from and come back to. */
    warehouse: ref('masters.warehouse'),
    closedAt: instant().optional(),
    closedBy: ref('masters.user').optional(),
    closedOn: date().optional(),
    /** Null until the close. */
    closedDocuments: listedDocuments().optional(),
    /** Held sales that were carried over by name. */
    carriedOver: set().default([]),
    /** Every listed document has arrived where this row lives. */
    isSettled: flag().default(false),
  },
  indexes: { byTill: ['till', 'state'], byBranch: ['branch', 'businessDate'] },
  buckets: (row) => [
    workBucket('sales', row.branch, { day: row.businessDate, isOpen: row.state === 'draft' || !row.isSettled }),
  ],
  bucketsSince: 2,
})

/** What a method came to at the close: expected by the ledger, counted by a person who didn't see it. */
export const shiftCount = lines('pos.shiftCount', shift, {
  fields: {
    position: integer(),
    method: code(),
    kind: code(tenderKinds),
    currency: code(),
    expected: amount(),
    counted: amount(),
    /** counted − expected. */
    difference: amount(),
    exchangeRate: rate().optional(),
    /** Taken out of the drawer at the close, to the safe. */
    handedOver: amount(),
    denominations: denominations().default([]),
  },
})

export type Shift = Row<typeof shift>
export const isOpen = (of: Pick<Shift, 'state'>): boolean => of.state === 'draft'

/** The shift; a device that doesn't hold the shift of its own till can't work on it. */
export function shiftOf(ctx: Context, id: string): Shift {
  const found = ctx.get(shift, id)
  return found === null || found === ELSEWHERE ? refuse(ctx, 'pos.unknown-shift', { shift: id }) : found
}
