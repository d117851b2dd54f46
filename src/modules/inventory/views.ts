// What screens read of the stock. Every row of stock names the bucket it came by: how old it is, is what the device
// knows of that bucket ("as of"), and a screen must say so. Reading only.
import { stockBalance, stockEntry } from '../../kernel/ledger.ts'
import { view } from '../../kernel/view.ts'
import { batch, serial } from '../masters/batch.ts'
import { barcode, item } from '../masters/item.ts'
import { warehouse } from '../masters/organisation.ts'
import { party } from '../masters/party.ts'
import { itemMatch, pageOf, type Page } from '../masters/views.ts'
import { issue, issueLine } from './issue.ts'
import { receipt, receiptLine } from './receipt.ts'

export type Stock = {
  readonly onHand: number
  readonly reserved: number
  readonly inTransit: number
  readonly quarantine: number
  /** On hand less reserved: Quantity6 in the stock unit, may be below 0. */
  readonly available: number
  /** Its age is the age of this number. */
  readonly bucket: string
}
const stockColumns = `b.on_hand as onHand, b.reserved, b.in_transit as inTransit, b.quarantine, b.on_hand - b.reserved as available,
  'stock:' || b.branch as bucket`

export type StockRow = Stock & {
  readonly item: string
  readonly code: string
  readonly name: string
  readonly stockUnit: string
  readonly decimals: number
  readonly image: string | null
  readonly isLow: number
}

/** A warehouse's stock by item, by what was typed or scanned; items it never had are left out unless asked for. */
export const stockList = view<StockRow>()(
  'inventory.stockList',
  [stockBalance, item, barcode],
  (a: { warehouse: string; search?: string; withAll?: boolean; isLowOnly?: boolean } & Page) => {
    const match = itemMatch(a.search ?? '')
    return {
      text: `select i.id as item, i.code, i.name, i.stock_unit as stockUnit, i.decimals, i.image,
        coalesce(b.on_hand, 0) as onHand, coalesce(b.reserved, 0) as reserved, coalesce(b.in_transit, 0) as inTransit,
        coalesce(b.quarantine, 0) as quarantine, coalesce(b.on_hand - b.reserved, 0) as available,
        'stock:' || coalesce(b.branch, w.branch) as bucket,
        i.reorder_level is not null and coalesce(b.on_hand, 0) <= i.reorder_level as isLow
      from masters_item i join masters_warehouse w on w.id = ?
        ${a.withAll === true ? 'left' : ''} join kernel_stock_balance b on b.item = i.id and b.warehouse = w.id and b.gone_at is null
      where i.gone_at is null and i.is_disabled = 0 and i.type in ('goods', 'deposit') and ${match.text}
        ${a.isLowOnly === true ? 'and i.reorder_level is not null and coalesce(b.on_hand, 0) <= i.reorder_level' : ''}
      order by i.name, i.id limit ? offset ?`,
      params: [a.warehouse, ...match.params, ...pageOf(a)],
    }
  },
)

/** Where an item is: every warehouse whose stock this device carries. */
export const itemStock = view<
  Stock & { warehouse: string; warehouseName: string; isVehicle: number; lastMovedOn: string | null }
>()('inventory.itemStock', [stockBalance, warehouse, stockEntry], (a: { item: string }) => ({
  text: `select w.id as warehouse, w.name as warehouseName, w.is_vehicle as isVehicle, ${stockColumns},
        (select max(e.business_date) from kernel_stock_entry e where e.item = b.item and e.warehouse = b.warehouse and e.gone_at is null) as lastMovedOn
      from kernel_stock_balance b join masters_warehouse w on w.id = b.warehouse
      where b.item = ? and b.gone_at is null order by w.is_vehicle, w.name, w.id`,
  params: [a.item],
}))

export type EntryRow = {
  readonly id: string
  readonly businessDate: string
  readonly document: string
  readonly documentId: string
  /** Of the receipt or issue; other documents keep theirs. */
  readonly number: string | null
  readonly warehouse: string
  readonly warehouseName: string
  readonly quantity: number
  readonly state: string
  readonly batch: string | null
  readonly serial: string | null
  readonly reason: string | null
}
/** An item's movements, the newest first. */
export const itemEntries = view<EntryRow>()(
  'inventory.itemEntries',
  [stockEntry, warehouse, receipt, issue],
  (a: { item: string; warehouse?: string } & Page) => ({
    text: `select e.id, e.business_date as businessDate, e.document, e.document_id as documentId,
      coalesce(r.number, s.number) as number, e.warehouse, w.name as warehouseName, e.quantity, e.state,
      e.batch, e.serial, e.reason
    from kernel_stock_entry e left join masters_warehouse w on w.id = e.warehouse
      left join inventory_receipt r on r.id = e.document_id left join inventory_issue s on s.id = e.document_id
    where e.item = ? and e.gone_at is null ${a.warehouse === undefined ? '' : 'and e.warehouse = ?'}
    order by e.business_date desc, e.id desc limit ? offset ?`,
    params: [a.item, ...(a.warehouse === undefined ? [] : [a.warehouse]), ...pageOf(a)],
  }),
)

/** Batches of an item with what is left of each in a warehouse, the first to expire first. */
export const itemBatches = view<{
  number: string
  expiresOn: string | null
  isRecalled: number
  onHand: number
  isExpired: number
}>()('inventory.itemBatches', [batch, stockEntry], (a: { item: string; warehouse: string; today: string }) => ({
  text: `select b.number, b.expires_on as expiresOn, b.is_recalled as isRecalled, sum(e.quantity) as onHand, coalesce(b.expires_on < ?, 0) as isExpired
      from masters_batch b join kernel_stock_entry e on e.item = b.item and e.batch = b.number and e.warehouse = ? and e.state = 'onHand' and e.gone_at is null
      where b.item = ? and b.gone_at is null group by b.id having sum(e.quantity) <> 0
      order by b.expires_on is null, b.expires_on, b.number`,
  params: [a.today, a.warehouse, a.item],
}))

/** Serial numbers of an item that are in stock here. */
export const itemSerials = view<{
  number: string
  state: string
  warehouse: string | null
  warehouseName: string | null
}>()('inventory.itemSerials', [serial, warehouse], (a: { item: string; search?: string } & Page) => ({
  text: `select s.number, s.state, s.warehouse, w.name as warehouseName from masters_serial s left join masters_warehouse w on w.id = s.warehouse
    where s.item = ? and s.gone_at is null ${a.search === undefined ? "and s.state = 'in-stock'" : 'and s.number like ?'} order by s.number limit ? offset ?`,
  params: [a.item, ...(a.search === undefined ? [] : [`%${a.search}%`]), ...pageOf(a)],
}))

export type ReceiptRow = {
  readonly id: string
  readonly number: string | null
  readonly businessDate: string
  readonly state: string
  readonly supplierName: string | null
  readonly supplierNote: string | null
  readonly warehouseName: string | null
  readonly lineCount: number
  readonly rejectedLines: number
}
export const receipts = view<ReceiptRow>()(
  'inventory.receipts',
  [receipt, receiptLine, party, warehouse],
  (a: { branch: string } & Page) => ({
    text: `select r.id, r.number, r.business_date as businessDate, r.state, p.name as supplierName, r.supplier_note as supplierNote, w.name as warehouseName,
      (select count(*) from inventory_receipt_line l where l.document = r.id and l.gone_at is null) as lineCount,
      (select count(*) from inventory_receipt_line l where l.document = r.id and l.rejected > 0 and l.gone_at is null) as rejectedLines
    from inventory_receipt r left join masters_party p on p.id = r.supplier left join masters_warehouse w on w.id = r.warehouse
    where r.branch = ? and r.gone_at is null order by r.business_date desc, r.id desc limit ? offset ?`,
    params: [a.branch, ...pageOf(a)],
  }),
)

export const receiptLines = view<{
  line: number
  item: string
  code: string | null
  name: string | null
  unit: string
  accepted: number
  rejected: number
  rejectReason: string | null
  batch: string | null
  expiresOn: string | null
  serials: string
}>()('inventory.receiptLines', [receiptLine, item], (a: { receipt: string }) => ({
  text: `select l.line, l.item, i.code, i.name, l.unit, l.accepted, l.rejected, l.reject_reason as rejectReason, l.batch, l.expires_on as expiresOn, l.serials
      from inventory_receipt_line l left join masters_item i on i.id = l.item where l.document = ? and l.gone_at is null order by l.line`,
  params: [a.receipt],
}))

export const issues = view<{
  id: string
  number: string | null
  businessDate: string
  state: string
  reason: string
  purpose: string | null
  warehouseName: string | null
  lineCount: number
}>()('inventory.issues', [issue, issueLine, warehouse], (a: { branch: string } & Page) => ({
  text: `select s.id, s.number, s.business_date as businessDate, s.state, s.reason, s.purpose, w.name as warehouseName,
        (select count(*) from inventory_issue_line l where l.document = s.id and l.gone_at is null) as lineCount
      from inventory_issue s left join masters_warehouse w on w.id = s.warehouse
      where s.branch = ? and s.gone_at is null order by s.business_date desc, s.id desc limit ? offset ?`,
  params: [a.branch, ...pageOf(a)],
}))

export const issueLines = view<{
  line: number
  item: string
  code: string | null
  name: string | null
  unit: string
  quantity: number
  batch: string | null
  serials: string
}>()('inventory.issueLines', [issueLine, item], (a: { issue: string }) => ({
  text: `select l.line, l.item, i.code, i.name, l.unit, l.quantity, l.batch, l.serials from inventory_issue_line l
      left join masters_item i on i.id = l.item where l.document = ? and l.gone_at is null order by l.line`,
  params: [a.issue],
}))

/** What a branch has of some items, all its stores together; vehicles are not counted. */
export const stockOfItems = view<{ item: string; onHand: number; available: number }>()(
  'inventory.stockOfItems',
  [stockBalance, warehouse],
  (a: { items: readonly string[]; branch: string }) => ({
    text: `select b.item, sum(b.on_hand) as onHand, sum(b.on_hand - b.reserved) as available from kernel_stock_balance b
      join masters_warehouse w on w.id = b.warehouse
    where b.item in (select value from json_each(?)) and b.branch = ? and w.is_vehicle = 0 and b.gone_at is null group by b.item`,
    params: [JSON.stringify(a.items), a.branch],
  }),
)

export const inventoryViews = [
  stockOfItems,
  stockList,
  itemStock,
  itemEntries,
  itemBatches,
  itemSerials,
  receipts,
  receiptLines,
  issues,
  issueLines,
]
