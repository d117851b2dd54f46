// Sets a price of a list, of a party or of the item itself. A request: price lists are never decided on a device.
import { quantity6 } from '../../kernel/amount.ts'
import { ELSEWHERE, command, type Context } from '../../kernel/command.ts'
import { code, date, flag, quantity, rate, ref, text } from '../../kernel/field.ts'
import { factorOf, item } from './item.ts'
import { company } from './organisation.ts'
import { party } from './party.ts'
import { price, priceList, priceScopes } from './price.ts'
import { bringToStand, mustExist } from './stand.ts'

interface Holder {
  readonly currency: string | null
  readonly isTaxIncluded: boolean | null
  readonly territory: string | null
}

function holderOf(ctx: Context, scope: (typeof priceScopes)[number], scopeId: string): Holder {
  switch (scope) {
    case 'list': {
      const list = mustExist(ctx, priceList, scopeId, 'price-list')
      return { currency: list?.currency ?? null, isTaxIncluded: list?.isTaxIncluded ?? null, territory: null }
    }
    case 'party':
      return {
        currency: null,
        isTaxIncluded: null,
        territory: mustExist(ctx, party, scopeId, 'party')?.territory ?? null,
      }
    case 'item':
      return { currency: null, isTaxIncluded: null, territory: null }
  }
}

export const setPrice = command('masters.setPrice', {
  kind: 'request',
  version: 1,
  permission: 'masters.setPrices',
  edits: price,
  args: {
    scope: code(priceScopes),
    /** The list's or party's id; empty for the item's own price. */
    scopeId: text(64).optional(),
    item: ref('masters.item'),
    unit: code().optional(),
    rate: rate(),
    minQuantity: quantity().optional(),
    validFrom: date().optional(),
    validTo: date().optional(),
    /** Of a list: its own; otherwise the company's. */
    currency: code().optional(),
    isTaxIncluded: flag().optional(),
  },
  run(ctx, a) {
    if (a.rate < 0) ctx.refuse('masters.price-negative', { rate: a.rate })
    if ((a.minQuantity ?? 0) < 0) ctx.refuse('masters.quantity-negative', { minQuantity: a.minQuantity ?? 0 })
    if (a.validFrom != null && a.validTo != null && a.validTo < a.validFrom)
      ctx.refuse('masters.period-reversed', { from: a.validFrom, to: a.validTo })
    const scopeId = a.scopeId ?? ''
    if ((a.scope === 'item') !== (scopeId === '')) ctx.refuse('masters.price-scope-malformed', { scope: a.scope })
    const of = mustExist(ctx, item, a.item, 'item')
    const unit = a.unit ?? of?.stockUnit ?? ''
    if (of !== null && factorOf(of, unit) === null) ctx.refuse('masters.unknown-unit', { item: of.code, unit })
    const holder = holderOf(ctx, a.scope, scopeId)
    if (a.currency != null && holder.currency !== null && a.currency !== holder.currency)
      ctx.refuse('masters.price-currency-differs', { currency: a.currency, list: holder.currency })
    const own = ctx.get(company, ctx.lease.company)
    const currency = a.currency ?? holder.currency ?? (own === null || own === ELSEWHERE ? null : own.currency)
    if (currency === null) ctx.refuse('masters.unknown-company', { company: ctx.lease.company })
    bringToStand(
      ctx,
      price,
      {
        scope: a.scope,
        scopeId,
        item: a.item,
        unit,
        currency,
        minQuantity: a.minQuantity ?? quantity6(0),
        validFrom: a.validFrom ?? null,
      },
      {
        validTo: a.validTo,
        rate: a.rate,
        isTaxIncluded: holder.isTaxIncluded ?? a.isTaxIncluded ?? false,
        territory: holder.territory,
      },
    )
    ctx.describe({ number: of?.code ?? null, name: of?.name ?? null, rate: a.rate, currency })
  },
})
