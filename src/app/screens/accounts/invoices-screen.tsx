// Invoices: what was billed, what is still owed and since when.
import { IconFileInvoice } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { Link, Route, Switch } from 'wouter'
import { useMay } from '../../design/device-context.ts'
import { FactList } from '../../design/page.tsx'
import { StatusChip } from '../../design/status-chip.tsx'
import { useView, useViewRow, type RowOfView } from '../../design/use-view.ts'
import { Day, Money, Quantity } from '../../design/values.tsx'
import { t } from '../../design/words.ts'
import type { allocations } from '../../../modules/payments/views.ts'
import type { invoiceLines, invoices } from '../../../modules/sales/views.ts'
import { LinkButton } from '../shared/link-button.tsx'
import { RateText } from '../shared/rate-text.tsx'
import { useWorkplace } from '../shared/use-workplace.ts'
import { BillPage } from './bill-page.tsx'
import { CreditPage } from './credit-page.tsx'
import { DocumentScreen, useOpenId, useSearch } from './document-screen.tsx'
import { LineTable } from '../shared/line-table.tsx'

type Row = RowOfView<typeof invoices>
const rowsMax = 200

export default function InvoicesScreen(): ReactNode {
  return (
    <Switch>
      <Route path="/invoices/new">
        <BillPage />
      </Route>
      <Route path="/invoices/:invoice/credit">
        {({ invoice }) => <CreditPage key={invoice} invoiceId={invoice} />}
      </Route>
      <Route>
        <InvoiceList />
      </Route>
    </Switch>
  )
}

function InvoiceList(): ReactNode {
  const { today } = useWorkplace()
  const mayReceive = useMay('sales.receivePayment')
  const mayBill = useMay('sales.invoice')
  const mayCredit = useMay('sales.creditNote')
  const [search, setSearch] = useSearch()
  const live = useView<typeof invoices>('sales.invoices', { search, limit: rowsMax })
  const openId = useOpenId('/invoices')
  const one = useViewRow<typeof invoices>('sales.invoices', openId === null ? null : { id: openId })
  return (
    <DocumentScreen<Row>
      title={t('screen.invoices')}
      path="/invoices"
      table="sales.invoice"
      empty={t('accounts.no-invoices')}
      live={live}
      one={one}
      search={search}
      onSearch={setSearch}
      actions={
        mayBill && (
          <LinkButton variant="filled" href="/invoices/new" icon={<IconFileInvoice size={18} aria-hidden />}>
            {t('deal.bill')}
          </LinkButton>
        )
      }
      amountOf={(row) => ({ amount: row.total, currency: row.currency })}
      status={(row) => <Payment row={row} today={today} />}
      columns={[
        { id: 'due', head: t('accounts.due'), cell: (row) => <Day day={row.dueOn} />, width: '130px', isMinor: true },
        {
          id: 'owed',
          head: t('accounts.owes'),
          cell: (row) => <Money amount={row.owed} currency={row.currency} />,
          align: 'end',
          width: '120px',
        },
        {
          id: 'total',
          head: t('screen.total'),
          cell: (row) => <Money amount={row.total} currency={row.currency} />,
          align: 'end',
          width: '120px',
          isMinor: true,
        },
      ]}
      detail={(row) => <Detail row={row} />}
      detailActions={(row) =>
        (mayCredit || (mayReceive && row.owed > 0)) && (
          <>
            {mayCredit && (
              <LinkButton href={`/invoices/${encodeURIComponent(row.id)}/credit`}>{t('deal.credit')}</LinkButton>
            )}
            {mayReceive && row.owed > 0 && (
              <LinkButton variant="filled" href={`/payments/new?party=${encodeURIComponent(row.party)}`}>
                {t('accounts.receive')}
              </LinkButton>
            )}
          </>
        )
      }
    />
  )
}

function Payment({ row, today }: { readonly row: Row; readonly today: string }): ReactNode {
  if (row.owed <= 0) return <StatusChip tone="ok">{t('orders.payment-all')}</StatusChip>
  if (row.dueOn < today) return <StatusChip tone="attention">{t('accounts.overdue')}</StatusChip>
  return (
    <StatusChip tone={row.owed < row.total ? 'info' : 'neutral'}>
      {t(row.owed < row.total ? 'orders.payment-part' : 'orders.payment-none')}
    </StatusChip>
  )
}

function Detail({ row }: { readonly row: Row }): ReactNode {
  const { rows } = useView<typeof invoiceLines>('sales.invoiceLines', { invoice: row.id })
  const { rows: paid } = useView<typeof allocations>('payments.allocations', { invoice: row.id })
  return (
    <>
      <FactList
        facts={[
          [t('screen.date'), <Day key="date" day={row.businessDate} />],
          [t('accounts.due'), <Day key="due" day={row.dueOn} />],
          [t('screen.total'), <Money key="total" amount={row.total} currency={row.currency} />],
          [t('accounts.owes'), <Money key="owed" amount={row.owed} currency={row.currency} />],
          ...(row.credited === 0
            ? []
            : [
                [
                  t('accounts.credited'),
                  <Money key="credited" amount={row.credited} currency={row.currency} />,
                ] as const,
              ]),
        ]}
      />
      <LineTable
        heads={[t('screen.item'), t('screen.quantity'), t('screen.price'), t('screen.total')]}
        rows={(rows ?? []).map((line) => ({
          key: line.id,
          cells: [
            line.itemName,
            <Quantity key="quantity" value={line.quantity} unit={line.unit} />,
            <RateText key="rate" rate={line.rate} currency={row.currency} />,
            <Money key="total" amount={line.total} currency={row.currency} />,
          ],
        }))}
      />
      {paid !== null && paid.length > 0 && (
        <LineTable
          heads={[t('screen.payments'), t('screen.date'), t('screen.amount')]}
          rows={paid.map((each) => ({
            key: each.id,
            cells: [
              each.paymentNumber === null ? (
                '–'
              ) : (
                <Link key="payment" href={`/payments/${encodeURIComponent(each.payment)}`}>
                  {each.paymentNumber}
                </Link>
              ),
              <Day key="on" day={each.businessDate} />,
              <Money key="amount" amount={each.applied} currency={row.currency} />,
            ],
          }))}
        />
      )}
    </>
  )
}
