// Every "no" and every named exception of orders, invoices and credit notes, in closed lists: screens translate these
// codes and nothing else. Flaws of the arithmetic keep pricing's own codes.
import type { Context } from '../../kernel/command.ts'
import { to, type Exceptions } from '../../kernel/exception-owner.ts'
import type { Facts } from '../../kernel/refusal.ts'

/** Decidable from the arguments, or a thing that doesn't exist: refused on the device, parked on the hub. */
export const salesShapeRefusals = {
  'sales.unknown-company': 'The company does not exist.',
  'sales.unknown-party': 'The customer does not exist.',
  'sales.unknown-item': 'The item of a line does not exist.',
  'sales.unknown-order': 'The order does not exist.',
  'sales.unknown-order-line': 'The order line does not exist.',
  'sales.unknown-invoice': 'The invoice does not exist.',
  'sales.unknown-invoice-line': 'The invoice line does not exist.',
  'sales.no-lines': 'A document needs at least one line.',
  'sales.quantity-not-positive': 'A quantity must be above zero.',
  'sales.quantity-not-exact': 'The quantity is no exact number of stock units.',
  'sales.currency-differs': 'The document must have the currency and minor digits of the company.',
  'sales.totals-differ': 'Total or tax are not what the lines come to.',
  'sales.schedule-differs': 'The instalments do not add up to the total.',
  'sales.terms-negative': 'Days until payment must be zero or more.',
  'sales.territory-needed': "The customer is not on this device: say the customer's territory.",
  'sales.party-differs': 'The document it comes from belongs to another customer.',
  'sales.item-differs': 'The line it comes from has another item.',
  'sales.line-of-other-invoice': 'The line belongs to another invoice.',
  'sales.credit-incomplete': 'A credited line needs a quantity with its original sums, or an amount with its taxes.',
  'sales.amount-not-positive': 'The amount must be above zero.',
  'sales.reason-needed': 'Say why.',
  'sales.change-zero': 'The quantity would not change.',
} as const

/** Depends on what is stored: refuses at capture, becomes the exception beside it when a fact reaches the hub. */
export const salesRuleRefusals = {
  'sales.order-not-open': 'STATE_CONFLICT',
  'sales.order-not-on-hold': 'STATE_CONFLICT',
  'sales.already-delivered': 'CANCELLED_BUT_DELIVERED',
  'sales.below-delivered': 'OVER_DELIVERED',
  'sales.nothing-in-excess': 'STATE_CONFLICT',
  'sales.billed-over-delivered': 'BILLED_OVER_DELIVERED',
  'sales.credit-exceeds-invoice': 'CREDIT_EXCEEDS_INVOICE',
  'sales.origin-differs': 'CREDIT_DIFFERS',
  'sales.order-number-needed': 'ORDER_NUMBER_MISSING',
} as const

export const salesExceptions = {
  ALREADY_IMPORTED: to('it'),
  BILLED_OVER_DELIVERED: to('accountant'),
  CANCELLED_BUT_DELIVERED: to('dispatcher'),
  CREDIT_DIFFERS: to('accountant'),
  CREDIT_EXCEEDED: to('creditControl'),
  CREDIT_EXCEEDS_INVOICE: to('accountant'),
  ORDER_NUMBER_MISSING: to('salesAdmin'),
  ORDER_NUMBER_TWICE: to('salesAdmin'),
  OVER_DELIVERED: to('dispatcher'),
  PRICE_DIFFERS: to('pricing'),
  SETTINGS_DIFFER: to('branchManager'),
  STATE_CONFLICT: to('branchManager'),
} as const satisfies Exceptions

export const refuse: (ctx: Context, code: keyof typeof salesShapeRefusals, facts?: Facts) => never = (
  ctx,
  code,
  facts,
) => ctx.refuse(code, facts)

/** Returns `ok`; the command goes on after a failed rule that was overridden or stands as a fact. */
export const rule = (ctx: Context, code: keyof typeof salesRuleRefusals, ok: boolean, facts: Facts = {}): boolean =>
  ctx.rule(code, ok, { ...facts, exception: salesRuleRefusals[code] })
