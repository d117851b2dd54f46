// The rules of what comes back (documents.md §6): linked to its sale it may not exceed what was sold nor refund more
// than was paid; unlinked it needs a receipt number and a role's limit; without a receipt an approval and store credit.
import { ELSEWHERE, type Context } from '../../kernel/command.ts'
import { mayDo } from '../../kernel/lease.ts'
import { sale, tender, type Tender } from './sale.ts'
import { refuse, rule } from './guard.ts'
import { originOf } from './sale-sums.ts'
import { pricedOf, type OpenLine } from './sale-lines.ts'
import type { SaleArgs } from './sale-args.ts'
import { STORE_CREDIT } from './sale-money.ts'

const SOFT = { soft: true } as const

/** The refunded payment of each tender, by its position; null where it refunds none or isn't held here. */
export function refundedTenders(ctx: Context, a: SaleArgs): (Tender | null)[] {
  return a.tenders.map(({ refundOf }, at) => {
    if (refundOf == null) return null
    const found = ctx.get(tender, refundOf)
    if (found === null) return refuse(ctx, 'pos.unknown-tender', { tender: at, refundOf })
    return found === ELSEWHERE ? null : found
  })
}

export function checkReturns(
  ctx: Context,
  a: SaleArgs,
  known: { lines: readonly OpenLine[]; refunded: readonly (Tender | null)[] },
): void {
  const back = known.lines.filter((line) => line.back !== null)
  if (back.length === 0) return
  rule(ctx, 'pos.return-not-permitted', mayDo(ctx.lease, 'pos.return'), { user: ctx.user })
  checkReturnable(ctx, back, a.pricesIncludeTax)
  const unlinked = back.filter((line) => line.back?.originLine == null && line.origin === null)
  if (unlinked.length > 0) checkUnlinked(ctx, a, unlinked)
  else if (back.every((line) => line.back?.originLine != null)) checkRefunds(ctx, a, known.refunded)
}

/** Several lines may take from one sold line: what the earlier ones took is counted. */
function checkReturnable(ctx: Context, back: readonly OpenLine[], pricesIncludeTax: boolean): void {
  const taken = new Map<string, number>()
  for (const { label, args, back: own, origin } of back) {
    if (origin === null) continue
    const before = taken.get(origin.id) ?? 0
    const wanted = pricedOf(args)
    const sold = pricedOf(origin)
    const left = sold - origin.returned - before
    taken.set(origin.id, before + wanted)
    rule(ctx, 'pos.return-exceeds-sold', wanted <= left, {
      line: label,
      item: origin.itemCode,
      sold,
      returnable: left,
      returned: wanted,
    })
    if (own?.origin == null) continue
    const header = ctx.get(sale, origin.document, SOFT)
    const isAsSold = JSON.stringify(originOf(origin, []).sold) === JSON.stringify(plain(own.origin.sold))
    const isSameTax = header === null || header === ELSEWHERE || header.pricesIncludeTax === pricesIncludeTax
    rule(ctx, 'pos.origin-differs', isAsSold && isSameTax && origin.item === args.item, {
      line: label,
      item: args.item,
      originItem: origin.item,
    })
  }
}

// The wire sorts keys; a comparison must not see their order.
const plain = ({ quantity, gross, discount, taxes }: ReturnType<typeof originOf>['sold']) => ({
  quantity,
  gross,
  discount,
  taxes: taxes.map(({ code, percent, tax }) => ({ code, percent, tax })),
})

function checkUnlinked(ctx: Context, a: SaleArgs, unlinked: readonly OpenLine[]): void {
  const worth = -unlinked.reduce((sum, { sums }) => sum + sums.total, 0)
  const facts = { originalNumber: a.originalNumber ?? null, amountMinor: worth }
  if (a.originalNumber != null) {
    const limit = ctx.lease.limits['returnUnlinkedMinor'] ?? (mayDo(ctx.lease, 'pos.returnFreely') ? worth : 0)
    // Also inside the limit the hub says it: somebody links it to its sale.
    if (rule(ctx, 'pos.return-over-limit', worth <= limit, { ...facts, limitMinor: limit }))
      ctx.exception('RETURN_UNLINKED', facts)
    return
  }
  const limit = ctx.lease.limits['returnWithoutReceiptMinor'] ?? 0
  const isApproved = rule(ctx, 'pos.return-needs-approval', worth <= limit, { ...facts, limitMinor: limit })
  const isCredit = a.tenders.every(({ amount, method }) => amount > 0 || method === STORE_CREDIT)
  if (rule(ctx, 'pos.store-credit-only', isCredit, facts) && isApproved) ctx.exception('RETURN_UNLINKED', facts)
}

/** A refund goes back the way the money came, and no further. Store credit is always a way. */
function checkRefunds(ctx: Context, a: SaleArgs, refunded: readonly (Tender | null)[]): void {
  const taken = new Map<string, number>()
  a.tenders.forEach(({ amount, method, refundOf }, at) => {
    if (amount >= 0 || method === STORE_CREDIT) return
    const paid = refunded[at] ?? null
    const isSame = refundOf != null && (paid === null || paid.method === method)
    rule(ctx, 'pos.refund-other-tender', isSame, { tender: at, method, paidBy: paid?.method ?? null })
    if (paid === null) return
    const before = taken.get(paid.id) ?? 0
    const left = paid.amount - paid.refunded - before
    taken.set(paid.id, before - amount)
    rule(ctx, 'pos.refund-over-paid', -amount <= left, { tender: at, method, refundMinor: -amount, leftMinor: left })
  })
}
