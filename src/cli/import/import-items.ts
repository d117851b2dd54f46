// Items from a file, by their code. Names of columns are those that shop systems and spreadsheets give them.
import { textOf } from '../../kernel/text-of.ts'
import { codeKeyOf, itemTypes } from '../../modules/masters/item.ts'
import { asDecimal, asFlag, asOneOf, asText, asTexts, type Reading } from './cell.ts'
import { column, queryByKey, type ImportKind, type Plan } from './kind.ts'
import { stands } from './standing.ts'

const code = asText(64)

/** `box=12` or `g=1/1000`, several separated by `;`. */
const asUnits = (cell: string, style: Parameters<typeof asTexts>[1]): Reading => {
  const parts = asTexts(cell, style)
  if (!parts.ok) return parts
  const units = (parts.value as string[]).map((part) => /^([^=]+)=\s*(\d+)(?:\s*\/\s*(\d+))?$/.exec(part))
  if (units.includes(null)) return { ok: false, reason: 'is not a list like box=12; g=1/1000' }
  return {
    ok: true,
    value: units.map((unit) => ({
      unit: (unit?.[1] ?? '').trim(),
      num: Number(unit?.[2]),
      den: Number(unit?.[3] ?? 1),
    })),
  }
}

export const items: ImportKind = {
  name: 'items',
  about: 'Items by their code',
  columns: [
    column('code', 'Code', code, 'compared without case, printed as given', {
      isRequired: true,
      synonyms: [
        'item',
        'item code',
        'item no',
        'sku',
        'article',
        'article number',
        'stock code',
        'product code',
        'artikelnummer',
      ],
    }),
    column('name', 'Name', asText(200), 'as printed', {
      isRequired: true,
      synonyms: ['item name', 'title', 'description', 'product', 'product name', 'bezeichnung'],
    }),
    column('group', 'Group', code, 'item group', {
      isRequired: true,
      synonyms: ['category', 'item group', 'product group', 'department', 'warengruppe'],
    }),
    column('stockUnit', 'Unit', code, 'the smallest unit handled', {
      isRequired: true,
      synonyms: ['stock unit', 'uom', 'unit of measure', 'base unit', 'einheit'],
    }),
    column('taxCode', 'Tax code', code, 'a tax code of the company', {
      isRequired: true,
      synonyms: ['tax', 'vat', 'vat code', 'tax class', 'steuer'],
    }),
    column('decimals', 'Decimals', asDecimal(0), 'decimals of a stock quantity, 0 to 6', { synonyms: ['precision'] }),
    column('type', 'Type', asOneOf(itemTypes), itemTypes.join(', '), { synonyms: ['item type'] }),
    column('brand', 'Brand', asText(64), 'maker', { synonyms: ['manufacturer', 'make', 'marke'] }),
    column('units', 'Units', asUnits, 'further units: box=12; pallet=96', { synonyms: ['pack', 'packs', 'packaging'] }),
    column('hasBatch', 'Batch', asFlag, 'yes or no', { synonyms: ['has batch', 'batch tracked', 'lot'] }),
    column('hasExpiry', 'Expiry', asFlag, 'yes or no', { synonyms: ['has expiry', 'expires'] }),
    column('hasSerial', 'Serial', asFlag, 'yes or no', { synonyms: ['has serial', 'serial tracked', 'serialised'] }),
    column('shelfLifeDays', 'Shelf life', asDecimal(0), 'days', { synonyms: ['shelf life days'] }),
    column('warrantyMonths', 'Warranty', asDecimal(0), 'months', { synonyms: ['warranty months'] }),
    column('floorRate', 'Floor price', asDecimal(6), 'least price per stock unit without tax', {
      synonyms: ['minimum price', 'floor'],
    }),
    column('reorderLevel', 'Reorder level', asDecimal(6), 'in stock units', {
      synonyms: ['reorder point', 'minimum stock', 'min stock'],
    }),
    column('reorderQuantity', 'Reorder quantity', asDecimal(6), 'in stock units', {
      synonyms: ['reorder qty', 'order quantity'],
    }),
    column('weighedCode', 'Scale code', asText(16), 'the item number in weight labels', {
      synonyms: ['plu', 'weighed code'],
    }),
    column('isDisabled', 'Disabled', asFlag, 'yes or no', { synonyms: ['inactive', 'discontinued'] }),
  ],
  keyOf: (values) => codeKeyOf(textOf(values['code'])),
  open: ({ device }) =>
    Promise.resolve({
      async plan(rows) {
        const keys = rows.map(({ values }) => codeKeyOf(textOf(values['code'])))
        const standing = await queryByKey<{ codeKey: string }>(
          device,
          'masters.standingItems',
          keys,
          (row) => row.codeKey,
        )
        return rows.map(({ values }, at): Plan => {
          const found = standing.get(keys[at] ?? '')
          if (found !== undefined && stands(values, found)) return { kind: 'unchanged' }
          return { kind: 'run', command: 'masters.createItem', args: values, isNew: found === undefined }
        })
      },
    }),
}
