// Words for those who hear the screen: in the document, out of sight.
import type { ReactNode } from 'react'
import classes from './hidden-text.module.css'

export function HiddenText({ children }: { readonly children: ReactNode }): ReactNode {
  return <span className={classes['hidden']}>{children}</span>
}
