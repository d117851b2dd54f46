// Pricing rules: which promotions a document earns and what each takes off. Lines first, the document after the lines'
// discounts. A rule never raises a price and never touches a price set by hand or a return; the caller stores the ids.
import {
  type AmountMinor,
  type Quantity6,
  ONE6,
  amountMinor,
  lineAmount,
  percentOf,
  quantity6,
} from '../../kernel/amount.ts'
import { compareUtf8 } from '../../kernel/bytes.ts'
import { freeGoods, freeQuantity, type Measured } from './free-goods.ts'
import {
  type Discount,
  type PricingRule,
  type RuleContext,
  type RuleLine,
  type RuledLine,
  isValidOn,
} from './price-types.ts'

/** What a rule competes for: a line, or the whole document. */
interface Target {
  readonly quantity: Quantity6
  readonly stockQuantity: Quantity6
  readonly gross: AmountMinor
}

interface Applied {
  readonly rule: PricingRule
  readonly off: number
}

const isWithin = (value: number, min: number | null | undefined, max: number | null | undefined): boolean =>
  (min == null || min <= value) && (max == null || value <= max)

function isOpenTo(rule: PricingRule, context: RuleContext): boolean {
  return (
    isValidOn(rule, context.businessDate) &&
    (rule.party == null || rule.party === context.party) &&
    (rule.partyGroup == null || rule.partyGroup === context.partyGroup) &&
    (rule.coupon == null || (context.coupons ?? []).includes(rule.coupon))
  )
}

function covers({ scope }: PricingRule, line: RuleLine): boolean {
  switch (scope.kind) {
    case 'item':
      return line.item === scope.item
    case 'group':
      return line.group === scope.group
    case 'brand':
      return line.brand === scope.brand
    case 'document':
      return false
  }
}

/**
 * What the rule is worth on `target`, of whose gross `left` is left: money off, or for free goods the target's share
 * of their worth. Never more than what is left of the price, never below 0.
 */
function worthOf(rule: PricingRule, target: Target, left: number, scope: Target, minorDigits: number): number {
  const { benefit } = rule
  switch (benefit.kind) {
    case 'rate':
      return Math.max(0, left - lineAmount(target.quantity, benefit.rate, minorDigits))
    case 'percent':
      return Math.max(0, Math.min(left, percentOf(amountMinor(left), benefit.percent)))
    case 'amount': {
      const quantity = rule.scope.kind === 'document' ? (ONE6 as Quantity6) : target.quantity
      return Math.max(0, Math.min(left, lineAmount(quantity, benefit.off, minorDigits)))
    }
    case 'free': {
      const worth = lineAmount(quantity6(freeQuantity(rule, scope.stockQuantity)), benefit.worth, minorDigits)
      return Number((BigInt(worth) * BigInt(target.stockQuantity)) / BigInt(Math.max(1, scope.stockQuantity)))
    }
  }
}

const moneyOff = ({ rule, off }: Applied): number => (rule.benefit.kind === 'free' ? 0 : off)

/**
 * The rules a target takes, in order. Within one priority either the best that stands alone or all stackable ones,
 * whichever is better for the customer (then the lowest id); a rule that stands alone ends it, stackable ones go on to
 * the next priority.
 */
function takeRules(
  rules: readonly PricingRule[],
  target: Target,
  scopeOf: (rule: PricingRule) => Target,
  digits: number,
): Applied[] {
  const taken: Applied[] = []
  let left: number = target.gross
  const bestOf = (choices: readonly PricingRule[], leftNow: number): Applied | null => {
    let best: Applied | null = null
    for (const rule of choices) {
      const off = worthOf(rule, target, leftNow, scopeOf(rule), digits)
      if (off <= 0 || off < (best?.off ?? 0)) continue
      if (best === null || off > best.off || compareUtf8(rule.id, best.rule.id) < 0) best = { rule, off }
    }
    return best
  }
  for (const priority of [...new Set(rules.map((rule) => rule.priority))].sort((a, b) => b - a)) {
    const level = rules.filter((rule) => rule.priority === priority)
    const alone =
      taken.length > 0
        ? null
        : bestOf(
            level.filter((rule) => !rule.isStackable),
            left,
          )
    const stack: Applied[] = []
    let open = level.filter((rule) => rule.isStackable)
    let leftInStack = left
    for (let next = bestOf(open, leftInStack); next !== null; next = bestOf(open, leftInStack)) {
      const { rule } = next
      stack.push(next)
      leftInStack -= moneyOff(next)
      open = open.filter((other) => other !== rule)
    }
    const stackOff = stack.reduce((sum, { off }) => sum + off, 0)
    const first = stack[0]
    const isAloneBetter =
      alone !== null &&
      (alone.off > stackOff ||
        (alone.off === stackOff && first !== undefined && compareUtf8(alone.rule.id, first.rule.id) < 0))
    if (alone !== null && isAloneBetter) return [alone]
    taken.push(...stack)
    left = leftInStack
  }
  return taken
}

const sumTargets = (targets: readonly Target[]): Target => ({
  quantity: quantity6(targets.reduce((sum, { quantity }) => sum + quantity, 0)),
  stockQuantity: quantity6(targets.reduce((sum, { stockQuantity }) => sum + stockQuantity, 0)),
  gross: amountMinor(targets.reduce((sum, { gross }) => sum + gross, 0)),
})

const isInBounds = (rule: PricingRule, scope: Target): boolean =>
  isWithin(scope.stockQuantity, rule.quantityMin, rule.quantityMax) &&
  isWithin(scope.gross, rule.amountMin, rule.amountMax)

/**
 * Rules on item, group and brand. Bounds count all lines in a rule's scope that rules may touch, at their chosen price.
 * Quantities and rates must be within what `totalsFlaw` lets through.
 */
export function applyLineRules(
  rules: readonly PricingRule[],
  lines: readonly RuleLine[],
  context: RuleContext,
): { readonly lines: readonly RuledLine[]; readonly earned: ReadonlyMap<PricingRule, Measured> } {
  const targets = new Map<RuleLine, Target>()
  for (const line of lines) {
    if (line.isFixed === true || line.quantity <= 0) continue
    const gross = lineAmount(line.quantity, line.rate, context.minorDigits)
    targets.set(line, { quantity: line.quantity, stockQuantity: line.stockQuantity, gross })
  }
  const scopes = new Map<PricingRule, Target>()
  for (const rule of rules) {
    if (rule.scope.kind === 'document' || !isOpenTo(rule, context)) continue
    const scope = sumTargets([...targets].filter(([line]) => covers(rule, line)).map(([, target]) => target))
    if (isInBounds(rule, scope)) scopes.set(rule, scope)
  }
  const scopeOf = (rule: PricingRule): Target =>
    scopes.get(rule) ?? { quantity: quantity6(0), stockQuantity: quantity6(0), gross: amountMinor(0) }
  for (;;) {
    const taken = new Map<RuleLine, Applied[]>()
    const earned = new Map<PricingRule, number>()
    for (const [line, target] of targets) {
      const applied = takeRules(
        [...scopes.keys()].filter((rule) => covers(rule, line)),
        target,
        scopeOf,
        context.minorDigits,
      )
      taken.set(line, applied)
      for (const { rule } of applied) earned.set(rule, (earned.get(rule) ?? 0) + target.stockQuantity)
    }
    // Lines that chose something better no longer count towards free goods. A gift that comes to nothing that way must
    // not have cost its lines another rule: leave it out and choose again.
    const hollow = [...earned].find(
      ([rule, counted]) => rule.benefit.kind === 'free' && freeGoods(rule, freeQuantity(rule, counted)).length === 0,
    )
    if (hollow !== undefined) {
      scopes.delete(hollow[0])
      continue
    }
    return {
      lines: lines.map((line) => {
        const applied = taken.get(line) ?? []
        const off = applied.reduce((sum, each) => sum + moneyOff(each), 0)
        return { line: line.line, ruleDiscount: amountMinor(off), rules: applied.map(({ rule }) => rule.id) }
      }),
      earned: new Map([...earned].map(([rule, counted]) => [rule, { ...scopeOf(rule), counted }])),
    }
  }
}

/**
 * Rules on the document, over what is left of its lines after their own discounts. The discounts, in this order, go
 * before the one given by hand into the totals' `documentDiscounts`.
 */
export function applyDocumentRules(
  rules: readonly PricingRule[],
  document: { readonly stockQuantity: Quantity6; readonly amount: AmountMinor },
  context: RuleContext,
): {
  readonly discounts: readonly Discount[]
  readonly rules: readonly string[]
  readonly earned: ReadonlyMap<PricingRule, Measured>
} {
  const target: Target = {
    quantity: document.stockQuantity,
    stockQuantity: document.stockQuantity,
    gross: document.amount,
  }
  if (target.gross <= 0) return { discounts: [], rules: [], earned: new Map() }
  const open = rules.filter(
    (rule) =>
      rule.scope.kind === 'document' &&
      rule.benefit.kind !== 'rate' &&
      isOpenTo(rule, context) &&
      isInBounds(rule, target),
  )
  const applied = takeRules(open, target, () => target, context.minorDigits)
  return {
    discounts: applied
      .filter(({ rule }) => rule.benefit.kind !== 'free')
      .map(({ off }) => ({ kind: 'amount', amount: amountMinor(off) })),
    rules: applied.map(({ rule }) => rule.id),
    earned: new Map(applied.map(({ rule }) => [rule, { ...target, counted: target.stockQuantity }])),
  }
}
