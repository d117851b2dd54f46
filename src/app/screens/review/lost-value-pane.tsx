// One value that lost: the sentence first, then before, what stands and what lost, and the choice between them with the result it gives. A
// decision is a request with its note, and can be undone: the value that gives way is kept in turn.
import { Button } from '@mantine/core'
import { useEffect, useRef, useState, type ReactNode } from 'react'
import { settleField } from '../../../kernel/merge.ts'
import type { reopenOf } from '../../../modules/review/reopen.ts'
import type { restoreLostOf } from '../../../modules/review/restore-lost.ts'
import type { lostList } from '../../../modules/review/views.ts'
import { DetailPane } from '../../design/detail-pane.tsx'
import { useMay, useSignedIn } from '../../design/device-context.ts'
import { NoteField } from '../../design/fields.tsx'
import { FactList } from '../../design/page.tsx'
import { StatusChip } from '../../design/status-chip.tsx'
import { showToast } from '../../design/toast-store.ts'
import type { RowOfView } from '../../design/use-view.ts'
import { currentLocale, t } from '../../design/words.ts'
import { formatWhen } from '../../text/format.ts'
import { RefusalNote } from '../shared/refusal-note.tsx'
import { usePeople } from '../shared/use-people.ts'
import { useSave } from '../shared/use-save.ts'
import { fieldName, valueText, type FactContext } from './fact-text.ts'
import { useFactContext } from './facts-table.tsx'
import { useAsked } from './use-asked.ts'
import { isTyping } from './use-list-keys.ts'
import classes from './review.module.css'

export type LostRow = RowOfView<typeof lostList>

const read = (text: string | null): unknown => (text === null ? null : JSON.parse(text))
export const shown = (row: LostRow, text: string | null, context: FactContext): string =>
  valueText(row.field, read(text), context)
/** Everything of a row that may name another one. */
export const recordedIn = (row: LostRow): unknown => [row.rowId, ...[row.base, row.kept, row.lost].map(read)]
/** `Phone of Aire Valley Plumbing` */
export const titleOf = (row: LostRow, { nameOf }: FactContext): string =>
  t('review.of', { field: fieldName(row.field), name: nameOf(row.rowId) ?? row.table })

const choices = ['keep', 'restore', 'combine'] as const
type Choice = (typeof choices)[number]

/** Both values in one, where that means something: texts below each other, lists united. */
function combined({ base, kept, lost }: LostRow): unknown {
  const [before, stands, other] = [base, kept, lost].map(read)
  if (Array.isArray(stands) && Array.isArray(other)) return settleField('union', before, stands, other).value
  const areTexts = typeof stands === 'string' && typeof other === 'string' && /\p{L}.*\s/su.test(stands + other)
  return areTexts ? settleField('append', before, stands, other).value : null
}

/** Who changed what when, whose value stands and by which rule. The reader is “you”. */
function sentenceOf(row: LostRow, nameOf: (id: string) => string, me: string, { now }: FactContext): string {
  const named = (id: string | null): string =>
    id === null ? t('review.somebody') : id === me ? t('review.you') : nameOf(id)
  const when = (at: number | null): string => (at === null ? '' : formatWhen(at, now, currentLocale()))
  const facts = { field: fieldName(row.field), name: named(row.by), at: when(row.at), other: named(row.otherBy) }
  const what = t(row.otherAt === null ? 'review.both-changed' : 'review.both-changed-at', {
    ...facts,
    otherAt: when(row.otherAt),
  })
  const why = t(row.isOwnRule === 1 ? 'review.because-own' : 'review.because', {
    name: row.isMine === 1 ? facts.other : facts.name,
    rule: t(
      `review.rule.${row.rule === 'first' || row.rule === 'larger' || row.rule === 'smaller' ? row.rule : 'later'}`,
    ),
  })
  return `${what} ${why}`
}

export function LostValuePane({ row, onClose }: { readonly row: LostRow; readonly onClose: () => void }): ReactNode {
  const maySettle = useMay('review.settle')
  const { user } = useSignedIn()
  const nameOf = usePeople()
  const isAsked = useAsked()
  const context = useFactContext(recordedIn(row))
  const { save, refusal, isSaving } = useSave()
  const [choice, setChoice] = useState<Choice>('keep')
  const [remark, setRemark] = useState('')
  const both = combined(row)
  const offered = choices.filter((each) => each !== 'combine' || both !== null)
  const result: Readonly<Record<Choice, string>> = {
    keep: shown(row, row.kept, context),
    restore: shown(row, row.lost, context),
    combine: valueText(row.field, both, context),
  }
  const isOpen = maySettle && !isAsked(row.id)
  const apply = async () => {
    const args = {
      lost: row.id,
      restore: choice !== 'keep',
      ...(choice === 'combine' && { instead: [both] }),
      ...(remark.trim() !== '' && { remark: remark.trim() }),
    }
    const saved = await save<ReturnType<typeof restoreLostOf>>('review.restoreLost', args, { isQuiet: true })
    if (saved === null) return
    const undo = () => void save<ReturnType<typeof reopenOf>>('review.reopen', { kind: 'value', item: row.id })
    showToast({ tone: 'ok', text: t('review.decided'), action: { label: t('review.undo'), run: undo } })
    onClose()
  }
  useChoiceKeys(isOpen && !isSaving, offered, setChoice, apply)
  return (
    <DetailPane
      title={titleOf(row, context)}
      subtitle={t('review.by-when', { name: nameOf(row.by), when: formatWhen(row.at, context.now, currentLocale()) })}
      onClose={onClose}
      {...(row.isSensitive === 1 && { status: <StatusChip tone="attention">{t('review.sensitive')}</StatusChip> })}
      actions={
        isOpen && (
          <Button loading={isSaving} onClick={() => void apply()}>
            {t('review.apply')}
          </Button>
        )
      }
    >
      <div className={classes['pane']}>
        <p className={classes['sentence']}>{sentenceOf(row, nameOf, user, context)}</p>
        <FactList
          facts={[
            [t('review.before'), shown(row, row.base, context)],
            [t('review.kept'), result.keep],
            [t('review.lost'), result.restore],
            ...(isOpen ? [[t('review.result'), <strong key="result">{result[choice]}</strong>] as const] : []),
          ]}
        />
        {isOpen && (
          <fieldset className={classes['choices']}>
            <legend>{t('review.choose')}</legend>
            {offered.map((each, at) => (
              <label key={each}>
                <input type="radio" name="choice" checked={choice === each} onChange={() => setChoice(each)} />
                <span>{t(`review.${each}`)}</span>
                <kbd aria-hidden>{at + 1}</kbd>
              </label>
            ))}
          </fieldset>
        )}
        {isOpen && <NoteField label={t('review.note')} value={remark} onChange={setRemark} />}
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

/** 1, 2, 3 choose and Enter applies, unless somebody types or stands on a button of their own. */
function useChoiceKeys(
  isOn: boolean,
  offered: readonly Choice[],
  choose: (choice: Choice) => void,
  apply: () => Promise<void>,
): void {
  const latest = useRef({ isOn, offered, choose, apply })
  useEffect(() => {
    latest.current = { isOn, offered, choose, apply }
  })
  useEffect(() => {
    const hear = (event: KeyboardEvent) => {
      const now = latest.current
      const { target } = event
      const isRadio = target instanceof HTMLInputElement && target.type === 'radio'
      if (!now.isOn || event.ctrlKey || event.altKey || event.metaKey || (isTyping(target) && !isRadio)) return
      const chosen = now.offered[Number(event.key) - 1]
      const isElsewhere = target instanceof HTMLElement && target.closest('button, a, [data-index]') !== null
      if (chosen !== undefined) now.choose(chosen)
      else if (event.key === 'Enter' && !isElsewhere) void now.apply()
    }
    document.addEventListener('keydown', hear)
    return () => document.removeEventListener('keydown', hear)
  }, [])
}
