// What a settlement posts, in the reference's words: its document, entries, tenders and drawer, and on the hub the journal with its balances.
// It says it from the arguments alone; only what becomes of the job depends on the job. It shares no code with the kernel's ledgers.
import { made } from './model-people.ts'
import type { ModelRow, Names, Told, Verdict } from './model.ts'

/** The reference's books, as far as posting needs them. */
export interface Books {
  isDevice(): boolean
  row(table: string, id: string): ModelRow | undefined
  put(table: string, id: string, fields: Readonly<Record<string, unknown>>): void
  add(table: string, id: string, field: string, by: number): void
  raise(told: Told, code: string): void
}

interface Settled {
  readonly job: string
  readonly branch: string
  readonly day: string
  readonly tenders: readonly { readonly method: string; readonly amount: number }[]
  readonly change: number
}

/** Null: it posts nothing. */
export function meaningOfPosting(books: Books, names: Names, told: Told): Verdict | null {
  if (told.command !== 'sim.settle') return null
  const { job, branch, day, tenders, change } = told.args as unknown as Settled
  const paid = tenders.reduce((sum, { amount }) => sum + amount, -change)
  const document = made(told, 'sim.settlement')
  books.put('sim.settlement', document, { job, branch, day, paid })
  const cash = [
    ...tenders.map(({ method, amount }) => ({ method, kind: 'sale', amount })),
    ...(change > 0 ? [{ method: 'cash', kind: 'change', amount: -change }] : []),
  ]
  const source = { document: 'sim.settlement', documentId: document, businessDate: day, branch }
  const drawer = { branch, businessDate: day, shift: `${branch}/${day}`, currency: 'GBP' }
  for (const [index, { method, kind, amount }] of cash.entries()) {
    const tender = { ...source, ...drawer, till: branch, method, kind, amount }
    books.put('kernel.cashEntry', made(told, 'kernel.cashEntry', index), tender)
    const balance = names.key('kernel.cashBalance', [drawer.shift, method, drawer.currency])
    books.put('kernel.cashBalance', balance, { ...drawer, method })
    books.add('kernel.cashBalance', balance, 'amount', amount)
  }
  const tax = Math.floor(paid / 6)
  const journal = [
    ...cash.map(({ method, amount }) => ({ account: `till-${method}`, amount })),
    { account: 'sales', amount: tax - paid },
    { account: 'tax', amount: -tax },
  ]
  for (const [index, { account, amount }] of journal.entries()) {
    books.put('sim.settlementEntry', made(told, 'sim.settlementEntry', index), { document, account, amount })
    if (books.isDevice()) continue
    const entry = { ...source, company: 'SIM', account, purpose: account, amount, party: null }
    books.put('kernel.glEntry', names.hubMade(told, `journal/${index}`), entry)
    const month = day.slice(0, 7)
    const balance = names.key('kernel.glBalance', ['SIM', branch, account, month])
    books.put('kernel.glBalance', balance, { company: 'SIM', branch, account, month })
    books.add('kernel.glBalance', balance, 'amount', amount)
  }
  const row = books.row('sim.job', job)
  if (row === undefined) {
    books.raise(told, 'NO_JOB')
    return 'stands'
  }
  books.add('sim.job', job, 'paid', paid)
  if (Number(row['paid'] ?? 0) + paid >= Number(row['due'])) books.put('sim.job', job, { state: 'closed' })
  return 'stands'
}

/** In which bucket the company's rules put a row of a drawer or a ledger; null: it is none. */
export function bucketOfPosting(table: string, row: ModelRow): string | null {
  const till = (day: unknown): string => `till:${String(row['branch'])}:${String(day).slice(0, 7)}`
  switch (table) {
    case 'sim.settlement':
      return till(row['day'])
    case 'kernel.cashEntry':
    case 'kernel.cashBalance':
      return till(row['businessDate'])
    case 'kernel.glEntry':
    case 'kernel.glBalance':
      return 'ledger:SIM'
    default:
      return null
  }
}
