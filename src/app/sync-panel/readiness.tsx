// "Check offline readiness": asks the browser and this device what is here, and says it line by line with what to do. It changes nothing
// but what the person asks for, and never holds anybody up.
import { Button } from '@mantine/core'
import { useState, type ReactNode } from 'react'
import { useDevice, useStatus } from '../design/device-context.ts'
import { ToneIcon } from '../design/tone-icon.tsx'
import { askToPersist, storageState, type StorageState } from '../link/storage-state.ts'
import { t } from '../text/translate.ts'
import { readinessOf } from './readiness-of.ts'
import classes from './sync-panel.module.css'

interface Asked {
  readonly storage: StorageState | null
  readonly at: number
}

const isAppKept = (): boolean => 'serviceWorker' in navigator && navigator.serviceWorker.controller !== null

export function Readiness(): ReactNode {
  const device = useDevice()
  const status = useStatus()
  const [asked, setAsked] = useState<Asked | null>(null)
  if (status === null) return null
  const check = async () => {
    await device.refresh()
    setAsked({ storage: await storageState().catch(() => null), at: Date.now() })
  }
  const checks =
    asked === null ? [] : readinessOf({ status, storage: asked.storage, isAppKept: isAppKept(), now: asked.at })
  return (
    <>
      <Button size="sm" variant="default" onClick={() => void check()}>
        {t('ready.open')}
      </Button>
      {asked !== null && (
        <ul className={classes['checks']} aria-label={t('ready.title')}>
          {checks.map(({ tone, key, params }) => (
            <li key={key} className={classes['persisted']} data-tone={tone}>
              <ToneIcon tone={tone} />
              <span>{t(key, params)}</span>
              {key === 'ready.not-persisted' && (
                <Button size="compact-sm" variant="default" onClick={() => void askToPersist().then(check, check)}>
                  {t('sync.keep-safe')}
                </Button>
              )}
            </li>
          ))}
        </ul>
      )}
    </>
  )
}
