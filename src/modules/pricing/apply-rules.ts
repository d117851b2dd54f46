// What a document's rules come to: the rules that its lines and the document choose, and the goods that are free, as a
// discount on the lines they stand on. What was earned and isn't in the document yet is offered. Pure.
import { amountMinor, lineAmount, mulDivRound, quantity6, type Quantity6 } from '../../kernel/amount.ts'
import { compareUtf8 } from '../../kernel/bytes.ts'
import { afterGift, allotGift, freeGoods, freeQuantity, type Givable, type Measured } from './free-goods.ts'
import type { Discount, FreeGoods, PricingRule, RuleContext, RuleLine, RuledLine } from './price-types.ts'
import { applyDocumentRules, applyLineRules } from './pricing-rules.ts'

export interface RuledDocument {
  readonly lines: readonly (RuledLine & {
    /** How much of the line is given away, in its unit; its price is in `ruleDiscount`. */
    readonly free: Quantity6
  })[]
  /** Earned and not in the document. */
  readonly offered: readonly FreeGoods[]
  readonly documentDiscounts: readonly Discount[]
  readonly documentRules: readonly string[]
}

interface WithGifts {
  readonly lines: RuledDocument['lines']
  readonly offered: readonly FreeGoods[]
}

/** For each rule, how much it gives of each line. */
type Gifts = ReadonlyMap<PricingRule, readonly number[]>

const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0)
const freeOf = (gifts: Gifts, at: number): number => sum([...gifts.values()].map((each) => each[at] ?? 0))
const idsOf = (gifts: Gifts, at: number): string[] =>
  [...gifts].filter(([, each]) => (each[at] ?? 0) > 0).map(([rule]) => rule.id)
const withIds = (rules: readonly string[], more: readonly string[]): string[] => [...new Set([...rules, ...more])]

/**
 * Chooses rules, gives what they earn, and chooses again on what is left to pay. A gift that no longer holds then (what
 * is paid chose something better) is not given but offered, and all is chosen anew without it.
 */
function settleGifts<Chosen extends { readonly earned: ReadonlyMap<PricingRule, Measured> }>(
  choose: (gifts: Gifts) => Chosen,
  allot: (rule: PricingRule, measured: Measured, before: Gifts, chosen: Chosen) => readonly number[],
): { readonly chosen: Chosen; readonly gifts: Gifts; readonly offered: readonly FreeGoods[] } {
  const barred = new Set<PricingRule>()
  for (;;) {
    const whole = choose(new Map())
    const gifts = new Map<PricingRule, readonly number[]>()
    for (const [rule, measured] of [...whole.earned].sort(([a], [b]) => compareUtf8(a.id, b.id))) {
      if (rule.benefit.kind !== 'free' || barred.has(rule)) continue
      const each = allot(rule, measured, gifts, whole)
      if (sum(each) > 0) gifts.set(rule, each)
    }
    const chosen = gifts.size === 0 ? whole : choose(gifts)
    const earnedOf = (rule: PricingRule): number => {
      const measured = chosen.earned.get(rule)
      return measured === undefined ? 0 : freeQuantity(rule, measured.counted)
    }
    const unheld = [...gifts].filter(([rule, each]) => sum(each) > earnedOf(rule)).at(-1)
    if (unheld === undefined) {
      const offered = [...chosen.earned.keys()]
        .sort((a, b) => compareUtf8(a.id, b.id))
        .flatMap((rule) => freeGoods(rule, earnedOf(rule) - sum(gifts.get(rule) ?? [])))
      return { chosen, gifts, offered }
    }
    barred.add(unheld[0])
  }
}

function ruleLines(rules: readonly PricingRule[], lines: readonly RuleLine[], context: RuleContext): WithGifts {
  const { minorDigits } = context
  const paid = (line: RuleLine, free: number) => afterGift(line, free, minorDigits)
  const { chosen, gifts, offered } = settleGifts(
    (given) =>
      applyLineRules(
        rules,
        lines.map((line, at) => (freeOf(given, at) === 0 ? line : { ...line, ...paid(line, freeOf(given, at)) })),
        context,
      ),
    (rule, measured, before, whole) =>
      allotGift(
        rule,
        lines.map((line, at) => ({
          ...line,
          ...paid(line, line.isFixed === true ? line.quantity : freeOf(before, at)),
          isCounted: whole.lines[at]?.rules.includes(rule.id) === true,
        })),
        measured,
      ),
  )
  return {
    lines: lines.map((line, at) => {
      const free = freeOf(gifts, at)
      const ruled = chosen.lines[at]
      const given = free === 0 ? 0 : lineAmount(line.quantity, line.rate, minorDigits) - paid(line, free).gross
      return {
        line: line.line,
        ruleDiscount: amountMinor((ruled?.ruleDiscount ?? 0) + given),
        rules: withIds(ruled?.rules ?? [], idsOf(gifts, at)),
        free: quantity6(free),
      }
    }),
    offered,
  }
}

/** A line as the document's rules see it: what the lines' rules and gifts left of it. */
interface Standing extends Givable {
  readonly net: number
  readonly isFixed: boolean
}

function standingOf(line: RuleLine, ruled: RuledDocument['lines'][number] | undefined, minorDigits: number): Standing {
  const net = lineAmount(line.quantity, line.rate, minorDigits) - (ruled?.ruleDiscount ?? 0)
  const left = afterGift(line, ruled?.free ?? 0, minorDigits)
  const isFixed = line.isFixed === true
  return { ...line, ...left, gross: amountMinor(Math.max(0, net)), isCounted: true, net, isFixed }
}

/** The standing line without `free` of it. */
function without(line: Standing, free: number): Standing {
  if (free === 0) return line
  const quantity = quantity6(line.quantity - free)
  const part = (whole: number, what: string): number => mulDivRound(whole, quantity, line.quantity, what)
  const gross = amountMinor(part(line.gross, 'What is left of a line beside its gift'))
  const stockQuantity = quantity6(part(line.stockQuantity, 'The stock that is left beside a gift'))
  return { ...line, quantity, stockQuantity, gross, net: line.net - line.gross + gross }
}

/** Rules on lines first, then those on the document over what the lines' rules leave. */
export function applyRules(
  rules: readonly PricingRule[],
  lines: readonly RuleLine[],
  context: RuleContext,
): RuledDocument {
  const onLines = ruleLines(rules, lines, context)
  const standing = lines.map((line, at) => standingOf(line, onLines.lines[at], context.minorDigits))
  const { chosen, gifts, offered } = settleGifts(
    (given) => {
      const left = standing.map((line, at) => without(line, freeOf(given, at)))
      const stockQuantity = quantity6(sum(left.map((line) => line.stockQuantity)))
      return applyDocumentRules(rules, { stockQuantity, amount: amountMinor(sum(left.map(({ net }) => net))) }, context)
    },
    (rule, measured, before) => {
      const givable = standing.map((line, at) =>
        line.isFixed ? { ...line, quantity: quantity6(0) } : without(line, freeOf(before, at)),
      )
      return allotGift(rule, givable, measured)
    },
  )
  return {
    lines: onLines.lines.map((ruled, at) => {
      const free = freeOf(gifts, at)
      const line = standing[at]
      if (free === 0 || line === undefined) return ruled
      return {
        ...ruled,
        ruleDiscount: amountMinor(ruled.ruleDiscount + line.gross - without(line, free).gross),
        rules: withIds(ruled.rules, idsOf(gifts, at)),
        free: quantity6(ruled.free + free),
      }
    }),
    offered: [...onLines.offered, ...offered],
    documentDiscounts: chosen.discounts,
    documentRules: chosen.rules,
  }
}
