// A line of goods between a person and its price: what is asked of the quote, and what a command's line says of the answer. Tickets, orders
// and returns share it. Pure; it never changes a price.
import { quantity6, rate6 } from '../../../kernel/amount.ts'
import type { QuotedLine, QuoteGiven } from '../../../modules/pricing/quote.ts'
import type { TicketLine } from './ticket.ts'

export const linesToQuote = (lines: readonly TicketLine[]): QuoteGiven['lines'] =>
  lines.map((line) => ({
    line: line.key,
    item: line.item,
    unit: line.unit,
    quantity: quantity6(line.quantity),
    manualRate: line.manualRate === null ? null : rate6(line.manualRate),
  }))

/** `price`: undefined while there is none; such a line is shown and can't be saved. */
export const quotedLine = (line: TicketLine, price: QuotedLine | undefined) => ({
  item: line.item,
  itemCode: line.code,
  itemName: line.name,
  quantity: quantity6(line.quantity),
  unit: line.unit,
  factorNum: price?.factor.num ?? 1,
  factorDen: price?.factor.den ?? 1,
  rate: price?.rate ?? rate6(0),
  source: price?.source ?? ('manual' as const),
  taxes: price?.taxes ?? [],
})
