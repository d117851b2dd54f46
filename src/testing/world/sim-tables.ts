// The tables of the simulated company: every merge rule, sums, natural keys, headers that move between buckets, lines of
// lines, and a ledger of its own whose sums must always add up. They exist only to be hard on sync.
import { amount, amountDelta, code, date, integer, quantity, quantityDelta, set, text } from '../../kernel/field.ts'
import { blob } from '../../kernel/blob.ts'
import { lines, monthOf } from '../../kernel/document.ts'
import { table } from '../../kernel/table.ts'

/** A master that everybody edits. */
export const note = table('sim.note', {
  fields: {
    title: text(200),
    body: text(200).optional(),
    first: text(40).optional().merge('first'),
    most: integer().optional().merge('larger'),
    least: integer().optional().merge('smaller'),
    tags: set().default([]),
    secret: text(80).optional().personal().sensitive(),
    score: quantityDelta(),
  },
  subject: ['id'],
  indexes: { byTitle: ['title'] },
  search: ['title'],
  buckets: () => ['company'],
  whole: ['company'],
})

/** A header that lives with its branch while it is open and in a month's bucket afterwards. */
export const job = table('sim.job', {
  fields: {
    number: text(40).optional(),
    state: code(['open', 'closed']),
    branch: text(64),
    day: date(),
    rank: integer(),
    due: amount(),
    paid: amountDelta(),
    /** How many living lines it has: torn commands show here. */
    lines: quantityDelta(),
  },
  indexes: { byState: ['branch', 'state', 'rank'] },
  buckets: (row) => (row.state === 'open' ? [`stock:${row.branch}`] : [`entries:${row.branch}:${monthOf(row.day)}`]),
})

export const jobLine = lines('sim.jobLine', job, {
  fields: { item: text(40), quantity: quantity() },
  indexes: { byItem: ['item', 'quantity'] },
})

/** A line of a line: two headers up to its buckets. */
export const lineNote = lines('sim.lineNote', jobLine, { fields: { text: text(200) } })

export const shelf = table('sim.shelf', {
  key: ['branch', 'item'],
  /** Longer than an index can hold, so that something can't be stored. */
  fields: { branch: text(64), item: text(20_000), onHand: quantityDelta(), reserved: quantityDelta() },
  indexes: { byBranch: ['branch', 'item'] },
  buckets: (row) => [`stock:${row.branch}`],
})

/** A ledger: what moved on a shelf. Σ quantity = onHand, always and everywhere. */
export const move = table('sim.move', {
  fields: { branch: text(64), item: text(20_000), quantity: quantity() },
  indexes: { byShelf: ['branch', 'item'] },
  buckets: (row) => [`stock:${row.branch}`],
})

/** A natural key that is made, removed, made again and brought back by edits. */
export const slot = table('sim.slot', {
  key: ['zone', 'name'],
  fields: { zone: code(), name: text(64), note: text(200).optional(), uses: quantityDelta() },
  indexes: { byZone: ['zone', 'uses'] },
  buckets: () => ['catalogue'],
  whole: ['catalogue'],
})

/** A picture beside a note: the row names its bytes, which travel by a lane of their own. */
export const photo = table('sim.photo', {
  fields: { note: text(64), picture: blob() },
  buckets: () => ['company'],
  whole: ['company'],
})

export const simTables = [note, job, jobLine, lineNote, shelf, move, slot, photo]
