// The orders that this device carries, the newest first.
import { Button } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useState, type ReactNode } from 'react'
import { useLocation } from 'wouter'
import { CardLines } from '../../design/data-cards.tsx'
import { DataList } from '../../design/data-list.tsx'
import { Page, PageHeader } from '../../design/page.tsx'
import { RowMark } from '../../design/row-mark.tsx'
import { useView, type RowOfView } from '../../design/use-view.ts'
import { Day, Money } from '../../design/values.tsx'
import { t } from '../../design/words.ts'
import type { orders } from '../../../modules/sales/views.ts'
import { useUnsent } from '../shared/use-unsent.ts'
import { AxisChip, OrderFlag, progressOf } from './order-state.tsx'

type Row = RowOfView<typeof orders>
const rowsMax = 200

export function OrderList(): ReactNode {
  const [, go] = useLocation()
  const [search, setSearch] = useState('')
  const { rows, error } = useView<typeof orders>('sales.orders', { search, limit: rowsMax })
  const unsent = useUnsent('sales.order')
  const create = () => go('/orders/new')
  const marks = (row: Row): ReactNode => (
    <>
      <RowMark state={unsent.get(row.id) ?? null} />
      <OrderFlag order={row} />
      {row.state === 'submitted' && <AxisChip axis="fulfilment" progress={progressOf(row.delivered, row.ordered)} />}
    </>
  )
  return (
    <Page
      isFilled
      header={
        <PageHeader
          title={t('screen.orders')}
          actions={
            <Button leftSection={<IconPlus size={18} aria-hidden />} onClick={create}>
              {t('orders.new')}
            </Button>
          }
        />
      }
    >
      <DataList<Row>
        label={t('screen.orders')}
        rows={rows}
        error={error}
        rowKey={({ id }) => id}
        onOpen={({ id }) => go(`/orders/${encodeURIComponent(id)}`)}
        toolbar={{
          search: { value: search, onChange: setSearch, placeholder: t('orders.search') },
          isFiltered: search !== '',
          onClear: () => setSearch(''),
        }}
        empty={{ text: t('orders.none'), primary: { label: t('orders.new'), run: create } }}
        card={(row) => (
          <CardLines
            title={row.partyName}
            figure={<Money amount={row.total} currency={row.currency} />}
            below={
              <>
                <span>{row.number}</span>
                {marks(row)}
              </>
            }
          />
        )}
        columns={[
          { id: 'number', head: t('screen.number'), cell: (row) => row.number, width: '190px' },
          { id: 'party', head: t('screen.customer'), cell: (row) => row.partyName },
          { id: 'marks', head: t('screen.status'), cell: marks, width: '210px' },
          {
            id: 'date',
            head: t('screen.date'),
            cell: (row) => <Day day={row.businessDate} />,
            width: '130px',
            isMinor: true,
          },
          {
            id: 'deliver',
            head: t('orders.deliver-on'),
            cell: (row) => <Day day={row.deliverOn} />,
            width: '130px',
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
      />
    </Page>
  )
}
