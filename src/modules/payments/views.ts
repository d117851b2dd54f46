// What screens read of payments. Reading only; a handler never uses a view.
import { searchTerms, view } from '../../kernel/view.ts'
import { allocation, payment } from './payment.ts'

const LIST_LIMIT = 50

export type PaymentRow = {
  readonly id: string
  readonly number: string
  readonly businessDate: string
  readonly direction: string
  readonly party: string
  readonly partyName: string
  readonly method: string
  readonly amount: number
  readonly allocated: number
  /** Not allocated yet. */
  readonly rest: number
  readonly currency: string
  readonly reference: string | null
  readonly state: string
  readonly reverseReason: string | null
}

export const payments = view<PaymentRow>()(
  'payments.payments',
  [payment],
  (a: { search?: string; party?: string; id?: string; limit?: number; offset?: number }) => ({
    text: `select d.id, d.number, d.business_date as businessDate, d.direction, d.party, d.party_name as partyName, d.method, d.amount, d.allocated,
    case when d.state = 'submitted' and d.direction = 'in' then d.amount - d.allocated else 0 end as rest, d.currency, d.reference, d.state, d.reverse_reason as reverseReason
    from payments_payment d where d.gone_at is null and (?1 is null or d.party = ?1) and (?5 is null or d.id = ?5)
    and (?2 = '' or d.rid in (select rowid from payments_payment_search where payments_payment_search match ?2))
    order by d.business_date desc, d.captured_at desc, d.id limit ?3 offset ?4`,
    params: [a.party ?? null, searchTerms(a.search ?? ''), a.limit ?? LIST_LIMIT, a.offset ?? 0, a.id ?? null],
  }),
)

export type AllocationRow = {
  readonly id: string
  readonly payment: string
  readonly paymentNumber: string | null
  readonly invoice: string
  readonly invoiceNumber: string | null
  readonly businessDate: string
  readonly amount: number
  readonly applied: number
  readonly discount: number
  readonly writeOff: number
}

/** Of one payment, or of all that settled one invoice. */
export const allocations = view<AllocationRow>()(
  'payments.allocations',
  [allocation, payment],
  (a: { payment?: string; invoice?: string }) => ({
    text: `select l.id, l.document as payment, d.number as paymentNumber, l.invoice, l.invoice_number as invoiceNumber, l.business_date as businessDate,
    l.amount, l.applied, l.discount, l.write_off as writeOff from payments_allocation l left join payments_payment d on d.id = l.document
    where l.gone_at is null and (?1 is null or l.document = ?1) and (?2 is null or l.invoice = ?2) order by l.business_date, l.position`,
    params: [a.payment ?? null, a.invoice ?? null],
  }),
)

export const paymentViews = [payments, allocations]
