// A refusal in words for a terminal: the sentence of its code where there is one, with its facts beside it. Screens have
// their own translations; this one must only never hide the code, which is what people search for.
import type { Facts, Refusal } from '../kernel/refusal.ts'
import { posRuleRefusals, posShapeRefusals } from '../modules/pos/refusals.ts'

const sentences: Readonly<Record<string, string>> = {
  'kernel.not-permitted': 'This person may not do that. Ask an administrator for the permission.',
  'kernel.not-on-this-device': 'It is not on this device, so it can only be decided where it is.',
  'kernel.unknown-command': 'This version knows no such command.',
  'masters.unknown-unit': 'The unit does not exist. Make it first, or write one that does.',
  'masters.unknown-tax-code': 'The tax code does not exist. Make it first, or write one that does.',
  'masters.unknown-item': 'The item does not exist.',
  'masters.unknown-party': 'The party does not exist.',
  'masters.unknown-price-list': 'The price list does not exist.',
  'masters.stock-unit-frozen': 'The stock unit of an item can’t change: every balance counts in it.',
  'masters.unit-factor-invalid': 'The factor of a unit must be above zero.',
  'masters.unit-twice': 'A unit is named twice.',
  'masters.below-zero': 'A value is below zero.',
  'masters.code-empty': 'The code is empty.',
  'masters.decimals-out-of-range': 'Decimals must be 0 to 6.',
  'masters.period-reversed': 'The period ends before it begins.',
  'sync.not-enrolled': 'The device is not enrolled. Enrol it with `holdfast device enrol`.',
  'sync.lease-expired': 'The permission of this device has run out. Connect it to the hub once.',
  ...posShapeRefusals,
}

const say = (value: Facts[string] | undefined): string =>
  Array.isArray(value) ? value.join(', ') : value == null ? 'none' : String(value)

/** One line: the sentence, the facts, the code. */
export function sayRefusal({ code, facts }: Pick<Refusal, 'code' | 'facts'>): string {
  if (code === 'kernel.bad-arguments') return `${say(facts['path']) || 'the row'}: ${say(facts['reason'])}`
  const about = Object.entries(facts).map(([fact, value]) => `${fact}: ${say(value)}`)
  const known = sentences[code] ?? (code in posRuleRefusals ? 'A rule of the till forbids it.' : 'It was refused.')
  return `${known} (${[code, ...about].join('; ')})`
}
