// What a page that asks the hub says of its answer: as of when it is, or why there is none, and how to ask again.
import { Button } from '@mantine/core'
import type { ReactNode } from 'react'
import { When } from '../../design/values.tsx'
import { t } from '../../design/words.ts'
import { problemText } from './office-problem.ts'
import classes from './shared.module.css'

export interface OfficeNoteProps {
  readonly at: number | null
  readonly problem: string | null
  readonly isAsking: boolean
  readonly onAgain: () => void
}

export function OfficeNote({ at, problem, isAsking, onAgain }: OfficeNoteProps): ReactNode {
  return (
    <div className={classes['office']} role="status">
      {problem !== null && <span>{problemText(problem)}</span>}
      {at !== null && (
        <span className={classes['dim']}>
          {t('office.as-of')} <When at={at} />
        </span>
      )}
      <Button size="compact-sm" variant="default" loading={isAsking} onClick={onAgain}>
        {t('office.again')}
      </Button>
    </div>
  )
}
