// What screens read of deliveries. Reading only; a handler never uses a view.
import { searchTerms, view } from '../../kernel/view.ts'
import { delivery, deliveryLine, goodsReturn } from './delivery.ts'

const LIST_LIMIT = 50

export type DeliveryRow = {
  readonly id: string
  readonly number: string
  readonly businessDate: string
  readonly party: string
  readonly partyName: string
  readonly order: string | null
  readonly outcome: string
  readonly state: string
  readonly recipient: string | null
  readonly lines: number
}

export const deliveries = view<DeliveryRow>()(
  'delivery.deliveries',
  [delivery, deliveryLine],
  (a: { search?: string; party?: string; limit?: number; offset?: number }) => {
    const terms = searchTerms(a.search ?? '')
    return {
      text: `select d.id, d.number, d.business_date as businessDate, d.party, d.party_name as partyName, d."order", d.outcome, d.state, d.recipient,
      (select count(*) from delivery_delivery_line l where l.document = d.id and l.gone_at is null) as lines
      from delivery_delivery d where d.gone_at is null and (?1 is null or d.party = ?1)
      and (?2 = '' or d.rid in (select rowid from delivery_delivery_search where delivery_delivery_search match ?2))
      order by d.business_date desc, d.captured_at desc, d.id limit ?3 offset ?4`,
      params: [a.party ?? null, terms, a.limit ?? LIST_LIMIT, a.offset ?? 0],
    }
  },
)

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

export const deliveryViews = [deliveries, deliveryLines, goodsReturns]
