// One thing of the inbox, whatever its kind: the sentence first, then what is known, then the decision with what it would do. 1, 2, 3 choose,
// Enter applies; a decision that only said no can be undone.
import { Button } from '@mantine/core'
import { useState, type ReactNode } from 'react'
import { mayDo } from '../../../kernel/lease.ts'
import { DetailPane } from '../../design/detail-pane.tsx'
import { useSignedIn } from '../../design/device-context.ts'
import { StatusChip } from '../../design/status-chip.tsx'
import { showToast } from '../../design/toast-store.ts'
import { Ago } from '../../design/values.tsx'
import { refusalText, t } from '../../design/words.ts'
import { RefusalNote } from '../shared/refusal-note.tsx'
import { usePeople } from '../shared/use-people.ts'
import { useSave } from '../shared/use-save.ts'
import { expectedOf, isWhole } from './args-draft.ts'
import type { Asked } from './asked.ts'
import { argsOf, choicesFor, type Choice } from './choices.ts'
import { Decision } from './decision.tsx'
import { ExceptionBody } from './exception-body.tsx'
import { fieldName, valueText, type Recorded } from './fact-text.ts'
import { parsed, useFactContext } from './facts-table.tsx'
import { Foresight } from './foresight.tsx'
import type { InboxItem } from './inbox-item.ts'
import { LostBody } from './lost-body.tsx'
import { ParkedArgs, ParkedBody } from './parked-body.tsx'
import { useChoiceKeys } from './use-choice-keys.ts'
import { useForesight } from './use-foresight.ts'
import classes from './review.module.css'

export interface ItemPaneProps {
  readonly item: InboxItem
  readonly asked: Asked | null
  readonly onDecided: () => void
  readonly onClose: () => void
}

export function ItemPane({ item, asked, onDecided, onClose }: ItemPaneProps): ReactNode {
  const who = useSignedIn()
  const nameOf = usePeople()
  const { save, refusal, isSaving } = useSave()
  const isOpen = asked?.state !== 'asked'
  const choices = isOpen ? choicesFor(item, (permission) => mayDo(who, permission)) : []
  const [chosen, setChosen] = useState<Choice['id'] | null>(null)
  const [note, setNote] = useState('')
  const [isMissing, setMissing] = useState(false)
  const [draft, setDraft] = useState<Recorded | null>(null)
  const choice = choices.find(({ id }) => id === chosen) ?? choices[0] ?? null
  const isChanged =
    item.kind === 'parked' && draft !== null && JSON.stringify(draft) !== JSON.stringify(parsed(item.row.args))
  const changed = isChanged && isWhole(draft) ? draft : null
  const isHalf = choice?.id === 'resubmit' && isChanged && changed === null
  const steps = useForesight(
    choice?.command ?? '',
    choice?.isForeseen === true && !isHalf ? argsOf(item, choice, note.trim() === '' ? '–' : note, changed) : null,
  )

  const apply = async () => {
    if (choice === null || isHalf) return
    const lacks = choice.note === 'needed' && note.trim() === ''
    setMissing(lacks)
    if (lacks) return
    if ((await save(choice.command, argsOf(item, choice, note, changed), { isQuiet: true })) === null) return
    const undo = () => void save('review.reopen', { kind: item.kind, item: item.id }, { isQuiet: true })
    const mayUndo = choice.mayUndo && mayDo(who, 'review.settle')
    showToast({
      tone: 'ok',
      text: t('review.decided'),
      ...(mayUndo && { action: { label: t('review.undo'), run: undo } }),
    })
    onDecided()
  }
  useChoiceKeys({
    isOn: choice !== null && !isSaving,
    choices: choices.map(({ id }) => id),
    choose: (id) => setChosen(id),
    apply: () => void apply(),
  })
  const entered = item.kind === 'parked' && (
    <ParkedArgs
      row={item.row}
      draft={draft}
      onDraft={setDraft}
      mayChange={choices.some(({ id }) => id === 'resubmit')}
    />
  )
  return (
    <DetailPane
      title={item.title}
      subtitle={
        <>
          {nameOf(item.by)} · <Ago at={item.since} />
        </>
      }
      onClose={onClose}
      takesFocus
      {...(item.kind === 'value' &&
        item.row.isSensitive === 1 && { status: <StatusChip tone="attention">{t('review.sensitive')}</StatusChip> })}
      {...(item.isUrgent && { status: <StatusChip tone="error">{t('review.urgent')}</StatusChip> })}
      actions={
        choice !== null && (
          <Button
            color={choice.isGrave ? 'red' : 'teal'}
            loading={isSaving}
            disabled={isHalf}
            onClick={() => void apply()}
          >
            {t(item.kind === 'value' ? 'review.apply' : `review.${choice.id}`)}
          </Button>
        )
      }
    >
      <div className={classes['pane']}>
        {item.kind === 'parked' && <ParkedBody row={item.row} choice={choice?.id ?? null} steps={steps} />}
        {item.kind === 'exception' && <ExceptionBody row={item.row} />}
        {item.kind === 'value' && <LostBody row={item.row} choice={choice?.id ?? null} />}
        {!isOpen && (
          <div>
            <StatusChip tone="info">{t('review.asked')}</StatusChip>
          </div>
        )}
        {asked?.state === 'stayed' && (
          <p className={classes['told']} data-tone="error">
            {t('review.last-try', { reason: refusalText(asked.reason, asked.facts) })}
          </p>
        )}
        {/* While it is changed what it would do stands behind it; else the decision comes first. */}
        {draft !== null && entered}
        {choice !== null && (
          <Decision
            choices={choices}
            choice={choice}
            onChoose={setChosen}
            note={note}
            onNote={setNote}
            isMissing={isMissing}
          />
        )}
        <Foresight steps={steps} />
        {item.kind === 'parked' && choice?.id === 'resubmit' && (
          <RightSums
            args={draft ?? parsed(item.row.args)}
            facts={steps?.[0]?.refusal?.facts ?? {}}
            onTake={(args) => setDraft(args)}
          />
        )}
        <RefusalNote refusal={refusal} />
        {draft === null && entered}
      </div>
    </DetailPane>
  )
}

/** What a refusal says would be right, to be taken over with one touch: nobody works out sums by hand. */
function RightSums({
  args,
  facts,
  onTake,
}: {
  readonly args: Recorded
  readonly facts: Recorded
  readonly onTake: (args: Recorded) => void
}): ReactNode {
  const context = useFactContext(null)
  const expected = expectedOf(args, facts)
  const words = Object.entries(expected).map(
    ([field, value]) => `${fieldName(field)} ${valueText(field, value, context)}`,
  )
  if (words.length === 0) return null
  return (
    <Button variant="default" className={classes['wraps'] ?? ''} onClick={() => onTake({ ...args, ...expected })}>
      {t('review.take-over', { sums: words.join(' · ') })}
    </Button>
  )
}
