// The accounting module: chart, periods, journal entries, and the hub's passes that value stock and keep closed months
// closed. It imports no business module: it reads the kernel's ledgers.
import type { Module } from '../../kernel/catalogue.ts'
import { account } from './account.ts'
import { costBalance, costEntry } from './cost.ts'
import { debtAdjustment, debtAdjustmentLine } from './debt-adjustment.ts'
import { expense, expenseLine } from './expense.ts'
import { journal, journalLine } from './journal.ts'
import { latePosting } from './late-posting.ts'
import { listLines } from './list-lines.ts'
import { listedLine } from './listed-line.ts'
import { recordExpense } from './record-expense.ts'
import { recordJournal } from './record-journal.ts'
import { accountingExceptions } from './refusals.ts'
import { reverseJournal } from './reverse-journal.ts'
import { saveAccount } from './save-account.ts'
import { setPeriod } from './set-period.ts'
import { setPostingProfile } from './set-posting-profile.ts'
import { valuation } from './valuation.ts'
import { accountingViews } from './views.ts'
import { writeOffDebt } from './write-off-debt.ts'

export const accountingModule: Module = {
  name: 'accounting',
  tables: [
    account,
    journal,
    journalLine,
    expense,
    expenseLine,
    debtAdjustment,
    debtAdjustmentLine,
    listedLine,
    costEntry,
    costBalance,
  ],
  commands: [
    saveAccount,
    setPostingProfile,
    setPeriod,
    recordJournal,
    reverseJournal,
    recordExpense,
    writeOffDebt,
    listLines,
  ],
  views: accountingViews,
  // In this order: what the valuation posts may be late too.
  passes: [valuation, latePosting],
  exceptions: accountingExceptions,
}
