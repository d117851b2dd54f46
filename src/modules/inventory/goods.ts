// What every line of goods needs before it may move stock: the item, an exact stock quantity, its batch and serials.
// Shape faults are told from the arguments; what depends on the item's present row is a rule.
import type { Quantity6 } from '../../kernel/amount.ts'
import { ELSEWHERE, type Context } from '../../kernel/command.ts'
import { takeGoods } from '../../kernel/take-goods.ts'
import { isFactor, toStock, type UnitFactor } from '../../kernel/unit.ts'
import { batchFault } from '../masters/batch.ts'
import { factorOf, item as itemTable, type Item } from '../masters/item.ts'
import { company as companyTable, warehouse as warehouseTable } from '../masters/organisation.ts'

export interface GoodsGiven {
  readonly item: string
  readonly unit: string
  /** The unit's factor as the device had it; absent: the item's own. */
  readonly num?: number | null | undefined
  readonly den?: number | null | undefined
  readonly batch?: string | null | undefined
  readonly serials?: readonly string[] | null | undefined
}

export interface Goods {
  readonly item: Item | null
  readonly factor: UnitFactor
  readonly stockQuantity: Quantity6
  readonly serials: readonly string[]
}

const MOST_DECIMALS = 6

/** The place where goods move: its branch names the balance's bucket. */
export function placeOf(ctx: Context, warehouse: string): { readonly branch: string; readonly name: string | null } {
  const found = ctx.get(warehouseTable, warehouse)
  if (found === null) ctx.refuse('inventory.unknown-warehouse', { warehouse })
  return found === ELSEWHERE ? { branch: ctx.lease.branch, name: null } : { branch: found.branch, name: found.name }
}

/** The company's money; where its row isn't here, what the lease says of it. */
export function currencyOf(ctx: Context): { readonly currency: string; readonly minorDigits: number } {
  const found = ctx.get(companyTable, ctx.lease.company)
  if (found !== null && found !== ELSEWHERE) return { currency: found.currency, minorDigits: found.minorDigits }
  const { currency, minorDigits } = ctx.lease.policy
  if (typeof currency !== 'string') ctx.refuse('inventory.unknown-company', { company: ctx.lease.company })
  return { currency, minorDigits: typeof minorDigits === 'number' ? minorDigits : 2 }
}

function factorFor(ctx: Context, given: GoodsGiven, line: number, item: Item | null): UnitFactor {
  if (given.num != null && given.den != null) {
    const factor = { num: given.num, den: given.den }
    if (!isFactor(factor)) ctx.refuse('inventory.unit-factor-invalid', { line, unit: given.unit, ...factor })
    return factor
  }
  const own = item === null ? null : factorOf(item, given.unit)
  if (own === null) ctx.refuse('inventory.unknown-unit', { line, item: item?.code ?? given.item, unit: given.unit })
  return own
}

/** Checks one line and turns its quantity into stock units. `quantity` is what moves; 0 moves nothing. */
export function goodsOf(ctx: Context, given: GoodsGiven, line: number, quantity: Quantity6): Goods {
  if (quantity < 0) ctx.refuse('inventory.quantity-negative', { line, quantity })
  const found = ctx.get(itemTable, given.item)
  if (found === null) ctx.refuse('inventory.unknown-item', { line, item: given.item })
  const item = found === ELSEWHERE ? null : found
  const factor = factorFor(ctx, given, line, item)
  const stock = toStock(quantity, factor.num, factor.den, item?.decimals ?? MOST_DECIMALS)
  if (!stock.ok)
    ctx.refuse('inventory.unit-not-exact', { line, item: item?.code ?? given.item, unit: given.unit, quantity })
  const serials = given.serials ?? []
  checkSerials(ctx, serials, line, stock.value, item)
  if (item !== null) {
    ctx.rule('inventory.not-kept-in-stock', item.type === 'goods' || item.type === 'deposit', {
      line,
      item: item.code,
      exception: 'NOT_A_STOCK_ITEM',
    })
    ctx.rule('inventory.batch-missing', !item.hasBatch || quantity === 0 || given.batch != null, {
      line,
      item: item.code,
      exception: 'BATCH_MISSING',
    })
  }
  return { item, factor, stockQuantity: stock.value, serials }
}

function checkSerials(
  ctx: Context,
  serials: readonly string[],
  line: number,
  stock: Quantity6,
  item: Item | null,
): void {
  if (new Set(serials).size < serials.length) ctx.refuse('inventory.serial-given-twice', { line })
  if (serials.some((serial) => serial.trim() === '')) ctx.refuse('inventory.serial-empty', { line })
  const counted = serials.length * 10 ** MOST_DECIMALS
  if (serials.length > 0 && counted !== stock)
    ctx.refuse('inventory.serial-count', { line, serials: serials.length, quantity: stock })
  ctx.rule('inventory.serials-missing', item?.hasSerial !== true || counted === stock, {
    line,
    item: item?.code ?? '',
    exception: 'SERIAL_MISSING',
  })
}

export interface Taking {
  readonly item: string
  readonly code: string
  readonly stockQuantity: Quantity6
  readonly isAllotted: boolean
}

/** Uses the device's shares, and checks whether the warehouse has what is taken, by the company's stock policy: block refuses, warn tells, allow is silent. */
export function takeEnough(
  ctx: Context,
  place: { readonly warehouse: string; readonly branch: string },
  takings: readonly Taking[],
): void {
  const policy = ctx.lease.policy['stockPolicy'] ?? 'warn'
  const named = takings.map(({ code, stockQuantity, ...taking }) => ({
    ...taking,
    name: code,
    quantity: stockQuantity,
  }))
  takeGoods(ctx, place, named, {
    policy,
    facts: ({ name, quantity, ...facts }) => ({ ...facts, code: name, taken: quantity }),
    block: (facts) => ctx.rule('inventory.not-enough-stock', false, { ...facts, exception: 'OVERSOLD' }),
  })
}

/** Recalled or expired goods: the rule that stops them at the counter and names them on the hub. */
export function checkBatch(
  ctx: Context,
  given: { readonly item: string; readonly batch: string | null; readonly line: number; readonly businessDate: string },
): void {
  if (given.batch === null) return
  const fault = batchFault(ctx, { item: given.item, number: given.batch, businessDate: given.businessDate })
  if (fault === null) return
  const facts = { line: given.line, ...fault.facts, exception: 'RECALLED_SOLD' }
  ctx.rule(fault.isRecalled ? 'inventory.batch-recalled' : 'inventory.batch-expired', false, facts)
}
