// The bar of what was chosen in the list: one decision for all of it, with its reason and with what it would do, before it is made.
import { Button, NativeSelect, TextInput } from '@mantine/core'
import { useEffect, useState, type ReactNode } from 'react'
import { mayDo } from '../../../kernel/lease.ts'
import { useDevice, useSignedIn } from '../../design/device-context.ts'
import { ActionBar } from '../../design/page.tsx'
import { t } from '../../design/words.ts'
import { argsOf, choicesForAll, type Choice } from './choices.ts'
import type { InboxItem } from './inbox-item.ts'
import type { Bulk } from './use-bulk.ts'
import classes from './review.module.css'

/** So many are looked at ahead; more would keep the device from its work. */
const FORESEEN_MAX = 50

interface Ahead {
  readonly key: string
  readonly taken: number
  readonly stay: number
}

/** How many would be taken and how many stay, each looked at by itself; null while it isn't known. */
function useAhead(items: readonly InboxItem[], choice: Choice | null, note: string): Ahead | null {
  const device = useDevice()
  const isAsked = choice?.isForeseen === true && items.length <= FORESEEN_MAX
  const key = isAsked
    ? JSON.stringify(items.map((item) => [choice.command, argsOf(item, choice, note === '' ? '–' : note)]))
    : null
  const [ahead, setAhead] = useState<Ahead | null>(null)
  useEffect(() => {
    if (key === null) return
    let isLive = true
    const look = async () => {
      const found = { key, taken: 0, stay: 0 }
      for (const [command, args] of JSON.parse(key) as [string, Record<string, unknown>][]) {
        const [first] = await device.foresee(command, args)
        if (!isLive) return
        if (first?.refusal == null) found.taken += 1
        else found.stay += 1
      }
      setAhead(found)
    }
    look().catch(() => isLive && setAhead(null)) // locked meanwhile: nothing can be said
    return () => {
      isLive = false
    }
  }, [device, key])
  return ahead !== null && ahead.key === key ? ahead : null
}

export function BulkBar({
  items,
  bulk,
  onClear,
}: {
  readonly items: readonly InboxItem[]
  readonly bulk: Bulk
  readonly onClear: () => void
}): ReactNode {
  const who = useSignedIn()
  const choices = choicesForAll(items, (permission) => mayDo(who, permission))
  const [chosen, setChosen] = useState<Choice['id'] | null>(null)
  const [note, setNote] = useState('')
  const [isMissing, setMissing] = useState(false)
  const choice = choices.find(({ id }) => id === chosen) ?? choices[0] ?? null
  const ahead = useAhead(items, choice, note)
  const apply = async () => {
    if (choice === null) return
    const lacks = choice.note === 'needed' && note.trim() === ''
    setMissing(lacks)
    if (lacks) return
    const given = [...items]
    onClear()
    await bulk.run(given, choice, note)
  }
  return (
    <ActionBar
      summary={
        <div className={classes['bulk']}>
          <strong>{t('review.chosen', { count: items.length })}</strong>
          {choice === null ? (
            <span className={classes['dim']}>{t('review.no-common-choice')}</span>
          ) : (
            <>
              <NativeSelect
                aria-label={t('review.decision')}
                value={choice.id}
                data={choices.map(({ id }) => ({ value: id, label: t(`review.${id}`) }))}
                onChange={(event) => setChosen(event.currentTarget.value as Choice['id'])}
              />
              {choice.note !== 'none' && (
                <TextInput
                  aria-label={t(choice.noteLabel)}
                  placeholder={t(choice.noteLabel)}
                  value={note}
                  required={choice.note === 'needed'}
                  error={isMissing ? t('form.reason-needed') : null}
                  onChange={(event) => setNote(event.currentTarget.value)}
                />
              )}
              <span className={classes['dim']} aria-live="polite">
                {ahead !== null && t('review.ahead', { taken: ahead.taken, stay: ahead.stay })}
              </span>
            </>
          )}
        </div>
      }
    >
      <Button variant="default" onClick={onClear}>
        {t('review.choose-none')}
      </Button>
      {choice !== null && (
        <Button color={choice.isGrave ? 'red' : 'teal'} loading={bulk.isRunning} onClick={() => void apply()}>
          {t('review.apply-all', { count: items.length })}
        </Button>
      )}
    </ActionBar>
  )
}
