// What must hold among the rows a device has, whoever wrote them: a balance is the sum of its entries, a document's debits are
// its credits. Read models that answer the offenders; an empty answer is the proof. They mend nothing.
import { cashBalance, cashEntry, glEntry } from './ledger.ts'
import { view, type View } from './view.ts'

interface Offender {
  readonly id: string
}

/** A balance and its entries live in the same bucket, so a device that holds the one holds the others. */
const cashAddsUp = view<Offender>()('cash-adds-up', [cashBalance, cashEntry], () => ({
  text: `SELECT b.id FROM ${cashBalance.sqlName} b WHERE b.amount <> (SELECT COALESCE(SUM(e.amount), 0) FROM ${cashEntry.sqlName} e
    WHERE e.shift = b.shift AND e.method = b.method AND e.currency = b.currency) LIMIT 1`,
  params: [],
}))

const booksBalance = view<Offender>()('books-balance', [glEntry], () => ({
  text: `SELECT document_id AS id FROM ${glEntry.sqlName} GROUP BY company, document_id HAVING SUM(amount) <> 0 LIMIT 1`,
  params: [],
}))

export const invariants: readonly View<never, Offender>[] = [cashAddsUp, booksBalance]
