// What screens show of counts: whether they are final, whom they still wait for, and what was found more or less. Reading
// only; who counts never sees what the books say.
import { cut } from '../../kernel/completeness.ts'
import { countQuestion } from '../../kernel/stock-count.ts'
import { view } from '../../kernel/view.ts'
import { item } from '../masters/item.ts'
import { warehouse } from '../masters/organisation.ts'
import { pageOf, type Page } from '../masters/views.ts'
import { count, countLine, countResult } from './count.ts'

export const counts = view<{
  id: string
  number: string | null
  businessDate: string
  warehouseName: string | null
  lineCount: number
  /** Null until the hub has decided about it. */
  cut: string | null
  state: string | null
  asOf: number | null
  /** JSON text: codes of the devices that it waits for. */
  missing: string | null
}>()('inventory.counts', [count, countLine, cut, warehouse], (a: { branch: string } & Page) => ({
  text: `select n.id, n.number, n.business_date as businessDate, w.name as warehouseName,
      (select count(*) from inventory_count_line l where l.document = n.id and l.gone_at is null) as lineCount,
      c.id as cut, c.state, c.as_of as asOf, c.missing
    from inventory_count n left join kernel_cut c on c.document_id = n.id and c.gone_at is null
      left join masters_warehouse w on w.id = n.warehouse
    where n.branch = ? and n.gone_at is null order by n.business_date desc, n.id desc limit ? offset ?`,
  params: [a.branch, ...pageOf(a)],
}))

export const countResults = view<{
  id: string
  name: string | null
  stockUnit: string | null
  batch: string
  counted: number
  expected: number
  difference: number
}>()('inventory.countResults', [countResult, item], (a: { count: string }) => ({
  text: `select r.id, i.name, i.stock_unit as stockUnit, r.batch, r.counted, r.expected, r.difference
    from inventory_count_result r left join masters_item i on i.id = r.item
    where r.count = ? and r.gone_at is null order by abs(r.difference) desc, i.name, r.id`,
  params: [a.count],
}))

/** Movements near a count of which the clocks can't tell whether it saw them: for the stock controller. */
export const countQuestions = view<{
  move: string
  name: string | null
  stockUnit: string | null
  quantity: number
  movedAt: number
  countedAt: number
  isInCount: number
}>()('inventory.countQuestions', [countQuestion, item], (a: { count: string }) => ({
  text: `select q.move, i.name, i.stock_unit as stockUnit, q.quantity, q.moved_at as movedAt, q.counted_at as countedAt, q.is_in_count as isInCount
    from kernel_count_question q left join masters_item i on i.id = q.item
    where q.count = ? and q.state = 'open' and q.gone_at is null order by q.moved_at, q.id`,
  params: [a.count],
}))
