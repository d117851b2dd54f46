// Goods were counted. It happened, so it stands; the difference is booked on the hub, where it is known what else moved
// before and after, and the count is provisional until every device of the branch has reported. It never writes a cost.
import { lineAmount, quantity6, type Quantity6 } from '../../kernel/amount.ts'
import { command, ELSEWHERE, type Context } from '../../kernel/command.ts'
import { openCut } from '../../kernel/completeness.ts'
import { headerOf } from '../../kernel/document.ts'
import { code, date, instant, integer, list, quantity, ref, text, type ArgsOf } from '../../kernel/field.ts'
import { onHand, postStock } from '../../kernel/ledger.ts'
import { askAbout, batchBalance, expectedAt, markCounted, type Counted } from '../../kernel/stock-count.ts'
import { itemCost } from '../masters/item.ts'
import { price } from '../masters/price.ts'
import { count, countLine, countResult } from './count.ts'
import { currencyOf, goodsOf, placeOf, type Goods } from './goods.ts'

const args = {
  warehouse: ref('masters.warehouse'),
  businessDate: date(),
  remarks: text().optional(),
  lines: list({
    item: ref('masters.item'),
    unit: code(),
    num: integer().optional(),
    den: integer().optional(),
    /** What was found; nothing is an answer too. */
    quantity: quantity(),
    batch: text(64).optional(),
    /** When the goods were counted, after which command of the device, knowing how much of the hub. Left out: as the document. */
    countedAt: instant().optional(),
    afterSeq: integer().optional(),
    seen: integer().optional(),
  }),
}
type Args = ArgsOf<typeof args>
type Line = Args['lines'][number]

/** All lines of one item and batch: found together, at the moment of the last of them. */
interface Found {
  readonly item: string
  readonly code: string
  readonly batch: string | null
  readonly counted: Quantity6
  readonly moment: Counted
}

export const countStock = command('inventory.countStock', {
  kind: 'fact',
  version: 1,
  permission: 'inventory.count',
  args,
  run(ctx, a) {
    if (a.lines.length === 0) ctx.refuse('inventory.no-lines')
    const place = placeOf(ctx, a.warehouse)
    const counted = a.lines.map((line, at) => ({ line, at, goods: goodsOf(ctx, line, at, line.quantity) }))
    const found = foundOf(ctx, counted)
    const id = ctx.id('count')
    const { currency, minorDigits } = currencyOf(ctx)
    const place6 = { warehouse: a.warehouse, branch: place.branch }
    if (!ctx.isHub) checkLimit(ctx, { currency, minorDigits }, bookDifferences(ctx, place6, found))
    const number = ctx.nextNumber('T', a.businessDate)
    ctx.insert(count, {
      ...headerOf(ctx, { ...a, branch: place.branch, currency }),
      id,
      number,
      state: 'submitted',
      warehouse: a.warehouse,
    })
    for (const each of counted) insertLine(ctx, id, each)
    ctx.onHub(() => {
      const differences = found.map((each) => settle(ctx, { id, businessDate: a.businessDate, ...place6 }, each))
      checkLimit(ctx, { currency, minorDigits }, differences)
    })
    openCut(ctx, {
      purpose: 'count',
      document: count.name,
      documentId: id,
      branch: place.branch,
      asOf: Math.max(...found.map(({ moment }) => moment.at)),
      bucket: `stock:${place.branch}`,
    })
    ctx.describe({ number, lines: a.lines.length, warehouse: place.name })
  },
})

interface CountedLine {
  readonly line: Line
  readonly at: number
  readonly goods: Goods
}

/** A line can't have been counted after its document, nor knowing more than the device did. */
const momentOfLine = (ctx: Context, line: Line): Counted => ({
  ...ctx.moment,
  at: ctx.moment.at - Math.max(0, ctx.now - (line.countedAt ?? ctx.now)),
  seq: Math.min(line.afterSeq ?? ctx.moment.seq, ctx.moment.seq - 1),
  seen: Math.min(line.seen ?? ctx.moment.seen, ctx.moment.seen),
})

function insertLine(ctx: Context, document: string, { line, at, goods }: CountedLine): void {
  ctx.insert(countLine, {
    id: ctx.id(`line/${at}`),
    document,
    line: at,
    item: line.item,
    unit: line.unit,
    ...goods.factor,
    quantity: line.quantity,
    stockQuantity: goods.stockQuantity,
    batch: line.batch ?? null,
    countedAt: Math.min(line.countedAt ?? ctx.now, ctx.now),
    afterSeq: momentOfLine(ctx, line).seq,
    seen: momentOfLine(ctx, line).seen,
  })
}

function foundOf(ctx: Context, counted: readonly CountedLine[]): Found[] {
  const found = new Map<string, Found>()
  for (const { line, goods } of counted) {
    const batch = line.batch ?? null
    const key = JSON.stringify([line.item, batch])
    const [moment, before] = [momentOfLine(ctx, line), found.get(key)]
    const isLater = before === undefined || moment.at >= before.moment.at
    found.set(key, {
      item: line.item,
      code: goods.item?.code ?? line.item,
      batch,
      counted: quantity6((before?.counted ?? 0) + goods.stockQuantity),
      moment: isLater ? moment : before.moment,
    })
  }
  return [...found.values()]
}

interface Difference {
  readonly item: string
  readonly code: string
  readonly difference: number
}

interface Place {
  readonly warehouse: string
  readonly branch: string
}

/** What this device believes: enough to ask a supervisor at the shelf. */
const bookDifferences = (ctx: Context, { warehouse, branch }: Place, found: readonly Found[]): Difference[] =>
  found.flatMap(({ item, code, batch, counted }) => {
    const book = batch === null ? onHand(ctx, item, warehouse, branch) : null
    return book === null ? [] : [{ item, code, difference: counted - book }]
  })

/** The role's limit over what was found more and less together. Nobody who counts sees the books. */
function checkLimit(
  ctx: Context,
  money: { readonly currency: string; readonly minorDigits: number },
  differences: readonly Difference[],
): void {
  const limit = ctx.lease.limits['countDifferenceMinor']
  if (limit === undefined) return
  const value = differences.reduce((sum, { item, difference }) => {
    const rate = worthOf(ctx, item, money.currency)
    return rate === null ? sum : sum + lineAmount(quantity6(Math.abs(difference)), rate, money.minorDigits)
  }, 0)
  ctx.rule('inventory.count-over-limit', value <= limit, { limitMinor: limit, exception: 'COUNT_DIFFERENCE' })
}

/** The hub knows costs; a device has the item's own price. */
function worthOf(ctx: Context, item: string, currency: string) {
  const cost = ctx.getByKey(itemCost, { item }, { soft: true })
  const known = cost === null || cost === ELSEWHERE ? null : (cost.lastCost ?? cost.standardCost)
  if (known !== null) return known
  const prices = ctx.find(price, 'byItem', { item, scope: 'item', scopeId: '' }, { soft: true })
  return prices.find((each) => each.currency === currency)?.rate ?? null
}

function settle(
  ctx: Context,
  of: Place & { readonly id: string; readonly businessDate: string },
  { item, code, batch, counted, moment }: Found,
): Difference {
  const { id, businessDate, warehouse, branch } = of
  const counting = { item, warehouse, batch, count: id, counted, moment }
  const { expected, unsure } = expectedAt(ctx, counting, heldOf(ctx, of, item, batch))
  const difference = quantity6(counted - expected)
  const key = { count: id, item, batch: batch ?? '' }
  ctx.insert(countResult, {
    id: ctx.idOf(countResult, key),
    ...key,
    branch,
    businessDate,
    counted,
    expected: quantity6(expected),
    difference,
  })
  if (difference !== 0) {
    postStock(ctx, {
      label: `difference/${item}/${batch ?? ''}`,
      document: { table: count, id },
      businessDate,
      branch,
      item,
      warehouse,
      quantity: difference,
      line: null,
      batch,
      reason: 'count',
      moment,
    })
  }
  markCounted(ctx, counting)
  for (const { move, isInCount } of unsure) {
    const doubt = { entry: move.id, item, warehouse, batch: move.batch, quantity: move.quantity, movedAt: move.at }
    askAbout(ctx, doubt, { count: id, countedAt: moment.at, branch, isInCount })
  }
  return { item, code, difference }
}

function heldOf(ctx: Context, { warehouse, branch }: Place, item: string, batch: string | null): number {
  if (batch === null) return onHand(ctx, item, warehouse, branch) ?? 0
  const held = ctx.getByKey(batchBalance, { item, warehouse, batch })
  return held === null || held === ELSEWHERE ? 0 : held.onHand
}
