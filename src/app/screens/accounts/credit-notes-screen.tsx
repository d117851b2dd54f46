// Credit notes: what was taken back from an invoice, under their own numbers.
import type { ReactNode } from 'react'
import { Link } from 'wouter'
import { FactList } from '../../design/page.tsx'
import { useView, useViewRow, type RowOfView } from '../../design/use-view.ts'
import { Day, Money, Quantity } from '../../design/values.tsx'
import { t } from '../../design/words.ts'
import type { creditLines } from '../../../modules/sales/draft-views.ts'
import type { creditNotes } from '../../../modules/sales/views.ts'
import { wordOf } from '../customers/customer-tabs.tsx'
import { DocumentScreen, useOpenId, useSearch } from './document-screen.tsx'
import { LineTable } from '../shared/line-table.tsx'

type Row = RowOfView<typeof creditNotes>
const rowsMax = 200

export default function CreditNotesScreen(): ReactNode {
  const [search, setSearch] = useSearch()
  const live = useView<typeof creditNotes>('sales.creditNotes', { search, limit: rowsMax })
  const openId = useOpenId('/credit-notes')
  const one = useViewRow<typeof creditNotes>('sales.creditNotes', openId === null ? null : { id: openId })
  return (
    <DocumentScreen<Row>
      title={t('screen.credit-notes')}
      path="/credit-notes"
      table="sales.creditNote"
      empty={t('accounts.no-credit-notes')}
      live={live}
      one={one}
      search={search}
      onSearch={setSearch}
      amountOf={(row) => ({ amount: row.total, currency: row.currency })}
      columns={[
        {
          id: 'invoice',
          head: t('accounts.of-invoice'),
          cell: (row) => row.invoiceNumber ?? '–',
          width: '190px',
          isMinor: true,
        },
        {
          id: 'reason',
          head: t('screen.reason'),
          cell: (row) => wordOf('deal.credit-reason', row.reason),
          width: '160px',
          isMinor: true,
        },
        {
          id: 'total',
          head: t('screen.total'),
          cell: (row) => <Money amount={row.total} currency={row.currency} />,
          align: 'end',
          width: '120px',
        },
      ]}
      detail={(row) => <Detail row={row} />}
    />
  )
}

function Detail({ row }: { readonly row: Row }): ReactNode {
  const { rows } = useView<typeof creditLines>('sales.creditLines', { creditNote: row.id })
  return (
    <>
      <FactList
        facts={[
          [t('screen.date'), <Day key="date" day={row.businessDate} />],
          [
            t('accounts.of-invoice'),
            row.invoiceNumber === null ? (
              '–'
            ) : (
              <Link key="invoice" href={`/invoices/${encodeURIComponent(row.invoice)}`}>
                {row.invoiceNumber}
              </Link>
            ),
          ],
          [t('screen.reason'), wordOf('deal.credit-reason', row.reason)],
          [t('deal.settled'), <Money key="applied" amount={row.applied} currency={row.currency} />],
          ...(row.applied < row.total
            ? [
                [
                  t('deal.as-advance'),
                  <Money key="rest" amount={row.total - row.applied} currency={row.currency} />,
                ] as const,
              ]
            : []),
        ]}
      />
      <LineTable
        heads={[t('screen.item'), t('screen.quantity'), t('screen.total')]}
        rows={(rows ?? []).map((line) => ({
          key: line.id,
          cells: [
            line.itemName,
            line.quantity === 0 ? '–' : <Quantity key="quantity" value={line.quantity} unit={line.unit} />,
            <Money key="total" amount={line.total} currency={row.currency} />,
          ],
        }))}
      />
    </>
  )
}
