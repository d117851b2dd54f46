// Makes a promotion or changes it. A request: what a customer is promised is never decided on a device.
import { command } from '../../kernel/command.ts'
import { amount, code, date, flag, integer, name, quantity, text } from '../../kernel/field.ts'
import { item } from '../masters/item.ts'
import { bringToStand, mustExist } from '../masters/stand.ts'
import { benefit, pricingRule, scopeKinds } from './stored-rule.ts'

export const setPricingRule = command('pricing.setPricingRule', {
  kind: 'request',
  version: 1,
  permission: 'pricing.setRules',
  edits: pricingRule,
  args: {
    code: code(),
    name: name(),
    scopeKind: code(scopeKinds),
    scopeId: text(64).optional(),
    benefit: benefit(),
    isTaxIncluded: flag().optional(),
    priority: integer().optional(),
    isStackable: flag().optional(),
    party: text(64).optional(),
    partyGroup: code().optional(),
    coupon: code().optional(),
    quantityMin: quantity().optional(),
    quantityMax: quantity().optional(),
    amountMin: amount().optional(),
    amountMax: amount().optional(),
    validFrom: date().optional(),
    validTo: date().optional(),
    isDisabled: flag().optional(),
  },
  run(ctx, a) {
    const scopeId = a.scopeId ?? ''
    if ((a.scopeKind === 'document') !== (scopeId === '')) ctx.refuse('pricing.scope-malformed', { scope: a.scopeKind })
    if (a.scopeKind === 'document' && a.benefit.kind === 'rate')
      ctx.refuse('pricing.rate-needs-lines', { rule: a.code })
    if (a.validFrom != null && a.validTo != null && a.validTo < a.validFrom)
      ctx.refuse('pricing.period-reversed', { from: a.validFrom, to: a.validTo })
    for (const [least, most] of [
      ['quantityMin', 'quantityMax'],
      ['amountMin', 'amountMax'],
    ] as const) {
      if (a[least] != null && a[most] != null && a[most] < a[least])
        ctx.refuse('pricing.bounds-reversed', { rule: a.code, least, most })
    }
    if (a.scopeKind === 'item') mustExist(ctx, item, scopeId, 'item')
    if (a.benefit.kind === 'free') mustExist(ctx, item, a.benefit.item, 'item')
    bringToStand(ctx, pricingRule, { code: a.code }, { ...a, scopeId })
    ctx.describe({ number: a.code, name: a.name })
  },
})
