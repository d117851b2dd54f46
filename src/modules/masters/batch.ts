// Batches and serial numbers of items, each by its natural key, so that two devices that meet the same box write about
// one row. Which document holds a serial is decided by commit order on the hub; the other claim is kept and named.
import { ELSEWHERE, type Context } from '../../kernel/command.ts'
import { code, date, flag, ref, set, text } from '../../kernel/field.ts'
import type { Facts } from '../../kernel/refusal.ts'
import { table, type AnyTable } from '../../kernel/table.ts'

export const batch = table('masters.batch', {
  key: ['item', 'number'],
  fields: {
    item: ref('masters.item'),
    number: text(64),
    expiresOn: date().optional(),
    isRecalled: flag().default(false),
  },
  indexes: { byItem: ['item', 'expiresOn', 'number'] },
  buckets: () => ['catalogue'],
  whole: ['catalogue'],
})

export const serialStates = ['in-stock', 'out', 'withdrawn'] as const

export const serial = table('masters.serial', {
  key: ['item', 'number'],
  fields: {
    item: ref('masters.item'),
    number: text(64),
    state: code(serialStates),
    branch: ref('masters.branch'),
    warehouse: ref('masters.warehouse').optional(),
    party: text(64).optional(),
    /** The document that moved it last, and its table. */
    document: code(),
    documentId: text(64),
  },
  indexes: { byItem: ['item', 'state', 'number'], byDocument: ['documentId'] },
  buckets: (row) => [`stock:${row.branch}`],
})

/** On a line that moves serials: those that another document holds, for the stock controller to confirm. */
export const unconfirmedSerials = () => set().default([])

/** Makes the batch known; a date that differs from the one known is an exception, never an overwrite. */
export function knowBatch(
  ctx: Context,
  given: { readonly item: string; readonly number: string; readonly expiresOn: string | null },
): void {
  const { item, number, expiresOn } = given
  const known = ctx.getByKey(batch, { item, number })
  if (known === ELSEWHERE) return
  if (known === null) ctx.insert(batch, { id: ctx.idOf(batch, { item, number }), item, number, expiresOn })
  else if (known.expiresOn === null && expiresOn !== null) ctx.patch(batch, known.id, { expiresOn })
  else if (expiresOn !== null && known.expiresOn !== expiresOn)
    ctx.exception('BATCH_DATE_DIFFERS', { item, batch: number, known: known.expiresOn, given: expiresOn })
}

/** Why goods of a batch must not go out on that day; null where nothing is wrong or the batch isn't known here. */
export function batchFault(
  ctx: Context,
  { item, number, businessDate }: { readonly item: string; readonly number: string; readonly businessDate: string },
): { readonly isRecalled: boolean; readonly facts: Facts } | null {
  const known = ctx.getByKey(batch, { item, number }, { soft: true })
  if (known === null || known === ELSEWHERE) return null
  // The last day it may be used is the day it expires on.
  const isExpired = known.expiresOn !== null && known.expiresOn < businessDate
  if (!known.isRecalled && !isExpired) return null
  return { isRecalled: known.isRecalled, facts: { item, batch: number, expiresOn: known.expiresOn } }
}

export interface SerialMove {
  readonly item: string
  readonly number: string
  readonly branch: string
  readonly warehouse: string
  readonly document: { readonly table: AnyTable; readonly id: string }
  readonly party?: string | null
}

const at = (move: SerialMove) => ({
  branch: move.branch,
  document: move.document.table.name,
  documentId: move.document.id,
  party: move.party ?? null,
})

/**
 * A serial comes into stock. One that is there already is SERIAL_TWICE; it then stays where the first commit put it. False
 * when another document holds it: the line then says that this serial is to be confirmed. So does takeSerialOut.
 */
export function takeSerialIn(ctx: Context, move: SerialMove): boolean {
  const { item, number, branch, warehouse } = move
  const known = ctx.getByKey(serial, { item, number, branch })
  if (known === ELSEWHERE) return true
  const isFree = known === null || known.state !== 'in-stock'
  if (!ctx.rule('masters.serial-in-stock-already', isFree, { item, serial: number, exception: 'SERIAL_TWICE' }))
    return false
  const fields = { ...at(move), state: 'in-stock', warehouse } as const
  if (known === null) ctx.insert(serial, { id: ctx.idOf(serial, { item, number }), item, number, ...fields })
  else ctx.patch(serial, known.id, fields)
  return true
}

/** A serial leaves stock: sold, used, sent back. One that isn't there is SERIAL_TWICE, and the first claim holds it. */
export function takeSerialOut(ctx: Context, move: SerialMove, state: 'out' | 'withdrawn' = 'out'): boolean {
  const { item, number, branch } = move
  const known = ctx.getByKey(serial, { item, number, branch })
  if (known === ELSEWHERE) return true
  if (
    !ctx.rule('masters.serial-not-in-stock', known?.state === 'in-stock', {
      item,
      serial: number,
      exception: 'SERIAL_TWICE',
    })
  )
    return false
  if (known !== null) ctx.patch(serial, known.id, { ...at(move), state, warehouse: null })
  return true
}
