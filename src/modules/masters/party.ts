// A party is a person or company we deal with, in its roles: customer, supplier, employee, lead. Its row lives with its
// territory; the credit limit and tax id change only by request, and a clash on them opens a review.
import * as z from 'zod/mini'
import { amount, code, flag, integer, json, name, ref, set, text } from '../../kernel/field.ts'
import { table, type Row } from '../../kernel/table.ts'
import { addressSchema, type Address } from './organisation.ts'

export const partyTypes = ['company', 'person'] as const
export const partyRoles = ['customer', 'supplier', 'employee', 'lead'] as const

export const partyGroup = table('masters.partyGroup', {
  key: ['code'],
  fields: { code: code(), name: name(), priceList: ref('masters.priceList').optional() },
  buckets: () => ['catalogue'],
  whole: ['catalogue'],
})

export const addresses = () => json<readonly Address[]>(z.array(addressSchema))

export const party = table('masters.party', {
  key: ['codeKey'],
  fields: {
    /** The code without case; absent for a party made in the field, whose id then comes from its command. */
    codeKey: code().optional(),
    code: code().optional(),
    name: name().personal(),
    type: code(partyTypes).default('company'),
    roles: set(),
    group: code().optional(),
    territory: code(),
    owner: ref('masters.user').optional(),
    taxId: text(32).optional().sensitive().personal(),
    phone: text(64).optional().personal(),
    email: text(200).optional().personal(),
    addresses: addresses().default([]).personal(),
    priceList: ref('masters.priceList').optional(),
    /** Replaces the items' own tax codes: an exempt party, a customer abroad. */
    taxCode: code().optional(),
    /** Null: cash terms, nothing on account. */
    creditLimitMinor: amount().optional().sensitive(),
    /** Days until an invoice is due. */
    termsDays: integer().default(0),
    isOnHold: flag().default(false),
    /** The party that this one was merged into: its documents stay, late edits go there. */
    mergedInto: ref('masters.party').optional(),
    needsOrderNumber: flag().default(false),
    tags: set().default([]),
    visitFrequencyDays: integer().optional(),
    language: text(16).optional(),
    isDisabled: flag().default(false),
  },
  indexes: {
    byTerritory: ['territory', 'name'],
    byCode: ['codeKey'],
    byPhone: ['phone'],
    byTaxId: ['taxId'],
    byName: ['name'],
    byKeeper: ['mergedInto'],
  },
  // Whoever was merged away is the same person as the keeper.
  subject: ['id', 'mergedInto'],
  search: ['name', 'code', 'phone'],
  buckets: (row) => [`parties:${row.territory}`, 'parties'],
  whole: ['parties'],
})

export const contact = table('masters.contact', {
  fields: {
    party: ref('masters.party'),
    territory: code(),
    name: name().personal(),
    role: text(64).optional(),
    phone: text(64).optional().personal(),
    email: text(200).optional().personal(),
    isDisabled: flag().default(false),
  },
  // A person of their own, and gone with the party.
  subject: ['id', 'party'],
  indexes: { byParty: ['party', 'name'] },
  buckets: (row) => [`parties:${row.territory}`, 'parties'],
  whole: ['parties'],
})

export type Party = Row<typeof party>
