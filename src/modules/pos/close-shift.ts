// Closes a shift: a blind count of each method and currency, the difference posted, and the list of its documents,
// parked ones too. Expected is what the till's own device knew at the count: it travels with the fact, so that the
// drawer ends at what was counted whatever arrives in which order. The hub compares it with its own sums and says so.
import { amountMinor, convert, type AmountMinor } from '../../kernel/amount.ts'
import { command, ELSEWHERE, type Context } from '../../kernel/command.ts'
import { headerOf } from '../../kernel/document.ts'
import { amount, code, date, integer, list, rate, ref, set, text, type ArgsOf } from '../../kernel/field.ts'
import { cashBalance, postCash, postJournal, type JournalLine } from '../../kernel/ledger.ts'
import { tenderKinds, till } from '../masters/organisation.ts'
import { cashMovement } from './cash-movement.ts'
import { refuse, rule } from './guard.ts'
import { heldSale } from './held-sale.ts'
import { purposeOfTender } from './sale-money.ts'
import { sale } from './sale.ts'
import { missingDocuments } from './settle-shift.ts'
import {
  denominations,
  denominationSum,
  isOpen,
  listedDocuments,
  shift,
  shiftCount,
  shiftOf,
  type Shift,
} from './shift.ts'

const SOFT = { soft: true } as const

const countArgs = {
  method: code(),
  kind: code(tenderKinds),
  currency: code(),
  /** What the view `pos.expectedCash` says when the count is handed in; the person who counts doesn't see it. */
  expected: amount(),
  counted: amount(),
  denominations: denominations().optional(),
  /** Taken out to the safe; the rest stays as the next float. */
  handedOver: amount().optional(),
  /** Of a foreign currency: its price in the shift's, and its minor digits. */
  exchangeRate: rate().optional(),
  foreignDigits: integer().optional(),
}
const closeArgs = {
  shift: ref('pos.shift'),
  businessDate: date(),
  minorDigits: integer(),
  counts: list(countArgs),
  documents: listedDocuments(),
  /** Held sales that go on tomorrow. */
  carriedOver: set().optional(),
  remarks: text().optional(),
}
type Count = ArgsOf<typeof countArgs>
type CloseArgs = ArgsOf<typeof closeArgs>

export const closeShift = command('pos.closeShift', {
  kind: 'fact',
  version: 1,
  permission: 'pos.shift',
  args: closeArgs,
  run(ctx, a) {
    const of = shiftOf(ctx, a.shift)
    checkCounts(ctx, a, of)
    // A second close would post the difference twice: the first one stands.
    if (!rule(ctx, 'pos.shift-not-open', isOpen(of), { shift: of.id, closedBy: of.closedBy })) return
    const missing = missingDocuments(ctx, a.documents)
    checkList(ctx, a)
    checkExpected(ctx, a, { of, isWhole: missing.length === 0 })

    const lines = a.counts.flatMap((count, position) => postCount(ctx, a, { of, count, position }))
    const { company, branch } = of
    postJournal(ctx, {
      label: 'journal',
      document: { table: shift, id: of.id },
      company,
      branch,
      businessDate: a.businessDate,
      lines,
    })
    const number = ctx.nextNumber('Z', a.businessDate)
    ctx.patch(shift, of.id, {
      state: 'submitted',
      number,
      closedAt: ctx.now,
      closedBy: ctx.user,
      closedOn: a.businessDate,
      closedDocuments: a.documents,
      carriedOver: a.carriedOver ?? [],
      isSettled: missing.length === 0,
      remarks: a.remarks ?? of.remarks,
    })
    ctx.describe({ number, amountMinor: sumOfDifferences(a, of), currency: of.currency, documents: a.documents.length })
  },
})

const differenceOf = ({ counted, expected }: Count): AmountMinor => amountMinor(counted - expected)

/** In the shift's currency. */
function valueOf(amount: AmountMinor, count: Count, a: CloseArgs, of: Shift): AmountMinor {
  if (count.currency === of.currency || amount === 0) return amount
  return convert(amount, count.exchangeRate ?? (0 as NonNullable<Count['exchangeRate']>), {
    from: count.foreignDigits ?? 0,
    to: a.minorDigits,
  })
}

const sumOfDifferences = (a: CloseArgs, of: Shift): number =>
  a.counts.reduce((sum, count) => sum + valueOf(differenceOf(count), count, a, of), 0)

function checkCounts(ctx: Context, a: CloseArgs, of: Shift): void {
  const seen = new Set<string>()
  for (const count of a.counts) {
    const { method, currency, counted, exchangeRate, foreignDigits } = count
    const facts = { method, currency, countedMinor: counted }
    if (seen.has(`${currency} ${method}`)) refuse(ctx, 'pos.counted-twice', facts)
    seen.add(`${currency} ${method}`)
    const coins = count.denominations ?? []
    if (coins.length > 0 && denominationSum(coins) !== counted)
      refuse(ctx, 'pos.denominations-differ', { ...facts, sumMinor: denominationSum(coins) })
    if ((count.handedOver ?? 0) < 0) refuse(ctx, 'pos.amount-not-positive', facts)
    const isForeign = currency !== of.currency
    if (isForeign && (exchangeRate == null || exchangeRate <= 0 || foreignDigits == null))
      refuse(ctx, 'pos.rate-needed', facts)
  }
}

/** Everything of the shift that is known here must be listed, and no basket left behind. */
function checkList(ctx: Context, a: CloseArgs): void {
  const listed = new Map(a.documents.map((each) => [each.id, each.amountMinor]))
  const known = [
    ...ctx
      .find(sale, 'byShift', { shift: a.shift }, SOFT)
      .map(({ id, number, total }) => ({ id, number, amountMinor: total })),
    ...ctx
      .find(cashMovement, 'byShift', { shift: a.shift }, SOFT)
      .map(({ id, kind, amount }) => ({ id, number: kind, amountMinor: amount })),
  ]
  const unlisted = known.filter(({ id, amountMinor }) => listed.get(id) !== amountMinor)
  rule(ctx, 'pos.close-list-incomplete', unlisted.length === 0, {
    shift: a.shift,
    unlisted: unlisted.map(({ number, id }) => number ?? id),
  })
  const carried = new Set(a.carriedOver)
  const left = ctx
    .find(heldSale, 'byShift', { shift: a.shift, state: 'held' }, SOFT)
    .filter(({ id }) => !carried.has(id))
  rule(ctx, 'pos.held-sales-open', left.length === 0, { shift: a.shift, held: left.map(({ name }) => name) })
}

function checkExpected(ctx: Context, a: CloseArgs, { of, isWhole }: { of: Shift; isWhole: boolean }): void {
  const at = ctx.get(till, of.till, SOFT)
  const known = at === null || at === ELSEWHERE ? null : at
  const isCash = (method: string): boolean =>
    (known?.methods.find(({ code }) => code === method)?.kind ?? 'cash') === 'cash'
  const balances = ctx.find(cashBalance, 'byShift', { shift: of.id }, SOFT)
  const heldOf = (method: string, currency: string): number =>
    balances.find((held) => held.method === method && held.currency === currency)?.amount ?? 0
  for (const { method, currency, amount } of balances) {
    const isCounted = a.counts.some((count) => count.method === method && count.currency === currency)
    rule(ctx, 'pos.not-counted', isCounted || amount === 0 || !isCash(method), { method, currency })
  }
  for (const { method, currency, expected } of isWhole ? a.counts : []) {
    const held = heldOf(method, currency)
    rule(ctx, 'pos.expected-differs', held === expected, {
      shift: of.id,
      method,
      currency,
      expectedMinor: expected,
      ledgerMinor: held,
    })
  }
  const sum = a.counts.reduce((all, count) => all + Math.abs(valueOf(differenceOf(count), count, a, of)), 0)
  const limit = known?.cashDifferenceLimitMinor ?? 0
  rule(ctx, 'pos.difference-over-limit', sum <= limit, {
    shift: of.id,
    differenceMinor: sumOfDifferences(a, of),
    limitMinor: limit,
  })
}

/** The count's row, its difference and its handover; returns the ledger's side of them. */
function postCount(
  ctx: Context,
  a: CloseArgs,
  { of, count, position }: { of: Shift; count: Count; position: number },
): JournalLine[] {
  const { method, kind, currency } = count
  const difference = differenceOf(count)
  const handedOver = count.handedOver ?? amountMinor(0)
  ctx.insert(shiftCount, {
    id: ctx.id(`count/${position}`),
    document: of.id,
    position,
    method,
    kind,
    currency,
    expected: count.expected,
    counted: count.counted,
    difference,
    exchangeRate: count.exchangeRate ?? null,
    handedOver,
    denominations: count.denominations ?? [],
  })
  const drawer = { businessDate: of.businessDate, branch: of.branch, till: of.till, shift: of.id, method, currency }
  const document = { table: shift, id: of.id }
  if (difference !== 0)
    postCash(ctx, { ...drawer, label: `difference/${position}`, document, kind: 'difference', amount: difference })
  if (handedOver !== 0) {
    const id = ctx.id(`handover/${position}`)
    const header = headerOf(ctx, { businessDate: a.businessDate, currency, company: of.company, branch: of.branch })
    const amount = amountMinor(-handedOver)
    ctx.insert(cashMovement, {
      id,
      ...header,
      state: 'submitted',
      kind: 'handover',
      till: of.till,
      shift: of.id,
      method,
      amount,
      reason: 'close',
    })
    postCash(ctx, {
      ...drawer,
      label: `handed-over/${position}`,
      document: { table: cashMovement, id },
      kind: 'handover',
      amount,
    })
  }
  const [found, moved] = [valueOf(difference, count, a, of), valueOf(handedOver, count, a, of)]
  const purpose = purposeOfTender(count)
  return [
    { purpose, amount: amountMinor(found - moved) },
    { purpose: 'cash-difference', amount: amountMinor(-found) },
    { purpose: 'safe', amount: moved },
  ]
}
