// What came of one decision over many: how far it is, and by name which stayed as they were and why. It reads the durable outbox, so nothing
// is called done before the hub has said so.
import { Button, Progress } from '@mantine/core'
import type { ReactNode } from 'react'
import type { OutboxEntry } from '../../../sync/device/api.ts'
import { Section } from '../../design/page.tsx'
import { refusalText, t } from '../../design/words.ts'
import { said } from './asked.ts'
import type { Bulk, BulkStep } from './use-bulk.ts'
import classes from './review.module.css'

interface Stayed {
  readonly step: BulkStep
  readonly reason: string
}

/** Counted from what the hub answered; what isn't answered yet waits. */
export function resultOf(
  steps: readonly BulkStep[],
  entries: readonly OutboxEntry[],
): { readonly done: number; readonly waiting: number; readonly stayed: readonly Stayed[] } {
  const bySeq = new Map(entries.map((entry) => [entry.seq, entry]))
  let done = 0
  let waiting = 0
  const stayed: Stayed[] = []
  for (const step of steps) {
    if (step.refusal !== null) {
      stayed.push({ step, reason: refusalText(step.refusal.code, step.refusal.facts) })
      continue
    }
    const entry = step.seq === null ? undefined : bySeq.get(step.seq)
    const answer = entry === undefined ? null : said(entry)
    if (answer?.state === 'stayed') stayed.push({ step, reason: refusalText(answer.reason, answer.facts) })
    else if (entry !== undefined && (entry.state === 'accepted' || entry.state === 'adjusted')) done += 1
    else waiting += 1
  }
  return { done, waiting, stayed }
}

export function BulkResult({
  bulk,
  entries,
}: {
  readonly bulk: Bulk
  readonly entries: readonly OutboxEntry[]
}): ReactNode {
  if (bulk.total === 0) return null
  const { done, waiting, stayed } = resultOf(bulk.steps, entries)
  return (
    <div className={classes['result']}>
      <Section
        title={t('review.result-of', { total: bulk.total })}
        actions={
          !bulk.isRunning && (
            <Button size="compact-sm" variant="subtle" onClick={bulk.forget}>
              {t('form.close')}
            </Button>
          )
        }
      >
        {bulk.isRunning && (
          <Progress value={(bulk.steps.length / bulk.total) * 100} aria-label={t('review.progress')} size="sm" />
        )}
        <p role="status">{t('review.result-counts', { done, waiting, stayed: stayed.length })}</p>
        {stayed.length > 0 && (
          <ul className={classes['effects']}>
            {stayed.map(({ step, reason }) => (
              <li key={step.id}>{t('review.result-stayed', { title: step.title, reason })}</li>
            ))}
          </ul>
        )}
      </Section>
    </div>
  )
}
