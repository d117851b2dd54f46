// The recheck of what was agreed with the customer (documents.md §0.4, §19): price, discount, floor and tax against the
// company's own rows. It never changes a receipt. Discounts and floors are rules, so that the device asks for a
// co-signature and the hub records; a stale price or tax is only ever an exception.
import {
  amountMinor,
  lineAmount,
  mulDivRound,
  percentOf,
  rate6,
  type AmountMinor,
  type Quantity6,
  type Rate6,
} from '../../kernel/amount.ts'
import type { Context } from '../../kernel/command.ts'
import { mayDo } from '../../kernel/lease.ts'
import type { Discount, LineTax, PriceSource } from './price-types.ts'
import { resolvePrices, type QuotedLine } from './quote.ts'
import { taxOn } from './read-prices.ts'

const HUNDRED_PERCENT = 100_000_000

export interface AgreedLine {
  readonly line: string
  readonly item: string
  readonly unit: string
  readonly quantity: Quantity6
  readonly rate: Rate6
  readonly source: PriceSource
  readonly ruleDiscount?: AmountMinor | null
  /** Given by hand. */
  readonly lineDiscount?: Discount | null
  readonly taxes: readonly LineTax[]
  /** Price and tax come from the original (a linked return): nothing to compare. */
  readonly isLinked?: boolean
}

export interface AgreedDocument {
  readonly businessDate: string
  readonly currency: string
  readonly minorDigits: number
  readonly pricesIncludeTax: boolean
  readonly party?: string | null
  readonly profileList?: string | null
  readonly coupons?: readonly string[]
  readonly lines: readonly AgreedLine[]
  /** What the pricing rules took off the document, in minor units; 0 or more. */
  readonly ruleDocumentDiscount?: AmountMinor | null
  /** The discount on the document given by hand. */
  readonly documentDiscount?: Discount | null
}

/** The largest discount the lease lets its holder give, in percent with 6 decimals. */
export const discountLimitOf = (ctx: Pick<Context, 'lease'>): Rate6 =>
  rate6(ctx.lease.limits['discountPercent'] ?? (mayDo(ctx.lease, 'pricing.discountFreely') ? HUNDRED_PERCENT : 0))

const sizeOf = (discount: Discount | null | undefined, whole: number): number =>
  discount == null ? 0 : discount.kind === 'amount' ? discount.amount : percentOf(amountMinor(whole), discount.percent)

/** Amounts of a line in the order they come off it. */
interface Standing {
  readonly line: AgreedLine
  readonly quoted: QuotedLine
  /** At the company's own price (or the agreed one, if higher), after rules. */
  readonly before: number
  /** At the agreed price, after rules and the line's discount. */
  readonly after: number
}

/** Raises PRICE_DIFFERS, TAX_RATE_STALE, DISCOUNT_OVER_LIMIT and BELOW_FLOOR for the lines that call for them. */
export function checkAgreedPrices(ctx: Context, document: AgreedDocument): void {
  const quote = resolvePrices(ctx, {
    ...document,
    lines: document.lines.map((line) => ({ ...line, isFixed: line.isLinked === true || line.source === 'manual' })),
  })
  const standing: Standing[] = []
  document.lines.forEach((line, at) => {
    const quoted = quote.lines[at]
    if (line.isLinked === true || quoted === undefined) return
    checkPrice(ctx, line, quoted)
    checkTax(ctx, line, quoted, document.businessDate)
    if (line.quantity > 0) standing.push(standingOf(line, quoted, document.minorDigits))
  })
  checkDiscounts(ctx, document, standing)
}

function checkPrice(ctx: Context, line: AgreedLine, quoted: QuotedLine): void {
  const facts = {
    line: line.line,
    item: line.item,
    agreedRate: line.rate,
    expectedRate: quoted.source === null ? null : quoted.rate,
  }
  if (line.source === 'manual') {
    ctx.rule('pricing.manual-price-not-permitted', mayDo(ctx.lease, 'pricing.setPriceByHand'), {
      ...facts,
      exception: 'PRICE_DIFFERS',
    })
    return
  }
  const ruleDiscount = line.ruleDiscount ?? 0
  if (
    quoted.itemRow === null ||
    (quoted.source !== null && quoted.rate === line.rate && quoted.ruleDiscount === ruleDiscount)
  )
    return
  ctx.exception('PRICE_DIFFERS', {
    ...facts,
    ruleDiscountMinor: ruleDiscount,
    expectedRuleDiscountMinor: quoted.ruleDiscount,
  })
}

function checkTax(ctx: Context, line: AgreedLine, quoted: QuotedLine, businessDate: string): void {
  if (quoted.itemRow === null) return
  const expected = quoted.taxes[0] ?? null
  for (const tax of line.taxes) {
    const stored = expected?.code === tax.code ? expected : taxOn(ctx, tax.code, businessDate)
    if (stored?.percent === tax.percent && expected?.code === tax.code) continue
    ctx.exception('TAX_RATE_STALE', {
      line: line.line,
      item: line.item,
      agreedCode: tax.code,
      agreedPercent: tax.percent,
      expectedCode: expected?.code ?? null,
      expectedPercent: expected?.percent ?? null,
    })
  }
}

function standingOf(line: AgreedLine, quoted: QuotedLine, minorDigits: number): Standing {
  const own = quoted.source === null || quoted.flaw !== null ? line.rate : rate6(Math.max(quoted.rate, line.rate))
  const byRule = line.ruleDiscount ?? 0
  const gross = lineAmount(line.quantity, line.rate, minorDigits) - byRule
  // A manual price is a discount on the company's own; any other difference is already an exception by itself.
  const before = line.source === 'manual' ? lineAmount(line.quantity, own, minorDigits) - byRule : gross
  return { line, quoted, before, after: gross - sizeOf(line.lineDiscount, gross) }
}

function checkDiscounts(ctx: Context, document: AgreedDocument, standing: readonly Standing[]): void {
  const whole = standing.reduce((sum, { after }) => sum + after, 0)
  const byHand = sizeOf(document.documentDiscount, whole - (document.ruleDocumentDiscount ?? 0))
  const limit = discountLimitOf(ctx)
  for (const { line, quoted, before, after } of standing) {
    const share = whole > 0 ? mulDivRound(byHand, after, whole, "A line's share of a discount") : 0
    const given = before - after + share
    // One minor unit of grace where a share of the document's discount was rounded onto the line.
    const allowed = percentOf(amountMinor(before), limit) + (share > 0 ? 1 : 0)
    const facts = { line: line.line, item: line.item, discountMinor: given, allowedMinor: allowed, limitPercent: limit }
    ctx.rule('pricing.discount-over-limit', given <= allowed, { ...facts, exception: 'DISCOUNT_OVER_LIMIT' })
    checkFloor(ctx, document, { line, quoted, left: after - share })
  }
}

function checkFloor(
  ctx: Context,
  document: AgreedDocument,
  { line, quoted, left }: { line: AgreedLine; quoted: QuotedLine; left: number },
): void {
  const floor = quoted.itemRow?.floorRate ?? null
  if (floor === null || quoted.stockQuantity <= 0) return
  const percent = document.pricesIncludeTax ? line.taxes.reduce((sum, tax) => sum + tax.percent, 0) : 0
  const net = (amount: number): number =>
    mulDivRound(amount, HUNDRED_PERCENT, HUNDRED_PERCENT + percent, 'An amount without its tax')
  // What the company's own rules leave needs nobody's leave: below the floor only people can go.
  const byRules = net(lineAmount(line.quantity, quoted.rate, document.minorDigits) - quoted.ruleDiscount)
  const floorMinor = lineAmount(quoted.stockQuantity, floor, document.minorDigits)
  const least = quoted.ruleDiscount > 0 ? Math.min(floorMinor, byRules) : floorMinor
  ctx.rule('pricing.below-floor', net(left) >= least, {
    line: line.line,
    item: line.item,
    netMinor: net(left),
    floorMinor: least,
    exception: 'BELOW_FLOOR',
  })
}
