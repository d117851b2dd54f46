// Records an expense and posts it: Dr the purpose of each line, Cr where the money came from. It happened, so the hub
// never refuses it; the same imported document is recorded once.
import { amountMinor, lineAmount, sumAmounts } from '../../kernel/amount.ts'
import { ELSEWHERE, command } from '../../kernel/command.ts'
import { headerOf } from '../../kernel/document.ts'
import { amount, code, date, integer, list, quantity, rate, ref, text } from '../../kernel/field.ts'
import { postJournal } from '../../kernel/ledger.ts'
import { partyOf, postOwed } from './owed-party.ts'
import { expense, expenseLine } from './expense.ts'
import { refuse } from './refusals.ts'

export const recordExpense = command('accounting.recordExpense', {
  kind: 'fact',
  version: 1,
  permission: 'accounting.recordExpense',
  args: {
    businessDate: date(),
    currency: code(),
    minorDigits: integer(),
    party: ref('masters.party').optional(),
    partyName: text(200).optional().personal(),
    /** Of a party that isn't on this device: it names the bucket of the balance. */
    territory: code().optional(),
    paidFrom: code(),
    lines: list({
      item: ref('masters.item').optional(),
      about: text(200),
      purpose: code(),
      quantity: quantity(),
      rate: rate(),
    }),
    /** As on the paper: what the lines come to. */
    total: amount(),
    remarks: text().optional(),
    externalRef: text(128).optional(),
    source: code().optional(),
  },
  run(ctx, a) {
    if (a.lines.length === 0) refuse(ctx, 'accounting.nothing-given')
    const amounts = a.lines.map((line, at) => {
      if (line.quantity === 0) refuse(ctx, 'accounting.quantity-zero', { line: at })
      if (line.rate < 0) refuse(ctx, 'accounting.price-negative', { line: at })
      return lineAmount(line.quantity, line.rate, a.minorDigits)
    })
    const total = sumAmounts(amounts)
    if (total !== a.total) refuse(ctx, 'accounting.total-differs', { total: a.total, expected: total })
    const { company, branch } = ctx.lease
    const externalRef = a.externalRef ?? null
    const id = externalRef === null ? ctx.id('expense') : ctx.idOf(expense, { company, externalRef })
    if (externalRef !== null) {
      const known = ctx.getByKey(expense, { company, externalRef, branch, businessDate: a.businessDate })
      const isNew = known === null || known === ELSEWHERE
      if (!ctx.rule('kernel.already-imported', isNew, { externalRef, exception: 'ALREADY_IMPORTED' })) return
    }
    const owed = partyOf(ctx, { party: a.party ?? null, territory: a.territory ?? null, purpose: a.paidFrom })
    const number = ctx.nextNumber('E', a.businessDate)
    ctx.insert(expense, {
      ...headerOf(ctx, a),
      id,
      number,
      state: 'submitted',
      party: a.party ?? null,
      partyName: a.partyName ?? owed.name,
      paidFrom: a.paidFrom,
      minorDigits: a.minorDigits,
      total,
    })
    a.lines.forEach((line, position) => {
      const { item, about, purpose, quantity, rate } = line
      ctx.insert(expenseLine, {
        id: ctx.id(`line/${position}`),
        document: id,
        position,
        item: item ?? null,
        about,
        purpose,
        quantity,
        rate,
        amount: amounts[position] ?? amountMinor(0),
      })
    })
    const document = { table: expense, id }
    const { businessDate } = a
    postJournal(ctx, {
      label: 'journal',
      document,
      company,
      branch,
      businessDate,
      lines: [
        ...a.lines.map((line, at) => ({ purpose: line.purpose, amount: amounts[at] ?? amountMinor(0) })),
        { purpose: a.paidFrom, amount: amountMinor(-total), party: owed.isOwing ? (a.party ?? null) : null },
      ],
    })
    postOwed(ctx, { owed, label: 'party', document, businessDate, amount: amountMinor(-total), item: id })
    ctx.describe({ number, party: a.partyName ?? owed.name, amountMinor: total, currency: a.currency })
  },
})
