// A stock count: what lay in a store, counted blind. A line keeps when it was counted and after which work, so that the
// count stays right whatever arrives later. What should have been there is found on the hub.
import { document, lines, monthOf, type HeaderFields } from '../../kernel/document.ts'
import { code, date, instant, integer, quantity, ref, text } from '../../kernel/field.ts'
import { table } from '../../kernel/table.ts'

const own = { warehouse: ref('masters.warehouse') }

export const count = document<typeof own>('inventory.count', {
  // document() puts the header's fields beside these.
  fields: own as typeof own & HeaderFields,
  indexes: { byBranch: ['branch', 'businessDate'] },
  buckets: (row) => [`entries:${row.branch}:${monthOf(row.businessDate)}`],
})

export const countLine = lines('inventory.countLine', count, {
  fields: {
    line: integer(),
    item: ref('masters.item'),
    unit: code(),
    num: integer(),
    den: integer(),
    /** In `unit`. */
    quantity: quantity(),
    stockQuantity: quantity(),
    batch: text(64).optional(),
    /** The device's clock when the goods were counted. */
    countedAt: instant(),
    /** The device's last command then, and the watermark that it had seen. */
    afterSeq: integer(),
    seen: integer(),
  },
})

/** What should have been there, and what was found more (or less): decided on the hub, a row an item and batch. */
export const countResult = table('inventory.countResult', {
  side: 'hub',
  key: ['count', 'item', 'batch'],
  fields: {
    count: ref('inventory.count'),
    item: ref('masters.item'),
    batch: text(64),
    branch: ref('masters.branch'),
    businessDate: date(),
    counted: quantity(),
    expected: quantity(),
    difference: quantity(),
  },
  indexes: { byCount: ['count', 'item'] },
  buckets: (row) => [`entries:${row.branch}:${monthOf(row.businessDate)}`],
})
