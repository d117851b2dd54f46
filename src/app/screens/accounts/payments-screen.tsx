// Payments: money received and paid out, and what it was used for. A new one is taken below the same address.
import { IconPlus } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { Link, Route, Switch } from 'wouter'
import { useMay } from '../../design/device-context.ts'
import { FactList } from '../../design/page.tsx'
import { StatusChip } from '../../design/status-chip.tsx'
import { useView, useViewRow, type RowOfView } from '../../design/use-view.ts'
import { Day, Money } from '../../design/values.tsx'
import { t } from '../../design/words.ts'
import type { allocations, payments } from '../../../modules/payments/views.ts'
import { wordOf } from '../customers/customer-tabs.tsx'
import { LinkButton } from '../shared/link-button.tsx'
import { useWorkplace } from '../shared/use-workplace.ts'
import { DocumentScreen, useOpenId, useSearch } from './document-screen.tsx'
import { LineTable } from '../shared/line-table.tsx'
import { ReceiveMoney } from './receive-money.tsx'
import { UndoButton } from '../shared/undo-button.tsx'
import { UseAdvancePage } from './use-advance-page.tsx'

type Row = RowOfView<typeof payments>
const rowsMax = 200

export default function PaymentsScreen(): ReactNode {
  return (
    <Switch>
      <Route path="/payments/new">
        <ReceiveMoney />
      </Route>
      <Route path="/payments/:payment/use">
        {({ payment }) => <UseAdvancePage key={payment} paymentId={payment} />}
      </Route>
      <Route>
        <PaymentList />
      </Route>
    </Switch>
  )
}

function PaymentList(): ReactNode {
  const { today } = useWorkplace()
  const mayReceive = useMay('sales.receivePayment')
  const mayUse = useMay('accounting.allocatePayment')
  const mayReverse = useMay('accounting.reversePayment')
  const [search, setSearch] = useSearch()
  const live = useView<typeof payments>('payments.payments', { search, limit: rowsMax })
  const openId = useOpenId('/payments')
  const one = useViewRow<typeof payments>('payments.payments', openId === null ? null : { id: openId })
  return (
    <DocumentScreen<Row>
      title={t('screen.payments')}
      path="/payments"
      table="payments.payment"
      empty={t('accounts.no-payments')}
      live={live}
      one={one}
      search={search}
      onSearch={setSearch}
      actions={
        mayReceive && (
          <LinkButton variant="filled" href="/payments/new" icon={<IconPlus size={18} aria-hidden />}>
            {t('accounts.receive')}
          </LinkButton>
        )
      }
      amountOf={(row) => ({ amount: row.amount, currency: row.currency })}
      status={(row) =>
        row.state === 'cancelled' ? (
          <StatusChip tone="attention">{t('deal.reversed')}</StatusChip>
        ) : (
          <StatusChip tone={row.direction === 'in' ? 'ok' : 'neutral'}>
            {t(row.direction === 'in' ? 'accounts.received' : 'accounts.paid-out')}
          </StatusChip>
        )
      }
      columns={[
        {
          id: 'method',
          head: t('accounts.method'),
          cell: (row) => wordOf('accounts.method', row.method),
          width: '120px',
          isMinor: true,
        },
        {
          id: 'rest',
          head: t('accounts.rest'),
          cell: (row) => <Money amount={row.rest} currency={row.currency} />,
          align: 'end',
          width: '130px',
          isMinor: true,
        },
        {
          id: 'amount',
          head: t('screen.amount'),
          cell: (row) => <Money amount={row.amount} currency={row.currency} />,
          align: 'end',
          width: '120px',
        },
      ]}
      detail={(row) => <Detail row={row} />}
      detailActions={(row) =>
        row.state === 'submitted' &&
        (mayReverse || (mayUse && row.rest > 0)) && (
          <>
            {mayReverse && (
              <UndoButton
                key={row.id}
                label={t('deal.reverse')}
                text={t('deal.reverse-text')}
                command="payments.reversePayment"
                argsFor={(reason) => ({ payment: row.id, businessDate: today, reason })}
              />
            )}
            {mayUse && row.rest > 0 && (
              <LinkButton variant="filled" href={`/payments/${encodeURIComponent(row.id)}/use`}>
                {t('deal.use-advance')}
              </LinkButton>
            )}
          </>
        )
      }
    />
  )
}

function Detail({ row }: { readonly row: Row }): ReactNode {
  const { rows } = useView<typeof allocations>('payments.allocations', { payment: row.id })
  return (
    <>
      <FactList
        facts={[
          [t('screen.date'), <Day key="date" day={row.businessDate} />],
          [t('accounts.method'), wordOf('accounts.method', row.method)],
          [t('accounts.reference'), row.reference ?? '–'],
          ...(row.reverseReason === null ? [] : [[t('screen.reason'), row.reverseReason] as const]),
          [t('screen.amount'), <Money key="amount" amount={row.amount} currency={row.currency} />],
          [t('accounts.rest'), <Money key="rest" amount={row.rest} currency={row.currency} />],
        ]}
      />
      {rows !== null &&
        (rows.length === 0 ? (
          <p>{t('accounts.not-allocated')}</p>
        ) : (
          <LineTable
            heads={[t('accounts.allocated'), t('screen.date'), t('screen.amount')]}
            rows={rows.map((each) => ({
              key: each.id,
              cells: [
                each.invoiceNumber === null ? (
                  '–'
                ) : (
                  <Link key="invoice" href={`/invoices/${encodeURIComponent(each.invoice)}`}>
                    {each.invoiceNumber}
                  </Link>
                ),
                <Day key="on" day={each.businessDate} />,
                <Money key="amount" amount={each.applied} currency={row.currency} />,
              ],
            }))}
          />
        ))}
    </>
  )
}
