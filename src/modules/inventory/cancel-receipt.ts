// Undoes a goods receipt that was written wrongly: its entries are reversed, its lines stay to be read. Goods that have
// gone on meanwhile leave the stock below zero, which is said and not hidden.
import { command } from '../../kernel/command.ts'
import { date, ref, text } from '../../kernel/field.ts'
import { onHand } from '../../kernel/ledger.ts'
import { receipt, receiptLine } from './receipt.ts'
import { reverseStock } from './reverse.ts'

export const cancelReceipt = command('inventory.cancelReceipt', {
  kind: 'request',
  version: 1,
  permission: 'inventory.cancel',
  args: { receipt: ref('inventory.receipt'), businessDate: date(), reason: text(200) },
  run(ctx, a) {
    const header = reverseStock(ctx, {
      table: receipt,
      id: a.receipt,
      businessDate: a.businessDate,
      serialsBecome: 'withdrawn',
    })
    if (header === null) return
    for (const item of new Set(ctx.find(receiptLine, 'byParent', { document: a.receipt }).map((line) => line.item))) {
      const left = onHand(ctx, item, header.warehouse, header.branch)
      if (left !== null && left < 0) ctx.exception('OVERSOLD', { item, warehouse: header.warehouse, onHand: left })
    }
    ctx.describe({ number: header.number, reason: a.reason })
  },
})
