// Values that lost when two people changed the same field, the oldest first. Deciding is the pane's.
import type { ReactNode } from 'react'
import { useLocation } from 'wouter'
import { CardLines } from '../../design/data-cards.tsx'
import { DataList } from '../../design/data-list.tsx'
import { Page } from '../../design/page.tsx'
import { StatusChip } from '../../design/status-chip.tsx'
import { useView } from '../../design/use-view.ts'
import { Ago } from '../../design/values.tsx'
import { t } from '../../design/words.ts'
import type { lostList } from '../../../modules/review/views.ts'
import { usePeople } from '../shared/use-people.ts'
import { useFactContext } from './facts-table.tsx'
import { LostValuePane, recordedIn, shown, titleOf, type LostRow } from './lost-value-pane.tsx'
import { ReviewHeader } from './review-header.tsx'
import { useAsked } from './use-asked.ts'
import { useListKeys } from './use-list-keys.ts'

export function LostValues({ openId }: { readonly openId: string | null }): ReactNode {
  const [, go] = useLocation()
  const { rows, error } = useView<typeof lostList>('review.lostList', {})
  const nameOf = usePeople()
  const isAsked = useAsked()
  const context = useFactContext(rows?.map(recordedIn) ?? [])
  const open = rows?.find(({ id }) => id === openId) ?? null
  const goTo = (id: string) => go(`/review/values/${encodeURIComponent(id)}`)
  useListKeys({ keys: rows?.map(({ id }) => id) ?? [], openKey: open?.id ?? null, open: goTo })
  const title = (row: LostRow): string => titleOf(row, context)
  return (
    <Page
      isFilled
      header={<ReviewHeader />}
      detail={open !== null && <LostValuePane key={open.id} row={open} onClose={() => go('/review/values')} />}
    >
      <DataList<LostRow>
        label={t('review.values', { count: rows?.length ?? 0 })}
        rows={rows}
        error={error}
        rowKey={({ id }) => id}
        openKey={open?.id ?? null}
        onOpen={({ id }) => goTo(id)}
        empty={{ text: t('review.no-values') }}
        card={(row) => (
          <CardLines
            title={title(row)}
            figure={<Ago at={row.at} />}
            below={
              <span>
                {t('review.kept-and-lost', {
                  kept: shown(row, row.kept, context),
                  lost: shown(row, row.lost, context),
                })}
              </span>
            }
          />
        )}
        columns={[
          { id: 'field', head: t('review.field'), cell: title },
          { id: 'kept', head: t('review.kept'), cell: (row) => shown(row, row.kept, context), width: '120px' },
          { id: 'lost', head: t('review.lost'), cell: (row) => shown(row, row.lost, context), width: '120px' },
          { id: 'who', head: t('screen.who'), cell: (row) => nameOf(row.by), width: '150px', isMinor: true },
          { id: 'when', head: t('screen.when'), cell: (row) => <Ago at={row.at} />, width: '130px', isMinor: true },
          {
            id: 'state',
            head: t('screen.status'),
            cell: (row) =>
              isAsked(row.id) ? (
                <StatusChip tone="info">{t('review.asked')}</StatusChip>
              ) : (
                <StatusChip tone="attention">{t('review.open')}</StatusChip>
              ),
            width: '140px',
          },
        ]}
      />
    </Page>
  )
}
