// Prices of a document while it is being made: the rows that pricing needs come from the device in one read, and the one arithmetic that
// the commands use too runs on them here. It stores nothing and has no price of its own.
import { useMemo } from 'react'
import { useView } from '../../design/use-view.ts'
import { MemoryStore } from '../../../store/memory.ts'
import { ELSEWHERE } from '../../../kernel/command.ts'
import { rangeOf } from '../../../kernel/reader.ts'
import type { AnyTable } from '../../../kernel/table.ts'
import type { quoteRows } from '../../../modules/pricing/quote-rows.ts'
import { quoteTables } from '../../../modules/pricing/quote-tables.ts'
import { resolvePrices, type PriceReader, type Quote, type QuoteGiven } from '../../../modules/pricing/quote.ts'
import { storedRow } from './stored-row.ts'

interface StoredText {
  readonly table: string
  readonly row: string
}

/** Pricing's reader over rows that were read ahead. A row that wasn't read is one that this device doesn't hold. */
export function priceReaderOf(rows: readonly StoredText[]): PriceReader {
  const store = new MemoryStore()
  for (const { table: name, row } of rows) {
    const table = quoteTables.find((each) => each.name === name)
    if (table !== undefined) store.put(table, storedRow(table, JSON.parse(row) as Record<string, unknown>))
  }
  const reader = {
    get: (table: AnyTable, id: string) => store.get(table, id, null) ?? ELSEWHERE,
    getByKey(table: AnyTable, key: Readonly<Record<string, unknown>>) {
      for (const row of store.rowsOf(table).values()) {
        if (Object.entries(key).every(([field, value]) => row[field] === value)) return row
      }
      return null
    },
    find: (table: AnyTable, index: string, eq: Readonly<Record<string, unknown>>, options: object = {}) =>
      store.find(table, rangeOf(table, index, eq, options)),
  }
  return reader as unknown as PriceReader
}

function useQuoteRows(
  items: readonly string[],
  party: string | null,
): { readonly reader: PriceReader | null; readonly isCurrent: boolean } {
  const args = { items: [...new Set(items)].sort(), party }
  const { rows, key } = useView<typeof quoteRows>('pricing.quoteRows', args)
  const reader = useMemo(() => (rows === null ? null : priceReaderOf(rows)), [rows])
  return { reader, isCurrent: key === JSON.stringify(args) }
}

/** Reads what prices of these items depend on; null until the first answer. */
export const usePriceReader = (items: readonly string[], party: string | null): PriceReader | null =>
  useQuoteRows(items, party).reader

/** The quote of a document; null until the rows of just these items and this customer are there: half a quote is a wrong sum. */
export function useQuote(
  given: QuoteGiven,
  alsoItems: readonly string[] = [],
): { readonly quote: Quote | null; readonly reader: PriceReader | null } {
  const { reader, isCurrent } = useQuoteRows(
    [...given.lines.map((line) => line.item), ...alsoItems],
    given.party ?? null,
  )
  const key = JSON.stringify(given)
  const quote = useMemo(
    () => (reader === null || !isCurrent ? null : resolvePrices(reader, JSON.parse(key) as QuoteGiven)),
    [reader, isCurrent, key],
  )
  return { quote, reader }
}
