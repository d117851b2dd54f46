// A sale at the till, paid or on account; with returns in it, an exchange: one document with both signs. It happened,
// so the hub never refuses it, and nothing of it is ever recomputed to another amount.
import { command, row } from '../../kernel/command.ts'
import { item } from '../masters/item.ts'
import { bookSale } from './book-sale.ts'
import { refuse } from './guard.ts'
import { saleArgs } from './sale-args.ts'
import { saleLine } from './sale.ts'
import { shift } from './shift.ts'

export const completeSale = command('pos.completeSale', {
  kind: 'fact',
  version: 1,
  permission: 'pos.sell',
  args: saleArgs,
  reads: (a) => [
    row(shift, a.shift),
    ...[...(a.lines ?? []), ...(a.returns ?? [])].map((line) => row(item, line.item)),
    ...(a.returns ?? []).flatMap((line) => (line.originLine == null ? [] : [row(saleLine, line.originLine)])),
  ],
  run(ctx, a) {
    if ((a.lines ?? []).length === 0) refuse(ctx, 'pos.no-lines', { of: 'sale' })
    bookSale(ctx, a)
  },
})
