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
                  <ToScreen screen={screen} isCurrent={screen === current} isNarrow={isNarrow} />
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

interface ToScreenProps {
  readonly screen: Screen
  readonly isCurrent: boolean
  readonly isNarrow: boolean
}

function ToScreen({ screen, isCurrent, isNarrow }: ToScreenProps): ReactNode {
  const name = t(screen.text)
  const link = (
    <Link
      href={screen.path}
      className={classes['link'] ?? ''}
      aria-current={isCurrent ? 'page' : undefined}
      aria-label={isNarrow ? name : undefined}
    >
      <screen.icon size={20} stroke={1.7} aria-hidden />
      {!isNarrow && name}
    </Link>
  )
  // A link that says its name needs no hint, and a start has no time for twenty.
  return isNarrow ? (
    <Tooltip label={name} position="right">
      {link}
    </Tooltip>
  ) : (
    link
  )
}
