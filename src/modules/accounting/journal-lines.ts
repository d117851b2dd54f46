// What a journal entry and its reversal share: whether the month may still be posted into, and the lines with their
// ledger entries.
import type { AmountMinor } from '../../kernel/amount.ts'
import type { Context } from '../../kernel/command.ts'
import { postJournal } from '../../kernel/ledger.ts'
import { monthOf, periodState } from '../../kernel/period.ts'
import { journal, journalLine } from './journal.ts'
import { rule } from './refusals.ts'

interface GivenLine {
  readonly account: string
  readonly amount: AmountMinor
  readonly party?: string | null | undefined
  readonly text?: string | null | undefined
}

/** Whether this person may still post into the day's month. */
export function checkPeriod(ctx: Context, businessDate: string): void {
  const month = monthOf(businessDate)
  const state = periodState(ctx, ctx.lease.company, month)
  rule(ctx, 'accounting.period-not-open', state === 'open', { month, state })
}

export function postLines(ctx: Context, id: string, businessDate: string, given: readonly GivenLine[]): void {
  const { company, branch } = ctx.lease
  given.forEach((line, position) =>
    ctx.insert(journalLine, {
      id: ctx.id(`line/${position}`),
      document: id,
      position,
      account: line.account,
      amount: line.amount,
      party: line.party ?? null,
      text: line.text ?? null,
    }),
  )
  const posted = given.map((line) => ({ purpose: line.account, amount: line.amount, party: line.party ?? null }))
  postJournal(ctx, { label: 'journal', document: { table: journal, id }, company, branch, businessDate, lines: posted })
}
