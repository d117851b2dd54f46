// Credit exposure (documents.md §4): what a party owes, has and has ordered, less what it paid ahead, against its limit.
// The hub decides with all branches' work in the balance; a device knows what it knows and says so softly.
import { amountMinor, type AmountMinor } from '../../kernel/amount.ts'
import { ELSEWHERE, type Context } from '../../kernel/command.ts'
import { partyBalance } from '../../kernel/ledger.ts'
import type { Customer } from './priced-lines.ts'

export interface CreditView {
  readonly exposure: AmountMinor
  /** Null: cash terms; nothing is watched, because goods are paid when they are handed over. */
  readonly limit: AmountMinor | null
  /** What may still be added; null when nothing is watched. */
  readonly left: number | null
}

export function creditOf(ctx: Context, of: Pick<Customer, 'id' | 'territory' | 'creditLimitMinor'>): CreditView {
  const key = { party: of.id, company: ctx.lease.company, territory: of.territory }
  const balance = ctx.getByKey(partyBalance, key, { soft: true })
  const known = balance === ELSEWHERE ? null : balance
  const exposure = amountMinor(
    (known?.receivable ?? 0) + (known?.delivered ?? 0) + (known?.ordered ?? 0) - (known?.advance ?? 0),
  )
  const limit = of.creditLimitMinor
  return { exposure, limit, left: limit === null ? null : limit - exposure }
}

/** Whether so much more would go beyond the credit; if so it is said, to credit control. */
export function isBeyondCredit(ctx: Context, of: Customer, more: AmountMinor): boolean {
  const { exposure, limit, left } = creditOf(ctx, of)
  const isBeyond = of.isOnHold || (left !== null && more > left)
  if (isBeyond)
    ctx.exception('CREDIT_EXCEEDED', {
      party: of.id,
      amountMinor: more,
      exposureMinor: exposure,
      limitMinor: limit,
      isOnHold: of.isOnHold,
    })
  return isBeyond
}
