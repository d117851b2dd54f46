// Price lists and prices: what an item costs the customer, by list, by party or by itself, from a quantity and between
// days. Prices are set only by request, so that a device may read them and never decides them.
import { quantity6 } from '../../kernel/amount.ts'
import { code, date, flag, name, quantity, rate, ref, text } from '../../kernel/field.ts'
import { table } from '../../kernel/table.ts'

export const priceList = table('masters.priceList', {
  key: ['code'],
  fields: {
    code: code(),
    name: name(),
    currency: code(),
    /** Prices on it include tax: the retail list does, the trade list doesn't. */
    isTaxIncluded: flag(),
    isDisabled: flag().default(false),
  },
  buckets: () => ['catalogue'],
  whole: ['catalogue'],
})

/** list: on a price list · party: agreed with one party · item: the item's own, when no list has one. */
export const priceScopes = ['list', 'party', 'item'] as const

export const price = table('masters.price', {
  key: ['scope', 'scopeId', 'item', 'unit', 'currency', 'minQuantity', 'validFrom'],
  fields: {
    scope: code(priceScopes),
    /** The list's or the party's id; empty for the item's own price. */
    scopeId: text(64),
    item: ref('masters.item'),
    unit: code(),
    currency: code(),
    /** From this quantity on, in `unit`, over the whole document; 0 from the first. */
    minQuantity: quantity().default(quantity6(0)),
    validFrom: date().optional(),
    validTo: date().optional(),
    /** Per `unit`; below 0 it is no price. */
    rate: rate(),
    isTaxIncluded: flag(),
    /** The party's territory, for an agreed price: the bucket that carries it. */
    territory: code().optional(),
  },
  indexes: { byItem: ['item', 'scope', 'scopeId'], byScope: ['scope', 'scopeId', 'item'] },
  buckets: (row) => (row.scope === 'party' ? [`parties:${row.territory}`, 'parties'] : ['catalogue']),
})
