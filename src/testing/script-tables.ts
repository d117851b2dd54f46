// The tables of the store contract: every field type, natural keys, nullable and descending ranges, headers that move
// between buckets, lines of lines, deltas, hub tables. They exist only to be hard on stores; no module looks like this.
import {
  code,
  amount,
  amountDelta,
  date,
  flag,
  instant,
  integer,
  json,
  quantity,
  quantityDelta,
  rate,
  ref,
  set,
  text,
} from '../kernel/field.ts'
import { monthOf } from '../kernel/document.ts'
import { lines } from '../kernel/document.ts'
import { table } from '../kernel/table.ts'

const whole = ['all']

/** Every field type, each merge rule, defaults of every kind. */
export const sample = table('script.sample', {
  whole,
  fields: {
    label: text(64),
    kind: code(['red', 'green', 'blue']).default('green'),
    unit: code().optional(),
    partner: ref('script.sample').optional(),
    dueOn: date().optional(),
    seenAt: instant().optional(),
    rank: integer(),
    price: amount().optional(),
    ratio: rate().optional(),
    size: quantity().optional(),
    isHot: flag(),
    isOpen: flag().default(true),
    first: text(64).optional().merge('first'),
    most: integer().optional().merge('larger'),
    least: integer().optional().merge('smaller'),
    tags: set().default([]),
    extra: json().optional(),
    secret: text(64).optional().personal().sensitive(),
    total: amountDelta(),
  },
  indexes: {
    byLabel: ['label', 'rank'],
    byHot: ['isHot', 'dueOn', 'rank'],
    byDue: ['dueOn'],
    byRank: ['kind', 'rank'],
  },
  search: ['label'],
  buckets: (row) => [`samples:${row.kind}`, row.isHot ? 'samples:hot' : `samples:${row.kind}`],
})

/** A natural key: two devices make one row of it; it is removed, revived and made again. */
export const slot = table('script.slot', {
  whole,
  key: ['zone', 'name'],
  fields: { zone: code(), name: text(64), note: text(200).optional(), uses: quantityDelta() },
  indexes: { byZone: ['zone', 'uses'] },
  buckets: (row) => [`zone:${row.zone}`],
})

/** A header in an open bucket until it is closed, in a month's afterwards; it also moves between territories. */
export const bill = table('script.bill', {
  whole,
  fields: {
    number: text(32).optional(),
    state: code(['open', 'closed']),
    territory: code(),
    party: text(64),
    dueOn: date().optional(),
    businessDate: date(),
    amount: amount(),
    paid: amountDelta(),
  },
  indexes: { byState: ['state', 'dueOn'], byParty: ['party', 'state', 'amount'] },
  buckets: (row) =>
    row.state === 'open'
      ? [`bills:${row.territory}`, `open:${row.party}`]
      : [`bills:${row.territory}:${monthOf(row.businessDate)}`],
})

export const billLine = lines('script.billLine', bill, {
  whole,
  fields: { item: text(64), quantity: quantity(), amount: amount() },
  indexes: { byItem: ['item', 'quantity'] },
})

/** A line of a line: two headers up to its buckets. */
export const lineNote = lines('script.lineNote', billLine, { whole, fields: { text: text(200) } })

export const stock = table('script.stock', {
  whole,
  key: ['item', 'place'],
  fields: { item: text(64), place: code(), rank: integer().default(0), onHand: quantityDelta(), value: amountDelta() },
  indexes: { byItem: ['item', 'onHand'], byPlace: ['place', 'item'] },
  buckets: (row) => [`stock:${row.place}`],
})

/** Hub only: entries and their sum. */
export const journal = table('script.journal', {
  side: 'hub',
  fields: { account: code(), amount: amount(), facts: json().optional() },
  indexes: { byAccount: ['account', 'amount'] },
  buckets: (row) => [`journal:${row.account}`],
})
export const tally = table('script.tally', {
  side: 'hub',
  key: ['account'],
  fields: { account: code(), amount: amountDelta(), commands: quantityDelta() },
  buckets: (row) => [`journal:${row.account}`],
})

export const scriptTables = [sample, slot, bill, billLine, lineNote, stock, journal, tally]
