// What the sync pill opens: how things stand, what waits and why, what this device holds. Plain words and real counts, nothing of the machine.
import { Button } from '@mantine/core'
import { useEffect, useState, type ReactNode } from 'react'
import { useDevice, useSignedIn, useStatus } from '../design/device-context.ts'
import { Notice } from '../design/notice.tsx'
import { FactList } from '../design/page.tsx'
import { useNow } from '../design/use-now.ts'
import type { DeviceStatus, SignedIn } from '../../sync/device/api.ts'
import { scoreOf, type Integrity } from '../../sync/device/integrity.ts'
import { formatBytes, formatNumber, formatProved, formatWhen } from '../text/format.ts'
import { currentLocale, t } from '../text/translate.ts'
import { appVersion } from '../version.ts'
import { NextLife, SaveRescue } from '../start/next-life.tsx'
import { NewVersion, ReloadButton } from './new-version.tsx'
import { OutboxList } from './outbox-list.tsx'
import { Readiness } from './readiness.tsx'
import { StorageFacts } from './storage-facts.tsx'
import classes from './sync-panel.module.css'

const readEachMs = 5000

function provedText(integrity: Integrity, locale: string): string {
  if (integrity.broken.length > 0) return t('sync.proved-broken')
  return t('sync.proved-value', { percent: formatProved(scoreOf(integrity), locale) })
}

export default function SyncPanel(): ReactNode {
  const status = useStatus()
  const device = useDevice()
  const { policy } = useSignedIn()
  const [isAsking, setAsking] = useState(false)
  const now = useNow(1000)
  useEffect(() => {
    const read = () => void device.refresh().catch(() => null)
    read()
    const timer = setInterval(read, readEachMs)
    return () => clearInterval(timer)
  }, [device])
  if (status === null) return null
  const locale = currentLocale()
  const isMendedByUpdate = status.fault === 'update-needed' || status.fault === 'not-updated'
  const sync = async () => {
    setAsking(true)
    try {
      await device.sync()
    } finally {
      setAsking(false)
    }
  }
  return (
    <div className={classes['panel']}>
      {status.fault !== null && (
        <Notice tone="error" action={isMendedByUpdate ? <ReloadButton /> : undefined}>
          {t(`fault.${status.fault}`)}
        </Notice>
      )}
      {isMendedByUpdate ? null : <NewVersion />}
      <NextLife />
      <div className={classes['now']}>
        <dl>
          <div>
            <dt>{t('sync.last-contact')}</dt>
            <dd>{status.lastContactAt === null ? t('sync.never') : formatWhen(status.lastContactAt, now, locale)}</dd>
          </div>
          <div>
            <dt>{t('sync.next-try')}</dt>
            <dd>{nextTry(status, now)}</dd>
          </div>
        </dl>
        <Button size="sm" onClick={() => void sync()} loading={isAsking}>
          {t('sync.now')}
        </Button>
      </div>
      <OutboxList />
      {status.blobs.count > 0 && (
        <p className={classes['none']}>
          {t('sync.photos-here', { count: status.blobs.count, size: status.blobs.bytes })}
        </p>
      )}
      {status.blobs.noRoom !== null && (
        <Notice tone="attention">{t(`sync.photos-no-room.${status.blobs.noRoom}`)}</Notice>
      )}
      {status.blobs.refused > 0 && (
        <Notice tone="error">{t('sync.photos-refused', { count: status.blobs.refused })}</Notice>
      )}
      <SaveRescue />
      <h2>{t('sync.device')}</h2>
      <FactList
        facts={[
          [t('sync.device-id'), `${status.device} · ${status.epoch}`],
          [
            t('sync.photos'),
            status.blobs.count === 0
              ? t('sync.photos-none')
              : t('sync.photos-value', { count: status.blobs.count, size: status.blobs.bytes }),
          ],
          [t('sync.rows'), formatNumber(status.integrity.rowsHeld, locale)],
          [t('sync.proved'), provedText(status.integrity, locale)],
          [
            t('sync.as-of'),
            status.lastContactAt === null ? t('sync.never') : formatWhen(status.lastContactAt, now, locale),
          ],
          [
            t('sync.transferred'),
            t('sync.transferred-value', {
              sent: formatBytes(status.bytesSent, locale),
              received: formatBytes(status.bytesReceived, locale),
            }),
          ],
          [t('sync.by-itself'), rhythm(status, policy)],
          [t('sync.hub'), new URL(status.hubUrl).host],
          ['Holdfast', appVersion],
          ...(status.setAside > 0
            ? [[t('sync.set-aside'), t('sync.set-aside-value', { count: status.setAside })] as const]
            : []),
          ...(status.incidents > 0 ? [[t('sync.incidents'), formatNumber(status.incidents, locale)] as const] : []),
        ]}
      />
      <Readiness />
      <StorageFacts />
    </div>
  )
}

/** What the company wants of the exchanges that happen by themselves; a person may always ask. */
function rhythm(status: DeviceStatus, policy: SignedIn['policy']): string {
  const { quietFromMinute: from, quietToMinute: to } = policy
  const isQuiet = typeof from === 'number' && typeof to === 'number' && from !== to
  return [
    t('sync.each', { seconds: Math.round(status.pollIntervalMs / 1000) }),
    ...(policy['syncOnSave'] === false ? [t('sync.not-on-save')] : []),
    ...(policy['syncWifiOnly'] === true ? [t('sync.wifi-only')] : []),
    ...(policy['syncWifiOnly'] !== true && policy['photosWifiOnly'] === true ? [t('sync.photos-wifi-only')] : []),
    ...(isQuiet ? [t('sync.quiet', { from: clockOf(from), to: clockOf(to) })] : []),
  ].join(' · ')
}

const clockOf = (minute: number): string =>
  `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`

function nextTry(status: DeviceStatus, now: number): string {
  if (status.exchange !== 'idle') return t('sync.trying')
  if (status.nextTryAt === null) return t('sync.when-online')
  const seconds = Math.max(0, Math.ceil((status.nextTryAt - now) / 1000))
  if (seconds < 60) return t('sync.in-seconds', { seconds })
  const minutes = Math.round(seconds / 60)
  // Quiet hours end at a time that people know.
  return minutes < 60 ? t('sync.in-minutes', { minutes }) : formatWhen(status.nextTryAt, now, currentLocale())
}
