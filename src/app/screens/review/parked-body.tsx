// What is known of parked work: why the hub couldn't take it, what it would set, what waits for it, and what was entered, which may be changed first.
import { Button } from '@mantine/core'
import type { ReactNode } from 'react'
import type { Facts } from '../../../kernel/refusal.ts'
import type { waitingWork } from '../../../modules/review/views.ts'
import { Section } from '../../design/page.tsx'
import { useView } from '../../design/use-view.ts'
import { commandText, currentLocale, exceptionText, t } from '../../design/words.ts'
import { formatWhen } from '../../text/format.ts'
import { usePeople } from '../shared/use-people.ts'
import { ArgsForm, hasEditable } from './args-form.tsx'
import { readable, type Recorded } from './fact-text.ts'
import { FactsTable, parsed, useFactContext } from './facts-table.tsx'
import type { ParkedRow } from './inbox-item.ts'
import { ParkedFields, type ParkedFieldsProps } from './parked-fields.tsx'
import classes from './review.module.css'

export interface ParkedArgsProps {
  readonly row: ParkedRow
  /** The arguments while they are changed; null: as they were entered. */
  readonly draft: Recorded | null
  readonly onDraft: (draft: Recorded | null) => void
  readonly mayChange: boolean
}

export function ParkedBody({ row, choice, steps }: ParkedFieldsProps): ReactNode {
  const nameOf = usePeople()
  const { rows: waiting } = useView<typeof waitingWork>('review.waitingWork', { item: row.id })
  const facts = parsed(row.facts)
  const context = useFactContext(facts)
  return (
    <>
      <p className={classes['sentence']}>
        {t('review.sentence', {
          name: nameOf(row.user),
          command: commandText(row.command),
          when: formatWhen(row.capturedAt, context.now, currentLocale()),
          reason: exceptionText(row.reason, facts as Facts),
        })}
      </p>
      <ParkedFields row={row} choice={choice} steps={steps} />
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
    </>
  )
}

/** What was entered, to be read or changed. */
export function ParkedArgs({ row, draft, onDraft, mayChange }: ParkedArgsProps): ReactNode {
  const original = parsed(row.args)
  const context = useFactContext(original)
  return (
    <Section
      title={t('review.arguments')}
      actions={
        mayChange &&
        hasEditable(original) && (
          <Button variant="subtle" size="compact-sm" onClick={() => onDraft(draft === null ? original : null)}>
            {t(draft === null ? 'review.change-first' : 'review.not-changed')}
          </Button>
        )
      }
    >
      {draft === null ? (
        <FactsTable facts={original} context={context} />
      ) : (
        <ArgsForm draft={draft} onChange={onDraft} context={context} />
      )}
    </Section>
  )
}
