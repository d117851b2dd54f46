// The choices about one thing of the inbox, with their keys, what the chosen one means, and the reason or note that goes with it.
import type { ReactNode } from 'react'
import { NoteField } from '../../design/fields.tsx'
import { t } from '../../design/words.ts'
import type { Choice } from './choices.ts'
import classes from './review.module.css'

export interface DecisionProps {
  readonly choices: readonly Choice[]
  readonly choice: Choice
  readonly onChoose: (id: Choice['id']) => void
  readonly note: string
  readonly onNote: (note: string) => void
  readonly isMissing: boolean
}

export function Decision({ choices, choice, onChoose, note, onNote, isMissing }: DecisionProps): ReactNode {
  return (
    <>
      <fieldset className={classes['choices']}>
        <legend>{t('review.decision')}</legend>
        {choices.map(({ id }, at) => (
          <label key={id}>
            <input type="radio" name="choice" checked={choice.id === id} onChange={() => onChoose(id)} />
            <span>{t(`review.${id}`)}</span>
            <kbd aria-hidden>{at + 1}</kbd>
          </label>
        ))}
      </fieldset>
      {choice.help !== null && <p className={classes['dim']}>{t(choice.help)}</p>}
      {choice.note !== 'none' && (
        <NoteField
          label={t(choice.noteLabel)}
          value={note}
          onChange={onNote}
          rows={2}
          isRequired={choice.note === 'needed'}
          error={isMissing && note.trim() === '' ? t('form.reason-needed') : null}
        />
      )}
    </>
  )
}
