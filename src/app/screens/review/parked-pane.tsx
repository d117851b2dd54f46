// One parked command: the sentence first, then what is known, then what was entered; and the three ways to go on. Whoever changes it first
// changes only what is plain to read: days, amounts and words, never an id.
import { Button } from '@mantine/core'
import { useState, type ReactNode } from 'react'
import { ConfirmSheet } from '../../design/confirm-sheet.tsx'
import { DetailPane } from '../../design/detail-pane.tsx'
import { useMay } from '../../design/device-context.ts'
import { DateField, TextField } from '../../design/fields.tsx'
import { MoneyField } from '../../design/number-fields.tsx'
import { Section } from '../../design/page.tsx'
import { StatusChip } from '../../design/status-chip.tsx'
import { useView, type RowOfView } from '../../design/use-view.ts'
import { commandText, currentLocale, refusalText, t } from '../../design/words.ts'
import { formatWhen } from '../../text/format.ts'
import { amountMinor } from '../../../kernel/amount.ts'
import type { Facts } from '../../../kernel/refusal.ts'
import type { parkedList, waitingWork } from '../../../modules/review/views.ts'
import type { discard, force, resubmit } from '../../../modules/review/settle-review.ts'
import { RefusalNote } from '../shared/refusal-note.tsx'
import { usePeople } from '../shared/use-people.ts'
import { useSave } from '../shared/use-save.ts'
import { fieldName, isDay, isId, isMoney, readable } from './fact-text.ts'
import { FactsTable, parsed, useFactContext } from './facts-table.tsx'
import { useAsked } from './use-asked.ts'
import classes from './review.module.css'

type Row = RowOfView<typeof parkedList>

/** What it was, and its number or its customer where it has one. */
export function titleOf(row: Row): string {
  const { number, party } = parsed(row.about)
  const named = [number, party].find((each): each is string => typeof each === 'string' && each !== '')
  return named === undefined ? commandText(row.command) : `${commandText(row.command)} · ${named}`
}

const isEditable = (field: string, value: unknown): boolean =>
  typeof value === 'string' ? !isId(value) : typeof value === 'number' && isMoney(field)

export function ParkedPane({ row, onClose }: { readonly row: Row; readonly onClose: () => void }): ReactNode {
  const mayForce = useMay('review.force')
  const maySettle = useMay('review.settle')
  const nameOf = usePeople()
  const isAsked = useAsked()
  const { save, refusal, isSaving } = useSave()
  const [asking, setAsking] = useState<'force' | 'discard' | null>(null)
  const [changes, setChanges] = useState<Readonly<Record<string, unknown>> | null>(null)
  const { rows: waiting } = useView<typeof waitingWork>('review.waitingWork', { item: row.id })
  const facts = parsed(row.facts)
  const original = parsed(row.args)
  const context = useFactContext([facts, original])
  const editable = readable(original).filter(([field, value]) => isEditable(field, value))
  const isFixed = (field: string): boolean => !editable.some(([name]) => name === field)
  const fixed = Object.fromEntries(Object.entries(original).filter(([field]) => isFixed(field)))
  const change = (field: string, value: unknown) => setChanges((last) => ({ ...last, [field]: value }))
  const isFilled = Object.values(changes ?? {}).every((value) => value !== null && value !== '')

  const sendAgain = () => {
    const isChanged = Object.entries(changes ?? {}).some(([field, value]) => original[field] !== value)
    return save<typeof resubmit>('review.resubmit', {
      item: row.id,
      ...(isChanged && { args: { ...original, ...changes } }),
    })
  }
  const settle = async (reason: string) => {
    const args = { item: row.id, reason }
    await (asking === 'force' ? save<typeof force>('review.force', args) : save<typeof discard>('review.discard', args))
    setAsking(null)
  }
  const isOpen = !isAsked(row.id)
  const mayAct = isOpen && (maySettle || mayForce)
  return (
    <DetailPane
      title={titleOf(row)}
      subtitle={`${nameOf(row.user)} · ${row.dev}`}
      onClose={onClose}
      {...(mayAct && {
        actions: (
          <>
            {maySettle && (
              <Button variant="default" px="sm" onClick={() => setAsking('discard')}>
                {t('review.discard')}
              </Button>
            )}
            {mayForce && (
              <Button variant="default" px="sm" onClick={() => setAsking('force')}>
                {t('review.force')}
              </Button>
            )}
            {maySettle && (
              <Button px="sm" loading={isSaving} disabled={!isFilled} onClick={() => void sendAgain()}>
                {t('review.resubmit')}
              </Button>
            )}
          </>
        ),
      })}
    >
      <div className={classes['pane']}>
        <p className={classes['sentence']}>
          {t('review.sentence', {
            name: nameOf(row.user),
            command: commandText(row.command),
            when: formatWhen(row.capturedAt, context.now, currentLocale()),
            reason: refusalText(row.reason, facts as Facts),
          })}
        </p>
        {!isOpen && (
          <div>
            <StatusChip tone="info">{t('review.asked')}</StatusChip>
          </div>
        )}
        <RefusalNote refusal={refusal} />
        {waiting !== null && waiting.length > 0 && (
          <Section title={t('review.waiting-work')}>
            <p className={classes['dim']}>{t('review.waiting-help')}</p>
            <ol className={classes['lines']}>
              {waiting.map((each) => (
                <li key={each.id}>
                  {commandText(each.command)} · {nameOf(each.user)}
                </li>
              ))}
            </ol>
          </Section>
        )}
        {readable(facts).length > 0 && (
          <Section title={t('review.facts')}>
            <FactsTable facts={facts} context={context} />
          </Section>
        )}
        <Section
          title={t('review.arguments')}
          actions={
            maySettle &&
            isOpen &&
            editable.length > 0 && (
              <Button variant="subtle" size="compact-sm" onClick={() => setChanges(changes === null ? {} : null)}>
                {t(changes === null ? 'review.change-first' : 'review.not-changed')}
              </Button>
            )
          }
        >
          {changes === null ? (
            <FactsTable facts={original} context={context} />
          ) : (
            <>
              <p className={classes['dim']}>{t('review.change-help')}</p>
              <div className={classes['fields']}>
                {editable.map(([field, value]) => (
                  <ArgField
                    key={field}
                    field={field}
                    isDate={isDay(value)}
                    value={field in changes ? changes[field] : value}
                    onChange={(next) => change(field, next)}
                  />
                ))}
              </div>
              <FactsTable facts={fixed} context={context} />
            </>
          )}
        </Section>
      </div>
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

function ArgField({
  field,
  value,
  isDate,
  onChange,
}: {
  readonly field: string
  readonly value: unknown
  readonly isDate: boolean
  readonly onChange: (value: unknown) => void
}): ReactNode {
  const label = fieldName(field)
  if (isMoney(field))
    return (
      <MoneyField label={label} value={typeof value === 'number' ? amountMinor(value) : null} onChange={onChange} />
    )
  const text = typeof value === 'string' ? value : ''
  return isDate ? (
    <DateField label={label} value={text} onChange={onChange} />
  ) : (
    <TextField label={label} value={text} onChange={onChange} />
  )
}
