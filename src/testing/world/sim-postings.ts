// What the simulated company posts: somebody pays for a job over a counter. The document, its entries of debit and credit, the tenders in the
// drawer and the hub's journal are made once and never changed again; cash and journal are the kernel's own ledgers. All of it says what
// happened at the counter, so that it stays the same whatever others did to the job meanwhile; only the job itself is met as it is by then.
import { amountMinor, type AmountMinor } from '../../kernel/amount.ts'
import { command, ELSEWHERE, type ArgsFor } from '../../kernel/command.ts'
import { lines, monthOf } from '../../kernel/document.ts'
import { amount, code, date, list, text } from '../../kernel/field.ts'
import { postCash, postJournal } from '../../kernel/ledger.ts'
import { table } from '../../kernel/table.ts'
import { job } from './sim-tables.ts'

/** Who posts: the simulated world has one company, and nobody holds its general ledger but the hub. */
export const LEDGER_COMPANY = 'SIM'
const CURRENCY = 'GBP'
const TAX_SHARE = 6

export const settlement = table('sim.settlement', {
  fields: { job: text(64), branch: text(64), day: date(), paid: amount() },
  indexes: { byJob: ['job'] },
  buckets: (row) => [`till:${row.branch}:${monthOf(row.day)}`],
})

/** Debit positive, credit negative: those of one settlement come to nothing, on devices too. */
export const settlementEntry = lines('sim.settlementEntry', settlement, {
  fields: { account: code(), amount: amount() },
})

interface Line {
  readonly purpose: string
  readonly amount: AmountMinor
}

export const settle = command('sim.settle', {
  kind: 'fact',
  version: 1,
  permission: 'sim.work',
  args: {
    job: text(64),
    branch: text(64),
    day: date(),
    tenders: list({ method: code(), amount: amount() }),
    change: amount(),
  },
  run(ctx, a) {
    const paid = paidBy(a)
    const id = ctx.insert(settlement, { id: ctx.id('settlement'), job: a.job, branch: a.branch, day: a.day, paid })
    const journal = linesOf(a)
    for (const [index, line] of journal.entries())
      ctx.insert(settlementEntry, {
        id: ctx.id(`entry/${index}`),
        document: id,
        account: line.purpose,
        amount: line.amount,
      })
    const document = { table: settlement, id }
    const about = { document, businessDate: a.day, branch: a.branch }
    const drawer = { ...about, till: a.branch, shift: `${a.branch}/${a.day}`, currency: CURRENCY }
    for (const [index, { method, amount }] of a.tenders.entries())
      postCash(ctx, { ...drawer, label: `tender/${index}`, method, kind: 'sale', amount })
    if (a.change > 0)
      postCash(ctx, { ...drawer, label: 'change', method: 'cash', kind: 'change', amount: amountMinor(-a.change) })
    postJournal(ctx, { ...about, label: 'journal', company: LEDGER_COMPANY, lines: journal })
    const found = ctx.get(job, a.job)
    if (found === null) return ctx.exception('NO_JOB')
    ctx.add(job, a.job, { paid })
    if (found !== ELSEWHERE && found.paid + paid >= found.due) ctx.patch(job, a.job, { state: 'closed' })
  },
})

type Paid = Pick<ArgsFor<typeof settle>, 'tenders' | 'change'>

const paidBy = ({ tenders, change }: Paid): AmountMinor =>
  amountMinor(tenders.reduce((sum, tender) => sum + tender.amount, 0) - change)

/** What came into the drawer against what was sold and its tax. */
function linesOf(a: Paid): Line[] {
  const paid = paidBy(a)
  const tax = Math.floor(paid / TAX_SHARE)
  return [
    ...a.tenders.map(({ method, amount }) => ({ purpose: `till-${method}`, amount })),
    ...(a.change > 0 ? [{ purpose: 'till-cash', amount: amountMinor(-a.change) }] : []),
    { purpose: 'sales', amount: amountMinor(tax - paid) },
    { purpose: 'tax', amount: amountMinor(-tax) },
  ]
}

export const postingTables = [settlement, settlementEntry]
