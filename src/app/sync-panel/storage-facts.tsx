// How much room the device has and whether the browser promised to keep it; the readiness check asks it to.
import { Progress } from '@mantine/core'
import { useEffect, useState, type ReactNode } from 'react'
import { ToneIcon } from '../design/tone-icon.tsx'
import { storageState, type StorageState } from '../link/storage-state.ts'
import { formatBytes } from '../text/format.ts'
import { currentLocale, t } from '../text/translate.ts'
import classes from './sync-panel.module.css'

const nearlyFullPercent = 85

export function StorageFacts(): ReactNode {
  const [state, setState] = useState<StorageState | null>(null)
  useEffect(() => void storageState().then(setState, () => null), [])
  if (state === null || state.usedBytes === null) return null
  const { usedBytes, quotaBytes, isPersisted } = state
  const locale = currentLocale()
  const used = formatBytes(usedBytes, locale)
  const percent = quotaBytes === null || quotaBytes === 0 ? 0 : (usedBytes / quotaBytes) * 100
  return (
    <div className={classes['storage']}>
      <div className={classes['storage-line']}>
        <span>{t('sync.storage')}</span>
        <span>
          {quotaBytes === null
            ? t('sync.storage-of-unknown', { used })
            : t('sync.storage-value', { used, quota: formatBytes(quotaBytes, locale) })}
        </span>
      </div>
      <Progress
        value={percent}
        size="sm"
        color={percent > nearlyFullPercent ? 'yellow' : 'teal'}
        aria-label={t('sync.storage')}
      />
      <div className={classes['persisted']} data-tone={isPersisted ? 'ok' : 'attention'}>
        <ToneIcon tone={isPersisted ? 'ok' : 'attention'} />
        <span>{t(isPersisted ? 'sync.persisted' : 'sync.not-persisted')}</span>
      </div>
    </div>
  )
}
