// What was saved here and hasn't come to its end, oldest first, each in plain words with its age, its state and why. What was sent is folded
// away; what needs the person comes with its reason.
import { Button } from '@mantine/core'
import { useState, type ReactNode } from 'react'
import { Link } from 'wouter'
import { OUTBOX_NEWEST, type OutboxEntry, type OutboxState } from '../../sync/device/api.ts'
import { useDevice, useStatusPart } from '../design/device-context.ts'
import { StatusChip } from '../design/status-chip.tsx'
import { Ago, Money } from '../design/values.tsx'
import type { Tone } from '../design/tone-icon.tsx'
import { fieldName } from '../screens/review/fact-text.ts'
import { useOutbox } from '../screens/shared/use-outbox.ts'
import { usePeople } from '../screens/shared/use-people.ts'
import { commandText, exceptionText } from '../text/refusal-text.ts'
import { t } from '../text/translate.ts'
import classes from './sync-panel.module.css'

const tones: Record<OutboxState, Tone> = {
  captured: 'info',
  sent: 'info',
  accepted: 'ok',
  adjusted: 'attention',
  refused: 'error',
  parked: 'attention',
}
const shownSentMax = 20
const isUnanswered = ({ state }: OutboxEntry): boolean => state === 'captured' || state === 'sent'
/** A value of it that lost is nobody's duty, and its author sees it until somebody decides. */
const isDone = ({ state, needsYou, decision, lost }: OutboxEntry): boolean =>
  (state === 'accepted' || state === 'adjusted' || decision !== null) && !needsYou && lost.length === 0

export function OutboxList(): ReactNode {
  const entries = useOutbox()
  const isSending = useStatusPart('exchange') === 'sending'
  const waiting = useStatusPart('waiting') ?? 0
  const blobs = useStatusPart('blobs')
  const hasPhotos = blobs !== null && blobs.count + blobs.refused > 0
  const [showsSent, setShowsSent] = useState(false)
  if (entries === null) return null
  // The device answers the newest first; work is sent in the order it was done.
  const open = entries
    .filter((entry) => !isDone(entry))
    .toSorted((a, b) => Number(b.needsYou) - Number(a.needsYou) || a.seq - b.seq)
  const done = entries.filter(isDone)
  const sent = done.slice(0, shownSentMax)
  const unseen = open.filter(({ needsYou }) => needsYou)
  const earlier = entries.length < OUTBOX_NEWEST ? 0 : waiting - open.filter(isUnanswered).length
  return (
    <section aria-label={t('sync.outbox')}>
      <h2>{t('sync.outbox')}</h2>
      {open.length === 0 ? (
        <p className={classes['none']}>{t(hasPhotos ? 'sync.outbox-empty-photos' : 'sync.outbox-empty')}</p>
      ) : (
        <ol className={classes['entries']}>
          {open.map((entry) => (
            <Entry key={entry.seq} entry={entry} isSending={isSending} />
          ))}
        </ol>
      )}
      {unseen.length > 1 && <SeenAll entries={unseen} />}
      {open.length > 0 && earlier > 0 && (
        <p className={classes['none']}>{t('sync.more-waiting', { count: earlier })}</p>
      )}
      {sent.length > 0 && (
        <Button
          variant="subtle"
          size="compact-sm"
          px={0}
          onClick={() => setShowsSent(!showsSent)}
          aria-expanded={showsSent}
        >
          {showsSent
            ? t('sync.hide-sent')
            : t(done.length > sent.length ? 'sync.show-newest' : 'sync.show-sent', { count: sent.length })}
        </Button>
      )}
      {showsSent && (
        <ol className={classes['entries']}>
          {sent.map((entry) => (
            <Entry key={entry.seq} entry={entry} isSending={isSending} />
          ))}
        </ol>
      )}
    </section>
  )
}

/** At once what is beside each of them: who was away for a week has read the list and needn't press it line by line. */
function SeenAll({ entries }: { readonly entries: readonly OutboxEntry[] }): ReactNode {
  const device = useDevice()
  const acknowledge = async () => {
    for (const { seq } of entries) await device.acknowledge(seq)
  }
  return (
    <p>
      <Button size="compact-sm" variant="default" onClick={() => void acknowledge()}>
        {t('sync.acknowledge-all', { count: entries.length })}
      </Button>
    </p>
  )
}

/** On its way is what moves at this moment; a try that nobody answered may have arrived or not, and waits. */
const stateText = ({ state }: OutboxEntry, isSending: boolean): string =>
  state === 'sent' && !isSending ? t('sync.unanswered') : t(`sync.${state}`)

interface EntryProps {
  readonly entry: OutboxEntry
  readonly isSending: boolean
}

function Entry({ entry, isSending }: EntryProps): ReactNode {
  const device = useDevice()
  const nameOf = usePeople()
  const { decision } = entry
  const { number, party, amountMinor, currency } = entry.about
  const about = [number, party].filter((part) => typeof part === 'string' && part !== '')
  return (
    <li className={classes['entry']}>
      <div className={classes['entry-line']}>
        <strong>{commandText(entry.command)}</strong>
        {decision === null ? (
          <StatusChip tone={tones[entry.state]}>{stateText(entry, isSending)}</StatusChip>
        ) : (
          <StatusChip tone={decision.state === 'discarded' ? 'attention' : 'ok'}>
            {t(`sync.${decision.state}`)}
          </StatusChip>
        )}
      </div>
      <div className={classes['entry-below']}>
        {about.map((part) => (
          <span key={String(part)}>{String(part)}</span>
        ))}
        {typeof amountMinor === 'number' && (
          <Money amount={amountMinor} currency={typeof currency === 'string' ? currency : null} />
        )}
        <Ago at={entry.at} />
      </div>
      {entry.reason !== null && <p className={classes['reason']}>{exceptionText(entry.reason, entry.facts)}</p>}
      {entry.waitsFor !== null && (
        <p className={classes['reason']}>
          {t('sync.waits-for', { command: commandText(entry.waitsFor.command ?? '') })}
        </p>
      )}
      {entry.lost.map(({ id, field }) => (
        <p key={id} className={classes['reason']}>
          {t('sync.lost', { field: fieldName(field) })}{' '}
          <Link href={`/review/values/${id}`}>{t('sync.see-review')}</Link>
        </p>
      ))}
      {entry.reviewItem !== null && decision === null && entry.waitsFor === null && (
        <p className={classes['reason']}>
          <Link href={`/review/parked/${entry.reviewItem}`}>{t('sync.see-review')}</Link>
        </p>
      )}
      {entry.isOutside && <p className={classes['reason']}>{t('sync.outside')}</p>}
      {decision !== null && (
        <p className={classes['reason']}>
          {t(decision.remark === null ? 'sync.decided-by' : 'sync.decided-because', {
            name: nameOf(decision.by),
            remark: decision.remark ?? '',
          })}
        </p>
      )}
      {entry.needsYou && (
        <Button size="compact-sm" variant="default" onClick={() => void device.acknowledge(entry.seq)}>
          {t('sync.acknowledge')}
        </Button>
      )}
    </li>
  )
}
