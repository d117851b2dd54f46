// How the masters named by a file stand on this device, found by their natural keys many at a time, so that an import
// can leave alone what already is as the file says. Reading only.
import { view } from '../../kernel/view.ts'
import { barcode, item } from './item.ts'
import { company } from './organisation.ts'
import { party } from './party.ts'
import { price, priceList } from './price.ts'

/** Natural keys as JSON text: a list. */
interface Keys {
  readonly keys: string
}

export const standingItems = view<
  Readonly<Record<string, string | number | null>> & {
    id: string
    codeKey: string
    stockUnit: string
    decimals: number
    name: string
  }
>()('masters.standingItems', [item], ({ keys }: Keys) => ({
  text: `select id, code_key as codeKey, code, name, "group", brand, type, stock_unit as stockUnit, decimals, units, tax_code as taxCode, has_batch as hasBatch,
    has_expiry as hasExpiry, has_serial as hasSerial, shelf_life_days as shelfLifeDays, warranty_months as warrantyMonths,
    floor_rate as floorRate, reorder_level as reorderLevel, reorder_quantity as reorderQuantity, weighed_code as weighedCode, is_disabled as isDisabled
    from masters_item where gone_at is null and code_key in (select value from json_each(?))`,
  params: [keys],
}))

export const standingBarcodes = view<{ id: string; value: string; item: string; unit: string; isDisabled: number }>()(
  'masters.standingBarcodes',
  [barcode],
  ({ keys }: Keys) => ({
    text: `select id, value, item, unit, is_disabled as isDisabled from masters_barcode
    where gone_at is null and value in (select value from json_each(?))`,
    params: [keys],
  }),
)

export const standingParties = view<
  Readonly<Record<string, string | number | null>> & { id: string; codeKey: string; name: string }
>()('masters.standingParties', [party], ({ keys }: Keys) => ({
  text: `select id, code_key as codeKey, code, name, type, roles, "group", territory, tax_id as taxId, phone, email, addresses, price_list as priceList,
    tax_code as taxCode, credit_limit_minor as creditLimitMinor, terms_days as termsDays, is_on_hold as isOnHold,
    needs_order_number as needsOrderNumber, tags, visit_frequency_days as visitFrequencyDays, language, is_disabled as isDisabled
    from masters_party where gone_at is null and code_key in (select value from json_each(?))`,
  params: [keys],
}))

/** Prices of the items with these ids. */
export const standingPrices = view<{
  id: string
  scope: string
  scopeId: string
  item: string
  unit: string
  currency: string
  minQuantity: number
  validFrom: string | null
  validTo: string | null
  rate: number
  isTaxIncluded: number
}>()('masters.standingPrices', [price], ({ keys }: Keys) => ({
  text: `select id, scope, scope_id as scopeId, item, unit, currency, min_quantity as minQuantity, valid_from as validFrom,
    valid_to as validTo, rate, is_tax_included as isTaxIncluded from masters_price
    where gone_at is null and item in (select value from json_each(?))`,
  params: [keys],
}))

/** Price lists with disabled ones, because an import may name them too. */
export const allPriceLists = view<{ id: string; code: string; currency: string; isTaxIncluded: number }>()(
  'masters.allPriceLists',
  [priceList],
  () => ({
    text: 'select id, code, currency, is_tax_included as isTaxIncluded from masters_price_list where gone_at is null',
    params: [],
  }),
)

export const companies = view<{
  id: string
  code: string
  name: string
  currency: string
  minorDigits: number
  taxRounding: string
  tz: string
}>()('masters.companies', [company], () => ({
  text: 'select id, code, name, currency, minor_digits as minorDigits, tax_rounding as taxRounding, tz from masters_company where gone_at is null order by code',
  params: [],
}))

export const importViews = [standingItems, standingBarcodes, standingParties, standingPrices, allPriceLists, companies]
