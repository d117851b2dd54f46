// A refusal as a sentence where the person looks, with the way on where the role has one.
import { Button } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import type { Refusal } from '../../../kernel/refusal.ts'
import { refusalText, t } from '../../design/words.ts'
import classes from './shared.module.css'

export interface RefusalNoteProps {
  readonly refusal: Refusal | null
  /** Runs it again with the override; given only where the role may. */
  readonly onOverride?: (() => void) | undefined
}

export function RefusalNote({ refusal, onOverride }: RefusalNoteProps): ReactNode {
  return (
    <div role="alert" className={classes['alert']}>
      {refusal !== null && (
        <div className={classes['refusal']}>
          <IconAlertTriangle size={18} aria-hidden />
          <div>
            <p>{refusalText(refusal.code, refusal.facts)}</p>
            {onOverride !== undefined && <p className={classes['dim']}>{t('screen.override-hint')}</p>}
          </div>
          {onOverride !== undefined && (
            <Button size="compact-sm" variant="default" onClick={onOverride}>
              {t('screen.override')}
            </Button>
          )}
        </div>
      )}
    </div>
  )
}

/** The position of the line that a refusal is about, or null: facts name it `line/2`, `return/0` or 2. */
export function lineOfRefusal(refusal: Refusal | null): string | null {
  const line = refusal?.facts['line']
  if (typeof line === 'number') return `line/${line}`
  return typeof line === 'string' ? line : null
}
