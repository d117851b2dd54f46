// What is wrong with a sale by its arguments alone: sums that don't add up, payments that go astray. It reads nothing,
// so the device refuses exactly what the hub would park.
import { amountMinor, convert, sumAmounts, type AmountMinor } from '../../kernel/amount.ts'
import type { Context } from '../../kernel/command.ts'
import { isFactor, toStock } from '../../kernel/unit.ts'
import type { DocumentTotals } from '../pricing/price-types.ts'
import { refuse } from './guard.ts'
import type { LineArgs, ReturnLineArgs, SaleArgs, TenderArgs } from './sale-args.ts'
import { cashDue, lineLabel, returnLabel, saleTotals } from './sale-sums.ts'

/** The document's sums, when everything about it fits. */
export function checkShape(ctx: Context, a: SaleArgs): DocumentTotals {
  ;(a.lines ?? []).forEach((line, at) => checkLine(ctx, lineLabel(at), line))
  ;(a.returns ?? []).forEach((line, at) => checkReturn(ctx, returnLabel(at), line))
  const totals = saleTotals(a)
  if (!totals.ok) return ctx.refuse(totals.code, totals.facts)
  if (totals.total !== a.total || totals.tax !== a.tax) {
    refuse(ctx, 'pos.totals-differ', {
      total: a.total,
      expectedTotal: totals.total,
      tax: a.tax,
      expectedTax: totals.tax,
    })
  }
  checkTenders(ctx, a)
  return totals
}

function checkLine(ctx: Context, label: string, line: LineArgs): void {
  const { quantity, factorNum, factorDen, pricedQuantity } = line
  const factor = { num: factorNum ?? 1, den: factorDen ?? 1 }
  if (quantity === 0 || (pricedQuantity != null && pricedQuantity > 0 !== quantity > 0)) {
    refuse(ctx, 'pos.quantity-not-positive', { line: label, quantity })
  }
  if (!isFactor(factor) || !toStock(quantity, factor.num, factor.den, 6).ok) {
    refuse(ctx, 'pos.quantity-not-exact', { line: label, quantity, num: factor.num, den: factor.den })
  }
}

function checkReturn(ctx: Context, label: string, line: ReturnLineArgs): void {
  checkLine(ctx, label, line)
  if (line.quantity <= 0) refuse(ctx, 'pos.quantity-not-positive', { line: label, quantity: line.quantity })
  if ((line.originLine == null) !== (line.origin == null)) refuse(ctx, 'pos.origin-incomplete', { line: label })
}

function checkTenders(ctx: Context, a: SaleArgs): void {
  const { tenders, total } = a
  const hasCash = tenders.some(({ kind }) => kind === 'cash')
  const rounding = hasCash ? cashDue(total, tenders, a.cashStepMinor ?? 0).rounding : 0
  if ((a.cashRounding ?? 0) !== rounding)
    refuse(ctx, 'pos.rounding-differs', { rounding: a.cashRounding ?? 0, expected: rounding })
  const payable = amountMinor(total + rounding)
  tenders.forEach((tender, at) => checkTender(ctx, a, { tender, at, payable }))
  const paid = sumAmounts(tenders.map(({ amount }) => amount))
  const facts = { payable, paid }
  if (Math.abs(paid) < Math.abs(payable)) refuse(ctx, 'pos.tender-short', facts)
  if (paid !== payable) refuse(ctx, 'pos.tender-over', facts)
}

function checkTender(
  ctx: Context,
  a: SaleArgs,
  { tender, at, payable }: { tender: TenderArgs; at: number; payable: AmountMinor },
): void {
  const { amount, kind, given } = tender
  const facts = { tender: at, method: tender.method, amount }
  if (amount === 0) refuse(ctx, 'pos.tender-zero', facts)
  if (payable !== 0 && amount > 0 !== payable > 0) refuse(ctx, 'pos.tender-sign', facts)
  if (kind !== 'cash' && (given != null || tender.foreignCurrency != null))
    refuse(ctx, 'pos.change-only-from-cash', facts)
  if (given != null && (amount < 0 ? given !== amount : given < amount))
    refuse(ctx, 'pos.given-short', { ...facts, given })
  if (kind === 'account' && a.party == null) refuse(ctx, 'pos.party-needed', facts)
  if (tender.foreignCurrency != null && !isExchanged(a, tender))
    refuse(ctx, 'pos.exchange-differs', { ...facts, given: given ?? amount })
}

/** Whether the foreign cash at its rate is what was given, to the minor unit. */
function isExchanged(a: SaleArgs, { amount, given, foreignAmount, foreignDigits, exchangeRate }: TenderArgs): boolean {
  if (foreignAmount == null || foreignDigits == null || exchangeRate == null) return false
  if (foreignAmount <= 0 || exchangeRate <= 0 || foreignDigits < 0 || foreignDigits > 6) return false
  return convert(foreignAmount, exchangeRate, { from: foreignDigits, to: a.minorDigits }) === (given ?? amount)
}
