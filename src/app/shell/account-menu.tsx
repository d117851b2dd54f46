// The person's menu: who it is, how the app looks and speaks, and the lock, which needs no question because nothing is lost by it.
import { Button, Popover, SegmentedControl, useMantineColorScheme } from '@mantine/core'
import { IconLock } from '@tabler/icons-react'
import { useState, type ReactNode } from 'react'
import type { roles } from '../../modules/masters/views.ts'
import { useDevice, useSignedIn } from '../design/device-context.ts'
import { chooseDensity, chosenDensity } from '../design/density.ts'
import { showToast } from '../design/toast-store.ts'
import { useView } from '../design/use-view.ts'
import { currentLanguage, languages, t, type Language } from '../text/translate.ts'
import { appVersion } from '../version.ts'
import classes from './header.module.css'
import { changeLanguage } from './language.ts'

const initialsOf = (name: string): string =>
  name
    .split(/\s+/)
    .map((word) => word.charAt(0))
    .filter((_, place, all) => place === 0 || place === all.length - 1)
    .join('')
    .toUpperCase()

export function AccountMenu(): ReactNode {
  const device = useDevice()
  const { name } = useSignedIn()
  return (
    <Popover position="bottom-end" width={280} trapFocus>
      <Popover.Target>
        <button type="button" className={classes['account']} aria-label={t('app.account', { name })}>
          <span className={classes['avatar']} data-initials={initialsOf(name)} />
        </button>
      </Popover.Target>
      <Popover.Dropdown className={classes['account-panel'] ?? ''} aria-label={t('app.account', { name })}>
        <div className={classes['person']}>
          <strong>{name}</strong>
          <Roles />
        </div>
        <Appearance />
        <Button
          variant="default"
          fullWidth
          leftSection={<IconLock size={16} aria-hidden />}
          onClick={() => void device.lock()}
        >
          {t('app.lock')}
        </Button>
        <p className={classes['version']}>Holdfast {appVersion}</p>
      </Popover.Dropdown>
    </Popover>
  )
}

/** By their names, as the company calls them. */
function Roles(): ReactNode {
  const held = useSignedIn().roles
  const { rows } = useView<typeof roles>('masters.roles', {})
  return <span>{held.map((code) => rows?.find((role) => role.code === code)?.name ?? code).join(', ')}</span>
}

function Appearance(): ReactNode {
  const { colorScheme, setColorScheme } = useMantineColorScheme({ keepTransitions: true }) // the kit's way to stop them injects HTML
  const [density, setDensity] = useState(chosenDensity)
  return (
    <>
      <div className={classes['setting']}>
        <div id="appearance">{t('app.theme')}</div>
        <SegmentedControl
          aria-labelledby="appearance"
          fullWidth
          size="xs"
          value={colorScheme}
          onChange={(value) => setColorScheme(value)}
          data={[
            { value: 'auto', label: t('app.theme-auto') },
            { value: 'light', label: t('app.theme-light') },
            { value: 'dark', label: t('app.theme-dark') },
          ]}
        />
      </div>
      <div className={classes['setting']}>
        <div id="density">{t('app.density')}</div>
        <SegmentedControl
          aria-labelledby="density"
          fullWidth
          size="xs"
          value={density}
          onChange={(value) => {
            setDensity(value)
            chooseDensity(value)
          }}
          data={[
            { value: 'compact', label: t('app.density-compact') },
            { value: 'default', label: t('app.density-default') },
            { value: 'touch', label: t('app.density-touch') },
          ]}
        />
      </div>
      <div className={classes['setting']}>
        <div id="language">{t('app.language')}</div>
        <SegmentedControl
          aria-labelledby="language"
          fullWidth
          size="xs"
          value={currentLanguage()}
          onChange={(value) => {
            changeLanguage(value as Language).catch(() =>
              showToast({ tone: 'error', text: t('start.error.unreachable') }),
            )
          }}
          data={Object.entries(languages).map(([value, label]) => ({ value, label }))}
        />
      </div>
    </>
  )
}
