// Work that the hub parked: why, with which arguments, and what can be done: send it again (changed), force it, or discard it with a reason. It
// never blocks the work behind it.
import { Button } from '@mantine/core'
import { useState, type ReactNode } from 'react'
import { useLocation } from 'wouter'
import { ConfirmSheet } from '../../design/confirm-sheet.tsx'
import { CardLines } from '../../design/data-cards.tsx'
import { DataList } from '../../design/data-list.tsx'
import { DetailPane } from '../../design/detail-pane.tsx'
import { useMay } from '../../design/device-context.ts'
import { TextField } from '../../design/fields.tsx'
import { Page, Section } from '../../design/page.tsx'
import { StatusChip } from '../../design/status-chip.tsx'
import { useView, type RowOfView } from '../../design/use-view.ts'
import { Ago } from '../../design/values.tsx'
import { commandText, refusalText, t } from '../../design/words.ts'
import type { Facts } from '../../../kernel/refusal.ts'
import type { parkedList } from '../../../modules/review/views.ts'
import { RefusalNote } from '../shared/refusal-note.tsx'
import { useSave } from '../shared/use-save.ts'
import { FactsTable, fieldName, parsed, usePeople } from './facts-table.tsx'
import { ReviewHeader } from './review-screen.tsx'
import { useAsked } from './use-asked.ts'

type Row = RowOfView<typeof parkedList>

export function Parked({ openId }: { readonly openId: string | null }): ReactNode {
  const [, go] = useLocation()
  const { rows, error } = useView<typeof parkedList>('review.parkedList', {})
  const nameOf = usePeople()
  const { isAsked } = useAsked()
  const open = rows?.find(({ id }) => id === openId) ?? null
  return (
    <Page isFilled header={<ReviewHeader />} detail={open !== null && <Detail key={open.id} row={open} onClose={() => go('/review')} />}>
      <DataList<Row>
        label={t('review.parked', { count: rows?.length ?? 0 })}
        rows={rows}
        error={error}
        rowKey={({ id }) => id}
        openKey={open?.id ?? null}
        onOpen={({ id }) => go(`/review/${encodeURIComponent(id)}`)}
        empty={{ text: t('review.none') }}
        card={(row) => <CardLines title={commandText(row.command)} figure={<Ago at={row.capturedAt} />} below={<span>{refusalText(row.reason, parsed(row.facts) as Facts)}</span>} />}
        columns={[
          { id: 'what', head: t('review.what'), cell: (row) => commandText(row.command), width: '200px' },
          { id: 'why', head: t('review.why'), cell: (row) => refusalText(row.reason, parsed(row.facts) as Facts) },
          { id: 'who', head: t('screen.who'), cell: (row) => nameOf(row.user), width: '150px', isMinor: true },
          { id: 'when', head: t('screen.when'), cell: (row) => <Ago at={row.capturedAt} />, width: '130px', isMinor: true },
          { id: 'state', head: t('screen.status'), cell: (row) => (isAsked(row.id) ? <StatusChip tone="info">{t('review.asked')}</StatusChip> : <StatusChip tone="attention">{t('row.parked')}</StatusChip>), width: '170px' },
        ]}
      />
    </Page>
  )
}

function Detail({ row, onClose }: { readonly row: Row; readonly onClose: () => void }): ReactNode {
  const mayForce = useMay('review.force')
  const maySettle = useMay('review.settle')
  const nameOf = usePeople()
  const { isAsked, mark } = useAsked()
  const { save, refusal, isSaving } = useSave()
  const [asking, setAsking] = useState<'force' | 'discard' | null>(null)
  const original = parsed(row.args)
  const [edited, setEdited] = useState<Readonly<Record<string, string>>>({})
  const editable = Object.entries(original).filter(([, value]) => typeof value === 'string' || typeof value === 'number')
  const rest = Object.fromEntries(Object.entries(original).filter(([field]) => !editable.some(([name]) => name === field)))

  const resubmit = async () => {
    const changes = Object.entries(edited).flatMap(([field, text]): [string, unknown][] => {
      const before = original[field]
      if (typeof before === 'number') return Number.isSafeInteger(Number(text)) && String(before) !== text ? [[field, Number(text)]] : []
      return before === text ? [] : [[field, text]]
    })
    const args = changes.length === 0 ? {} : { args: { ...original, ...Object.fromEntries(changes) } }
    if ((await save('review.resubmit', { item: row.id, ...args })) !== null) mark(row.id)
  }
  const settle = async (reason: string) => {
    const saved = await save(asking === 'force' ? 'review.force' : 'review.discard', { item: row.id, reason })
    setAsking(null)
    if (saved !== null) mark(row.id)
  }
  const isOpen = !isAsked(row.id)
  return (
    <DetailPane
      title={commandText(row.command)}
      subtitle={`${nameOf(row.user)} · ${row.dev}`}
      onClose={onClose}
      actions={
        isOpen && (
          <>
            {maySettle && (
              <Button variant="default" onClick={() => setAsking('discard')}>
                {t('review.discard')}
              </Button>
            )}
            {mayForce && (
              <Button variant="default" onClick={() => setAsking('force')}>
                {t('review.force')}
              </Button>
            )}
            {maySettle && (
              <Button loading={isSaving} onClick={() => void resubmit()}>
                {t('review.resubmit')}
              </Button>
            )}
          </>
        )
      }
    >
      <p>
        <strong>{refusalText(row.reason, parsed(row.facts) as Facts)}</strong>
      </p>
      {!isOpen && <StatusChip tone="info">{t('review.asked')}</StatusChip>}
      <RefusalNote refusal={refusal} />
      <Section title={t('review.facts')}>
        <FactsTable facts={parsed(row.facts)} />
      </Section>
      <Section title={t('review.arguments')}>
        {editable.map(([field, value]) => (
          <TextField key={field} label={fieldName(field)} value={edited[field] ?? String(value)} isDisabled={!maySettle || !isOpen} onChange={(text) => setEdited((last) => ({ ...last, [field]: text }))} />
        ))}
        <FactsTable facts={rest} />
      </Section>
      <ConfirmSheet
        isOpen={asking !== null}
        title={t(asking === 'force' ? 'review.force' : 'review.discard')}
        confirmLabel={t(asking === 'force' ? 'review.force' : 'review.discard')}
        isGrave={asking === 'discard'}
        needsReason
        isBusy={isSaving}
        onConfirm={(reason) => void settle(reason)}
        onClose={() => setAsking(null)}
      >
        <p>{t(asking === 'force' ? 'review.force-text' : 'review.discard-text')}</p>
      </ConfirmSheet>
    </DetailPane>
  )
}
