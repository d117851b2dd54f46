// Allocating money: each invoice takes what it still owes, in the order given; what it doesn't owe any more stays an
// advance, and PAID_TWICE says so. Used by a payment when it is received and by a later allocation.
import { amountMinor, type AmountMinor } from '../../kernel/amount.ts'
import { ELSEWHERE, type Context } from '../../kernel/command.ts'
import { amount, ref, type ArgsOf } from '../../kernel/field.ts'
import type { JournalLine } from '../../kernel/ledger.ts'
import { mayDo } from '../../kernel/lease.ts'
import { invoice } from '../sales/invoice.ts'
import { settleInvoice } from '../sales/settle-invoice.ts'
import { allocation, payment } from './payment.ts'
import { refuse, rule } from './refusals.ts'

export const allocationArgs = {
  invoice: ref('sales.invoice'),
  amount: amount(),
  discount: amount().optional(),
  writeOff: amount().optional(),
}
export type AllocationArgs = ArgsOf<typeof allocationArgs>

export interface Allocating {
  readonly payment: string
  readonly businessDate: string
  readonly company: string
  readonly branch: string
  readonly party: string
  readonly territory: string
  /** Where the positions of these allocations start. */
  readonly from: number
}

export interface Allocated {
  /** Money that settled invoices. */
  readonly applied: AmountMinor
  readonly discount: AmountMinor
  readonly writeOff: AmountMinor
}

export function checkAllocations(ctx: Context, allocations: readonly AllocationArgs[], most: number): void {
  let sum = 0
  const seen = new Set<string>()
  for (const [at, { invoice: to, amount: part, discount, writeOff }] of allocations.entries()) {
    const isAbove =
      part >= 0 && (discount ?? 0) >= 0 && (writeOff ?? 0) >= 0 && part + (discount ?? 0) + (writeOff ?? 0) > 0
    if (!isAbove) refuse(ctx, 'payments.amount-not-positive', { allocation: at })
    if (seen.has(to)) refuse(ctx, 'payments.invoice-twice', { allocation: at, invoice: to })
    seen.add(to)
    sum += part
  }
  if (sum > most) refuse(ctx, 'payments.allocation-over-amount', { allocated: sum, amount: most })
  const lost = allocations.reduce((all, { discount, writeOff }) => all + (discount ?? 0) + (writeOff ?? 0), 0)
  const limit =
    ctx.lease.limits['writeOffMinor'] ?? (mayDo(ctx.lease, 'payments.writeOff') ? Number.MAX_SAFE_INTEGER : 0)
  rule(ctx, 'payments.write-off-over-limit', lost <= limit, { writeOffMinor: lost, limitMinor: limit })
}

export function allocateTo(ctx: Context, allocations: readonly AllocationArgs[], of: Allocating): Allocated {
  const sums = { applied: 0, discount: 0, writeOff: 0 }
  allocations.forEach((given, index) => {
    const done = allocateOne(ctx, given, of, of.from + index)
    sums.applied += done.applied
    sums.discount += done.discount
    sums.writeOff += done.writeOff
  })
  return {
    applied: amountMinor(sums.applied),
    discount: amountMinor(sums.discount),
    writeOff: amountMinor(sums.writeOff),
  }
}

function allocateOne(ctx: Context, given: AllocationArgs, of: Allocating, at: number): Allocated {
  const to = ctx.get(invoice, given.invoice)
  if (to === null) return refuse(ctx, 'payments.unknown-invoice', { invoice: given.invoice })
  if (to !== ELSEWHERE && to.party !== of.party) refuse(ctx, 'payments.party-differs', { invoice: to.number })
  const { payment: id, businessDate, company, branch, party, territory } = of
  const common = {
    document: { table: payment, id },
    businessDate,
    company,
    branch,
    party,
    territory,
    by: 'paid' as const,
  }
  const settle = (label: string, part: number): AmountMinor =>
    part === 0
      ? amountMinor(0)
      : settleInvoice(ctx, given.invoice, { ...common, label: `${label}/${at}`, amount: amountMinor(part) })
  const applied = settle('settle', given.amount)
  if (applied < given.amount)
    ctx.exception('PAID_TWICE', {
      invoice: to === ELSEWHERE ? given.invoice : to.number,
      advanceMinor: given.amount - applied,
    })
  const discount = settle('discount', given.discount ?? 0)
  const writeOff = settle('write-off', given.writeOff ?? 0)
  const line = ctx.insert(allocation, {
    id: ctx.id(`allocation/${at}`),
    document: id,
    position: at,
    invoice: given.invoice,
    invoiceNumber: to === ELSEWHERE ? null : to.number,
    businessDate,
    amount: given.amount,
    applied,
    discount,
    writeOff,
  })
  ctx.link({ table: allocation, id: line }, { table: invoice, id: given.invoice }, 'pays')
  return { applied, discount, writeOff }
}

/** Cr receivable for all that settled; Dr what settled it without money. The money's own side is the caller's. */
export const settledLines = (of: Allocated, party: string): JournalLine[] => [
  { purpose: 'receivable', amount: amountMinor(-(of.applied + of.discount + of.writeOff)), party },
  { purpose: 'discount-allowed', amount: of.discount },
  { purpose: 'bad-debt', amount: of.writeOff },
]
