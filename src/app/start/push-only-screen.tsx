// The lease is over: what waits is still sent, nothing else is shown. It says why and what helps, counts what is saved here, and leaves by
// itself when the hub gives another lease. It never shows a name, a number or a sum of the company's.
import { Button } from '@mantine/core'
import { useState, type ReactNode } from 'react'
import { useDevice, useStatus } from '../design/device-context.ts'
import { useNow } from '../design/use-now.ts'
import { formatWhen } from '../text/format.ts'
import { currentLocale, t } from '../text/translate.ts'
import { NextLife, SaveRescue } from './next-life.tsx'
import { Problem, StartFrame } from './start-frame.tsx'
import classes from './start.module.css'

export function PushOnlyScreen(): ReactNode {
  const device = useDevice()
  const status = useStatus()
  const now = useNow(1000)
  const [isTrying, setTrying] = useState(false)
  const [hasFailed, setFailed] = useState(false)
  if (status === null) return null
  const { fault, leaseUntil, waiting, needsYou, lastContactAt } = status
  const connect = async () => {
    setTrying(true)
    try {
      await device.sync()
      setFailed(device.snapshot().status?.isOnline === false)
    } finally {
      setTrying(false)
    }
  }
  return (
    <StartFrame
      title={t('push-only.title')}
      lead={fault === 'revoked' ? t('push-only.revoked') : t('push-only.lead', { until: leaseUntil })}
    >
      <output className={classes['figures']}>
        <span>{t('push-only.waiting', { count: waiting })}</span>
        {needsYou > 0 && <span>{t('push-only.needs-you', { count: needsYou })}</span>}
        <span className={classes['note']}>
          {t('sync.last-contact')}:{' '}
          {lastContactAt === null ? t('sync.never') : formatWhen(lastContactAt, now, currentLocale())}
        </span>
      </output>
      {hasFailed ? (
        <Problem>{t('push-only.unreachable')}</Problem>
      ) : (
        <p className={classes['note']}>{t('push-only.help')}</p>
      )}
      <Button size="md" loading={isTrying} onClick={() => void connect()} data-autofocus>
        {t('push-only.try')}
      </Button>
      <NextLife />
      <SaveRescue />
      <Button variant="subtle" onClick={() => void device.lock()}>
        {t('app.lock')}
      </Button>
    </StartFrame>
  )
}
