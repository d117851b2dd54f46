// Money is paid out: to a supplier, or back to a customer who paid ahead. A request, because releasing money is never
// decided without the hub.
import { amountMinor } from '../../kernel/amount.ts'
import { ELSEWHERE, command } from '../../kernel/command.ts'
import { amount, code, list, text } from '../../kernel/field.ts'
import { partyBalance, postJournal, postParty } from '../../kernel/ledger.ts'
import { importedId } from '../sales/already-imported.ts'
import { outPurposes, payment, purposeOfMethod } from './payment.ts'
import { checkMoney, moneyArgs, payerOf, paymentRow, postDrawer } from './receive.ts'
import { refuse, rule } from './refusals.ts'

export const pay = command('payments.pay', {
  kind: 'request',
  version: 1,
  permission: 'accounting.payOut',
  args: {
    ...moneyArgs,
    outPurpose: code(outPurposes),
    /** A supplier's open items that it settles; the rest is on account. */
    items: list({ item: text(64), amount: amount() }).optional(),
  },
  run(ctx, a) {
    const { id, isNew } = importedId(ctx, payment, { ...a, label: 'payment' })
    if (!isNew) return
    checkMoney(ctx, a)
    const items = a.items ?? []
    if (items.some(({ amount: part }) => part <= 0)) refuse(ctx, 'payments.amount-not-positive')
    const named = items.reduce((sum, { amount: part }) => sum + part, 0)
    if (named > a.amount) refuse(ctx, 'payments.allocation-over-amount', { allocated: named, amount: a.amount })
    const { name, territory } = payerOf(ctx, a)
    const { company, branch } = ctx.lease
    if (a.outPurpose === 'refund') {
      const balance = ctx.getByKey(partyBalance, { party: a.party, company, territory })
      const advance = balance === null || balance === ELSEWHERE ? 0 : balance.advance
      rule(ctx, 'payments.advance-too-small', a.amount <= advance, { wantedMinor: a.amount, leftMinor: advance })
    }
    const number = ctx.nextNumber('P', a.businessDate)
    ctx.insert(payment, {
      ...paymentRow(ctx, a),
      id,
      number,
      direction: 'out',
      partyName: name,
      territory,
      outPurpose: a.outPurpose,
    })
    const document = { table: payment, id }
    const common = { document, businessDate: a.businessDate, company, branch, party: a.party, territory }
    const account = a.outPurpose === 'refund' ? ('advance' as const) : ('payable' as const)
    const rest = { item: id, amount: amountMinor(a.amount - named) }
    for (const [at, part] of [...items, rest].entries()) {
      if (part.amount !== 0)
        postParty(ctx, { ...common, label: `party/${at}`, account, amount: amountMinor(-part.amount), item: part.item })
    }
    postDrawer(ctx, a, id, -1)
    postJournal(ctx, {
      label: 'journal',
      document,
      company,
      branch,
      businessDate: a.businessDate,
      lines: [
        { purpose: account === 'advance' ? 'customer-advance' : 'payable', amount: a.amount, party: a.party },
        { purpose: purposeOfMethod(a), amount: amountMinor(-a.amount) },
      ],
    })
    ctx.describe({ number, party: name, amountMinor: a.amount, currency: a.currency, method: a.method })
  },
})
