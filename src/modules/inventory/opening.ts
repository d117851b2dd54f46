// What was in a warehouse on the day the company began to keep its stock here: one balance an item, warehouse and batch.
// It is brought to stand by openStock and never counts twice, on whichever device it was entered.
import { document, type HeaderFields } from '../../kernel/document.ts'
import { quantity, rate, ref, set, text } from '../../kernel/field.ts'
import { view } from '../../kernel/view.ts'

const own = {
  warehouse: ref('masters.warehouse'),
  item: ref('masters.item'),
  /** Empty where the item has none: it is part of the key. */
  batch: text(64),
  /** In stock units. */
  quantity: quantity(),
  serials: set().default([]),
  /** What one stock unit is worth, without tax: the valuation reads it. */
  rate: rate().optional(),
}

export const opening = document<typeof own>('inventory.opening', {
  key: ['warehouse', 'item', 'batch'],
  // document() puts the header's fields beside these.
  fields: own as typeof own & HeaderFields,
  indexes: { byItem: ['item', 'warehouse'] },
  // With the balances: whoever may enter one must know that it was entered.
  buckets: (row) => [`stock:${row.branch}`],
})

export interface OpeningRow {
  readonly id: string
  readonly warehouse: string
  readonly item: string
  readonly batch: string
  readonly quantity: number
  readonly rate: number | null
  readonly businessDate: string
}

/** Openings of the items with these ids (JSON text: a list). */
export const openings = view<OpeningRow>()('inventory.openings', [opening], ({ keys }: { keys: string }) => ({
  text: `select id, warehouse, item, batch, quantity, rate, business_date as businessDate from inventory_opening
    where gone_at is null and item in (select value from json_each(?))`,
  params: [keys],
}))
