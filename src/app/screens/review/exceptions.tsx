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
import { commandText, currentLocale, dutyText, exceptionText, t } from '../../design/words.ts'
import { formatWhen } from '../../text/format.ts'
import type { Facts } from '../../../kernel/refusal.ts'
import type { closeException } from '../../../modules/review/close-exception.ts'
import type { exceptionList } from '../../../modules/review/views.ts'
import { RefusalNote } from '../shared/refusal-note.tsx'
import { usePeople } from '../shared/use-people.ts'
import { useSave } from '../shared/use-save.ts'
import { aboutText, idsIn } from './fact-text.ts'
import { FactsTable, parsed, useFactContext } from './facts-table.tsx'
import { ReviewHeader } from './review-header.tsx'
import { useAsked } from './use-asked.ts'
import { useListKeys } from './use-list-keys.ts'
import classes from './review.module.css'

type Row = RowOfView<typeof exceptionList>

export function Exceptions({ openId }: { readonly openId: string | null }): ReactNode {
  const [, go] = useLocation()
  const { rows, error } = useView<typeof exceptionList>('review.exceptionList', {})
  const nameOf = usePeople()
  const isAsked = useAsked()
  const context = useFactContext(rows?.map(({ facts }) => idsIn(parsed(facts))) ?? [])
  const about = (row: Row): string => aboutText(parsed(row.facts), context) ?? '–'
  const open = rows?.find(({ id }) => id === openId) ?? null
  const goTo = (id: string) => go(`/review/exceptions/${encodeURIComponent(id)}`)
  useListKeys({ keys: rows?.map(({ id }) => id) ?? [], openKey: open?.id ?? null, open: goTo })
  const sentence = (row: Row): string => exceptionText(row.code, parsed(row.facts) as Facts)
  return (
    <Page
      isFilled
      header={<ReviewHeader />}
      detail={open !== null && <Detail key={open.id} row={open} onClose={() => go('/review/exceptions')} />}
    >
      <DataList<Row>
        label={t('review.exceptions', { count: rows?.length ?? 0 })}
        rows={rows}
        error={error}
        rowKey={({ id }) => id}
        openKey={open?.id ?? null}
        onOpen={({ id }) => goTo(id)}
        empty={{ text: t('review.no-exceptions') }}
        card={(row) => (
          <CardLines
            title={sentence(row)}
            below={
              <>
                <span>{about(row)}</span>
                <span>{commandText(row.command)}</span>
                <Ago at={row.raisedAt} />
                {isAsked(row.id) && <StatusChip tone="info">{t('review.asked')}</StatusChip>}
              </>
            }
          />
        )}
        columns={[
          { id: 'what', head: t('review.what'), cell: sentence },
          { id: 'about', head: t('review.about'), cell: about, width: '190px' },
          {
            id: 'command',
            head: t('review.by'),
            cell: (row) => commandText(row.command),
            width: '150px',
            isMinor: true,
          },
          {
            id: 'owner',
            head: t('review.owner'),
            cell: (row) => (row.owner === null ? '–' : dutyText(row.owner)),
            width: '140px',
            isMinor: true,
          },
          { id: 'who', head: t('screen.who'), cell: (row) => nameOf(row.user), width: '150px', isMinor: true },
          {
            id: 'when',
            head: t('screen.when'),
            cell: (row) => <Ago at={row.raisedAt} />,
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
                <StatusChip tone="attention">{t('review.open')}</StatusChip>
              ),
            width: '170px',
          },
        ]}
      />
    </Page>
  )
}

function Detail({ row, onClose }: { readonly row: Row; readonly onClose: () => void }): ReactNode {
  const maySettle = useMay('review.closeException')
  const nameOf = usePeople()
  const isAsked = useAsked()
  const facts = parsed(row.facts)
  const context = useFactContext(facts)
  const { save, refusal, isSaving } = useSave()
  const [remark, setRemark] = useState('')
  const [isMissing, setMissing] = useState(false)
  const close = async () => {
    setMissing(remark.trim() === '')
    if (remark.trim() === '') return
    if (
      (await save<typeof closeException>('review.closeException', { exception: row.id, remark: remark.trim() })) ===
      null
    )
      return
    onClose()
  }
  const isOpen = maySettle && !isAsked(row.id)
  return (
    <DetailPane
      title={exceptionText(row.code, facts as Facts)}
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
      <div className={classes['pane']}>
        <p className={classes['sentence']}>
          {t('review.exception-sentence', {
            name: nameOf(row.user),
            command: commandText(row.command),
            when: formatWhen(row.raisedAt, context.now, currentLocale()),
            reason: exceptionText(row.code, facts as Facts),
          })}
        </p>
        <Section title={t('review.facts')}>
          <FactsTable facts={facts} context={context} />
        </Section>
        {isAsked(row.id) && (
          <div>
            <StatusChip tone="info">{t('review.asked')}</StatusChip>
          </div>
        )}
        {isOpen && (
          <NoteField
            label={t('review.remark')}
            value={remark}
            onChange={setRemark}
            isRequired
            error={isMissing ? t('form.reason-needed') : null}
          />
        )}
        <RefusalNote refusal={refusal} />
      </div>
    </DetailPane>
  )
}
