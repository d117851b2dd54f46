// Every "no" and every named exception of deliveries and goods that come back, in closed lists.
import type { Context } from '../../kernel/command.ts'
import { to, type Exceptions } from '../../kernel/exception-owner.ts'
import type { Facts } from '../../kernel/refusal.ts'

/** Decidable from the arguments, or a thing that doesn't exist: refused on the device, parked on the hub. */
export const deliveryShapeRefusals = {
  'delivery.unknown-party': 'The customer does not exist.',
  'delivery.unknown-item': 'The item of a line does not exist.',
  'delivery.unknown-warehouse': 'The warehouse or vehicle does not exist.',
  'delivery.unknown-order-line': 'The order line does not exist.',
  'delivery.unknown-delivery': 'The delivery does not exist.',
  'delivery.unknown-delivery-line': 'The delivered line does not exist.',
  'delivery.no-lines': 'A delivery needs at least one line, unless nobody was there.',
  'delivery.quantity-negative': 'A quantity must not be below zero.',
  'delivery.quantity-zero': 'A line needs a quantity that was delivered or refused.',
  'delivery.quantity-not-exact': 'The quantity is no exact number of stock units.',
  'delivery.outcome-differs':
    'Nothing can have been delivered where the goods were refused, nobody was there or another day was set.',
  'delivery.serial-count': 'There must be one serial number for each piece.',
  'delivery.serial-twice': 'A serial number is given twice.',
  'delivery.refusal-reason-needed': 'Say why goods were refused.',
  'delivery.reason-needed': 'Say why.',
  'delivery.territory-needed': "The customer is not on this device: say the customer's territory.",
  'delivery.party-differs': 'The order line belongs to another customer.',
  'delivery.item-differs': 'The order line has another item.',
  'delivery.unit-differs': 'The order line counts in another unit.',
} as const

/** Depends on what is stored: refuses at capture, becomes the exception beside it when a fact reaches the hub. */
export const deliveryRuleRefusals = {
  'delivery.order-cancelled': 'CANCELLED_BUT_DELIVERED',
  'delivery.order-on-hold': 'CREDIT_EXCEEDED',
  'delivery.out-of-stock': 'OVERSOLD',
  'delivery.credit-exceeded': 'CREDIT_EXCEEDED',
  'delivery.batch-recalled': 'RECALLED_SOLD',
  'delivery.batch-expired': 'RECALLED_SOLD',
  'delivery.serials-missing': 'SERIAL_MISSING',
  'delivery.return-exceeds-delivered': 'RETURN_EXCEEDS_SOLD',
  'delivery.not-open': 'STATE_CONFLICT',
  'delivery.already-billed': 'STATE_CONFLICT',
  'delivery.partly-returned': 'STATE_CONFLICT',
} as const

export const deliveryExceptions = {
  ALREADY_IMPORTED: to('it'),
  CANCELLED_BUT_DELIVERED: to('dispatcher'),
  CREDIT_EXCEEDED: to('creditControl'),
  OVERSOLD: to('storekeeper'),
  OVER_DELIVERED: to('dispatcher'),
  RECALLED_SOLD: to('quality', 'at once'),
  RETURN_EXCEEDS_SOLD: to('branchManager'),
  SERIAL_MISSING: to('stockController'),
  STATE_CONFLICT: to('branchManager'),
} as const satisfies Exceptions

export const refuse: (ctx: Context, code: keyof typeof deliveryShapeRefusals, facts?: Facts) => never = (
  ctx,
  code,
  facts,
) => ctx.refuse(code, facts)

/** Returns `ok`; the command goes on after a failed rule that was overridden or stands as a fact. */
export const rule = (ctx: Context, code: keyof typeof deliveryRuleRefusals, ok: boolean, facts: Facts = {}): boolean =>
  ctx.rule(code, ok, { ...facts, exception: deliveryRuleRefusals[code] })
