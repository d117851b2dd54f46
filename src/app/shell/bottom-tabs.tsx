// The menu of a phone: the first screen of up to four groups in reach of the thumb, everything else behind "More".
import { Drawer } from '@mantine/core'
import { IconDots } from '@tabler/icons-react'
import { useState, type ReactNode } from 'react'
import { Link, useLocation } from 'wouter'
import { useLanguage } from '../design/words.ts'
import { t } from '../text/translate.ts'
import { groupLook, grouped, screenAt, type Screen } from './screens.ts'
import classes from './shell.module.css'

const tabsMax = 4

export function BottomTabs({ screens }: { readonly screens: readonly Screen[] }): ReactNode {
  useLanguage()
  const [isOpen, setOpen] = useState(false)
  const [location] = useLocation()
  const current = screenAt(location, screens)
  const byGroup = grouped(screens)
  const tabs = byGroup
    .map(([, some]) => some[0])
    .filter((screen) => screen !== undefined)
    .slice(0, tabsMax)
  const hasMore = screens.length > tabs.length
  return (
    <nav className={classes['tabs']} aria-label={t('app.nav')}>
      {tabs.map((screen) => (
        <Link
          key={screen.path}
          href={screen.path}
          className={classes['tab'] ?? ''}
          aria-current={screen === current ? 'page' : undefined}
        >
          <screen.icon size={22} stroke={1.6} aria-hidden />
          <span>{t(screen.text)}</span>
        </Link>
      ))}
      {hasMore && (
        <button type="button" className={classes['tab']} onClick={() => setOpen(true)} aria-haspopup="dialog">
          <IconDots size={22} stroke={1.6} aria-hidden />
          <span>{t('app.more')}</span>
        </button>
      )}
      <Drawer
        opened={isOpen}
        onClose={() => setOpen(false)}
        position="bottom"
        size="auto"
        title={t('app.more')}
        closeButtonProps={{ 'aria-label': t('form.close') }}
      >
        {byGroup.map(([group, some]) => (
          <div key={group}>
            <h2 className={classes['group-name']}>{t(groupLook[group].text)}</h2>
            <ul className={classes['links']}>
              {some.map((screen) => (
                <li key={screen.path}>
                  <Link
                    href={screen.path}
                    className={classes['link'] ?? ''}
                    aria-current={screen === current ? 'page' : undefined}
                    onClick={() => setOpen(false)}
                  >
                    <screen.icon size={20} stroke={1.7} aria-hidden />
                    {t(screen.text)}
                  </Link>
                </li>
              ))}
            </ul>
          </div>
        ))}
      </Drawer>
    </nav>
  )
}
