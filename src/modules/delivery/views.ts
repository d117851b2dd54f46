// What screens read of deliveries. Reading only; a handler never uses a view.
import { searchTerms, view } from '../../kernel/view.ts'
import { item } from '../masters/item.ts'
import { order, orderLine } from '../sales/order.ts'
import { delivery, deliveryLine, goodsReturn } from './delivery.ts'

const LIST_LIMIT = 50

export type DeliveryRow = {
  readonly id: string
  readonly number: string
  readonly businessDate: string
  readonly party: string
  readonly partyName: string
  readonly order: string | null
  readonly orderNumber: string | null
  readonly outcome: string
  readonly state: string
  readonly recipient: string | null
  readonly lines: number
}

export const deliveries = view<DeliveryRow>()(
  'delivery.deliveries',
  [delivery, deliveryLine, order],
  (a: { search?: string; party?: string; id?: string; limit?: number; offset?: number }) => {
    const terms = searchTerms(a.search ?? '')
    return {
      text: `select d.id, d.number, d.business_date as businessDate, d.party, d.party_name as partyName, d."order", o.number as orderNumber,
      d.outcome, d.state, d.recipient,
      (select count(*) from delivery_delivery_line l where l.document = d.id and l.gone_at is null) as lines
      from delivery_delivery d left join sales_order o on o.id = d."order"
      where d.gone_at is null and (?1 is null or d.party = ?1) and (?5 is null or d.id = ?5)
      and (?2 = '' or d.rid in (select rowid from delivery_delivery_search where delivery_delivery_search match ?2))
      order by d.business_date desc, d.captured_at desc, d.id limit ?3 offset ?4`,
      params: [a.party ?? null, terms, a.limit ?? LIST_LIMIT, a.offset ?? 0, a.id ?? null],
    }
  },
)

export type DeliveryProof = {
  readonly id: string
  /** Strokes, as the kernel's signature. */
  readonly signature: string | null
  /** JSON text: Blob[] */
  readonly photos: string | null
}

/** What shows that a delivery took place; of its own, because its thumbnails would weigh on every list. */
export const deliveryProof = view<DeliveryProof>()('delivery.deliveryProof', [delivery], (a: { delivery: string }) => ({
  text: 'select id, signature, photos from delivery_delivery where id = ? and gone_at is null',
  params: [a.delivery],
}))

export type DeliveryLineRow = {
  readonly id: string
  readonly position: number
  readonly item: string
  readonly itemName: string
  readonly unit: string
  readonly quantity: number
  readonly refusedQuantity: number
  readonly refusedReason: string | null
  readonly returned: number
  readonly batch: string | null
}

export const deliveryLines = view<DeliveryLineRow>()(
  'delivery.deliveryLines',
  [deliveryLine],
  (a: { delivery: string }) => ({
    text: `select id, position, item, item_name as itemName, unit, quantity, refused_quantity as refusedQuantity, refused_reason as refusedReason, returned, batch
    from delivery_delivery_line where document = ? and gone_at is null order by position`,
    params: [a.delivery],
  }),
)

export type GoodsReturnRow = {
  readonly id: string
  readonly number: string
  readonly businessDate: string
  readonly party: string
  readonly partyName: string
  readonly reason: string
}

export const goodsReturns = view<GoodsReturnRow>()('delivery.goodsReturns', [goodsReturn], (a: { party?: string }) => ({
  text: `select id, number, business_date as businessDate, party, party_name as partyName, reason from delivery_goods_return
    where gone_at is null and (?1 is null or party = ?1) order by business_date desc, captured_at desc, id`,
  params: [a.party ?? null],
}))

export type DeliverableOrder = {
  readonly id: string
  readonly number: string
  readonly businessDate: string
  readonly deliverOn: string | null
  readonly party: string
  readonly partyName: string
  readonly territory: string
  readonly currency: string
  readonly warehouse: string | null
  /** Lines with goods still to deliver. */
  readonly lines: number
}

/** Orders with goods still to deliver, those promised first; nothing of an order on hold is listed. `order` asks for one of them. */
export const ordersToDeliver = view<DeliverableOrder>()(
  'delivery.ordersToDeliver',
  [order, orderLine],
  (a: { search?: string; order?: string; limit?: number }) => ({
    text: `select d.id, d.number, d.business_date as businessDate, d.deliver_on as deliverOn, d.party, d.party_name as partyName, d.territory, d.currency,
      d.warehouse, count(l.id) as lines
    from sales_order d join sales_order_line l on l.document = d.id and l.gone_at is null and l.is_goods = 1
      and l.quantity + l.amended - l.closed > l.delivered
    where d.gone_at is null and d.state = 'submitted' and d.is_on_hold = 0 and (?1 is null or d.id = ?1)
      and (?2 = '' or d.rid in (select rowid from sales_order_search where sales_order_search match ?2))
    group by d.id order by d.deliver_on is null, d.deliver_on, d.business_date, d.id limit ?3`,
    params: [a.order ?? null, searchTerms(a.search ?? ''), a.limit ?? LIST_LIMIT],
  }),
)

export type DeliverableLine = {
  readonly id: string
  readonly position: number
  readonly item: string
  readonly itemName: string
  readonly unit: string
  readonly factorNum: number
  readonly factorDen: number
  /** Ordered less closed and delivered, in the line's unit. */
  readonly open: number
  /** Decimals that the unit allows: packs are whole. */
  readonly decimals: number
  readonly hasBatch: number
  readonly hasSerial: number
}

/** What of an order is still to deliver, line by line. */
export const deliverableLines = view<DeliverableLine>()(
  'delivery.deliverableLines',
  [orderLine, item],
  (a: { order: string }) => ({
    text: `select l.id, l.position, l.item, l.item_name as itemName, l.unit, l.factor_num as factorNum, l.factor_den as factorDen,
      l.quantity + l.amended - l.closed - l.delivered as open, case when l.unit = i.stock_unit then i.decimals else 0 end as decimals,
      coalesce(i.has_batch, 0) as hasBatch, coalesce(i.has_serial, 0) as hasSerial
    from sales_order_line l left join masters_item i on i.id = l.item
    where l.document = ? and l.gone_at is null and l.is_goods = 1 and l.quantity + l.amended - l.closed > l.delivered order by l.position`,
    params: [a.order],
  }),
)

export const deliveryViews = [deliveries, deliveryProof, deliveryLines, goodsReturns, ordersToDeliver, deliverableLines]
