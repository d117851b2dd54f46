// What an accountant's device reads of the ledger. These are hub tables: only a profile that holds `ledger:<company>`
// has any rows to show.
import { glBalance, glEntry } from '../../kernel/ledger.ts'
import { view } from '../../kernel/view.ts'
import { fiscalPeriod } from '../../kernel/period.ts'
import { account } from './account.ts'
import { journal, journalLine } from './journal.ts'

const LIST_LIMIT = 200

export type TrialBalanceRow = {
  readonly account: string
  readonly name: string | null
  readonly type: string | null
  readonly balance: number
}

/** By account up to and with a month (`2026-11`); the balances add up to zero. */
export const trialBalances = view<TrialBalanceRow>()(
  'accounting.trialBalance',
  [glBalance, account],
  (a: { company: string; upTo?: string }) => ({
    text: `select b.account, c.name, c.type, sum(b.amount) as balance from kernel_gl_balance b
    left join accounting_account c on c.company = b.company and c.code = b.account and c.gone_at is null
    where b.gone_at is null and b.company = ?1 and (?2 is null or b.month <= ?2) group by b.account, c.name, c.type
    having sum(b.amount) <> 0 order by b.account`,
    params: [a.company, a.upTo ?? null],
  }),
)

export type LedgerRow = {
  readonly id: string
  readonly businessDate: string
  readonly account: string
  readonly purpose: string
  readonly amount: number
  readonly party: string | null
  readonly document: string
  readonly documentId: string
}

/** Entries of the general ledger, newest first; of one account or document where given. */
export const ledgerEntries = view<LedgerRow>()(
  'accounting.ledgerEntries',
  [glEntry],
  (a: { company: string; account?: string; document?: string; limit?: number; offset?: number }) => ({
    text: `select id, business_date as businessDate, account, purpose, amount, party, document, document_id as documentId from kernel_gl_entry
    where gone_at is null and company = ?1 and (?2 is null or account = ?2) and (?3 is null or document_id = ?3)
    order by business_date desc, id desc limit ?4 offset ?5`,
    params: [a.company, a.account ?? null, a.document ?? null, a.limit ?? LIST_LIMIT, a.offset ?? 0],
  }),
)

export type JournalRow = {
  readonly id: string
  readonly number: string
  readonly businessDate: string
  readonly kind: string
  readonly text: string
  readonly state: string
  readonly debit: number
}

export const journals = view<JournalRow>()('accounting.journals', [journal, journalLine], (a: { company: string }) => ({
  text: `select j.id, j.number, j.business_date as businessDate, j.kind, j.text, j.state,
    (select coalesce(sum(max(0, l.amount)), 0) from accounting_journal_line l where l.document = j.id and l.gone_at is null) as debit
    from accounting_journal j where j.gone_at is null and j.company = ? order by j.business_date desc, j.id desc`,
  params: [a.company],
}))

export type AccountRow = {
  readonly id: string
  readonly code: string
  readonly name: string
  readonly type: string
  readonly isDisabled: number
}

export const accounts = view<AccountRow>()('accounting.accounts', [account], (a: { company: string }) => ({
  text: 'select id, code, name, type, is_disabled as isDisabled from accounting_account where gone_at is null and company = ? order by code',
  params: [a.company],
}))

export type PeriodRow = { readonly month: string; readonly state: string; readonly missing: string | null }

export const periods = view<PeriodRow>()('accounting.periods', [fiscalPeriod], (a: { company: string }) => ({
  text: 'select month, state, missing from accounting_fiscal_period where gone_at is null and company = ? order by month desc',
  params: [a.company],
}))

export const accountingViews = [trialBalances, ledgerEntries, journals, accounts, periods]
