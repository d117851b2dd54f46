// A pricing rule as the company keeps it: a promotion on an item, group, brand or whole document. It changes only by
// request, and a document stores the ids of the rules it took, so a row is disabled and never removed.
import * as z from 'zod/mini'
import { amount, code, date, flag, integer, json, name, quantity, text } from '../../kernel/field.ts'
import { table, type Row } from '../../kernel/table.ts'
import type { PricingRule, RuleBenefit, RuleScope } from './price-types.ts'

export const scopeKinds = ['item', 'group', 'brand', 'document'] as const
export type ScopeKind = (typeof scopeKinds)[number]

const notNegative = z.int().check(z.gte(0))
const benefitSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('rate'), rate: notNegative }),
  z.strictObject({ kind: z.literal('percent'), percent: notNegative.check(z.lte(100_000_000)) }),
  z.strictObject({ kind: z.literal('amount'), off: notNegative }),
  z.strictObject({
    kind: z.literal('free'),
    item: z.string(),
    unit: z.string(),
    quantity: notNegative,
    forEach: z.optional(z.nullable(notNegative)),
    worth: notNegative,
  }),
])
export const benefit = () => json<RuleBenefit>(benefitSchema)

export const pricingRule = table('pricing.rule', {
  key: ['code'],
  fields: {
    code: code(),
    name: name(),
    scopeKind: code(scopeKinds),
    /** The item's id, or the group's or brand's name; empty for the document. */
    scopeId: text(64),
    benefit: benefit(),
    /** Rates and amounts of the benefit include tax. A document without tax in its prices gets them without. */
    isTaxIncluded: flag().default(true),
    priority: integer().default(0),
    isStackable: flag().default(false),
    party: text(64).optional(),
    partyGroup: code().optional(),
    coupon: code().optional(),
    quantityMin: quantity().optional(),
    quantityMax: quantity().optional(),
    amountMin: amount().optional(),
    amountMax: amount().optional(),
    validFrom: date().optional(),
    validTo: date().optional(),
    isDisabled: flag().default(false),
  },
  indexes: { byScope: ['scopeKind', 'scopeId', 'code'] },
  buckets: () => ['catalogue'],
  whole: ['catalogue'],
})

function scopeOf({ scopeKind, scopeId }: Row<typeof pricingRule>): RuleScope {
  switch (scopeKind) {
    case 'item':
      return { kind: 'item', item: scopeId }
    case 'group':
      return { kind: 'group', group: scopeId }
    case 'brand':
      return { kind: 'brand', brand: scopeId }
    case 'document':
      return { kind: 'document' }
  }
}

/** The plain value that the arithmetic takes. */
export const pricingRuleOf = (row: Row<typeof pricingRule>): PricingRule => ({ ...row, scope: scopeOf(row) })
