// Writes a bad debt off, or takes a write-off back: Dr or Cr receivable against `bad-debt`. The same imported document is
// recorded once.
import { amountMinor, lineAmount, sumAmounts } from '../../kernel/amount.ts'
import { ELSEWHERE, command } from '../../kernel/command.ts'
import { headerOf } from '../../kernel/document.ts'
import { amount, code, date, integer, list, quantity, rate, ref, text } from '../../kernel/field.ts'
import { postJournal } from '../../kernel/ledger.ts'
import { debtAdjustment, debtAdjustmentLine } from './debt-adjustment.ts'
import { partyOf, postOwed } from './owed-party.ts'
import { refuse } from './refusals.ts'

export const writeOffDebt = command('accounting.writeOffDebt', {
  kind: 'fact',
  version: 1,
  permission: 'accounting.writeOffDebt',
  args: {
    businessDate: date(),
    currency: code(),
    minorDigits: integer(),
    party: ref('masters.party').optional(),
    partyName: text(200).optional().personal(),
    territory: code().optional(),
    /** Below zero takes debt away. */
    lines: list({ about: text(200), quantity: quantity(), rate: rate() }),
    total: amount(),
    remarks: text().optional(),
    externalRef: text(128).optional(),
    source: code().optional(),
  },
  run(ctx, a) {
    if (a.lines.length === 0) refuse(ctx, 'accounting.nothing-given')
    const amounts = a.lines.map((line) => lineAmount(line.quantity, line.rate, a.minorDigits))
    const total = sumAmounts(amounts)
    if (total !== a.total) refuse(ctx, 'accounting.total-differs', { total: a.total, expected: total })
    const { company, branch } = ctx.lease
    const externalRef = a.externalRef ?? null
    const id = externalRef === null ? ctx.id('adjustment') : ctx.idOf(debtAdjustment, { company, externalRef })
    if (externalRef !== null) {
      const known = ctx.getByKey(debtAdjustment, { company, externalRef, branch, businessDate: a.businessDate })
      const isNew = known === null || known === ELSEWHERE
      if (!ctx.rule('kernel.already-imported', isNew, { externalRef, exception: 'ALREADY_IMPORTED' })) return
    }
    const owed = partyOf(ctx, { party: a.party ?? null, territory: a.territory ?? null, purpose: 'receivable' })
    const number = ctx.nextNumber('B', a.businessDate)
    ctx.insert(debtAdjustment, {
      ...headerOf(ctx, a),
      id,
      number,
      state: 'submitted',
      party: a.party ?? null,
      partyName: a.partyName ?? owed.name,
      minorDigits: a.minorDigits,
      total,
    })
    a.lines.forEach(({ about, quantity, rate }, position) => {
      ctx.insert(debtAdjustmentLine, {
        id: ctx.id(`line/${position}`),
        document: id,
        position,
        about,
        quantity,
        rate,
        amount: amounts[position] ?? amountMinor(0),
      })
    })
    const document = { table: debtAdjustment, id }
    const { businessDate } = a
    postJournal(ctx, {
      label: 'journal',
      document,
      company,
      branch,
      businessDate,
      lines: [
        { purpose: 'receivable', amount: total, party: a.party ?? null },
        { purpose: 'bad-debt', amount: amountMinor(-total) },
      ],
    })
    postOwed(ctx, { owed, label: 'party', document, businessDate, amount: total, item: id })
    ctx.describe({ number, party: a.partyName ?? owed.name, amountMinor: total, currency: a.currency })
  },
})
