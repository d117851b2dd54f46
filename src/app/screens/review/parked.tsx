// Work that the hub parked: why, with which arguments, and what can be done: send it again, force it, or discard it with a reason. It never
// blocks the work behind it.
import type { ReactNode } from 'react'
import { useLocation } from 'wouter'
import { CardLines } from '../../design/data-cards.tsx'
import { DataList } from '../../design/data-list.tsx'
import { Page } from '../../design/page.tsx'
import { StatusChip } from '../../design/status-chip.tsx'
import { useView, type RowOfView } from '../../design/use-view.ts'
import { Ago } from '../../design/values.tsx'
import { refusalText, t } from '../../design/words.ts'
import type { Facts } from '../../../kernel/refusal.ts'
import type { parkedList } from '../../../modules/review/views.ts'
import { parsed } from './facts-table.tsx'
import { usePeople } from '../shared/use-people.ts'
import { ParkedPane, titleOf } from './parked-pane.tsx'
import { ReviewHeader } from './review-header.tsx'
import { useAsked } from './use-asked.ts'
import { useListKeys } from './use-list-keys.ts'

type Row = RowOfView<typeof parkedList>

export function Parked({ openId }: { readonly openId: string | null }): ReactNode {
  const [, go] = useLocation()
  const { rows, error } = useView<typeof parkedList>('review.parkedList', {})
  const nameOf = usePeople()
  const isAsked = useAsked()
  const open = rows?.find(({ id }) => id === openId) ?? null
  const goTo = (id: string) => go(`/review/${encodeURIComponent(id)}`)
  useListKeys({ keys: rows?.map(({ id }) => id) ?? [], openKey: open?.id ?? null, open: goTo })
  const why = (row: Row): string => refusalText(row.reason, parsed(row.facts) as Facts)
  return (
    <Page
      isFilled
      header={<ReviewHeader />}
      detail={open !== null && <ParkedPane key={open.id} row={open} onClose={() => go('/review')} />}
    >
      <DataList<Row>
        label={t('review.parked', { count: rows?.length ?? 0 })}
        rows={rows}
        error={error}
        rowKey={({ id }) => id}
        openKey={open?.id ?? null}
        onOpen={({ id }) => goTo(id)}
        empty={{ text: t('review.none') }}
        card={(row) => (
          <CardLines
            title={titleOf(row)}
            below={
              <>
                <span>{why(row)}</span>
                <Ago at={row.capturedAt} />
                {isAsked(row.id) && <StatusChip tone="info">{t('review.asked')}</StatusChip>}
              </>
            }
          />
        )}
        columns={[
          { id: 'what', head: t('review.what'), cell: titleOf, width: '230px' },
          { id: 'why', head: t('review.why'), cell: why },
          { id: 'who', head: t('screen.who'), cell: (row) => nameOf(row.user), width: '150px', isMinor: true },
          {
            id: 'when',
            head: t('screen.when'),
            cell: (row) => <Ago at={row.capturedAt} />,
            width: '130px',
            isMinor: true,
          },
          {
            id: 'state',
            head: t('screen.status'),
            cell: (row) =>
              isAsked(row.id) ? (
                <StatusChip tone="info">{t('review.asked')}</StatusChip>
              ) : (
                <StatusChip tone="attention">{t('row.parked')}</StatusChip>
              ),
            width: '140px',
          },
        ]}
      />
    </Page>
  )
}
