// What may be said of an item besides its code, and what is wrong with it by itself: shared by createItem and editItem,
// because the two must never disagree on a flaw.
import type { Context } from '../../kernel/command.ts'
import { code, flag, integer, quantity, rate, text, type ArgsOf } from '../../kernel/field.ts'
import { isFactor } from '../../kernel/unit.ts'
import { itemTypes, itemUnits } from './item.ts'

export const itemDetails = {
  brand: text(64).optional(),
  type: code(itemTypes).optional(),
  units: itemUnits().optional(),
  hasBatch: flag().optional(),
  hasExpiry: flag().optional(),
  hasSerial: flag().optional(),
  shelfLifeDays: integer().optional(),
  warrantyMonths: integer().optional(),
  tolerancePercent: rate().optional(),
  floorRate: rate().optional(),
  weighedCode: text(16).optional(),
  reorderLevel: quantity().optional(),
  reorderQuantity: quantity().optional(),
  isAllotted: flag().optional(),
  image: text(64).optional(),
  isDisabled: flag().optional(),
}

/** Refuses units that are no factor or named twice, and sizes below 0. */
export function checkItemDetails(
  ctx: Context,
  code: string,
  details: ArgsOf<typeof itemDetails>,
  decimals: number,
): void {
  if (decimals < 0 || decimals > 6) ctx.refuse('masters.decimals-out-of-range', { decimals, most: 6 })
  const units = details.units ?? []
  const wrong = units.find((unit) => !isFactor(unit))
  if (wrong !== undefined)
    ctx.refuse('masters.unit-factor-invalid', { item: code, unit: wrong.unit, num: wrong.num, den: wrong.den })
  if (new Set(units.map(({ unit }) => unit)).size < units.length) ctx.refuse('masters.unit-twice', { item: code })
  for (const field of [
    'shelfLifeDays',
    'warrantyMonths',
    'tolerancePercent',
    'floorRate',
    'reorderLevel',
    'reorderQuantity',
  ] as const) {
    if ((details[field] ?? 0) < 0) ctx.refuse('masters.below-zero', { item: code, field })
  }
}
