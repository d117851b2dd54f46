// A state as a small chip: icon, word and colour. Sentence case, and the tone's colours pass AA in both schemes.
import type { ReactNode } from 'react'
import classes from './status-chip.module.css'
import { ToneIcon, type Tone } from './tone-icon.tsx'

export interface StatusChipProps {
  readonly tone: Tone
  readonly children: ReactNode
  /** Replaces the tone's own icon. */
  readonly icon?: ReactNode
}

export function StatusChip({ tone, children, icon }: StatusChipProps): ReactNode {
  return (
    <span className={classes['chip']} data-tone={tone}>
      {icon ?? <ToneIcon tone={tone} size={14} />}
      {children}
    </span>
  )
}
