// The rules of a sale that depend on what is stored: stock, serials, methods, credit, prices. At capture they refuse or
// ask for an override; on the hub the sale stands and each failed rule is an exception. None of them changes an effect but
// the use of the device's own shares.
import { amountMinor, ONE6 } from '../../kernel/amount.ts'
import { ELSEWHERE, type Context } from '../../kernel/command.ts'
import { creditOf, standingOf, useShare } from '../../kernel/allotment.ts'
import { exposureOf } from '../../kernel/ledger.ts'
import { takeGoods } from '../../kernel/take-goods.ts'
import { batchFault } from '../masters/batch.ts'
import { company, till } from '../masters/organisation.ts'
import type { Party } from '../masters/party.ts'
import { checkAgreedPrices } from '../pricing/check-agreed-prices.ts'
import { refuse, rule } from './guard.ts'
import { ruleDiscountOf } from './sale-sums.ts'
import { movesStock, type OpenLine } from './sale-lines.ts'
import type { SaleArgs } from './sale-args.ts'
import type { Shift } from './shift.ts'

const SOFT = { soft: true } as const

/** A failing rule of money must not read what its own command wrote: call it before anything is posted. */
export function checkSale(
  ctx: Context,
  a: SaleArgs,
  known: { lines: readonly OpenLine[]; shift: Shift; party: Party | null },
): void {
  const { lines, shift, party } = known
  checkSettings(ctx, a, shift)
  takeStock(ctx, lines, shift)
  for (const line of lines) {
    checkSerials(ctx, line)
    checkBatch(ctx, a, line)
  }
  checkMethods(ctx, a, lines, shift)
  checkCredit(ctx, a, shift, party)
  checkPrices(ctx, a, lines, shift)
}

function checkSettings(ctx: Context, a: SaleArgs, shift: Shift): void {
  if (a.currency !== shift.currency)
    refuse(ctx, 'pos.currency-differs', { currency: a.currency, shiftCurrency: shift.currency })
  const own = ctx.get(company, shift.company, SOFT)
  if (own === null) refuse(ctx, 'pos.unknown-company', { company: shift.company })
  if (own === ELSEWHERE) return
  if (own.currency !== a.currency || own.minorDigits !== a.minorDigits) {
    refuse(ctx, 'pos.currency-differs', {
      currency: a.currency,
      minorDigits: a.minorDigits,
      companyCurrency: own.currency,
      companyDigits: own.minorDigits,
    })
  }
  if (own.taxRounding !== a.taxRounding)
    ctx.exception('SETTINGS_DIFFER', { setting: 'taxRounding', agreed: a.taxRounding, expected: own.taxRounding })
}

/** allow: nobody is told · warn: the sale goes on and the shortage is named · block: refused unless overridden. */
function takeStock(ctx: Context, lines: readonly OpenLine[], shift: Shift): void {
  const own = ctx.get(company, shift.company, SOFT)
  const policy = ctx.lease.policy['stockPolicy'] ?? (own === null || own === ELSEWHERE ? 'warn' : own.stockPolicy)
  const takings = lines
    .filter((line) => line.back === null && movesStock(line.item))
    .map(({ args, item, stockQuantity }) => ({
      item: args.item,
      name: args.itemName,
      quantity: stockQuantity,
      isAllotted: item?.isAllotted ?? false,
    }))
  takeGoods(ctx, shift, takings, {
    policy,
    facts: ({ quantity, ...facts }) => ({ ...facts, sold: quantity }),
    block: (facts) => rule(ctx, 'pos.out-of-stock', false, facts),
  })
}

function checkSerials(ctx: Context, { label, args, item, stockQuantity }: OpenLine): void {
  if (item?.hasSerial !== true) return
  const given = new Set(args.serials).size
  rule(ctx, 'pos.serials-missing', given * ONE6 === Math.abs(stockQuantity), {
    line: label,
    item: item.code,
    given,
    stockQuantity,
  })
}

/** Recalled or expired goods leave only by an override; what comes back may be anything. */
function checkBatch(ctx: Context, a: SaleArgs, { label, args, back }: OpenLine): void {
  if (back !== null || args.batch == null) return
  const fault = batchFault(ctx, { item: args.item, number: args.batch, businessDate: a.businessDate })
  if (fault === null) return
  const facts = { line: label, ...fault.facts }
  if (fault.isRecalled) rule(ctx, 'pos.batch-recalled', false, facts)
  else rule(ctx, 'pos.batch-expired', false, facts)
}

function checkMethods(ctx: Context, a: SaleArgs, lines: readonly OpenLine[], shift: Shift): void {
  const at = ctx.get(till, shift.till, SOFT)
  if (at === null || at === ELSEWHERE) return
  if ((a.cashRounding ?? 0) !== 0 && a.cashStepMinor !== at.cashRoundingMinor) {
    ctx.exception('SETTINGS_DIFFER', {
      setting: 'cashRoundingMinor',
      agreed: a.cashStepMinor ?? 0,
      expected: at.cashRoundingMinor,
    })
  }
  for (const { item } of lines) {
    if (item === null || at.groups.length === 0) continue
    rule(ctx, 'pos.item-not-sold-here', at.groups.includes(item.group), {
      item: item.code,
      group: item.group,
      till: at.code,
    })
  }
  for (const { method, kind, amount, isOffline } of a.tenders) {
    const known = at.methods.find(({ code }) => code === method)
    rule(ctx, 'pos.method-not-at-till', known?.kind === kind, { method, kind, till: at.code })
    if (kind === 'account') rule(ctx, 'pos.on-account-not-allowed', at.isOnAccountAllowed, { method, till: at.code })
    if (kind !== 'card' || isOffline !== true) continue
    const limit = known?.floorLimitMinor ?? 0
    rule(ctx, 'pos.over-floor-limit', amount <= limit, { method, amountMinor: amount, limitMinor: limit })
  }
}

/** What goes on account needs the customer's credit, or this device's share of it. */
function checkCredit(ctx: Context, a: SaleArgs, shift: Shift, party: Party | null): void {
  const onAccount = a.tenders.reduce((sum, { kind, amount }) => (kind === 'account' ? sum + amount : sum), 0)
  if (onAccount <= 0 || party === null) return
  const place = { party: party.id, company: shift.company, territory: party.territory }
  const exposure = exposureOf(ctx, place) ?? amountMinor(0)
  const limit = party.creditLimitMinor ?? 0
  const standing = standingOf(ctx, creditOf(place), limit - exposure)
  const facts = {
    party: party.id,
    amountMinor: onAccount,
    exposureMinor: exposure,
    limitMinor: limit,
    isOnHold: party.isOnHold,
  }
  // Other tills may be giving credit at this moment: the role's cap bounds what one of them can add unseen, beyond its own share.
  const cap = ctx.lease.limits['onAccountMinor'] ?? null
  const isCapped = cap !== null && onAccount > Math.max(cap, standing.own)
  const isInside = onAccount <= (standing.available ?? 0) && !isCapped
  rule(ctx, 'pos.credit-exceeded', !party.isOnHold && isInside, { ...facts, capMinor: cap })
  useShare(ctx, creditOf(place), onAccount, standing)
}

function checkPrices(ctx: Context, a: SaleArgs, lines: readonly OpenLine[], shift: Shift): void {
  const at = ctx.get(till, shift.till, SOFT)
  checkAgreedPrices(ctx, {
    businessDate: a.businessDate,
    currency: a.currency,
    minorDigits: a.minorDigits,
    pricesIncludeTax: a.pricesIncludeTax,
    party: a.party ?? null,
    profileList: at === null || at === ELSEWHERE ? null : at.priceList,
    coupons: a.coupons ?? [],
    ruleDocumentDiscount: ruleDiscountOf(a),
    documentDiscount: a.documentDiscount ?? null,
    lines: lines.map(({ label, args, back, unit, quantity, pricedQuantity }) => ({
      line: label,
      item: args.item,
      unit,
      quantity: pricedQuantity ?? quantity,
      rate: args.rate,
      source: args.source,
      ruleDiscount: args.ruleDiscount ?? null,
      lineDiscount: args.lineDiscount ?? null,
      taxes: args.taxes,
      isLinked: back?.originLine != null,
    })),
  })
}
