// Every "no" and every named exception of the till, in one closed list each: screens translate these codes and nothing
// else. A code never changes its meaning once it was released. Flaws of the arithmetic keep pricing's own codes.

/** Decidable from the arguments, or a thing that doesn't exist: refused on the device, parked on the hub. */
export const posShapeRefusals = {
  'pos.unknown-shift': 'The shift does not exist. Open one first.',
  'pos.unknown-till': 'The till does not exist.',
  'pos.unknown-company': 'The company does not exist.',
  'pos.unknown-item': 'The item of a line does not exist.',
  'pos.unknown-party': 'The customer does not exist.',
  'pos.unknown-sale': 'The sale does not exist.',
  'pos.unknown-sale-line': 'The sold line that is returned does not exist.',
  'pos.unknown-tender': 'The payment that is refunded does not exist.',
  'pos.unknown-held-sale': 'The held sale does not exist.',
  'pos.no-lines': 'A document needs at least one line of its kind.',
  'pos.quantity-not-positive': 'A quantity must be above zero; what comes back is told by its list, not by a sign.',
  'pos.quantity-not-exact': 'The quantity is no exact number of stock units.',
  'pos.negative-goods': 'Goods that come back belong in the returns, so that it is said where they go.',
  'pos.origin-incomplete': 'A linked return needs the sums of the sold line beside its id.',
  'pos.currency-differs': 'The document and its shift must have the currency and minor digits of the company.',
  'pos.totals-differ': 'Total or tax are not what the lines come to.',
  'pos.rounding-differs': 'The cash rounding is not what the smallest coin makes of the rest.',
  'pos.tender-zero': 'A payment must not be zero.',
  'pos.tender-sign': 'Payments must all go the way of the total.',
  'pos.tender-short': 'The payments are less than the total.',
  'pos.tender-over': 'The payments are more than the total. Only cash gives change.',
  'pos.given-short': 'Less cash was given than it is to pay.',
  'pos.change-only-from-cash': 'Only cash is given and changed.',
  'pos.exchange-differs': 'The foreign cash at its rate is not what was given.',
  'pos.party-needed': 'An on-account payment needs a customer.',
  'pos.territory-needed': "The customer is not on this device: say the customer's territory.",
  'pos.amount-not-positive': 'The amount must be above zero.',
  'pos.reason-needed': 'Say why.',
  'pos.denominations-differ': 'The coins and notes do not add up to the amount.',
  'pos.counted-twice': 'A method and currency can be counted only once.',
  'pos.rate-needed': 'A foreign currency needs its rate.',
} as const

/** Depends on what is stored: asks for an override at capture, becomes the exception beside it on the hub. */
export const posRuleRefusals = {
  'pos.shift-not-open': 'CLOSE_INCOMPLETE',
  'pos.shift-of-other-device': 'TILL_TWICE',
  'pos.till-open-elsewhere': 'TILL_TWICE',
  'pos.shift-already-open': 'SHIFT_TWICE',
  'pos.unit-differs': 'UNIT_DIFFERS',
  'pos.out-of-stock': 'OVERSOLD',
  'pos.serials-missing': 'SERIAL_MISSING',
  'pos.batch-recalled': 'RECALLED_SOLD',
  'pos.batch-expired': 'RECALLED_SOLD',
  'pos.item-not-sold-here': 'ITEM_NOT_SOLD_HERE',
  'pos.method-not-at-till': 'METHOD_NOT_ALLOWED',
  'pos.on-account-not-allowed': 'METHOD_NOT_ALLOWED',
  'pos.over-floor-limit': 'FLOOR_LIMIT_EXCEEDED',
  'pos.credit-exceeded': 'CREDIT_EXCEEDED',
  'pos.return-not-permitted': 'RETURN_NOT_PERMITTED',
  'pos.return-exceeds-sold': 'RETURN_EXCEEDS_SOLD',
  'pos.origin-differs': 'RETURN_DIFFERS',
  'pos.return-over-limit': 'RETURN_UNLINKED',
  'pos.return-linked-already': 'STATE_CONFLICT',
  'pos.return-needs-approval': 'RETURN_UNLINKED',
  'pos.store-credit-only': 'RETURN_UNLINKED',
  'pos.refund-over-paid': 'REFUND_EXCEEDS_PAID',
  'pos.refund-other-tender': 'REFUND_EXCEEDS_PAID',
  'pos.held-sale-gone': 'HELD_TWICE',
  'pos.not-enough-cash': 'CASH_DIFFERENCE',
  'pos.close-list-incomplete': 'CLOSE_INCOMPLETE',
  'pos.held-sales-open': 'CLOSE_INCOMPLETE',
  'pos.not-counted': 'CASH_DIFFERENCE',
  'pos.expected-differs': 'CASH_DIFFERENCE',
  'pos.difference-over-limit': 'CASH_DIFFERENCE',
  'pos.tender-not-open': 'STATE_CONFLICT',
} as const

export type PosShapeRefusal = keyof typeof posShapeRefusals
export type PosRuleRefusal = keyof typeof posRuleRefusals

/** The exceptions that the till's commands may raise by themselves; pricing raises its own beside them. */
export const posExceptions = [
  ...new Set(Object.values(posRuleRefusals)),
  'ALREADY_IMPORTED',
  'SETTINGS_DIFFER',
  'CARD_DECLINED',
] as const
