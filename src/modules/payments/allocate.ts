// Money that was paid ahead meets invoices. A request: the same advance may be allocated elsewhere at the same time, and
// only the hub knows what is left of it.
import { amountMinor } from '../../kernel/amount.ts'
import { ELSEWHERE, command } from '../../kernel/command.ts'
import { date, list, ref } from '../../kernel/field.ts'
import { partyBalance, postJournal } from '../../kernel/ledger.ts'
import { invoice, owedOf } from '../sales/invoice.ts'
import { postAdvance } from '../sales/settle-invoice.ts'
import { allocateTo, allocationArgs, checkAllocations, settledLines } from './allocate-to.ts'
import { allocation, payment } from './payment.ts'
import { refuse, rule } from './refusals.ts'

export const allocate = command('payments.allocate', {
  kind: 'request',
  version: 1,
  permission: 'accounting.allocatePayment',
  args: { payment: ref('payments.payment'), businessDate: date(), allocations: list(allocationArgs) },
  run(ctx, a) {
    const of = ctx.get(payment, a.payment)
    if (of === null) return refuse(ctx, 'payments.unknown-payment', { payment: a.payment })
    if (of === ELSEWHERE) return
    if (of.direction !== 'in') refuse(ctx, 'payments.not-received', { number: of.number })
    checkAllocations(ctx, a.allocations, of.amount)
    rule(ctx, 'payments.not-open', of.state === 'submitted', { number: of.number, state: of.state })
    const wanted = a.allocations.reduce((sum, { amount }) => sum + amount, 0)
    const left = of.amount - of.allocated
    rule(ctx, 'payments.advance-too-small', wanted <= left, { number: of.number, wantedMinor: wanted, leftMinor: left })
    // What was refunded is gone, although the payment still shows it.
    const balance = ctx.getByKey(partyBalance, { party: of.party, company: of.company, territory: of.territory })
    if (balance !== null && balance !== ELSEWHERE) {
      rule(ctx, 'payments.advance-too-small', wanted <= balance.advance, {
        number: of.number,
        wantedMinor: wanted,
        leftMinor: balance.advance,
      })
    }
    for (const given of a.allocations) {
      const to = ctx.get(invoice, given.invoice)
      if (to === null || to === ELSEWHERE) continue
      const asked = given.amount + (given.discount ?? 0) + (given.writeOff ?? 0)
      rule(ctx, 'payments.nothing-owed', asked <= owedOf(to), {
        invoice: to.number,
        askedMinor: asked,
        owedMinor: owedOf(to),
      })
    }
    const from = ctx.find(allocation, 'byParent', { document: of.id }).length
    const { company, branch, party, territory } = of
    const { businessDate } = a
    const done = allocateTo(ctx, a.allocations, {
      payment: of.id,
      businessDate,
      company,
      branch,
      party,
      territory,
      from,
    })
    ctx.add(payment, of.id, { allocated: done.applied })
    const document = { table: payment, id: of.id }
    postAdvance(ctx, {
      label: 'advance',
      document,
      businessDate,
      company,
      branch,
      party,
      territory,
      amount: amountMinor(-done.applied),
    })
    postJournal(ctx, {
      label: 'journal',
      document,
      company,
      branch,
      businessDate,
      lines: [{ purpose: 'customer-advance', amount: done.applied, party }, ...settledLines(done, party)],
    })
    ctx.describe({ number: of.number, party: of.partyName, amountMinor: wanted, currency: of.currency })
  },
})
