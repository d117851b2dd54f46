// The header of every screen, the till's too: where one works, the search, the sync pill, what needs the person, the account.
import { ActionIcon, Indicator, Tooltip } from '@mantine/core'
import { IconBell, IconSearch } from '@tabler/icons-react'
import { Suspense, lazy, useEffect, useState, type ReactNode } from 'react'
import { useLocation } from 'wouter'
import { useStatusPart } from '../design/device-context.ts'
import { useLanguage } from '../design/words.ts'
import { useWidth } from '../design/use-width.ts'
import { SyncPill } from '../sync-panel/sync-pill.tsx'
import { t, withWords } from '../text/translate.ts'
import { AccountMenu } from './account-menu.tsx'
import { BrandMark } from './brand-mark.tsx'
import classes from './header.module.css'
import type { Screen } from './screens.ts'
import { useWorkplace } from './workplace.ts'

const Palette = lazy(withWords(() => import('./palette.tsx')))

export function Header({ screens }: { readonly screens: readonly Screen[] }): ReactNode {
  useLanguage()
  const width = useWidth()
  const place = useWorkplace()
  const needsYou = useStatusPart('needsYou') ?? 0
  const [isSearching, setSearching] = useState(false)
  const [, go] = useLocation()
  useEffect(() => {
    const hear = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey)) return
      event.preventDefault()
      setSearching(true)
    }
    addEventListener('keydown', hear)
    return () => removeEventListener('keydown', hear)
  }, [])
  const inbox = screens.find(({ group }) => group === 'review')?.path ?? '/sync'
  return (
    <header className={classes['header']}>
      {width === 'phone' && <BrandMark size={28} />}
      <div className={classes['place']}>
        {place !== null && (
          <>
            <strong>{place.branch}</strong>
            <span>{place.company}</span>
          </>
        )}
      </div>
      {width === 'desk' && (
        <button type="button" className={classes['search']} onClick={() => setSearching(true)} aria-haspopup="dialog">
          <IconSearch size={16} aria-hidden />
          <span>{t('app.search')}</span>
          <kbd>{navigator.platform.startsWith('Mac') ? '⌘ K' : 'Ctrl K'}</kbd>
        </button>
      )}
      {width !== 'desk' && (
        <ActionIcon
          variant="subtle"
          color="gray"
          size={40}
          onClick={() => setSearching(true)}
          aria-label={t('app.search')}
        >
          <IconSearch size={20} stroke={1.7} />
        </ActionIcon>
      )}
      <SyncPill />
      <Tooltip label={t('app.inbox')}>
        <Indicator label={needsYou} size={16} disabled={needsYou === 0} color="red" offset={6}>
          <ActionIcon
            variant="subtle"
            color="gray"
            size={40}
            onClick={() => go(inbox)}
            aria-label={needsYou === 0 ? t('app.inbox') : t('app.inbox-count', { count: needsYou })}
          >
            <IconBell size={20} stroke={1.7} />
          </ActionIcon>
        </Indicator>
      </Tooltip>
      <AccountMenu />
      {isSearching && (
        <Suspense fallback={null}>
          <Palette screens={screens} onClose={() => setSearching(false)} />
        </Suspense>
      )}
    </header>
  )
}
