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
import { useWidth } from '../../design/use-width.ts'
import { Ago } from '../../design/values.tsx'
import { currentLocale, t } from '../../design/words.ts'
import { formatWhen } from '../../text/format.ts'
import type { lostList } from '../../../modules/review/views.ts'
import { RefusalNote } from '../shared/refusal-note.tsx'
import { usePeople } from '../shared/use-people.ts'
import { useSave } from '../shared/use-save.ts'
import { LineTable } from '../shared/line-table.tsx'
import { fieldName, valueText, type FactContext } from './fact-text.ts'
import { useFactContext } from './facts-table.tsx'
import { ReviewHeader } from './review-header.tsx'
import { useAsked } from './use-asked.ts'
import { useListKeys } from './use-list-keys.ts'
import classes from './review.module.css'

type Row = RowOfView<typeof lostList>

const shown = (row: Row, text: string | null, context: FactContext): string =>
  valueText(row.field, text === null ? null : JSON.parse(text), context)
/** Everything of a row that may name another one. */
const recordedIn = (row: Row): unknown => [
  row.rowId,
  ...[row.base, row.kept, row.lost].map((text) => (text === null ? null : JSON.parse(text))),
]

export function LostValues({ openId }: { readonly openId: string | null }): ReactNode {
  const [, go] = useLocation()
  const { rows, error } = useView<typeof lostList>('review.lostList', {})
  const nameOf = usePeople()
  const isAsked = useAsked()
  const context = useFactContext(rows?.map(recordedIn) ?? [])
  const open = rows?.find(({ id }) => id === openId) ?? null
  const goTo = (id: string) => go(`/review/values/${encodeURIComponent(id)}`)
  useListKeys({ keys: rows?.map(({ id }) => id) ?? [], openKey: open?.id ?? null, open: goTo })
  const title = (row: Row): string => titleOf(row, context)
  return (
    <Page
      isFilled
      header={<ReviewHeader />}
      detail={open !== null && <Detail key={open.id} row={open} onClose={() => go('/review/values')} />}
    >
      <DataList<Row>
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
          { id: 'kept', head: t('review.kept'), cell: (row) => shown(row, row.kept, context), width: '150px' },
          { id: 'lost', head: t('review.lost'), cell: (row) => shown(row, row.lost, context), width: '150px' },
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

/** `Phone of Aire Valley Plumbing` */
const titleOf = (row: Row, { nameOf }: FactContext): string =>
  t('review.of', { field: fieldName(row.field), name: nameOf(row.rowId) ?? row.table })

function Detail({ row, onClose }: { readonly row: Row; readonly onClose: () => void }): ReactNode {
  const maySettle = useMay('review.settle')
  const nameOf = usePeople()
  const isAsked = useAsked()
  const context = useFactContext(recordedIn(row))
  const isPhone = useWidth() === 'phone'
  const { save, refusal, isSaving } = useSave()
  const decide = async (restore: boolean) => {
    if ((await save('review.restoreLost', { lost: row.id, restore })) === null) return
    onClose()
  }
  return (
    <DetailPane
      title={titleOf(row, context)}
      subtitle={t('review.by-when', { name: nameOf(row.by), when: formatWhen(row.at, context.now, currentLocale()) })}
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
      <div className={classes['pane']}>
        <p className={classes['sentence']}>
          {t(row.isMine === 1 ? 'review.lost-mine' : 'review.lost-other', {
            field: fieldName(row.field),
            name: nameOf(row.by),
          })}
        </p>
        {isPhone ? (
          <FactList
            facts={[
              [t('review.before'), shown(row, row.base, context)],
              [t('review.kept'), shown(row, row.kept, context)],
              [t('review.lost'), shown(row, row.lost, context)],
            ]}
          />
        ) : (
          <LineTable
            heads={[t('review.field'), t('review.before'), t('review.kept'), t('review.lost')]}
            rows={[
              {
                key: row.id,
                cells: [
                  fieldName(row.field),
                  ...[row.base, row.kept, row.lost].map((text) => shown(row, text, context)),
                ],
              },
            ]}
          />
        )}
        {isAsked(row.id) && (
          <div>
            <StatusChip tone="info">{t('review.asked')}</StatusChip>
          </div>
        )}
        <RefusalNote refusal={refusal} />
      </div>
    </DetailPane>
  )
}
