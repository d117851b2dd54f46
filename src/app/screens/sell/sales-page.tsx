// The sales of the open shift, the newest first.
import { useState, type ReactNode } from 'react'
import { useLocation } from 'wouter'
import { DataList } from '../../design/data-list.tsx'
import { Page, PageHeader } from '../../design/page.tsx'
import { RowMark } from '../../design/row-mark.tsx'
import { StatusChip } from '../../design/status-chip.tsx'
import { useView } from '../../design/use-view.ts'
import { Money, When } from '../../design/values.tsx'
import { t } from '../../design/words.ts'
import type { salesOfShift } from '../../../modules/pos/views.ts'
import { BackLink } from '../shared/back-link.tsx'
import { useUnsent } from '../shared/use-unsent.ts'
import type { Till } from './till.ts'

export function SalesPage({ till }: { readonly till: Till }): ReactNode {
  const [, go] = useLocation()
  const [typed, setTyped] = useState('')
  const { rows, error } = useView<typeof salesOfShift>('pos.salesOfShift', { shift: till.shift })
  const unsent = useUnsent('pos.sale')
  const wanted = typed.trim().toUpperCase()
  const shown =
    rows?.filter(
      ({ number, partyName }) =>
        wanted === '' || number.includes(wanted) || (partyName ?? '').toUpperCase().includes(wanted),
    ) ?? null
  return (
    <Page
      isFilled
      header={<PageHeader title={t('pos.sales')} subtitle={till.tillName} back={<BackLink href="/sell" />} />}
    >
      <DataList
        label={t('pos.sales')}
        rows={shown}
        error={error}
        rowKey={({ id }) => id}
        onOpen={({ id }) => go(`/sell/sales/${encodeURIComponent(id)}`)}
        toolbar={{
          search: { value: typed, onChange: setTyped },
          isFiltered: wanted !== '',
          onClear: () => setTyped(''),
        }}
        empty={{ text: t('pos.no-sales'), primary: { label: t('pos.sell'), run: () => go('/sell') } }}
        columns={[
          { id: 'number', head: t('screen.number'), cell: (row) => row.number, width: '200px' },
          {
            id: 'mark',
            head: t('screen.status'),
            cell: (row) => <RowMark state={unsent.get(row.id) ?? null} />,
            width: '90px',
          },
          {
            id: 'kind',
            head: t('pos.kind'),
            cell: (row) =>
              row.kind === 'sale' ? (
                t('pos.sale-kind.sale')
              ) : (
                <StatusChip tone="neutral">{t(`pos.sale-kind.${row.kind}`)}</StatusChip>
              ),
            width: '120px',
          },
          { id: 'party', head: t('screen.customer'), cell: (row) => row.partyName ?? t('screen.walk-in') },
          {
            id: 'at',
            head: t('screen.when'),
            cell: (row) => <When at={row.capturedAt} />,
            width: '110px',
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
