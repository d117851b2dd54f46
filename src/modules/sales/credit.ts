// Credit exposure (documents.md §4): what a party owes, has and has ordered, less what it paid ahead, against its limit.
// The hub decides with all branches' work in the balance; a device knows what it knows and says so softly, and inside its
// own share of the credit it may promise.
import { creditOf, standingOf, useShare } from '../../kernel/allotment.ts'
import type { AmountMinor } from '../../kernel/amount.ts'
import type { Context } from '../../kernel/command.ts'
import { exposureOf } from '../../kernel/ledger.ts'
import type { Customer } from './priced-lines.ts'

/**
 * Whether so much more would go beyond the credit; if so it is said, to credit control. Otherwise it is taken from the device's share.
 * Null limit: cash terms; nothing is watched, because goods are paid when they are handed over.
 */
export function isBeyondCredit(ctx: Context, of: Customer, more: AmountMinor): boolean {
  const place = { party: of.id, company: ctx.lease.company, territory: of.territory }
  const exposure = exposureOf(ctx, place) ?? 0
  const limit = of.creditLimitMinor
  const standing = limit === null ? null : standingOf(ctx, creditOf(place), limit - exposure)
  const isBeyond = of.isOnHold || (standing !== null && more > (standing.available ?? 0))
  if (isBeyond)
    ctx.exception('CREDIT_EXCEEDED', {
      party: of.id,
      amountMinor: more,
      exposureMinor: exposure,
      limitMinor: limit,
      isOnHold: of.isOnHold,
    })
  else if (standing !== null) useShare(ctx, creditOf(place), more, standing)
  return isBeyond
}
