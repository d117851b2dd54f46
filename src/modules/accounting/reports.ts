// The figures of the ledger: trial balance, open items and their age, stock value, and the laws that tie them together.
// Each stands twice: as a function over rows, and as PostgreSQL text for the hub. Reading only; nothing here posts.
import { compareUtf8 } from '../../kernel/bytes.ts'

export interface HubQuery {
  readonly text: string
  readonly params: readonly (string | null)[]
}

export interface TrialBalanceLine {
  readonly account: string
  /** In minor units; the balance is debit − credit. */
  readonly debit: number
  readonly credit: number
  readonly balance: number
}

const byText =
  <T>(key: (of: T) => string) =>
  (a: T, b: T): number =>
    compareUtf8(key(a), key(b))

/** By account. The balances add up to zero, always. */
export function trialBalance(
  entries: Iterable<{ readonly account: string; readonly amount: number }>,
): TrialBalanceLine[] {
  const sums = new Map<string, { debit: number; credit: number }>()
  for (const { account, amount } of entries) {
    const sum = sums.get(account) ?? { debit: 0, credit: 0 }
    if (amount > 0) sum.debit += amount
    else sum.credit -= amount
    sums.set(account, sum)
  }
  const listed = [...sums].map(([account, { debit, credit }]) => ({ account, debit, credit, balance: debit - credit }))
  return listed.sort(byText((line) => line.account))
}

/** `upTo`: the last day that counts; null for all. Columns as in TrialBalanceLine. */
export const trialBalanceQuery = (given: { tenant: string; company: string; upTo: string | null }): HubQuery => ({
  text: `select account, sum(greatest(amount, 0))::bigint as debit, sum(greatest(-amount, 0))::bigint as credit, sum(amount)::bigint as balance
    from kernel_gl_entry where tenant_id = $1 and company = $2 and gone_at is null and ($3::text is null or business_date <= $3)
    group by account order by account collate "C"`,
  params: [given.tenant, given.company, given.upTo],
})

export interface PartyRow {
  readonly party: string
  readonly company: string
  readonly account: string
  readonly amount: number
  readonly item: string | null
  readonly businessDate: string
  readonly dueOn: string | null
}

export interface OpenItem {
  readonly party: string
  readonly item: string
  readonly owed: number
  /** What is owed by the day it falls due, oldest first; settlements took the oldest first. */
  readonly parts: readonly { readonly dueOn: string; readonly owed: number }[]
}

/** What customers (or, for `payable`, we) owe, by open item. An item that was settled twice over shows below zero. */
export function openItems(entries: Iterable<PartyRow>, account: 'receivable' | 'payable' = 'receivable'): OpenItem[] {
  const items = new Map<string, { party: string; item: string; raised: Map<string, number>; settled: number }>()
  for (const entry of entries) {
    if (entry.account !== account) continue
    const key = JSON.stringify([entry.party, entry.item])
    const item = items.get(key) ?? {
      party: entry.party,
      item: entry.item ?? '',
      raised: new Map<string, number>(),
      settled: 0,
    }
    items.set(key, item)
    const due = entry.dueOn ?? (entry.amount > 0 ? entry.businessDate : null)
    if (due === null || entry.amount < 0) item.settled -= entry.amount
    else item.raised.set(due, (item.raised.get(due) ?? 0) + entry.amount)
  }
  const open = [...items.values()].flatMap(({ party, item, raised, settled }) => {
    const parts = []
    let rest = settled
    for (const [dueOn, amount] of [...raised].sort(byText(([day]) => day))) {
      const taken = Math.min(amount, Math.max(0, rest))
      rest -= taken
      if (amount > taken) parts.push({ dueOn, owed: amount - taken })
    }
    const owed = parts.reduce((sum, part) => sum + part.owed, 0) - rest
    return owed === 0 ? [] : [{ party, item, owed, parts }]
  })
  return open.sort(byText(({ party, item }) => `${party} ${item}`))
}

export interface Ageing {
  readonly party: string
  readonly notDue: number
  readonly days30: number
  readonly days60: number
  readonly days90: number
  readonly older: number
  readonly owed: number
}

const DAY_MS = 86_400_000

/** Days that `dueOn` lies before `asOf`; below zero when it is still to come. */
export const daysLate = (dueOn: string, asOf: string): number =>
  Math.round((Date.parse(asOf) - Date.parse(dueOn)) / DAY_MS)

/** What each party owes by how late it is. What was paid too much counts as not due. */
export function ageing(items: readonly OpenItem[], asOf: string): Ageing[] {
  const parties = new Map<
    string,
    { notDue: number; days30: number; days60: number; days90: number; older: number; owed: number }
  >()
  for (const { party, owed, parts } of items) {
    const sums = parties.get(party) ?? { notDue: 0, days30: 0, days60: 0, days90: 0, older: 0, owed: 0 }
    parties.set(party, sums)
    sums.owed += owed
    let named = 0
    for (const part of parts) {
      const late = daysLate(part.dueOn, asOf)
      const band =
        late <= 0 ? 'notDue' : late <= 30 ? 'days30' : late <= 60 ? 'days60' : late <= 90 ? 'days90' : 'older'
      sums[band] += part.owed
      named += part.owed
    }
    sums.notDue += owed - named
  }
  return [...parties].map(([party, sums]) => ({ party, ...sums })).sort(byText((line) => line.party))
}

/** Rows of PartyRow for `openItems` and `ageing`: only the items that are still open. */
export const openEntriesQuery = (given: {
  tenant: string
  company: string
  account: 'receivable' | 'payable'
}): HubQuery => ({
  text: `select e.party, e.company, e.account, e.amount, e.item, e.business_date as "businessDate", e.due_on as "dueOn" from kernel_party_entry e
    join (select party, item from kernel_party_entry where tenant_id = $1 and company = $2 and account = $3 and gone_at is null
      group by party, item having sum(amount) <> 0) o on o.party = e.party and o.item is not distinct from e.item
    where e.tenant_id = $1 and e.company = $2 and e.account = $3 and e.gone_at is null order by e.party collate "C", e.item collate "C", e.id collate "C"`,
  params: [given.tenant, given.company, given.account],
})

/** What stock is worth by branch and item. */
export const stockValueQuery = (given: { tenant: string; company: string; branch: string | null }): HubQuery => ({
  text: `select branch, item, sum(quantity)::bigint as quantity, sum(value)::bigint as value from accounting_cost_balance
    where tenant_id = $1 and company = $2 and gone_at is null and ($3::text is null or branch = $3)
    group by branch, item order by branch collate "C", item collate "C"`,
  params: [given.tenant, given.company, given.branch],
})

/** The laws of the ledger, as sums that must be zero; what a nightly check reads. */
export const ledgerLawsQuery = (given: { tenant: string; company: string }): HubQuery => ({
  text: `select
    (select coalesce(sum(amount), 0) from kernel_gl_entry where tenant_id = $1 and company = $2 and gone_at is null)::bigint as "trialBalance",
    ((select coalesce(sum(amount), 0) from kernel_gl_entry where tenant_id = $1 and company = $2 and purpose = 'stock' and gone_at is null)
      - (select coalesce(sum(amount), 0) from accounting_cost_entry where tenant_id = $1 and company = $2 and gone_at is null))::bigint as "stockLessCost",
    ((select coalesce(sum(amount), 0) from kernel_gl_entry where tenant_id = $1 and company = $2 and purpose = 'receivable' and gone_at is null)
      - (select coalesce(sum(amount), 0) from kernel_party_entry where tenant_id = $1 and company = $2 and account = 'receivable' and gone_at is null))::bigint as "receivableLessItems",
    ((select coalesce(sum(amount), 0) from kernel_party_entry where tenant_id = $1 and company = $2 and account = 'receivable' and gone_at is null)
      - (select coalesce(sum(receivable), 0) from kernel_party_balance where tenant_id = $1 and company = $2 and gone_at is null))::bigint as "itemsLessBalance",
    ((select coalesce(sum(amount), 0) from kernel_gl_entry where tenant_id = $1 and company = $2 and gone_at is null)
      - (select coalesce(sum(amount), 0) from kernel_gl_balance where tenant_id = $1 and company = $2 and gone_at is null))::bigint as "entriesLessBalances"`,
  params: [given.tenant, given.company],
})
