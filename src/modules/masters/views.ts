// What screens read of the masters: lists, lookups by scan and by what a person types. Reading only; a handler never
// uses a view.
import { erasure } from '../../kernel/erasure.ts'
import { searchTerms, view } from '../../kernel/view.ts'
import { barcode, item } from './item.ts'
import { branch, company, till, warehouse } from './organisation.ts'
import { contact, party, partyGroup } from './party.ts'
import { role, user } from './people.ts'
import { price, priceList } from './price.ts'
import { barcodeKeyOf } from './save-barcode.ts'
import { taxCode, taxRate } from './tax-code.ts'

export const LIST_LIMIT = 50

export interface Page {
  readonly limit?: number
  readonly offset?: number
}
export const pageOf = ({ limit, offset }: Page): readonly [number, number] => [limit ?? LIST_LIMIT, offset ?? 0]

export type ItemRow = {
  readonly id: string
  readonly code: string
  readonly name: string
  readonly group: string
  readonly type: string
  readonly stockUnit: string
  readonly decimals: number
  /** JSON text: ItemUnit[] */
  readonly units: string
  readonly taxCode: string
  readonly hasBatch: number
  readonly hasExpiry: number
  readonly hasSerial: number
  readonly image: string | null
  readonly isDisabled: number
}
export const itemColumns = `i.id, i.code, i.name, i."group", i.type, i.stock_unit as stockUnit, i.decimals, i.units, i.tax_code as taxCode,
  i.has_batch as hasBatch, i.has_expiry as hasExpiry, i.has_serial as hasSerial, i.image, i.is_disabled as isDisabled`

/** The part of a `where` that finds items by name, code or barcode as typed; empty text finds all. */
export function itemMatch(typed: string): { readonly text: string; readonly params: readonly string[] } {
  const terms = searchTerms(typed)
  if (terms === '') return { text: '1', params: [] }
  return {
    text: `(i.rid in (select rowid from masters_item_search where masters_item_search match ?)
      or i.id in (select item from masters_barcode where value = ? and is_disabled = 0 and gone_at is null))`,
    params: [terms, barcodeKeyOf(typed)],
  }
}

export const items = view<ItemRow>()(
  'masters.items',
  [item, barcode],
  (a: { search?: string; group?: string; ids?: readonly string[]; withDisabled?: boolean } & Page) => {
    const match = itemMatch(a.search ?? '')
    const ids = a.ids === undefined ? [] : [JSON.stringify(a.ids)]
    return {
      text: `select ${itemColumns} from masters_item i where i.gone_at is null and ${match.text}
      ${a.group === undefined ? '' : 'and i."group" = ?'} ${a.ids === undefined ? '' : 'and i.id in (select value from json_each(?))'}
      ${a.withDisabled === true ? '' : 'and i.is_disabled = 0'} order by i.name, i.id limit ? offset ?`,
      params: [...match.params, ...(a.group === undefined ? [] : [a.group]), ...ids, ...pageOf(a)],
    }
  },
)

export type ScannedRow = ItemRow & {
  /** The unit the barcode stands for. */
  readonly unit: string
}
/** What one scan means: the item and unit of a barcode, else the item of that code. */
export const itemByScan = view<ScannedRow>()('masters.itemByScan', [item, barcode], (a: { scanned: string }) => ({
  text: `select ${itemColumns}, b.unit from masters_barcode b join masters_item i on i.id = b.item
      where b.value = ? and b.is_disabled = 0 and b.gone_at is null and i.gone_at is null
    union all
    select ${itemColumns}, i.stock_unit from masters_item i where i.code_key = ? and i.gone_at is null
    limit 1`,
  params: [barcodeKeyOf(a.scanned), a.scanned.trim().toUpperCase()],
}))

/** An item whole, with its barcodes and prices as JSON text. */
export const itemCard = view<
  ItemRow & {
    barcodes: string
    prices: string
    brand: string | null
    warrantyMonths: number | null
    shelfLifeDays: number | null
    isAllotted: number
  }
>()('masters.itemCard', [item, barcode, price, priceList], (a: { item: string }) => ({
  text: `select ${itemColumns}, i.brand, i.warranty_months as warrantyMonths, i.shelf_life_days as shelfLifeDays, i.is_allotted as isAllotted,
      (select json_group_array(json_object('value', b.value, 'unit', b.unit)) from masters_barcode b
        where b.item = i.id and b.is_disabled = 0 and b.gone_at is null) as barcodes,
      (select json_group_array(json_object('list', l.name, 'scope', p.scope, 'unit', p.unit, 'rate', p.rate, 'currency', p.currency,
        'minQuantity', p.min_quantity, 'validFrom', p.valid_from, 'validTo', p.valid_to, 'isTaxIncluded', p.is_tax_included))
        from masters_price p left join masters_price_list l on l.id = p.scope_id where p.item = i.id and p.gone_at is null) as prices
      from masters_item i where i.id = ? and i.gone_at is null`,
  params: [a.item],
}))

export type PartyRow = {
  readonly id: string
  readonly code: string | null
  readonly name: string
  readonly group: string | null
  readonly territory: string
  readonly phone: string | null
  readonly email: string | null
  readonly creditLimitMinor: number | null
  readonly termsDays: number
  readonly isOnHold: number
  /** JSON text: string[] */
  readonly tags: string
}
export const partyColumns = `p.id, p.code, p.name, p."group", p.territory, p.phone, p.email, p.credit_limit_minor as creditLimitMinor,
  p.terms_days as termsDays, p.is_on_hold as isOnHold, p.tags`

export function partyMatch(typed: string): { readonly text: string; readonly params: readonly string[] } {
  const terms = searchTerms(typed)
  return terms === ''
    ? { text: '1', params: [] }
    : { text: 'p.rid in (select rowid from masters_party_search where masters_party_search match ?)', params: [terms] }
}

/** Parties in a role, by what was typed. */
export const parties = view<PartyRow>()(
  'masters.parties',
  [party],
  (a: { search?: string; role?: string; territory?: string } & Page) => {
    const match = partyMatch(a.search ?? '')
    return {
      text: `select ${partyColumns} from masters_party p where p.gone_at is null and p.is_disabled = 0 and ${match.text}
      ${a.role === undefined ? '' : 'and exists (select 1 from json_each(p.roles) r where r.value = ?)'}
      ${a.territory === undefined ? '' : 'and p.territory = ?'} order by p.name, p.id limit ? offset ?`,
      params: [
        ...match.params,
        ...(a.role === undefined ? [] : [a.role]),
        ...(a.territory === undefined ? [] : [a.territory]),
        ...pageOf(a),
      ],
    }
  },
)

export const contacts = view<{
  id: string
  name: string
  role: string | null
  phone: string | null
  email: string | null
}>()('masters.contacts', [contact], (a: { party: string }) => ({
  text: 'select id, name, role, phone, email from masters_contact where party = ? and is_disabled = 0 and gone_at is null order by name, id',
  params: [a.party],
}))

/** Branches, warehouses and tills in one list, to choose where one works. */
export const places = view<{
  id: string
  kind: 'branch' | 'warehouse' | 'till'
  code: string
  name: string
  branch: string
  isVehicle: number
  company: string
}>()('masters.places', [company, branch, warehouse, till], () => ({
  text: `select b.id, 'branch' as kind, b.code, b.name, b.id as branch, 0 as isVehicle, b.company from masters_branch b where b.gone_at is null and b.is_disabled = 0
      union all select w.id, 'warehouse', w.code, w.name, w.branch, w.is_vehicle, b.company from masters_warehouse w join masters_branch b on b.id = w.branch
        where w.gone_at is null and w.is_disabled = 0
      union all select t.id, 'till', t.code, t.name, t.branch, 0, b.company from masters_till t join masters_branch b on b.id = t.branch
        where t.gone_at is null and t.is_disabled = 0
      order by kind, name`,
  params: [],
}))

export const people = view<{
  id: string
  signInName: string
  name: string
  roles: string
  branch: string
  isDisabled: number
}>()('masters.people', [user], () => ({
  text: 'select id, sign_in_name as signInName, name, roles, branch, is_disabled as isDisabled from masters_user where gone_at is null order by name, id',
  params: [],
}))

/** Everybody who may be erased, by what was typed: parties, their contacts and colleagues; not who was erased already. */
export const everybody = view<{
  id: string
  table: 'masters.party' | 'masters.contact' | 'masters.user'
  name: string
  hint: string | null
}>()('masters.everybody', [party, contact, user, erasure], (a: { search: string }) => {
  const match = partyMatch(a.search)
  const like = `%${a.search.replaceAll(/[\\%_]/g, (sign) => `\\${sign}`)}%`
  return {
    text: `select id, "table", name, hint from (
        select p.id, 'masters.party' as "table", p.name, coalesce(p.phone, p.email, p.code) as hint from masters_party p where p.gone_at is null and ${match.text}
        union all select c.id, 'masters.contact', c.name, o.name from masters_contact c left join masters_party o on o.id = c.party
          where c.gone_at is null and (c.name like ? escape '\\' or c.phone like ? escape '\\')
        union all select u.id, 'masters.user', u.name, u.sign_in_name from masters_user u
          where u.gone_at is null and (u.name like ? escape '\\' or u.sign_in_name like ? escape '\\'))
      where id not in (select subject from kernel_erasure where gone_at is null) order by name, id limit 50`,
    params: [...match.params, like, like, like, like],
  }
})

export const roles = view<{
  id: string
  code: string
  name: string
  permissions: string
  limits: string
  home: string
  /** JSON text: BucketRule[]; null: what the permissions need. */
  buckets: string | null
}>()('masters.roles', [role], () => ({
  text: 'select id, code, name, permissions, limits, home, buckets from masters_role where gone_at is null order by name, id',
  params: [],
}))

/** How a company's devices exchange. */
export const deviceSettingsOf = view<{
  id: string
  name: string
  /** JSON text: DeviceSettings */
  settings: string
}>()('masters.deviceSettings', [company], (a: { company: string }) => ({
  text: 'select id, name, device_settings as settings from masters_company where id = ? and gone_at is null',
  params: [a.company],
}))

export const priceLists = view<{ id: string; code: string; name: string; currency: string; isTaxIncluded: number }>()(
  'masters.priceLists',
  [priceList],
  () => ({
    text: 'select id, code, name, currency, is_tax_included as isTaxIncluded from masters_price_list where gone_at is null and is_disabled = 0 order by name, id',
    params: [],
  }),
)

/** Tax codes with the percentage in force on a day. */
export const taxCodes = view<{ code: string; name: string; treatment: string; percent: number | null }>()(
  'masters.taxCodes',
  [taxCode, taxRate],
  (a: { on: string }) => ({
    text: `select c.code, c.name, c.treatment, (select r.percent from masters_tax_rate r where r.code = c.code and r."from" <= ? and r.gone_at is null
    order by r."from" desc limit 1) as percent from masters_tax_code c where c.gone_at is null order by c.code`,
    params: [a.on],
  }),
)

/** Groups of customers; their price list is what an order of theirs costs. */
export const partyGroups = view<{ code: string; name: string }>()('masters.partyGroups', [partyGroup], () => ({
  text: 'select code, name from masters_party_group where gone_at is null order by name, code',
  params: [],
}))

/** Whose customers a branch's new ones join. */
export const branchTerritory = view<{ territory: string }>()(
  'masters.branchTerritory',
  [branch],
  (a: { branch: string }) => ({
    text: 'select territory from masters_branch where id = ? and gone_at is null',
    params: [a.branch],
  }),
)

export const mastersViews = [
  branchTerritory,
  partyGroups,
  items,
  itemByScan,
  itemCard,
  parties,
  contacts,
  places,
  people,
  deviceSettingsOf,
  everybody,
  roles,
  priceLists,
  taxCodes,
]
