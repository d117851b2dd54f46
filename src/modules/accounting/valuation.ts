// Values every movement of goods on the hub, in commit order, at the moving average of item and branch, and posts it
// between the stock account and its counterpart. Nothing already valued is ever valued again: what comes late is valued
// when it comes. Devices never run this.
import { amountMinor, quantity6, rate6, type AmountMinor, type Rate6 } from '../../kernel/amount.ts'
import { ELSEWHERE, type Context } from '../../kernel/command.ts'
import type { Effects } from '../../kernel/effects.ts'
import { postJournal, stockEntry } from '../../kernel/ledger.ts'
import type { Pass } from '../../kernel/run.ts'
import type { AnyTable, Row } from '../../kernel/table.ts'
import { itemCost } from '../masters/item.ts'
import { branch as branchTable, company as companyTable } from '../masters/organisation.ts'
import { costBalance, costEntry, type costKinds } from './cost.ts'
import { purposeOfMovement, RECEIVED } from './cost-purpose.ts'
import { givenCosts, type GivenCost } from './given-cost.ts'
import { averageOf, coveredDifference, issueValue, valueAt } from './moving-average.ts'

type Entry = Row<typeof stockEntry>

/** The net movement of one line at one branch: what moves inside a branch, or is only reserved, costs nothing. */
interface Movement {
  readonly first: Entry
  readonly quantity: number
  readonly purpose: string
}

interface Frame {
  readonly ctx: Context
  readonly given: ReadonlyMap<string, GivenCost>
  /** What left another branch by this command, by item: goods sent from branch to branch keep their cost. */
  readonly sent: Map<string, { quantity: number; value: number }>
  /** What each document moves between stock and its counterparts: one journal a document and branch. */
  readonly sums: Map<
    string,
    { readonly first: Entry; readonly company: string; readonly byPurpose: Map<string, number> }
  >
}

export const valuation: Pass = {
  name: 'accounting.valuation',
  run(ctx, effects) {
    const movements = movementsOf(effects)
    if (movements.length === 0) return
    const frame: Frame = { ctx, given: givenCosts(effects), sent: new Map(), sums: new Map() }
    // What leaves is valued first, so that a transfer's arrival knows what it cost.
    for (const movement of movements) if (movement.quantity < 0) issue(frame, movement)
    for (const movement of movements) if (movement.quantity > 0) receive(frame, movement)
    postSums(frame)
  },
}

/** Physical movements by document, line, item and branch, in the order they were posted. */
function movementsOf(effects: Effects): Movement[] {
  const groups = new Map<string, { first: Entry; quantity: number; purpose: string }>()
  for (const op of effects.ofTable(stockEntry)?.values() ?? []) {
    if (op.insert === null) continue
    const entry = { id: op.id, goneAt: null, ...op.insert } as unknown as Entry
    if (entry.state === 'reserved') continue
    const purpose = purposeOfMovement(entry.document, entry.reason)
    const key = JSON.stringify([entry.documentId, entry.line, entry.item, entry.branch, purpose])
    const group = groups.get(key)
    if (group === undefined) groups.set(key, { first: entry, quantity: entry.quantity, purpose })
    else group.quantity += entry.quantity
  }
  return [...groups.values()].filter(({ quantity }) => quantity !== 0)
}

interface Place {
  readonly company: string
  readonly minorDigits: number
  readonly held: { readonly quantity: number; readonly value: number; readonly lastCost: Rate6 | null }
}

function placeOf(ctx: Context, entry: Entry): Place {
  const of = ctx.get(branchTable, entry.branch, { soft: true })
  const company = of === null || of === ELSEWHERE ? ctx.lease.company : of.company
  const own = ctx.get(companyTable, company, { soft: true })
  const balance = ctx.getByKey(costBalance, { company, branch: entry.branch, item: entry.item })
  const held = balance === null || balance === ELSEWHERE ? { quantity: 0, value: 0, lastCost: null } : balance
  return { company, minorDigits: own === null || own === ELSEWHERE ? 2 : own.minorDigits, held }
}

/** The item's cost as bought or planned; null when nobody ever said. */
function boughtCost(ctx: Context, item: string): Rate6 | null {
  const known = ctx.getByKey(itemCost, { item })
  return known === null || known === ELSEWHERE ? null : (known.lastCost ?? known.standardCost)
}

function knownCost(ctx: Context, entry: Entry, candidates: readonly (Rate6 | null)[]): Rate6 {
  for (const candidate of candidates) if (candidate !== null) return candidate
  ctx.exception('COST_UNKNOWN', {
    item: entry.item,
    branch: entry.branch,
    document: entry.document,
    documentId: entry.documentId,
  })
  return rate6(0)
}

/** What the entry it takes back was worth; null when it takes back no whole entry. */
function cancelledValue(ctx: Context, { first, quantity }: Movement): number | null {
  if (first.reason !== 'cancelled') return null
  const before = ctx.find(costEntry, 'byDocument', { documentId: first.documentId })
  const original = before.find(
    (entry) =>
      entry.line === first.line &&
      entry.item === first.item &&
      entry.branch === first.branch &&
      entry.quantity === -quantity,
  )
  return original === undefined ? null : -original.amount
}

function issue(frame: Frame, movement: Movement): void {
  const { ctx } = frame
  const { first } = movement
  const { company, minorDigits, held } = placeOf(ctx, first)
  const quantity = -movement.quantity
  const average = averageOf(held, minorDigits)
  const isShort = quantity > held.quantity
  const last = isShort
    ? knownCost(ctx, first, [average, held.lastCost, boughtCost(ctx, first.item)])
    : (average ?? rate6(0))
  const value = cancelledValue(ctx, movement) ?? -issueValue(held, quantity, last, minorDigits)
  write(frame, {
    movement,
    company,
    kind: 'issue',
    quantity: movement.quantity,
    amount: amountMinor(value),
    purpose: movement.purpose,
    lastCost: average ?? (isShort ? last : held.lastCost),
  })
  const left = { quantity: held.quantity - quantity, value: held.value + value }
  if (left.quantity === 0 && left.value !== 0) settleDifference(frame, movement, company, amountMinor(left.value))
  const sent = frame.sent.get(first.item) ?? { quantity: 0, value: 0 }
  frame.sent.set(first.item, { quantity: sent.quantity + quantity, value: sent.value - value })
}

function receive(frame: Frame, movement: Movement): void {
  const { ctx } = frame
  const { first, quantity } = movement
  const { company, minorDigits, held } = placeOf(ctx, first)
  const given = frame.given.get(first.id) ?? frame.given.get(first.line ?? '') ?? frame.given.get(first.documentId)
  const sent = movement.purpose === RECEIVED ? undefined : frame.sent.get(first.item)
  const average = averageOf(held, minorDigits)
  const atCost = (cost: Rate6): AmountMinor => valueAt(quantity, { rate: cost, num: 1, den: 1 }, minorDigits)
  const value =
    cancelledValue(ctx, movement) ??
    (given !== undefined
      ? valueAt(quantity, given, minorDigits)
      : sent !== undefined && sent.quantity === quantity
        ? sent.value
        : movement.purpose === RECEIVED
          ? atCost(knownCost(ctx, first, [boughtCost(ctx, first.item), average, held.lastCost]))
          : atCost(knownCost(ctx, first, [average, held.lastCost, boughtCost(ctx, first.item)])))
  const difference = coveredDifference(held, quantity, value)
  const unitCost = averageOf({ quantity, value }, minorDigits)
  write(frame, {
    movement,
    company,
    kind: 'receipt',
    quantity,
    amount: amountMinor(value),
    purpose: movement.purpose,
    lastCost: unitCost ?? held.lastCost,
  })
  if (difference !== 0) settleDifference(frame, movement, company, difference)
  if (given !== undefined && unitCost !== null) rememberBought(ctx, first, unitCost)
}

/** Moves value that no goods carry from stock to the cost differences. */
function settleDifference(frame: Frame, movement: Movement, company: string, amount: AmountMinor): void {
  write(frame, {
    movement,
    company,
    kind: 'difference',
    quantity: 0,
    amount: amountMinor(-amount),
    purpose: 'cost-difference',
    lastCost: null,
  })
}

interface Writing {
  readonly movement: Movement
  readonly company: string
  readonly kind: (typeof costKinds)[number]
  readonly quantity: number
  /** Into the stock account. */
  readonly amount: AmountMinor
  readonly purpose: string
  readonly lastCost: Rate6 | null
}

function write({ ctx, sums }: Frame, { movement, company, kind, quantity, amount, purpose, lastCost }: Writing): void {
  const { id, branch, item, document, documentId, line, businessDate } = movement.first
  const key = { company, branch, item }
  ctx.insert(costEntry, {
    id: ctx.id(`cost/${kind}/${id}`),
    ...key,
    kind,
    document,
    documentId,
    line,
    stockEntry: id,
    businessDate,
    quantity: quantity6(quantity),
    amount,
    purpose,
  })
  const balance = ctx.add(costBalance, key, { quantity: quantity6(quantity), value: amount })
  if (lastCost !== null) ctx.patch(costBalance, balance, { lastCost })
  const at = `${documentId} ${branch} ${businessDate}`
  const sum = sums.get(at) ?? { first: movement.first, company, byPurpose: new Map<string, number>() }
  sum.byPurpose.set(purpose, (sum.byPurpose.get(purpose) ?? 0) + amount)
  sums.set(at, sum)
}

function postSums({ ctx, sums }: Frame): void {
  for (const { first, company, byPurpose } of sums.values()) {
    const { id, branch, businessDate, document, documentId } = first
    const total = [...byPurpose.values()].reduce((sum, amount) => sum + amount, 0)
    const against = [...byPurpose].map(([purpose, amount]) => ({ purpose, amount: amountMinor(-amount) }))
    const lines = [{ purpose: 'stock', amount: amountMinor(total) }, ...against]
    // A journal names its document's table, of which a pass knows the name alone.
    const table = { ...stockEntry, name: document } as AnyTable
    postJournal(ctx, { label: `cost/${id}`, document: { table, id: documentId }, company, branch, businessDate, lines })
  }
}

/** What it cost where it was bought last, for whoever may see costs. */
function rememberBought(ctx: Context, entry: Entry, lastCost: Rate6): void {
  const key = { item: entry.item }
  const known = ctx.getByKey(itemCost, key)
  const fields = { lastCost, asOf: entry.businessDate }
  if (known === null || known === ELSEWHERE) ctx.insert(itemCost, { id: ctx.idOf(itemCost, key), ...key, ...fields })
  else if (known.lastCost !== lastCost || known.asOf !== entry.businessDate) ctx.patch(itemCost, known.id, fields)
}
