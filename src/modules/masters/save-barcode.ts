// Gives an item's unit a barcode, or moves the barcode to another item. One value means one thing in the whole company.
import { isGtin } from '../../kernel/barcode.ts'
import { command } from '../../kernel/command.ts'
import { code, flag, ref } from '../../kernel/field.ts'
import { barcode, factorOf, item } from './item.ts'
import { bringToStand, mustExist } from './stand.ts'

/** What a scan is looked up by: a GTIN with its 14 digits, anything else as printed. */
export const barcodeKeyOf = (scanned: string): string => {
  const text = scanned.trim()
  return isGtin(text) ? text.padStart(14, '0') : text
}

export const saveBarcode = command('masters.saveBarcode', {
  kind: 'edit',
  version: 1,
  permission: 'masters.edit',
  edits: barcode,
  args: { value: code(), item: ref('masters.item'), unit: code().optional(), isDisabled: flag().optional() },
  run(ctx, a) {
    const value = barcodeKeyOf(a.value)
    if (value === '') ctx.refuse('masters.code-empty')
    const of = mustExist(ctx, item, a.item, 'item')
    const unit = a.unit ?? of?.stockUnit
    if (unit === undefined || (of !== null && factorOf(of, unit) === null))
      ctx.refuse('masters.unknown-unit', { item: of?.code ?? a.item, unit: unit ?? '' })
    bringToStand(ctx, barcode, { value }, { item: a.item, unit, isDisabled: a.isDisabled })
    ctx.describe({ number: value, name: of?.name ?? null })
  },
})
