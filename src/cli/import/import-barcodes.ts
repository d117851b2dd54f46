// Barcodes from a file: which item, and which of its units, a scan means.
import { textOf } from '../../kernel/text-of.ts'
import { codeKeyOf } from '../../modules/masters/item.ts'
import { barcodeKeyOf } from '../../modules/masters/save-barcode.ts'
import { asFlag, asText } from './cell.ts'
import { column, queryByKey, type ImportKind, type Plan } from './kind.ts'
import { stands } from './standing.ts'

export const barcodes: ImportKind = {
  name: 'barcodes',
  about: 'Barcodes of items and their units',
  columns: [
    column('value', 'Barcode', asText(64), 'as scanned', {
      isRequired: true,
      synonyms: ['ean', 'gtin', 'upc', 'bar code', 'code bar', 'ean13', 'strichcode'],
    }),
    column('item', 'Item', asText(64), 'the code of the item', {
      isRequired: true,
      synonyms: ['item code', 'code', 'sku', 'article', 'stock code', 'product code', 'artikelnummer'],
    }),
    column('unit', 'Unit', asText(64), 'default: the stock unit', { synonyms: ['uom', 'pack', 'einheit'] }),
    column('isDisabled', 'Disabled', asFlag, 'yes or no', { synonyms: ['inactive'] }),
  ],
  keyOf: (values) => barcodeKeyOf(textOf(values['value'])),
  open: ({ device }) =>
    Promise.resolve({
      async plan(rows) {
        const codes = rows.map(({ values }) => codeKeyOf(textOf(values['item'])))
        const keys = rows.map(({ values }) => barcodeKeyOf(textOf(values['value'])))
        const items = await queryByKey<{ id: string; codeKey: string; stockUnit: string }>(
          device,
          'masters.standingItems',
          codes,
          (row) => row.codeKey,
        )
        const standing = await queryByKey<{ value: string }>(
          device,
          'masters.standingBarcodes',
          keys,
          (row) => row.value,
        )
        return rows.map(({ values }, at): Plan => {
          const item = items.get(codes[at] ?? '')
          if (item === undefined)
            return { kind: 'bad', field: 'item', reason: 'is not the code of an item: import the items first' }
          const args = { ...values, item: item.id }
          const found = standing.get(keys[at] ?? '')
          const wanted = { item: item.id, unit: values['unit'] ?? item.stockUnit, isDisabled: values['isDisabled'] }
          if (found !== undefined && stands(wanted, found)) return { kind: 'unchanged' }
          return { kind: 'run', command: 'masters.saveBarcode', args, isNew: found === undefined }
        })
      },
    }),
}
