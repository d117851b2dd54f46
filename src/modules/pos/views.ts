// What the till's screens read: the open shift, its sales, a sale with its lines and payments, held baskets, what the
// drawer should hold, and the sums of an X or Z report. Each is one statement over the device's own tables.
import type { AmountMinor, Quantity6, Rate6 } from '../../kernel/amount.ts'
import { cashBalance, cashEntry } from '../../kernel/ledger.ts'
import { columnOf, type AnyTable, type Row } from '../../kernel/table.ts'
import { view } from '../../kernel/view.ts'
import { cashMovement } from './cash-movement.ts'
import { heldSale } from './held-sale.ts'
import { sale, saleLine, tender } from './sale.ts'
import { shift } from './shift.ts'

/** A row as SQLite gives it: flags 0 or 1, structured values as JSON text. (Types, not interfaces: a view's rows are records.) */
export type Stored<T extends AnyTable> = {
  readonly [K in keyof Row<T>]: Row<T>[K] extends boolean
    ? 0 | 1
    : Row<T>[K] extends string | number | null
      ? Row<T>[K]
      : string
}

/** Every column of a table as its field's name. */
const all = (table: AnyTable, alias: string): string =>
  [`${alias}.id`, ...table.fieldNames.map((field) => `${alias}."${columnOf(field)}" AS "${field}"`)].join(', ')

export const openShiftOfTill = view<Stored<typeof shift>>()(
  'pos.openShiftOfTill',
  [shift],
  (a: { readonly till: string; readonly device: string }) => ({
    text: `SELECT ${all(shift, 's')} FROM pos_shift s WHERE s.till = ? AND s.state = 'draft' AND s.device = ? AND s.gone_at IS NULL ORDER BY s.captured_at DESC LIMIT 1`,
    params: [a.till, a.device],
  }),
)

export type SaleSummary = {
  readonly id: string
  readonly number: string
  readonly kind: 'sale' | 'return' | 'exchange'
  readonly businessDate: string
  readonly capturedAt: number
  readonly partyName: string | null
  readonly total: AmountMinor
  readonly currency: string
  readonly user: string
}
const summary =
  's.id, s.number, s.kind, s.business_date AS "businessDate", s.captured_at AS "capturedAt", s.party_name AS "partyName", s.total, s.currency, s.user'

/** Newest first. */
export const salesOfShift = view<SaleSummary>()('pos.salesOfShift', [sale], (a: { readonly shift: string }) => ({
  text: `SELECT ${summary} FROM pos_sale s WHERE s.shift = ? AND s.gone_at IS NULL ORDER BY s.captured_at DESC, s.id DESC`,
  params: [a.shift],
}))

export const saleById = view<Stored<typeof sale>>()('pos.saleById', [sale], (a: { readonly sale: string }) => ({
  text: `SELECT ${all(sale, 's')} FROM pos_sale s WHERE s.id = ? AND s.gone_at IS NULL`,
  params: [a.sale],
}))

/** By the number on the receipt, as scanned or typed. */
export const saleByNumber = view<Stored<typeof sale>>()(
  'pos.saleByNumber',
  [sale],
  (a: { readonly number: string }) => ({
    text: `SELECT ${all(sale, 's')} FROM pos_sale s WHERE s.number = ? AND s.gone_at IS NULL`,
    params: [a.number.trim().toUpperCase()],
  }),
)

export const linesOfSale = view<Stored<typeof saleLine>>()(
  'pos.linesOfSale',
  [saleLine],
  (a: { readonly sale: string }) => ({
    text: `SELECT ${all(saleLine, 'l')} FROM pos_sale_line l WHERE l.document = ? AND l.gone_at IS NULL ORDER BY l.position`,
    params: [a.sale],
  }),
)

/** What came back of a sale's lines: with `linesOfSale` all that `originOf` needs. */
export const returnsOfSale = view<Stored<typeof saleLine>>()(
  'pos.returnsOfSale',
  [saleLine],
  (a: { readonly sale: string }) => ({
    text: `SELECT ${all(saleLine, 'r')} FROM pos_sale_line l JOIN pos_sale_line r ON r.origin_line = l.id WHERE l.document = ? AND r.gone_at IS NULL ORDER BY r.id`,
    params: [a.sale],
  }),
)

export const tendersOfSale = view<Stored<typeof tender>>()(
  'pos.tendersOfSale',
  [tender],
  (a: { readonly sale: string }) => ({
    text: `SELECT ${all(tender, 't')} FROM pos_tender t WHERE t.document = ? AND t.gone_at IS NULL ORDER BY t.position`,
    params: [a.sale],
  }),
)

/** Baskets that wait at a till, carried over ones too; oldest first. */
export const heldSales = view<Stored<typeof heldSale>>()(
  'pos.heldSales',
  [heldSale],
  (a: { readonly till: string }) => ({
    text: `SELECT ${all(heldSale, 'h')} FROM pos_held_sale h WHERE h.till = ? AND h.state IN ('held', 'resumed') AND h.gone_at IS NULL ORDER BY h.held_at, h.id`,
    params: [a.till],
  }),
)

/** A document as closeShift lists it. */
export type DocumentOfShift = {
  readonly kind: 'sale' | 'movement'
  readonly id: string
  readonly amountMinor: AmountMinor
}
export const documentsOfShift = view<DocumentOfShift>()(
  'pos.documentsOfShift',
  [sale, cashMovement],
  (a: { readonly shift: string }) => ({
    text: `SELECT 'sale' AS kind, id, total AS "amountMinor" FROM pos_sale WHERE shift = ? AND gone_at IS NULL
UNION ALL SELECT 'movement', id, amount FROM pos_cash_movement WHERE shift = ? AND gone_at IS NULL ORDER BY 2`,
    params: [a.shift, a.shift],
  }),
)

/** What the drawer should hold. For the worker that closes the shift; a screen shows it only after the count. */
export const expectedCash = view<{
  readonly method: string
  readonly currency: string
  readonly amountMinor: AmountMinor
}>()('pos.expectedCash', [cashBalance], (a: { readonly shift: string }) => ({
  text: `SELECT method, currency, amount AS "amountMinor" FROM kernel_cash_balance WHERE shift = ? AND gone_at IS NULL ORDER BY method, currency`,
  params: [a.shift],
}))

/** One sum of an X (open shift) or Z (closed shift) report. */
export type ReportLine = {
  /** sales: documents by kind · taxes: by code and percentage · cash: money by method and reason · drawer: openings and copies. */
  readonly section: 'sales' | 'taxes' | 'cash' | 'drawer'
  readonly name: string
  /** taxes: the percentage (Rate6) · cash: the currency. */
  readonly detail: string | null
  readonly count: number
  readonly amountMinor: AmountMinor
  /** taxes: what the tax is on · sales: the tax in the amount. */
  readonly besideMinor: AmountMinor
}
export const shiftReport = view<ReportLine>()(
  'pos.shiftReport',
  [sale, saleLine, cashEntry, cashMovement],
  (a: { readonly shift: string }) => ({
    text: `SELECT 'sales' AS section, kind AS name, NULL AS detail, count(*) AS count, sum(total) AS "amountMinor", sum(tax) AS "besideMinor"
  FROM pos_sale WHERE shift = ? AND gone_at IS NULL GROUP BY kind
UNION ALL SELECT 'taxes', json_extract(x.value, '$.code'), cast(json_extract(x.value, '$.percent') AS TEXT), count(*), sum(json_extract(x.value, '$.tax')), sum(json_extract(x.value, '$.base'))
  FROM pos_sale s, json_each(s.taxes) x WHERE s.shift = ? AND s.gone_at IS NULL GROUP BY 2, 3
UNION ALL SELECT 'cash', method || '/' || kind, currency, count(*), sum(amount), 0
  FROM kernel_cash_entry WHERE shift = ? AND gone_at IS NULL GROUP BY method, kind, currency
UNION ALL SELECT 'drawer', kind, NULL, count(*), sum(amount), 0
  FROM pos_cash_movement WHERE shift = ? AND gone_at IS NULL GROUP BY kind
ORDER BY 1, 2, 3`,
    params: [a.shift, a.shift, a.shift, a.shift],
  }),
)

export type SoldItem = {
  readonly item: string
  readonly itemCode: string
  readonly itemName: string
  readonly stockQuantity: Quantity6
  readonly netMinor: AmountMinor
  readonly rate: Rate6
}
/** What a shift sold, by item, returns taken off; the largest first. */
export const itemsOfShift = view<SoldItem>()('pos.itemsOfShift', [sale, saleLine], (a: { readonly shift: string }) => ({
  text: `SELECT l.item, max(l.item_code) AS "itemCode", max(l.item_name) AS "itemName", sum(l.stock_quantity) AS "stockQuantity", sum(l.net) AS "netMinor", max(l.rate) AS rate
FROM pos_sale s JOIN pos_sale_line l ON l.document = s.id WHERE s.shift = ? AND s.gone_at IS NULL GROUP BY l.item ORDER BY 5 DESC, 1`,
  params: [a.shift],
}))

export const posViews = [
  openShiftOfTill,
  salesOfShift,
  saleById,
  saleByNumber,
  linesOfSale,
  returnsOfSale,
  tendersOfSale,
  heldSales,
  documentsOfShift,
  expectedCash,
  shiftReport,
  itemsOfShift,
]
