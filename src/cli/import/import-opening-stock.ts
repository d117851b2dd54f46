// Opening stock from a file: what was where on the day before the first one. The same row again changes nothing, a
// corrected row posts the difference.
import { textOf } from '../../kernel/text-of.ts'
import { codeKeyOf, factorOf, type ItemUnit } from '../../modules/masters/item.ts'
import type { OpeningRow } from '../../modules/inventory/opening.ts'
import type { DeviceApi } from '../../sync/device/api.ts'
import { asDate, asDecimal, asText, asTexts } from './cell.ts'
import { column, queryByKey, type ImportKind, type Plan, type ReadRow } from './kind.ts'

interface ItemFound {
  readonly id: string
  readonly codeKey: string
  readonly stockUnit: string
  /** JSON text. */
  readonly units: string
}
interface Place {
  readonly id: string
  readonly kind: string
  readonly code: string
  readonly branch: string
}

const key = (values: Readonly<Record<string, unknown>>): string =>
  JSON.stringify([
    codeKeyOf(textOf(values['item'])),
    textOf(values['warehouse']).toUpperCase(),
    textOf(values['batch']),
  ])

/** The warehouse of that code; without one, the only warehouse of the branch. */
function placeOf(places: readonly Place[], said: string, branch: string): Place | string {
  const warehouses = places.filter(({ kind }) => kind === 'warehouse')
  if (said !== '')
    return warehouses.find(({ code }) => code.toUpperCase() === said.toUpperCase()) ?? 'is not the code of a warehouse'
  const own = warehouses.filter((place) => place.branch === branch)
  return own.length === 1 && own[0] !== undefined
    ? own[0]
    : `is empty, and the branch has ${own.length} warehouses: name one, or pass --set warehouse=CODE`
}

export const openingStock: ImportKind = {
  name: 'opening-stock',
  about: 'What was in stock on the day before the first one',
  columns: [
    column('item', 'Item', asText(64), 'the code of the item', {
      isRequired: true,
      synonyms: ['item code', 'code', 'sku', 'article', 'stock code', 'product code', 'artikelnummer'],
    }),
    column('quantity', 'Quantity', asDecimal(6), 'in the unit', {
      isRequired: true,
      synonyms: ['qty', 'on hand', 'stock', 'balance', 'menge', 'bestand'],
    }),
    column('warehouse', 'Warehouse', asText(64), 'its code; default: the branch’s only one', {
      synonyms: ['store', 'location', 'depot', 'lager'],
    }),
    column('unit', 'Unit', asText(64), 'default: the stock unit', { synonyms: ['uom', 'einheit'] }),
    column('rate', 'Cost', asDecimal(6), 'of one unit, without tax', {
      synonyms: ['unit cost', 'cost price', 'value', 'einstandspreis'],
    }),
    column('batch', 'Batch', asText(64), '', { synonyms: ['lot', 'batch number', 'charge'] }),
    column('expiresOn', 'Expiry', asDate, '', { synonyms: ['expiry date', 'expires', 'best before', 'mhd'] }),
    column('serials', 'Serials', asTexts, 'separated by ;', {
      synonyms: ['serial', 'serial numbers', 'serial number'],
    }),
    column('businessDate', 'Date', asDate, 'default: --on', { synonyms: ['as of', 'day', 'datum'] }),
  ],
  keyOf: key,
  async open({ device, businessDate }) {
    const { branch } = await device.signedIn()
    return { plan: (rows) => plan(device, rows, { branch, businessDate }) }
  },
}

async function plan(
  device: DeviceApi,
  rows: readonly ReadRow[],
  at: { branch: string; businessDate: string },
): Promise<Plan[]> {
  const places = await device.query<Place>('masters.places')
  const codes = rows.map(({ values }) => codeKeyOf(textOf(values['item'])))
  const items = await queryByKey<ItemFound>(device, 'masters.standingItems', codes, (row) => row.codeKey)
  const openings = await device.query<OpeningRow>('inventory.openings', {
    keys: JSON.stringify([...items.values()].map(({ id }) => id)),
  })
  const standing = new Map(openings.map((row) => [JSON.stringify([row.warehouse, row.item, row.batch]), row]))
  return rows.map(({ values }, index): Plan => {
    const item = items.get(codes[index] ?? '')
    if (item === undefined)
      return { kind: 'bad', field: 'item', reason: 'is not the code of an item: import the items first' }
    const place = placeOf(places, textOf(values['warehouse']), at.branch)
    if (typeof place === 'string') return { kind: 'bad', field: 'warehouse', reason: place }
    const unit = textOf(values['unit']) || item.stockUnit
    const factor = factorOf({ stockUnit: item.stockUnit, units: JSON.parse(item.units) as ItemUnit[] }, unit)
    if (factor === null) return { kind: 'bad', field: 'unit', reason: 'is not a unit of this item' }
    const found = standing.get(JSON.stringify([place.id, item.id, textOf(values['batch'])]))
    const { quantity, rate } = values as { quantity: number; rate?: number }
    const isSame =
      found !== undefined &&
      BigInt(found.quantity) * BigInt(factor.den) === BigInt(quantity) * BigInt(factor.num) &&
      (rate === undefined || found.rate === rate)
    if (isSame) return { kind: 'unchanged' }
    // Nothing opens nothing; zero only corrects an opening that stands.
    if (found === undefined && quantity === 0) return { kind: 'unchanged' }
    const args = {
      ...values,
      warehouse: place.id,
      item: item.id,
      unit,
      businessDate: values['businessDate'] ?? at.businessDate,
    }
    return { kind: 'run', command: 'inventory.openStock', args, isNew: found === undefined }
  })
}
