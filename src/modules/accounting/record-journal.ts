// A person posts to the ledger by hand. A request: accounts, period and balance must hold
// on the hub when it is decided.
import { ELSEWHERE, command } from '../../kernel/command.ts'
import { headerOf } from '../../kernel/document.ts'
import { amount, code, date, list, ref, text } from '../../kernel/field.ts'
import { account } from './account.ts'
import { journal, journalKinds } from './journal.ts'
import { checkPeriod, postLines } from './journal-lines.ts'
import { refuse, rule } from './refusals.ts'

export const recordJournal = command('accounting.recordJournal', {
  kind: 'request',
  version: 1,
  permission: 'accounting.journal',
  args: {
    businessDate: date(),
    currency: code(),
    kind: code(journalKinds),
    text: text(200),
    /** Debit positive, credit negative. */
    lines: list({
      account: code(),
      amount: amount(),
      party: ref('masters.party').optional(),
      text: text(200).optional(),
    }),
    externalRef: text(128).optional(),
  },
  run(ctx, a) {
    if (a.lines.length < 2) refuse(ctx, 'accounting.no-lines')
    if (a.text.trim() === '') refuse(ctx, 'accounting.reason-needed')
    const zero = a.lines.findIndex(({ amount: part }) => part === 0)
    if (zero >= 0) refuse(ctx, 'accounting.line-zero', { line: zero })
    const sum = a.lines.reduce((all, { amount: part }) => all + part, 0)
    if (sum !== 0) refuse(ctx, 'accounting.not-balanced', { differenceMinor: sum })
    const { company } = ctx.lease
    const externalRef = a.externalRef ?? null
    if (
      externalRef !== null &&
      !ctx.rule('kernel.already-imported', ctx.getByKey(journal, { company, externalRef }) === null, {
        externalRef,
        exception: 'ALREADY_IMPORTED',
      })
    )
      return
    const id = externalRef === null ? ctx.id('journal') : ctx.idOf(journal, { company, externalRef })
    checkPeriod(ctx, a.businessDate)
    for (const line of a.lines) {
      const to = ctx.getByKey(account, { company, code: line.account })
      if (to === ELSEWHERE) continue
      rule(ctx, 'accounting.unknown-account', to !== null, { account: line.account })
      rule(ctx, 'accounting.account-disabled', to?.isDisabled !== true, { account: line.account })
    }
    const number = ctx.nextNumber('J', a.businessDate)
    ctx.insert(journal, { ...headerOf(ctx, a), id, number, state: 'submitted', kind: a.kind, text: a.text })
    postLines(ctx, id, a.businessDate, a.lines)
    const debit = a.lines.reduce((all, { amount: part }) => all + Math.max(0, part), 0)
    ctx.describe({ number, text: a.text, amountMinor: debit, currency: a.currency })
  },
})
