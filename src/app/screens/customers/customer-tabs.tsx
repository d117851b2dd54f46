// A customer's story: visits, notes and promises in one list, and beside it orders, invoices and payments. Reading only.
import type { ReactNode } from 'react'
import { useLocation } from 'wouter'
import { EmptyState } from '../../design/empty-state.tsx'
import { RowMark } from '../../design/row-mark.tsx'
import { useView, type RowOfView } from '../../design/use-view.ts'
import { Day, Money } from '../../design/values.tsx'
import { t } from '../../design/words.ts'
import { hasText } from '../../text/translate.ts'
import type { customerHistory } from '../../../modules/crm/views.ts'
import type { payments } from '../../../modules/payments/views.ts'
import type { invoices, orders } from '../../../modules/sales/views.ts'
import { useUnsent } from '../shared/use-unsent.ts'
import classes from './customers.module.css'

const historyMax = 100

export function StoryTab({ party }: { readonly party: string }): ReactNode {
  const { rows } = useView<typeof customerHistory>('crm.customerHistory', { party, limit: historyMax })
  const notes = useUnsent('crm.note')
  const visits = useUnsent('crm.visit')
  const promises = useUnsent('crm.followUp')
  if (rows === null) return null
  if (rows.length === 0) return <EmptyState text={t('crm.no-story')} />
  return (
    <ol className={classes['story']} aria-label={t('crm.tab-story')}>
      {rows.map((row) => (
        <li key={row.id} data-kind={row.kind}>
          <span className={classes['story-head']}>
            <strong>{titleOf(row)}</strong>
            <RowMark state={notes.get(row.id) ?? visits.get(row.id) ?? promises.get(row.id) ?? null} />
          </span>
          {row.text !== null && <p>{row.text}</p>}
          <span className={classes['dim']}>
            <Day day={row.on} />
            {row.by !== null && ` · ${row.by}`}
          </span>
        </li>
      ))}
    </ol>
  )
}

function titleOf({ kind, title, state }: RowOfView<typeof customerHistory>): string {
  if (kind === 'crm.note') return wordOf('crm.note', title ?? 'note')
  const what = kind === 'crm.visit' ? t('crm.visit') : t('crm.follow-up')
  const about = title === null ? '' : ` · ${kind === 'crm.visit' ? wordOf('crm.outcome', title) : title}`
  return `${what} ${state === null ? '' : wordOf(kind === 'crm.visit' ? 'crm.visit-state' : 'crm.follow-state', state)}${about}`
}

/** The word of a code where the catalogue has one; what people typed stays as it is. */
export function wordOf(prefix: string, code: string): string {
  const key = `${prefix}-${code}`
  return hasText(key) ? t(key) : code
}

interface DocumentRow {
  readonly id: string
  readonly number: string
  readonly businessDate: string
  readonly currency: string
}

function Documents<R extends DocumentRow>({
  rows,
  table,
  path,
  empty,
  amountOf,
  noteOf,
}: {
  readonly rows: readonly R[] | null
  readonly table: string
  readonly path: string
  readonly empty: string
  readonly amountOf: (row: R) => number
  readonly noteOf: (row: R) => string | null
}): ReactNode {
  const [, go] = useLocation()
  const unsent = useUnsent(table)
  if (rows === null) return null
  if (rows.length === 0) return <EmptyState text={empty} />
  return (
    <ul className={classes['documents']}>
      {rows.map((row) => {
        const note = noteOf(row)
        return (
          <li key={row.id}>
            <button type="button" onClick={() => go(`${path}/${encodeURIComponent(row.id)}`)}>
              <strong>{row.number}</strong>
              <RowMark state={unsent.get(row.id) ?? null} />
              <span className={classes['dim']}>
                <Day day={row.businessDate} />
                {note !== null && ` · ${note}`}
              </span>
              <span className={classes['figure']}>
                <Money amount={amountOf(row)} currency={row.currency} />
              </span>
            </button>
          </li>
        )
      })}
    </ul>
  )
}

export function OrdersTab({ party }: { readonly party: string }): ReactNode {
  const { rows } = useView<typeof orders>('sales.orders', { party })
  return (
    <Documents
      rows={rows}
      table="sales.order"
      path="/orders"
      empty={t('crm.no-orders')}
      amountOf={(row) => row.total}
      noteOf={(row) => (row.isOnHold === 1 ? t('orders.on-hold') : null)}
    />
  )
}

export function InvoicesTab({ party }: { readonly party: string }): ReactNode {
  const { rows } = useView<typeof invoices>('sales.invoices', { party })
  return (
    <Documents
      rows={rows}
      table="sales.invoice"
      path="/invoices"
      empty={t('crm.no-invoices')}
      amountOf={(row) => row.total}
      noteOf={(row) => (row.owed === 0 ? t('accounts.paid') : t('accounts.owed'))}
    />
  )
}

export function PaymentsTab({ party }: { readonly party: string }): ReactNode {
  const { rows } = useView<typeof payments>('payments.payments', { party })
  return (
    <Documents
      rows={rows}
      table="payments.payment"
      path="/payments"
      empty={t('crm.no-payments')}
      amountOf={(row) => row.amount}
      noteOf={(row) => row.method}
    />
  )
}
