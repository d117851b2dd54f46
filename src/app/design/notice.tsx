// Something that a person should know where they are, with what helps: an icon, a sentence, perhaps a button. It stays as long as it is so;
// what passes is a toast.
import type { ReactNode } from 'react'
import classes from './notice.module.css'
import { ToneIcon, type Tone } from './tone-icon.tsx'

export interface NoticeProps {
  readonly tone: Tone
  readonly children: ReactNode
  readonly action?: ReactNode
}

export function Notice({ tone, children, action }: NoticeProps): ReactNode {
  return (
    <div className={classes['notice']} data-tone={tone} role={tone === 'error' ? 'alert' : undefined}>
      <ToneIcon tone={tone} size={18} />
      <div className={classes['body']}>
        <p>{children}</p>
        {action}
      </div>
    </div>
  )
}
