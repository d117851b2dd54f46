// The menu of tablets and desks: grouped by job, filtered by role. With words or icons only, as the width or the person says.
import { ActionIcon, Tooltip } from '@mantine/core'
import { IconLayoutSidebarLeftCollapse, IconLayoutSidebarLeftExpand } from '@tabler/icons-react'
import { useState, type ReactNode } from 'react'
import { Link, useLocation } from 'wouter'
import { useLanguage } from '../design/words.ts'
import { useWidth } from '../design/use-width.ts'
import { t } from '../text/translate.ts'
import { BrandMark } from './brand-mark.tsx'
import { groupLook, grouped, screenAt, type Screen } from './screens.ts'
import classes from './shell.module.css'

const storageKey = 'holdfast.rail'

export function Rail({ screens }: { readonly screens: readonly Screen[] }): ReactNode {
  useLanguage()
  const width = useWidth()
  const [isFolded, setFolded] = useState(() => localStorage.getItem(storageKey) === 'narrow')
  const isNarrow = width === 'tablet' || isFolded
  const [location] = useLocation()
  const current = screenAt(location, screens)
  const fold = () => {
    localStorage.setItem(storageKey, isFolded ? 'wide' : 'narrow')
    setFolded(!isFolded)
  }
  const Fold = isFolded ? IconLayoutSidebarLeftExpand : IconLayoutSidebarLeftCollapse
  return (
    <nav className={classes['rail']} data-narrow={isNarrow || undefined} aria-label={t('app.nav')}>
      <div className={classes['brand']}>
        <BrandMark />
        {!isNarrow && t('app.name')}
      </div>
      {grouped(screens).map(([group, some]) => {
        // A group of one that has its screen's name needs no heading.
        const isLonely = some.length === 1 && t(groupLook[group].text) === t(some[0]?.text ?? groupLook[group].text)
        return (
          <div key={group} className={isLonely ? classes['lonely'] : undefined}>
            {!isLonely && <h2 className={classes['group-name']}>{t(groupLook[group].text)}</h2>}
            <ul className={classes['links']}>
              {some.map((screen) => (
                <li key={screen.path}>
                  <Tooltip label={t(screen.text)} position="right" disabled={!isNarrow}>
                    <Link
                      href={screen.path}
                      className={classes['link'] ?? ''}
                      aria-current={screen === current ? 'page' : undefined}
                      aria-label={isNarrow ? t(screen.text) : undefined}
                    >
                      <screen.icon size={20} stroke={1.7} aria-hidden />
                      {!isNarrow && t(screen.text)}
                    </Link>
                  </Tooltip>
                </li>
              ))}
            </ul>
          </div>
        )
      })}
      {width === 'desk' && (
        <div className={classes['fold']}>
          <ActionIcon
            variant="subtle"
            color="gray"
            size="lg"
            onClick={fold}
            aria-label={t(isFolded ? 'app.expand' : 'app.collapse')}
          >
            <Fold size={20} stroke={1.6} />
          </ActionIcon>
        </div>
      )}
    </nav>
  )
}
