// A payment that wasn't one: a bounced cheque, a wrong amount. Everything it posted is posted again with the other sign on
// the day of the reversal, and its invoices are owed again. The receipt keeps its number and its place.
import { amountMinor } from '../../kernel/amount.ts'
import { ELSEWHERE, command } from '../../kernel/command.ts'
import { date, ref, text } from '../../kernel/field.ts'
import { postJournal, postParty } from '../../kernel/ledger.ts'
import { postAdvance, unsettleInvoice } from '../sales/settle-invoice.ts'
import { allocation, payment, purposeOfMethod } from './payment.ts'
import { postDrawer } from './receive.ts'
import { refuse, rule } from './refusals.ts'

export const reversePayment = command('payments.reversePayment', {
  kind: 'fact',
  version: 1,
  permission: 'accounting.reversePayment',
  args: { payment: ref('payments.payment'), businessDate: date(), reason: text(200) },
  run(ctx, a) {
    if (a.reason.trim() === '') refuse(ctx, 'payments.reason-needed')
    const of = ctx.get(payment, a.payment)
    if (of === null) return refuse(ctx, 'payments.unknown-payment', { payment: a.payment })
    if (of === ELSEWHERE) return
    if (!rule(ctx, 'payments.not-open', of.state === 'submitted', { number: of.number, state: of.state })) return
    const { company, branch, party, territory } = of
    const document = { table: payment, id: of.id }
    const common = { document, businessDate: a.businessDate, company, branch, party, territory }
    const sums = { applied: 0, discount: 0, writeOff: 0 }
    for (const line of ctx.find(allocation, 'byParent', { document: of.id })) {
      const settled = line.applied + line.discount + line.writeOff
      if (settled > 0)
        unsettleInvoice(ctx, line.invoice, {
          ...common,
          label: `reverse/${line.id}`,
          by: 'paid',
          amount: amountMinor(settled),
        })
      sums.applied += line.applied
      sums.discount += line.discount
      sums.writeOff += line.writeOff
    }
    const sign = of.direction === 'in' ? 1 : -1
    const rest = amountMinor(of.amount - sums.applied)
    const isSupplier = of.outPurpose === 'supplier'
    if (isSupplier) postParty(ctx, { ...common, label: 'reverse', account: 'payable', amount: of.amount })
    else postAdvance(ctx, { ...common, label: 'reverse-advance', amount: amountMinor(-sign * rest) })
    postDrawer(ctx, of, of.id, sign > 0 ? -1 : 1)
    postJournal(ctx, {
      label: 'reverse-journal',
      document,
      company,
      branch,
      businessDate: a.businessDate,
      lines: [
        { purpose: purposeOfMethod(of), amount: amountMinor(-sign * of.amount) },
        { purpose: 'receivable', amount: amountMinor(sums.applied + sums.discount + sums.writeOff), party },
        { purpose: 'discount-allowed', amount: amountMinor(-sums.discount) },
        { purpose: 'bad-debt', amount: amountMinor(-sums.writeOff) },
        { purpose: isSupplier ? 'payable' : 'customer-advance', amount: amountMinor(sign * rest), party },
      ],
    })
    ctx.add(payment, of.id, { allocated: amountMinor(-sums.applied) })
    ctx.patch(payment, of.id, { state: 'cancelled', reversedOn: a.businessDate, reverseReason: a.reason })
    ctx.describe({
      number: of.number,
      party: of.partyName,
      amountMinor: of.amount,
      currency: of.currency,
      reason: a.reason,
    })
  },
})
