// Values that lost when two people changed the same field: what it was, what stands, what was lost, and the choice between them. Both ways can
// be undone: the value that gives way is kept in turn.
import { Button } from '@mantine/core'
import type { ReactNode } from 'react'
import { useLocation } from 'wouter'
import { CardLines } from '../../design/data-cards.tsx'
import { DataList } from '../../design/data-list.tsx'
import { DetailPane } from '../../design/detail-pane.tsx'
import { useMay } from '../../design/device-context.ts'
import { FactList, Page } from '../../design/page.tsx'
import { StatusChip } from '../../design/status-chip.tsx'
import { useView, type RowOfView } from '../../design/use-view.ts'
import { Ago } from '../../design/values.tsx'
import { t } from '../../design/words.ts'
import type { lostList } from '../../../modules/review/views.ts'
import { RefusalNote } from '../shared/refusal-note.tsx'
import { useSave } from '../shared/use-save.ts'
import { fieldName, usePeople, valueText } from './facts-table.tsx'
import { ReviewHeader } from './review-screen.tsx'
import { useAsked } from './use-asked.ts'

type Row = RowOfView<typeof lostList>

const shown = (row: Row, text: string | null): string => valueText(row.field, text === null ? null : JSON.parse(text))

export function LostValues({ openId }: { readonly openId: string | null }): ReactNode {
  const [, go] = useLocation()
  const { rows, error } = useView<typeof lostList>('review.lostList', {})
  const nameOf = usePeople()
  const { isAsked } = useAsked()
  const open = rows?.find(({ id }) => id === openId) ?? null
  return (
    <Page isFilled header={<ReviewHeader />} detail={open !== null && <Detail key={open.id} row={open} onClose={() => go('/review/values')} />}>
      <DataList<Row>
        label={t('review.values', { count: rows?.length ?? 0 })}
        rows={rows}
        error={error}
        rowKey={({ id }) => id}
        openKey={open?.id ?? null}
        onOpen={({ id }) => go(`/review/values/${encodeURIComponent(id)}`)}
        empty={{ text: t('review.no-values') }}
        card={(row) => <CardLines title={fieldName(row.field)} figure={<Ago at={row.at} />} below={<span>{t('review.kept-and-lost', { kept: shown(row, row.kept), lost: shown(row, row.lost) })}</span>} />}
        columns={[
          { id: 'field', head: t('review.field'), cell: (row) => fieldName(row.field), width: '150px' },
          { id: 'kept', head: t('review.kept'), cell: (row) => shown(row, row.kept) },
          { id: 'lost', head: t('review.lost'), cell: (row) => shown(row, row.lost) },
          { id: 'who', head: t('screen.who'), cell: (row) => nameOf(row.by), width: '150px', isMinor: true },
          { id: 'when', head: t('screen.when'), cell: (row) => <Ago at={row.at} />, width: '130px', isMinor: true },
          { id: 'state', head: t('screen.status'), cell: (row) => (isAsked(row.id) ? <StatusChip tone="info">{t('review.asked')}</StatusChip> : <StatusChip tone="attention">{t('review.open')}</StatusChip>), width: '170px' },
        ]}
      />
    </Page>
  )
}

function Detail({ row, onClose }: { readonly row: Row; readonly onClose: () => void }): ReactNode {
  const maySettle = useMay('review.settle')
  const nameOf = usePeople()
  const { isAsked, mark } = useAsked()
  const { save, refusal, isSaving } = useSave()
  const decide = async (restore: boolean) => {
    if ((await save('review.restoreLost', { lost: row.id, restore })) === null) return
    mark(row.id)
    onClose()
  }
  return (
    <DetailPane
      title={fieldName(row.field)}
      onClose={onClose}
      actions={
        maySettle &&
        !isAsked(row.id) && (
          <>
            <Button variant="default" loading={isSaving} onClick={() => void decide(false)}>
              {t('review.keep')}
            </Button>
            <Button loading={isSaving} onClick={() => void decide(true)}>
              {t('review.restore')}
            </Button>
          </>
        )
      }
    >
      <p>{t(row.isMine === 1 ? 'review.lost-mine' : 'review.lost-other', { field: fieldName(row.field), name: nameOf(row.by) })}</p>
      <FactList
        facts={[
          [t('review.before'), shown(row, row.base)],
          [t('review.kept'), shown(row, row.kept)],
          [t('review.lost'), shown(row, row.lost)],
          [t('screen.when'), <Ago key="at" at={row.at} />],
        ]}
      />
      <RefusalNote refusal={refusal} />
    </DetailPane>
  )
}
