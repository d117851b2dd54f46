// Goods that come back, linked to their sale, by a receipt number typed in, or without a receipt. A return is a document
// of its own with its own number; it never cancels or changes the sale but for the sum of what came back.
import { command, row } from '../../kernel/command.ts'
import { item } from '../masters/item.ts'
import { bookSale } from './book-sale.ts'
import { refuse } from './guard.ts'
import { saleArgs } from './sale-args.ts'
import { saleLine, tender } from './sale.ts'
import { shift } from './shift.ts'

export const returnSale = command('pos.returnSale', {
  kind: 'fact',
  version: 1,
  permission: 'pos.return',
  args: saleArgs,
  reads: (a) => [
    row(shift, a.shift),
    ...(a.returns ?? []).map((line) => row(item, line.item)),
    ...(a.returns ?? []).flatMap((line) => (line.originLine == null ? [] : [row(saleLine, line.originLine)])),
    ...a.tenders.flatMap(({ refundOf }) => (refundOf == null ? [] : [row(tender, refundOf)])),
  ],
  run(ctx, a) {
    // Goods towards the customer make it an exchange, which is a sale with returns in it.
    if ((a.returns ?? []).length === 0 || (a.lines ?? []).length > 0) refuse(ctx, 'pos.no-lines', { of: 'return' })
    bookSale(ctx, a)
  },
})
