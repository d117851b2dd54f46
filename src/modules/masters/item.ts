// What is bought, kept, used and sold, the units it comes in and the codes it is scanned by. Cost stands apart in a
// hub table, because most devices may not hold it.
import * as z from 'zod/mini'
import { code, date, flag, integer, json, name, quantity, rate, ref, text } from '../../kernel/field.ts'
import { table, type Row } from '../../kernel/table.ts'
import { isFactor, type UnitFactor } from '../../kernel/unit.ts'

const catalogueWide = () => ['catalogue'] as const

export const itemTypes = ['goods', 'service', 'fee', 'voucher', 'bundle', 'deposit'] as const

/** A unit beside the stock unit: `num/den` stock units each; the box of 12 is 12/1. */
export interface ItemUnit extends UnitFactor {
  readonly unit: string
}
const itemUnitSchema = z.strictObject({
  unit: z.string().check(z.minLength(1), z.maxLength(64)),
  num: z.int(),
  den: z.int(),
})
export const itemUnits = () => json<readonly ItemUnit[]>(z.array(itemUnitSchema))

export const item = table('masters.item', {
  key: ['codeKey'],
  fields: {
    /** The code without case: what two spellings of one code share. */
    codeKey: code(),
    code: code(),
    name: name(),
    group: code(),
    brand: text(64).optional(),
    type: code(itemTypes).default('goods'),
    stockUnit: code(),
    /** Decimals a stock quantity may have, 0 to 6. */
    decimals: integer().default(0),
    units: itemUnits().default([]),
    taxCode: code(),
    hasBatch: flag().default(false),
    hasExpiry: flag().default(false),
    hasSerial: flag().default(false),
    shelfLifeDays: integer().optional(),
    warrantyMonths: integer().optional(),
    /** How much more than ordered may be received or delivered, percent. */
    tolerancePercent: rate().optional(),
    /** Least price per stock unit without tax; below it a co-signature is asked for. */
    floorRate: rate().optional(),
    /** The item number inside weight labels that a scale prints. */
    weighedCode: text(16).optional(),
    /** Stock at which a reorder is proposed, and how much, in stock units. */
    reorderLevel: quantity().optional(),
    reorderQuantity: quantity().optional(),
    /** So scarce that devices hold shares of it. */
    isAllotted: flag().default(false),
    /** SHA-256 of the picture, a blob. */
    image: text(64).optional(),
    isDisabled: flag().default(false),
  },
  indexes: { byName: ['name'], byGroup: ['group', 'codeKey'], byWeighedCode: ['weighedCode'] },
  search: ['code', 'name'],
  buckets: catalogueWide,
  whole: ['catalogue'],
})

export const barcode = table('masters.barcode', {
  key: ['value'],
  fields: {
    /** As scanned; a GTIN as its 14 digits, so that its spellings meet. */
    value: code(),
    item: ref('masters.item'),
    unit: code(),
    isDisabled: flag().default(false),
  },
  indexes: { byItem: ['item', 'value'] },
  buckets: catalogueWide,
  whole: ['catalogue'],
})

export const unit = table('masters.unit', {
  key: ['code'],
  fields: {
    code: code(),
    name: name(64),
    /** Decimals a quantity in it may have, 0 to 6; 0 means whole ones only. */
    decimals: integer().default(0),
  },
  buckets: catalogueWide,
  whole: ['catalogue'],
})

/** What an item costs, per stock unit: for those who may see it. Written by the hub's valuation and by imports. */
export const itemCost = table('masters.itemCost', {
  side: 'hub',
  key: ['item'],
  fields: {
    item: ref('masters.item'),
    standardCost: rate().optional(),
    lastCost: rate().optional(),
    asOf: date().optional(),
  },
  buckets: () => ['costs'],
})

/** How many stock units one `unit` of the item is; null when the item doesn't come in it. */
export function factorOf(of: Pick<Row<typeof item>, 'stockUnit' | 'units'>, unit: string): UnitFactor | null {
  if (unit === of.stockUnit) return { num: 1, den: 1 }
  const found = of.units.find((each) => each.unit === unit)
  return found !== undefined && isFactor(found) ? { num: found.num, den: found.den } : null
}

/** Item codes are compared without case. */
export const codeKeyOf = (code: string): string => code.normalize('NFC').trim().toUpperCase()

export type Item = Row<typeof item>
