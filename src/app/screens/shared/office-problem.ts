// Why the hub gave no answer to a page that asks it, in words; and what a list that has nothing says then.
import type { EmptyStateProps } from '../../design/empty-state.tsx'
import { refusalText, t } from '../../design/words.ts'

/** `problem`: `offline`, or the hub's code. */
export const problemText = (problem: string): string =>
  problem === 'offline' ? t('office.offline') : refusalText(problem)

/** `none`: what it says when the hub has nothing. */
export const emptyOf = (problem: string | null, none: string): EmptyStateProps =>
  problem === null ? { text: none } : { kind: 'elsewhere', text: problemText(problem) }
