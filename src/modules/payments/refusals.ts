// Every "no" and every named exception of payments, in closed lists.
import type { Context } from '../../kernel/command.ts'
import { to, type Exceptions } from '../../kernel/exception-owner.ts'
import type { Facts } from '../../kernel/refusal.ts'

/** Decidable from the arguments, or a thing that doesn't exist: refused on the device, parked on the hub. */
export const paymentShapeRefusals = {
  'payments.unknown-party': 'The party does not exist.',
  'payments.unknown-invoice': 'The invoice does not exist.',
  'payments.unknown-payment': 'The payment does not exist.',
  'payments.amount-not-positive': 'The amount must be above zero.',
  'payments.allocation-over-amount': 'More is allocated than was paid.',
  'payments.invoice-twice': 'An invoice stands twice among the allocations.',
  'payments.party-differs': 'The invoice belongs to another customer.',
  'payments.currency-differs': 'The payment must be in the currency of the company.',
  'payments.till-incomplete': 'Money into a drawer needs the till, its shift and the day of the shift.',
  'payments.territory-needed': "The party is not on this device: say the party's territory.",
  'payments.reason-needed': 'Say why.',
  'payments.not-received': 'Only money that was received can be allocated.',
} as const

/** Depends on what is stored: refuses at capture, becomes the exception beside it when a fact reaches the hub. */
export const paymentRuleRefusals = {
  'payments.collection-over-limit': 'COLLECTION_OVER_LIMIT',
  'payments.write-off-over-limit': 'WRITE_OFF_OVER_LIMIT',
  'payments.not-open': 'STATE_CONFLICT',
  'payments.advance-too-small': 'ADVANCE_TOO_SMALL',
  'payments.nothing-owed': 'PAID_TWICE',
} as const

export const paymentExceptions = {
  ADVANCE_TOO_SMALL: to('receivables'),
  ALREADY_IMPORTED: to('it'),
  COLLECTION_OVER_LIMIT: to('receivables'),
  PAID_TWICE: to('receivables'),
  STATE_CONFLICT: to('branchManager'),
  WRITE_OFF_OVER_LIMIT: to('receivables'),
} as const satisfies Exceptions

export const refuse: (ctx: Context, code: keyof typeof paymentShapeRefusals, facts?: Facts) => never = (
  ctx,
  code,
  facts,
) => ctx.refuse(code, facts)

/** Returns `ok`; the command goes on after a failed rule that was overridden or stands as a fact. */
export const rule = (ctx: Context, code: keyof typeof paymentRuleRefusals, ok: boolean, facts: Facts = {}): boolean =>
  ctx.rule(code, ok, { ...facts, exception: paymentRuleRefusals[code] })
