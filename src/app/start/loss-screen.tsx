// What is gone after a browser cleared this device, and what the hub has: shown before anything else, until somebody has read it. It never
// lets a person begin as if nothing had been there.
import { Button } from '@mantine/core'
import type { ReactNode } from 'react'
import { useNow } from '../design/use-now.ts'
import { lossWasRead, missingOf, type DeviceNote, type Loss } from '../link/device-note.ts'
import { formatWhen } from '../text/format.ts'
import { currentLocale, t } from '../text/translate.ts'
import { Problem, StartFrame } from './start-frame.tsx'

/** On the first step of setting up: this browser had a device, and it isn't there any more. */
export function ClearedNotice({ note }: { readonly note: DeviceNote }): ReactNode {
  const when = formatWhen(note.at, useNow(60_000), currentLocale())
  return <Problem>{t('loss.cleared', { device: note.dev, count: note.seq, waiting: note.waiting, when })}</Problem>
}

export function LossScreen({ loss, onRead }: { readonly loss: Loss; readonly onRead: () => void }): ReactNode {
  const missing = missingOf(loss)
  const read = () => {
    lossWasRead()
    onRead()
  }
  const {
    note,
    life: { dev, ep, has },
  } = loss
  const words =
    missing === null
      ? t('loss.unknown', { before: note.dev, device: dev, count: note.seq, waiting: note.waiting })
      : missing === 0
        ? t('loss.nothing', { device: note.dev, has })
        : t('loss.missing', { device: note.dev, has, count: missing })
  return (
    <StartFrame title={t('loss.title')}>
      <Problem>{words}</Problem>
      <p>{t('loss.next', { device: dev, epoch: ep })}</p>
      <Button size="md" onClick={read}>
        {t('loss.read')}
      </Button>
    </StartFrame>
  )
}
