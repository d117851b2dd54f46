// What anybody in the field may say of a party. What costs money (limit, terms, price list, tax code) is set by requests.
import { code, flag, integer, ref, set, text } from '../../kernel/field.ts'
import { addresses, partyTypes } from './party.ts'

export const partyDetails = {
  type: code(partyTypes).optional(),
  group: code().optional(),
  owner: ref('masters.user').optional(),
  phone: text(64).optional().personal(),
  email: text(200).optional().personal(),
  addresses: addresses().optional().personal(),
  needsOrderNumber: flag().optional(),
  tags: set().optional(),
  visitFrequencyDays: integer().optional(),
  language: text(16).optional(),
}
