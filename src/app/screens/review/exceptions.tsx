// Named exceptions: facts that stand and that somebody should look at. Closing one says what came of it.
import { Button } from '@mantine/core'
import { useState, type ReactNode } from 'react'
import { useLocation } from 'wouter'
import { CardLines } from '../../design/data-cards.tsx'
import { DataList } from '../../design/data-list.tsx'
import { DetailPane } from '../../design/detail-pane.tsx'
import { useMay } from '../../design/device-context.ts'
import { NoteField } from '../../design/fields.tsx'
import { Page, Section } from '../../design/page.tsx'
import { StatusChip } from '../../design/status-chip.tsx'
import { useView, type RowOfView } from '../../design/use-view.ts'
import { Ago } from '../../design/values.tsx'
import { commandText, exceptionText, t } from '../../design/words.ts'
import type { Facts } from '../../../kernel/refusal.ts'
import type { closeException } from '../../../modules/review/close-exception.ts'
import type { exceptionList } from '../../../modules/review/views.ts'
import { RefusalNote } from '../shared/refusal-note.tsx'
import { useSave } from '../shared/use-save.ts'
import { FactsTable, parsed, usePeople } from './facts-table.tsx'
import { ReviewHeader } from './review-screen.tsx'
import { useAsked } from './use-asked.ts'

type Row = RowOfView<typeof exceptionList>

export function Exceptions({ openId }: { readonly openId: string | null }): ReactNode {
  const [, go] = useLocation()
  const { rows, error } = useView<typeof exceptionList>('review.exceptionList', {})
  const nameOf = usePeople()
  const { isAsked } = useAsked()
  const open = rows?.find(({ id }) => id === openId) ?? null
  const sentence = (row: Row): string => exceptionText(row.code, parsed(row.facts) as Facts)
  return (
    <Page isFilled header={<ReviewHeader />} detail={open !== null && <Detail key={open.id} row={open} onClose={() => go('/review/exceptions')} />}>
      <DataList<Row>
        label={t('review.exceptions', { count: rows?.length ?? 0 })}
        rows={rows}
        error={error}
        rowKey={({ id }) => id}
        openKey={open?.id ?? null}
        onOpen={({ id }) => go(`/review/exceptions/${encodeURIComponent(id)}`)}
        empty={{ text: t('review.no-exceptions') }}
        card={(row) => <CardLines title={sentence(row)} figure={<Ago at={row.raisedAt} />} below={<span>{commandText(row.command)}</span>} />}
        columns={[
          { id: 'what', head: t('review.what'), cell: sentence },
          { id: 'command', head: t('review.by'), cell: (row) => commandText(row.command), width: '170px' },
          { id: 'who', head: t('screen.who'), cell: (row) => nameOf(row.user), width: '150px', isMinor: true },
          { id: 'when', head: t('screen.when'), cell: (row) => <Ago at={row.raisedAt} />, width: '130px', isMinor: true },
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
  const [remark, setRemark] = useState('')
  const [isMissing, setMissing] = useState(false)
  const close = async () => {
    setMissing(remark.trim() === '')
    if (remark.trim() === '') return
    if ((await save<typeof closeException>('review.closeException', { exception: row.id, remark: remark.trim() })) === null) return
    mark(row.id)
    onClose()
  }
  const isOpen = maySettle && !isAsked(row.id)
  return (
    <DetailPane
      title={exceptionText(row.code, parsed(row.facts) as Facts)}
      subtitle={`${commandText(row.command)} · ${nameOf(row.user)}`}
      onClose={onClose}
      actions={
        isOpen && (
          <Button loading={isSaving} onClick={() => void close()}>
            {t('review.close')}
          </Button>
        )
      }
    >
      <Section title={t('review.facts')}>
        <FactsTable facts={parsed(row.facts)} />
      </Section>
      {isOpen && <NoteField label={t('review.remark')} value={remark} onChange={setRemark} isRequired error={isMissing ? t('form.reason-needed') : null} />}
      <RefusalNote refusal={refusal} />
    </DetailPane>
  )
}
