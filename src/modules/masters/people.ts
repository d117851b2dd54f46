// Who works here and in which roles. What a person may do on a device comes from these rows by profile.ts and reaches
// the device only inside a signed lease: a role row on a device grants nothing.
import { code, flag, json, name, ref, set, text } from '../../kernel/field.ts'
import { bucketRules } from './bucket-rule.ts'
import { table } from '../../kernel/table.ts'
import * as z from 'zod/mini'

/** Limits by name: `discountPercent` (Rate6), `returnWithoutReceiptMinor` … Money in minor units. */
export type Limits = { readonly [limit: string]: number }
export const limitsSchema = z.record(z.string(), z.int())

export const role = table('masters.role', {
  key: ['code'],
  fields: {
    code: code(),
    name: name(),
    permissions: set(),
    limits: json<Limits>(limitsSchema).default({}),
    /** The screen the role starts on. */
    home: code(),
    /** What its devices carry; left out: what its permissions need. */
    buckets: bucketRules().optional(),
  },
  buckets: () => ['company'],
  whole: ['company'],
})

export const user = table('masters.user', {
  key: ['signInName'],
  fields: {
    /** Lower case, unique in the company. */
    signInName: code(),
    name: name().personal(),
    roles: set(),
    branch: ref('masters.branch'),
    /** Territories beside the branch's own. */
    territories: set().default([]),
    /** The van or store a technician or driver works from. */
    warehouse: ref('masters.warehouse').optional(),
    language: text(16).optional(),
    isDisabled: flag().default(false),
  },
  subject: ['id'],
  indexes: { byBranch: ['branch', 'name'] },
  buckets: () => ['company'],
  whole: ['company'],
})
