// The customers that this device carries, by name, code or phone.
import { Button } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useState, type ReactNode } from 'react'
import { useLocation } from 'wouter'
import { CardLines } from '../../design/data-cards.tsx'
import { DataList } from '../../design/data-list.tsx'
import { useMay } from '../../design/device-context.ts'
import { Page, PageHeader } from '../../design/page.tsx'
import { RowMark } from '../../design/row-mark.tsx'
import { StatusChip } from '../../design/status-chip.tsx'
import { useView, type RowOfView } from '../../design/use-view.ts'
import { Day, Money } from '../../design/values.tsx'
import { t } from '../../design/words.ts'
import type { customers } from '../../../modules/crm/views.ts'
import { useUnsent } from '../shared/use-unsent.ts'
import { useWorkplace } from '../shared/use-workplace.ts'

type Row = RowOfView<typeof customers>
const rowsMax = 200

export function CustomerList(): ReactNode {
  const [, go] = useLocation()
  const { today, user } = useWorkplace()
  const mayCreate = useMay('masters.createParty')
  const [search, setSearch] = useState('')
  const [isMine, setMine] = useState(false)
  const { rows, error } = useView<typeof customers>('crm.customers', {
    today,
    search,
    limit: rowsMax,
    ...(isMine && { owner: user }),
  })
  const unsent = useUnsent('masters.party')
  const create = () => go('/customers/new')
  const marks = (row: Row): ReactNode => (
    <>
      <RowMark state={unsent.get(row.id) ?? null} />
      {row.isOnHold === 1 && <StatusChip tone="attention">{t('crm.on-hold')}</StatusChip>}
      {row.isVisitDue === 1 && <StatusChip tone="info">{t('crm.visit-due')}</StatusChip>}
    </>
  )
  return (
    <Page
      isFilled
      header={
        <PageHeader
          title={t('screen.customers')}
          actions={
            mayCreate && (
              <Button leftSection={<IconPlus size={18} aria-hidden />} onClick={create}>
                {t('crm.new-customer')}
              </Button>
            )
          }
        />
      }
    >
      <DataList<Row>
        label={t('screen.customers')}
        rows={rows}
        error={error}
        rowKey={({ id }) => id}
        onOpen={({ id }) => go(`/customers/${encodeURIComponent(id)}`)}
        toolbar={{
          search: { value: search, onChange: setSearch, placeholder: t('crm.search') },
          chips: [{ id: 'mine', label: t('crm.mine'), isOn: isMine, toggle: () => setMine((last) => !last) }],
          isFiltered: search !== '' || isMine,
          onClear: () => {
            setSearch('')
            setMine(false)
          },
        }}
        empty={{
          text: t('crm.no-customers'),
          ...(mayCreate && { primary: { label: t('crm.new-customer'), run: create } }),
        }}
        card={(row) => (
          <CardLines
            title={row.name}
            figure={row.receivableMinor === 0 ? null : <Money amount={row.receivableMinor} />}
            below={
              <>
                <span>{row.code ?? row.phone ?? ''}</span>
                {marks(row)}
              </>
            }
          />
        )}
        columns={[
          { id: 'name', head: t('crm.name'), cell: (row) => row.name },
          { id: 'code', head: t('crm.code'), cell: (row) => row.code ?? '–', width: '100px', isMinor: true },
          { id: 'marks', head: t('screen.status'), cell: marks, width: '170px' },
          { id: 'phone', head: t('crm.phone'), cell: (row) => row.phone ?? '–', width: '150px', isMinor: true },
          {
            id: 'last',
            head: t('crm.last-visit'),
            cell: (row) => <Day day={row.lastVisitOn} />,
            width: '130px',
            isMinor: true,
          },
          { id: 'next', head: t('crm.next-visit'), cell: (row) => <Day day={row.nextVisitOn} />, width: '130px' },
          {
            id: 'owes',
            head: t('crm.owes'),
            cell: (row) => <Money amount={row.receivableMinor} />,
            align: 'end',
            width: '120px',
          },
        ]}
      />
    </Page>
  )
}
