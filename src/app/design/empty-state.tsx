// What a place shows that has nothing: an icon, one sentence, what to do. "Nothing matches" and "not on this device" are states of their own.
import { Button } from '@mantine/core'
import { IconCloudOff, IconFilterOff, IconInbox } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { t } from '../text/translate.ts'
import classes from './empty-state.module.css'

export interface EmptyAction {
  readonly label: string
  readonly run: () => void
}

export interface EmptyStateProps {
  readonly kind?: 'empty' | 'no-match' | 'elsewhere'
  readonly text?: string
  readonly primary?: EmptyAction
  readonly secondary?: EmptyAction
  readonly icon?: ReactNode
}

const icons = { empty: IconInbox, 'no-match': IconFilterOff, elsewhere: IconCloudOff } as const

export function EmptyState({ kind = 'empty', text, primary, secondary, icon }: EmptyStateProps): ReactNode {
  const Icon = icons[kind]
  const usual = kind === 'empty' ? t('list.empty') : kind === 'no-match' ? t('list.no-match') : t('list.elsewhere')
  return (
    <div className={classes['empty']}>
      {icon ?? <Icon size={40} stroke={1.2} aria-hidden />}
      <p>{text ?? usual}</p>
      {(primary ?? secondary) && (
        <div className={classes['actions']}>
          {primary && <Button onClick={primary.run}>{primary.label}</Button>}
          {secondary && (
            <Button variant="default" onClick={secondary.run}>
              {secondary.label}
            </Button>
          )}
        </div>
      )}
    </div>
  )
}
