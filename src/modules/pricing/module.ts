// The pricing module: promotions, quotes and the recheck of what was agreed. Prices themselves are masters.
import type { Module } from '../../kernel/catalogue.ts'
import { to } from '../../kernel/exception-owner.ts'
import { view } from '../../kernel/view.ts'
import { quoteRows } from './quote-rows.ts'
import { setPricingRule } from './set-pricing-rule.ts'
import { pricingRule } from './stored-rule.ts'

/** Promotions that run on a day, or all of them. */
export const pricingRules = view<{
  id: string
  code: string
  name: string
  scopeKind: string
  scopeId: string
  benefit: string
  validFrom: string | null
  validTo: string | null
}>()('pricing.rules', [pricingRule], (a: { on?: string }) => ({
  text: `select id, code, name, scope_kind as scopeKind, scope_id as scopeId, benefit, valid_from as validFrom, valid_to as validTo from pricing_rule
      where gone_at is null and is_disabled = 0 and (?1 is null or (coalesce(valid_from, ?1) <= ?1 and coalesce(valid_to, ?1) >= ?1)) order by name, id`,
  params: [a.on ?? null],
}))

export const pricingModule: Module = {
  name: 'pricing',
  tables: [pricingRule],
  commands: [setPricingRule],
  views: [pricingRules, quoteRows],
  exceptions: {
    BELOW_FLOOR: to('branchManager'),
    DISCOUNT_OVER_LIMIT: to('branchManager'),
    PRICE_DIFFERS: to('pricing'),
    TAX_RATE_STALE: to('accountant'),
  },
}
