// Takes back a journal entry: the same lines with the other sign, under a number of their own. The entry stays.
import { amountMinor } from '../../kernel/amount.ts'
import { ELSEWHERE, command } from '../../kernel/command.ts'
import { headerOf } from '../../kernel/document.ts'
import { date, ref, text } from '../../kernel/field.ts'
import { journal, journalLine } from './journal.ts'
import { checkPeriod, postLines } from './journal-lines.ts'
import { refuse, rule } from './refusals.ts'

export const reverseJournal = command('accounting.reverseJournal', {
  kind: 'request',
  version: 1,
  permission: 'accounting.journal',
  args: { journal: ref('accounting.journal'), businessDate: date(), reason: text(200) },
  run(ctx, a) {
    if (a.reason.trim() === '') refuse(ctx, 'accounting.reason-needed')
    const of = ctx.get(journal, a.journal)
    if (of === null) return refuse(ctx, 'accounting.unknown-journal', { journal: a.journal })
    if (of === ELSEWHERE) return
    rule(ctx, 'accounting.already-reversed', of.state === 'submitted', { number: of.number })
    checkPeriod(ctx, a.businessDate)
    const given = ctx
      .find(journalLine, 'byParent', { document: of.id })
      .map((line) => ({ ...line, amount: amountMinor(-line.amount) }))
    given.sort((x, y) => x.position - y.position)
    const number = ctx.nextNumber('J', a.businessDate)
    const id = ctx.id('journal')
    ctx.insert(journal, {
      ...headerOf(ctx, { businessDate: a.businessDate, currency: of.currency }),
      id,
      number,
      state: 'submitted',
      kind: 'reversal',
      text: a.reason,
      reverses: of.id,
    })
    postLines(ctx, id, a.businessDate, given)
    ctx.patch(journal, of.id, { state: 'cancelled', reversedBy: id })
    ctx.describe({ number, text: a.reason, reverses: of.number })
  },
})
