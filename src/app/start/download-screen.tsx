// The first download: real counts, resumable, and the question for persistent storage while one waits. Work starts when what it needs is in.
import { Button, Progress } from '@mantine/core'
import { useCallback, useEffect, useState, type ReactNode } from 'react'
import type { DownloadProgress } from '../../sync/device/api.ts'
import { useStatus } from '../design/device-context.ts'
import { ToneIcon } from '../design/tone-icon.tsx'
import { askToPersist, storageState } from '../link/storage-state.ts'
import { formatBytes } from '../text/format.ts'
import { currentLocale, t } from '../text/translate.ts'
import { StartFrame } from './start-frame.tsx'
import classes from './start.module.css'

function startWords(isReady: boolean, download: DownloadProgress | null): string {
  if (!isReady) return t('download.wait')
  return download === null ? t('download.start') : t('download.more', { count: download.bucketsLeft })
}

export function DownloadScreen({ onStart }: { readonly onStart: () => void }): ReactNode {
  const status = useStatus()
  const [isPersisted, setPersisted] = useState<boolean | null>(null)
  const ask = useCallback(() => askToPersist().then(setPersisted, () => setPersisted(false)), [])
  useEffect(() => {
    // Chromium decides without a question: ask at once. Where people are asked, they press the button.
    storageState().then(
      ({ isPersisted }) => (isPersisted ? setPersisted(true) : void ask()),
      () => setPersisted(false),
    )
  }, [ask])
  if (status === null) return null
  const { progress, download, isReady, isOnline, lastTryAt, exchange, integrity, bytesReceived } = status
  const percent = isReady ? 100 : download !== null ? (100 * download.bytesDone) / download.bytesTotal : null
  const isUnreachable = !isReady && !isOnline && lastTryAt !== null && exchange === 'idle'
  const locale = currentLocale()
  return (
    <StartFrame
      title={t(isReady ? 'download.ready' : 'download.title')}
      lead={t(isReady ? 'download.ready-lead' : 'download.lead')}
      step={isReady ? 4 : 3}
    >
      <div className={classes['figures']}>
        <Progress
          value={percent ?? 100}
          animated={!isReady}
          striped={percent === null}
          size="md"
          aria-label={t('start.step-download')}
        />
        <output>
          {download === null
            ? t('download.rows', { count: Math.max(integrity.rowsHeld, progress?.done ?? 0) })
            : t('download.rows-of', { done: download.rowsDone, total: download.rowsTotal })}
        </output>
        <span className={classes['note']}>
          {download === null
            ? bytesReceived > 0 && t('download.bytes', { bytes: formatBytes(bytesReceived, locale) })
            : t('download.bytes-of', {
                done: formatBytes(download.bytesDone, locale),
                total: formatBytes(download.bytesTotal, locale),
              })}
        </span>
      </div>
      {isUnreachable && <p className={classes['note']}>{t('download.offline')}</p>}
      {isPersisted !== null && (
        <div className={classes['persist']} data-tone={isPersisted ? 'ok' : 'attention'}>
          <ToneIcon tone={isPersisted ? 'ok' : 'attention'} />
          <span>{t(isPersisted ? 'sync.persisted' : 'sync.not-persisted')}</span>
          {!isPersisted && (
            <Button size="compact-sm" variant="default" onClick={() => void ask()}>
              {t('sync.keep-safe')}
            </Button>
          )}
        </div>
      )}
      <Button size="md" disabled={!isReady} onClick={onStart}>
        {startWords(isReady, download)}
      </Button>
    </StartFrame>
  )
}
