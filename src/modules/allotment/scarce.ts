// What may be allotted, and how much of it there is: goods that are marked scarce in a store, and the credit of a
// customer. Only the hub knows how much; a device asks.
import { allotmentKinds, creditOf, type Scarce } from '../../kernel/allotment.ts'
import { ELSEWHERE, type Context } from '../../kernel/command.ts'
import { code, integer, text, type ArgsOf } from '../../kernel/field.ts'
import { exposureOf, onHand } from '../../kernel/ledger.ts'
import { goodsIn } from '../../kernel/take-goods.ts'
import { item } from '../masters/item.ts'
import { company, warehouse } from '../masters/organisation.ts'
import { party } from '../masters/party.ts'
import { mustExist } from '../masters/stand.ts'

/** `scope` is a warehouse for stock and a company for credit, `resource` the item or the customer. */
export const scarceArgs = {
  kind: code(allotmentKinds),
  scope: text(64),
  resource: text(64),
  /** Quantity6 or minor units. */
  quantity: integer(),
}
export type ScarceArgs = ArgsOf<typeof scarceArgs>

export interface Known {
  readonly of: Scarce
  readonly name: string
  /** What a refusal calls it. The log keeps that for ever, so a customer has no name there that could not be erased. */
  readonly inLog: string
  /** How much there is now; only meant where the hub decides. */
  readonly headroom: () => number
}

/** What is asked for; null where this device holds too little to tell, and the hub decides. */
export function scarceOf(ctx: Context, a: ScarceArgs): Known | null {
  if (a.quantity <= 0) ctx.refuse('allotment.quantity-not-positive', { quantity: a.quantity })
  return a.kind === 'stock' ? goodsOf(ctx, a) : customerOf(ctx, a)
}

function goodsOf(ctx: Context, a: ScarceArgs): Known | null {
  const place = ctx.get(warehouse, a.scope)
  if (place === null) return ctx.refuse('allotment.unknown-scope', { scope: a.scope })
  const goods = mustExist(ctx, item, a.resource, 'item')
  if (place === ELSEWHERE || goods === null) return null
  ctx.rule('allotment.not-allotted', goods.isAllotted, { item: goods.code })
  return {
    of: goodsIn({ warehouse: place.id, branch: place.branch }, goods.id),
    name: goods.name,
    inLog: goods.name,
    headroom: () => onHand(ctx, goods.id, place.id, place.branch) ?? 0,
  }
}

function customerOf(ctx: Context, a: ScarceArgs): Known | null {
  if (ctx.get(company, a.scope) === null) ctx.refuse('allotment.unknown-scope', { scope: a.scope })
  const customer = mustExist(ctx, party, a.resource, 'party')
  if (customer === null) return null
  const limit = customer.creditLimitMinor
  const inLog = customer.code ?? customer.id
  ctx.rule('allotment.no-credit', limit !== null && !customer.isOnHold, { party: inLog })
  const place = { party: customer.id, company: a.scope, territory: customer.territory }
  return {
    of: creditOf(place),
    name: customer.name,
    inLog,
    headroom: () => (limit ?? 0) - (exposureOf(ctx, place) ?? 0),
  }
}
