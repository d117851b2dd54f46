// Prices from a file: of a price list, of one customer, or of the item itself. Setting a price is a request, so that the
// hub has the last word; what it refuses stands in the report after the exchange.
import { textOf } from '../../kernel/text-of.ts'
import { codeKeyOf } from '../../modules/masters/item.ts'
import type { DeviceApi } from '../../sync/device/api.ts'
import { asDate, asDecimal, asFlag, asText } from './cell.ts'
import { column, queryByKey, type ImportKind, type Plan, type ReadRow } from './kind.ts'
import { stands } from './standing.ts'

const key = (values: Readonly<Record<string, unknown>>): string =>
  JSON.stringify(
    ['priceList', 'party', 'item', 'unit', 'currency', 'minQuantity', 'validFrom'].map((field) =>
      field === 'item' || field === 'party' ? codeKeyOf(textOf(values[field])) : (values[field] ?? null),
    ),
  )

interface Lookups {
  readonly lists: ReadonlyMap<string, { id: string; currency: string }>
  readonly items: ReadonlyMap<string, { id: string; stockUnit: string }>
  readonly parties: ReadonlyMap<string, { id: string }>
  readonly standing: readonly Readonly<Record<string, string | number | null>>[]
  readonly currency: string
}

async function lookUp(device: DeviceApi, rows: readonly ReadRow[]): Promise<Lookups> {
  const codes = (field: string): string[] =>
    rows.map(({ values }) => codeKeyOf(textOf(values[field]))).filter((code) => code !== '')
  const lists = await device.query<{ id: string; code: string; currency: string }>('masters.allPriceLists')
  const items = await queryByKey<{ id: string; codeKey: string; stockUnit: string }>(
    device,
    'masters.standingItems',
    codes('item'),
    (row) => row.codeKey,
  )
  const parties = await queryByKey<{ id: string; codeKey: string }>(
    device,
    'masters.standingParties',
    codes('party'),
    (row) => row.codeKey,
  )
  const standing = await device.query<Record<string, string | number | null>>('masters.standingPrices', {
    keys: JSON.stringify([...items.values()].map(({ id }) => id)),
  })
  const [company] = await device.query<{ currency: string }>('masters.companies')
  return {
    lists: new Map(lists.map((list) => [codeKeyOf(list.code), list])),
    items,
    parties,
    standing,
    currency: company?.currency ?? '',
  }
}

function planOne(
  values: Readonly<Record<string, unknown>>,
  { lists, items, parties, standing, currency }: Lookups,
): Plan {
  const [listCode, partyCode] = [textOf(values['priceList']), textOf(values['party'])]
  if (listCode !== '' && partyCode !== '')
    return { kind: 'bad', field: 'party', reason: 'and a price list are both given: a price is of one of them' }
  const list = lists.get(codeKeyOf(listCode))
  const party = parties.get(codeKeyOf(partyCode))
  const item = items.get(codeKeyOf(textOf(values['item'])))
  if (item === undefined)
    return { kind: 'bad', field: 'item', reason: 'is not the code of an item: import the items first' }
  if (listCode !== '' && list === undefined)
    return { kind: 'bad', field: 'priceList', reason: 'is not the code of a price list: make the list first' }
  if (partyCode !== '' && party === undefined)
    return {
      kind: 'bad',
      field: 'party',
      reason: 'is not the code of a customer on this device: import the customers first',
    }
  const scope = list !== undefined ? 'list' : party !== undefined ? 'party' : 'item'
  const { rate, minQuantity, validFrom, validTo, isTaxIncluded } = values
  const args = {
    scope,
    scopeId: list?.id ?? party?.id,
    item: item.id,
    unit: values['unit'] ?? item.stockUnit,
    rate,
    minQuantity,
    validFrom,
    validTo,
    currency: values['currency'],
    isTaxIncluded: list === undefined ? isTaxIncluded : undefined,
  }
  const at = {
    scope,
    scopeId: args.scopeId ?? '',
    item: item.id,
    unit: args.unit,
    currency: args.currency ?? list?.currency ?? currency,
    minQuantity: minQuantity ?? 0,
  }
  const found = standing.find((price) => stands(at, price) && price['validFrom'] === (validFrom ?? null))
  if (found !== undefined && stands({ rate, validTo, isTaxIncluded: args.isTaxIncluded }, found))
    return { kind: 'unchanged' }
  const given = Object.fromEntries(Object.entries(args).filter(([, value]) => value !== undefined))
  return { kind: 'run', command: 'masters.setPrice', args: given, isNew: found === undefined }
}

export const prices: ImportKind = {
  name: 'prices',
  about: 'Prices of lists, of customers, or of the items themselves',
  columns: [
    column('item', 'Item', asText(64), 'the code of the item', {
      isRequired: true,
      synonyms: ['item code', 'code', 'sku', 'article', 'stock code', 'product code', 'artikelnummer'],
    }),
    column('rate', 'Price', asDecimal(6), 'per unit', {
      isRequired: true,
      synonyms: ['rate', 'unit price', 'sales price', 'preis'],
    }),
    column('priceList', 'Price list', asText(64), 'the code of the list', { synonyms: ['list', 'preisliste'] }),
    column('party', 'Customer', asText(64), 'the code of the customer', {
      synonyms: ['customer id', 'customer no', 'account', 'party', 'kundennummer'],
    }),
    column('unit', 'Unit', asText(64), 'default: the stock unit', { synonyms: ['uom', 'einheit'] }),
    column('minQuantity', 'From quantity', asDecimal(6), 'in that unit', {
      synonyms: ['minimum quantity', 'min quantity', 'min qty', 'break', 'ab menge'],
    }),
    column('validFrom', 'From', asDate, 'first day', { synonyms: ['valid from', 'start', 'start date'] }),
    column('validTo', 'To', asDate, 'last day', { synonyms: ['valid to', 'end', 'end date', 'until'] }),
    column('currency', 'Currency', asText(3), 'default: that of the list', { synonyms: ['cur'] }),
    column('isTaxIncluded', 'Includes tax', asFlag, 'a list says it itself', {
      synonyms: ['tax included', 'incl vat', 'gross'],
    }),
  ],
  keyOf: key,
  open: ({ device }) =>
    Promise.resolve({
      async plan(rows) {
        const lookups = await lookUp(device, rows)
        return rows.map(({ values }) => planOne(values, lookups))
      },
    }),
}
