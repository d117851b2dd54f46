// The sync pill in the header of every screen, and its panel. It says what pillOf found; readers hear changes of the state only, at most one
// each five seconds.
import { Drawer, Popover } from '@mantine/core'
import {
  IconAlertTriangle,
  IconClock,
  IconClockExclamation,
  IconCloudCheck,
  IconCloudOff,
  IconCloudUpload,
  IconRefresh,
} from '@tabler/icons-react'
import { Suspense, lazy, useEffect, useRef, useState, type ReactNode } from 'react'
import { useSignedIn, useStatus } from '../design/device-context.ts'
import { HiddenText } from '../design/hidden-text.tsx'
import { useNow } from '../design/use-now.ts'
import { useWidth } from '../design/use-width.ts'
import { useLanguage } from '../design/words.ts'
import { AGEING_MS_DEFAULT, pillOf, type Pill, type PillIcon } from '../pill/pill-of.ts'
import { t, withWords } from '../text/translate.ts'
import classes from './sync-pill.module.css'

const SyncPanel = lazy(withWords(() => import('./sync-panel.tsx')))

const icons: Record<PillIcon, typeof IconCloudCheck> = {
  'cloud-check': IconCloudCheck,
  arrows: IconRefresh,
  'cloud-up': IconCloudUpload,
  'cloud-off': IconCloudOff,
  clock: IconClock,
  'clock-alert': IconClockExclamation,
  alert: IconAlertTriangle,
}
/** What the panel asks stands in a dialog, which the kit lays at 200. */
const BELOW_DIALOGS = 199
/** A click into that dialog is beside the panel, and the panel has to stay: the dialog is its own. */
const isAsked = (): boolean => document.querySelector('[aria-modal="true"]') !== null
const HOUR_MS = 3_600_000

export function usePill(): Pill | null {
  const status = useStatus()
  const now = useNow(10_000)
  const hours = useSignedIn().policy['pendingAgeHours']
  if (status === null) return null
  return pillOf(status, now, typeof hours === 'number' ? hours * HOUR_MS : AGEING_MS_DEFAULT)
}

export function SyncPill(): ReactNode {
  useLanguage()
  const pill = usePill()
  const [isOpen, setOpen] = useState(false)
  const width = useWidth()
  if (pill === null) return null
  const text = t(pill.key, pill.params)
  const Icon = icons[pill.icon]
  const button = (
    <button
      type="button"
      className={classes['pill']}
      data-state={pill.state}
      title={pill.state === 'synced' ? t('pill.synced-title', pill.params) : undefined}
      aria-haspopup="dialog"
      aria-expanded={isOpen}
      onClick={() => setOpen(!isOpen)}
    >
      <Icon size={16} stroke={1.8} aria-hidden className={classes['icon']} />
      <span className={classes['text']}>{text}</span>
    </button>
  )
  const panel = (
    <Suspense fallback={null}>
      <SyncPanel />
    </Suspense>
  )
  return (
    <>
      <Announcer state={pill.state} text={text} />
      {width === 'phone' ? (
        <>
          {button}
          <Drawer
            opened={isOpen}
            onClose={() => setOpen(false)}
            position="bottom"
            size="85%"
            title={t('sync.title')}
            closeButtonProps={{ 'aria-label': t('form.close') }}
          >
            {panel}
          </Drawer>
        </>
      ) : (
        <Popover
          opened={isOpen}
          onChange={(isWanted) => (isWanted || !isAsked()) && setOpen(isWanted)}
          position="bottom-end"
          width={440}
          trapFocus
          shadow="md"
          zIndex={BELOW_DIALOGS}
        >
          <Popover.Target>{button}</Popover.Target>
          <Popover.Dropdown className={classes['dropdown'] ?? ''} aria-label={t('sync.title')}>
            {panel}
          </Popover.Dropdown>
        </Popover>
      )}
    </>
  )
}

const saidEachMs = 5000

/** A status region that hears of another state, not of each number, and not more often than every five seconds. */
function Announcer({ state, text }: { readonly state: string; readonly text: string }): ReactNode {
  const [said, setSaid] = useState('')
  const last = useRef({ state: '', at: Number.NEGATIVE_INFINITY })
  useEffect(() => {
    if (last.current.state === state) return
    const say = () => {
      last.current = { state, at: performance.now() }
      setSaid(t('sync.status-said', { text }))
    }
    const timer = setTimeout(say, Math.max(0, last.current.at + saidEachMs - performance.now()))
    return () => clearTimeout(timer)
  }, [state, text])
  return (
    <output className={classes['said']} aria-live="polite">
      <HiddenText>{said}</HiddenText>
    </output>
  )
}
