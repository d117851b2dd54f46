// Cancelling a stock document: every entry it posted is posted again with the other sign. Nothing posted is changed.
import { quantity6 } from '../../kernel/amount.ts'
import { ELSEWHERE, type Context } from '../../kernel/command.ts'
import { postStock, stockEntry } from '../../kernel/ledger.ts'
import type { AnyTable, Patch, Row } from '../../kernel/table.ts'
import { serial } from '../masters/batch.ts'
import type { issue } from './issue.ts'
import type { receipt } from './receipt.ts'

export interface Cancelling<T extends AnyTable> {
  readonly table: T
  readonly id: string
  readonly businessDate: string
  /** Where the document's serials stand after it is undone. */
  readonly serialsBecome: 'in-stock' | 'withdrawn'
}

/** Returns the header, or null when this device doesn't hold it. */
export function reverseStock<T extends typeof receipt | typeof issue>(
  ctx: Context,
  { table, id, businessDate, serialsBecome }: Cancelling<T>,
): Row<T> | null {
  const header = ctx.get(table as typeof receipt, id)
  if (header === null) ctx.refuse('inventory.unknown-document', { id })
  if (header === ELSEWHERE) return null
  if (businessDate < header.businessDate)
    ctx.refuse('inventory.cancelled-before-it-was', { businessDate, documentDate: header.businessDate })
  if (!ctx.rule('inventory.cancelled-already', header.state === 'submitted', { number: header.number })) return null
  for (const entry of ctx.find(stockEntry, 'byDocument', { documentId: id })) {
    const { branch, item, warehouse, line, batch, state } = entry
    postStock(ctx, {
      label: `reverse/${entry.id}`,
      document: { table, id },
      businessDate,
      branch,
      item,
      warehouse,
      quantity: quantity6(-entry.quantity),
      line,
      batch,
      state,
      reason: 'cancelled',
    })
  }
  for (const row of ctx.find(serial, 'byDocument', { documentId: id })) {
    ctx.patch(serial, row.id, {
      state: serialsBecome,
      warehouse: serialsBecome === 'in-stock' ? header.warehouse : null,
    })
  }
  ctx.patch(table as typeof receipt, id, { state: 'cancelled', reversedOn: businessDate } satisfies Patch<
    typeof receipt
  >)
  return header as Row<T>
}
