// Which part of the way the person is on: set up, download, locked, at work, or a browser that can't. The device's phase decides, nothing else.
import { Button } from '@mantine/core'
import { Suspense, lazy, useEffect, useState, type ReactNode } from 'react'
import { useDevice, useLinkPart, useStatusPart } from './design/device-context.ts'
import { later } from './design/later.tsx'
import { useLanguage } from './design/words.ts'
import { idleMsDefault, watchIdle } from './link/idle-lock.ts'
import type { DeviceLink } from './link/device-link.ts'
import { lossToRead, noteDevice, type Loss } from './link/device-note.ts'
import { DownloadScreen } from './start/download-screen.tsx'
import { LossScreen } from './start/loss-screen.tsx'
import { PushOnlyScreen } from './start/push-only-screen.tsx'
import { Problem, StartFrame } from './start/start-frame.tsx'
import { UnlockScreen } from './start/unlock-screen.tsx'
import { brokenText } from './start/broken-text.ts'
import { t } from './text/translate.ts'

/** The passphrase's field is drawn by then. */
const PREPARE_AFTER_MS = 50
const EnrolScreen = lazy(() => import('./start/enrol-screen.tsx').then(({ EnrolScreen }) => ({ default: EnrolScreen })))
const loadShell = () => import('./shell/shell.tsx')
const shell = later<object>(() => loadShell().then(({ Shell }) => ({ default: Shell })))

export function App(): ReactNode {
  useLanguage()
  const phase = useLinkPart('phase')
  const fault = useLinkPart('fault')
  const isKnown = [useLinkPart('signedIn'), useStatusPart('device')].every((part) => part !== null)
  switch (phase) {
    case 'fresh':
      return (
        <Suspense fallback={null}>
          <EnrolScreen />
        </Suspense>
      )
    case 'locked':
      return <Locked />
    case 'open':
      return isKnown ? <AtWork /> : null
    case 'broken':
      return (
        <StartFrame title={t('start.broken')}>
          <Problem>{brokenText(fault)}</Problem>
          <Button onClick={() => location.reload()}>{t('app.try-again')}</Button>
        </StartFrame>
      )
    case 'outdated':
      return <OutdatedScreen />
    case 'older-leader':
      return (
        <StartFrame title={t('tabs.older-title')}>
          <p>{t('tabs.older')}</p>
        </StartFrame>
      )
    case 'opening':
      return <StartFrame title={t('start.opening')} />
    case 'starting':
      return null
  }
}

/** While somebody types the passphrase and it is checked, the screen that comes after it is made ready. */
function Locked(): ReactNode {
  useEffect(() => {
    const timer = setTimeout(() => {
      // Whoever opens it hears of a failure, and it is tried again then.
      Promise.all([shell.prepare(), loadShell().then(({ prepareScreen }) => prepareScreen(location.pathname))]).catch(
        () => undefined,
      )
    }, PREPARE_AFTER_MS)
    return () => clearTimeout(timer)
  }, [])
  return <UnlockScreen />
}

/** Nothing of this tab's screens is left to act on: what they mean isn't what the newer app means. [VER7] */
function OutdatedScreen(): ReactNode {
  const waiting = useStatusPart('waiting')
  return (
    <StartFrame title={t('tabs.outdated-title')}>
      <p>{t('tabs.outdated', { count: waiting ?? 0 })}</p>
      <Button size="md" onClick={() => location.reload()}>
        {t('app.update-now')}
      </Button>
    </StartFrame>
  )
}

function AtWork(): ReactNode {
  const device = useDevice()
  const signedIn = useLinkPart('signedIn')
  const isPushOnly = useStatusPart('isPushOnly')
  const isReady = useStatusPart('isReady')
  const [loss, setLoss] = useState(() => lossOf(device))
  useDeviceNote()
  const [isStarted, setStarted] = useState(() => isReady === true)
  const wishedMinutes = signedIn?.policy['idleLockMinutes']
  useEffect(() => {
    const idleMs = typeof wishedMinutes === 'number' && wishedMinutes > 0 ? wishedMinutes * 60_000 : idleMsDefault
    return watchIdle(idleMs, () => void device.lock(true))
  }, [device, wishedMinutes])
  // Nothing of the company stays on the screen, nor in this page's memory, when the lease is over.
  if (isPushOnly === true) return <PushOnlyScreen />
  if (loss !== null) return <LossScreen loss={loss} onRead={() => setLoss(null)} />
  if (!isStarted) return <DownloadScreen onStart={() => setStarted(true)} />
  return (
    <Suspense fallback={null}>
      <shell.Component />
    </Suspense>
  )
}

function lossOf(device: DeviceLink): Loss | null {
  const { status } = device.snapshot()
  return status === null ? null : lossToRead(status)
}

/** Remembers, outside of the database, that there is one: what a browser cleared is then noticed. [STO2] */
function useDeviceNote(): void {
  const device = useDevice()
  const parts = [useStatusPart('device'), useStatusPart('epoch'), useStatusPart('seq'), useStatusPart('waiting')]
  useEffect(() => {
    const { status } = device.snapshot()
    if (status !== null) noteDevice(status)
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- the parts are what is remembered
  }, [device, ...parts])
}
