// Money is received. It happened: it settles the invoices it was meant for as far as they are owed, and the rest is the
// customer's advance. A receipt is given after the commit, with the device's own number.
import { amountMinor } from '../../kernel/amount.ts'
import { ELSEWHERE, command, row, type Context } from '../../kernel/command.ts'
import { headerOf } from '../../kernel/document.ts'
import { amount, code, date, list, ref, text, type ArgsOf } from '../../kernel/field.ts'
import { postCash, postJournal } from '../../kernel/ledger.ts'
import { company as companyTable } from '../masters/organisation.ts'
import { party as partyTable } from '../masters/party.ts'
import { importedId } from '../sales/already-imported.ts'
import { invoice } from '../sales/invoice.ts'
import { postAdvance } from '../sales/settle-invoice.ts'
import { allocateTo, allocationArgs, checkAllocations, settledLines } from './allocate-to.ts'
import { drawerFields, methodKinds, payment, purposeOfMethod } from './payment.ts'
import { refuse, rule } from './refusals.ts'

export const moneyArgs = {
  ...drawerFields,
  party: ref('masters.party'),
  partyName: text(200).optional().personal(),
  territory: code().optional(),
  businessDate: date(),
  currency: code(),
  method: code(),
  methodKind: code(methodKinds),
  amount: amount(),
  reference: text(128).optional(),
  chequeDate: date().optional(),
  remarks: text().optional(),
  externalRef: text(128).optional(),
  source: code().optional(),
}
const args = { ...moneyArgs, allocations: list(allocationArgs).optional() }
export type MoneyArgs = ArgsOf<typeof moneyArgs>

export const receive = command('payments.receive', {
  kind: 'fact',
  version: 1,
  permission: 'sales.receivePayment',
  args,
  reads: (a) => [row(partyTable, a.party), ...(a.allocations ?? []).map(({ invoice: to }) => row(invoice, to))],
  run(ctx, a) {
    const { id, isNew } = importedId(ctx, payment, { ...a, label: 'payment' })
    if (!isNew) return
    checkMoney(ctx, a)
    const allocations = a.allocations ?? []
    checkAllocations(ctx, allocations, a.amount)
    const limit = ctx.lease.limits['collectionMinor']
    if (a.methodKind === 'cash' && limit !== undefined)
      rule(ctx, 'payments.collection-over-limit', a.amount <= limit, { amountMinor: a.amount, limitMinor: limit })
    const { name, territory } = payerOf(ctx, a)
    const number = ctx.nextNumber('P', a.businessDate)
    ctx.insert(payment, { ...paymentRow(ctx, a), id, number, direction: 'in', partyName: name, territory })
    const { company, branch } = ctx.lease
    const of = { payment: id, businessDate: a.businessDate, company, branch, party: a.party, territory, from: 0 }
    const done = allocateTo(ctx, allocations, of)
    ctx.add(payment, id, { allocated: done.applied })
    const rest = amountMinor(a.amount - done.applied)
    const document = { table: payment, id }
    postAdvance(ctx, {
      label: 'advance',
      document,
      businessDate: a.businessDate,
      company,
      branch,
      party: a.party,
      territory,
      amount: rest,
    })
    postDrawer(ctx, a, id, 1)
    postJournal(ctx, {
      label: 'journal',
      document,
      company,
      branch,
      businessDate: a.businessDate,
      lines: [
        { purpose: purposeOfMethod(a), amount: a.amount },
        ...settledLines(done, a.party),
        { purpose: 'customer-advance', amount: amountMinor(-rest), party: a.party },
      ],
    })
    ctx.describe({ number, party: name, amountMinor: a.amount, currency: a.currency, method: a.method })
  },
})

export function checkMoney(ctx: Context, a: MoneyArgs): void {
  if (a.amount <= 0) refuse(ctx, 'payments.amount-not-positive', { amountMinor: a.amount })
  const drawer = [a.till, a.shift, a.shiftDate].filter((part) => part != null).length
  if (drawer !== 0 && drawer !== 3) refuse(ctx, 'payments.till-incomplete')
  const own = ctx.get(companyTable, ctx.lease.company, { soft: true })
  if (own !== null && own !== ELSEWHERE && own.currency !== a.currency) {
    refuse(ctx, 'payments.currency-differs', { currency: a.currency, companyCurrency: own.currency })
  }
}

export function payerOf(
  ctx: Context,
  a: Pick<MoneyArgs, 'party' | 'partyName' | 'territory'>,
): { readonly name: string; readonly territory: string } {
  const found = ctx.get(partyTable, a.party)
  if (found === null) return refuse(ctx, 'payments.unknown-party', { party: a.party })
  if (found !== ELSEWHERE) return { name: a.partyName ?? found.name, territory: found.territory }
  return {
    name: a.partyName ?? a.party,
    territory: a.territory ?? refuse(ctx, 'payments.territory-needed', { party: a.party }),
  }
}

/** The columns that money in and money out share. */
export const paymentRow = (ctx: Context, a: MoneyArgs) => ({
  ...headerOf(ctx, a),
  state: 'submitted' as const,
  party: a.party,
  method: a.method,
  methodKind: a.methodKind,
  amount: a.amount,
  reference: a.reference ?? null,
  chequeDate: a.chequeDate ?? null,
  till: a.till ?? null,
  shift: a.shift ?? null,
  shiftDate: a.shiftDate ?? null,
})

/** Money of a drawer is counted at its close, whatever its kind. */
export function postDrawer(
  ctx: Context,
  a: Pick<MoneyArgs, 'till' | 'shift' | 'shiftDate' | 'method' | 'currency' | 'amount'>,
  id: string,
  sign: 1 | -1,
): void {
  if (a.till == null || a.shift == null || a.shiftDate == null) return
  postCash(ctx, {
    label: sign > 0 ? 'cash' : 'cash-back',
    document: { table: payment, id },
    businessDate: a.shiftDate,
    branch: ctx.lease.branch,
    till: a.till,
    shift: a.shift,
    method: a.method,
    currency: a.currency,
    kind: sign > 0 ? 'receipt' : 'refund',
    amount: amountMinor(sign * a.amount),
  })
}
