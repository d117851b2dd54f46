// Money or a credit meets an invoice: it settles what is owed, and what is more becomes the customer's advance. The one
// place where paid and credited grow; payments use it too.
import { amountMinor, type AmountMinor } from '../../kernel/amount.ts'
import { ELSEWHERE, type Context } from '../../kernel/command.ts'
import { postParty } from '../../kernel/ledger.ts'
import type { AnyTable } from '../../kernel/table.ts'
import { invoice, owedOf } from './invoice.ts'

export interface Settling {
  readonly label: string
  readonly document: { readonly table: AnyTable; readonly id: string }
  readonly businessDate: string
  readonly company: string
  readonly branch: string
  readonly party: string
  readonly territory: string
  readonly by: 'paid' | 'credited'
  /** Above zero. */
  readonly amount: AmountMinor
}

/** Returns what settled the invoice; the rest is the caller's to keep as an advance. A device without the row takes it whole. */
export function settleInvoice(ctx: Context, id: string, of: Settling): AmountMinor {
  const found = ctx.get(invoice, id)
  const owed = found === ELSEWHERE || found === null ? of.amount : Math.max(0, owedOf(found))
  const applied = amountMinor(Math.min(of.amount, owed))
  if (applied === 0) return applied
  ctx.add(invoice, id, { [of.by]: applied })
  const { label, document, businessDate, company, branch, party, territory } = of
  postParty(ctx, {
    label,
    document,
    businessDate,
    company,
    branch,
    party,
    territory,
    account: 'receivable',
    amount: amountMinor(-applied),
    item: id,
  })
  return applied
}

/** Takes back what a settlement applied: the invoice is owed again. */
export function unsettleInvoice(ctx: Context, id: string, of: Settling): void {
  ctx.add(invoice, id, { [of.by]: amountMinor(-of.amount) })
  const { label, document, businessDate, company, branch, party, territory } = of
  postParty(ctx, {
    label,
    document,
    businessDate,
    company,
    branch,
    party,
    territory,
    account: 'receivable',
    amount: of.amount,
    item: id,
  })
}

/** Adds to (or takes from) what the customer has paid ahead. */
export function postAdvance(ctx: Context, of: Omit<Settling, 'by'>): void {
  if (of.amount === 0) return
  const { label, document, businessDate, company, branch, party, territory, amount } = of
  postParty(ctx, {
    label,
    document,
    businessDate,
    company,
    branch,
    party,
    territory,
    account: 'advance',
    amount,
    item: document.id,
  })
}
