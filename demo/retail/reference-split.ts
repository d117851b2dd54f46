// Which device an invoice is captured on (rules.md §6): by customer, one invoice in a hundred elsewhere on purpose.
// It is a pure function of the two ids, so both sides find the same device without sharing code or a table.
import { Buffer } from 'node:buffer'

/** FNV-1a, 32 bits, over the UTF-8 bytes (offset basis 2 166 136 261, prime 16 777 619), as an unsigned number. */
export function fnv1a32(text: string): number {
  let hash = 0x811c9dc5
  for (const byte of Buffer.from(text, 'utf8')) hash = Math.imul(hash ^ byte, 0x01000193)
  return hash >>> 0
}

/** Whether an invoice goes elsewhere: FNV-1a of `elsewhere:` + its number leaves 0 when divided by 100. */
export const isElsewhere = (invoice: string): boolean => fnv1a32(`elsewhere:${invoice}`) % 100 === 0

/** Index (0 … devices − 1) of the invoice's device: FNV-1a of the customer's id (blank: the invoice number) mod devices, and the next one when elsewhere. */
export function deviceOf(invoice: { number: string; customer: string }, devices: number): number {
  const home = fnv1a32(invoice.customer === '' ? invoice.number : invoice.customer) % devices
  return isElsewhere(invoice.number) ? (home + 1) % devices : home
}
