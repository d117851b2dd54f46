// What a choice would do, before it is made: rows and sums in words, what people would be asked to look at, and what waits for it. A dry run
// on this device: what only the hub holds isn't in it, and it says so.
import type { ReactNode } from 'react'
import type { Foreseen } from '../../../sync/device/api.ts'
import { Section } from '../../design/page.tsx'
import { ToneIcon, type Tone } from '../../design/tone-icon.tsx'
import { commandText, refusalText, t } from '../../design/words.ts'
import { foreseenTexts, raisedTexts } from './foresight-text.ts'
import { useFactContext } from './facts-table.tsx'
import classes from './review.module.css'

export function Foresight({ steps }: { readonly steps: readonly Foreseen[] | null }): ReactNode {
  const context = useFactContext(steps?.map(({ rows }) => rows.map(({ row, fields }) => [row, fields])) ?? [])
  if (steps === null) return null
  return (
    <Section title={t('review.foreseen')}>
      <div aria-live="polite">
        {steps.map((step, at) => (
          // Steps are in the order in which they would run: their place is who they are.
          <div key={at} className={classes['step']}>
            {steps.length > 1 && <h3>{commandText(step.command)}</h3>}
            <Step step={step} texts={foreseenTexts(step, context)} />
          </div>
        ))}
      </div>
      <p className={classes['dim']}>{t('review.foreseen.help')}</p>
    </Section>
  )
}

function Step({ step, texts }: { readonly step: Foreseen; readonly texts: readonly string[] }): ReactNode {
  if (step.refusal !== null)
    return (
      <Line tone="error">
        {t('review.foreseen.refused', { reason: refusalText(step.refusal.code, step.refusal.facts) })}
      </Line>
    )
  return (
    <ul className={classes['effects']}>
      {texts.map((text) => (
        <li key={text}>{text}</li>
      ))}
      {texts.length === 0 && <li>{t('review.foreseen.nothing')}</li>}
      {raisedTexts(step).map((text) => (
        <li key={text}>
          <Line tone="attention">{t('review.foreseen.raised', { reason: text })}</Line>
        </li>
      ))}
    </ul>
  )
}

const Line = ({ tone, children }: { readonly tone: Tone; readonly children: ReactNode }): ReactNode => (
  <span className={classes['told']} data-tone={tone}>
    <ToneIcon tone={tone} size={16} />
    <span>{children}</span>
  </span>
)
