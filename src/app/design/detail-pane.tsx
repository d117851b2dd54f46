// The detail of a list's row: a pane of 480 px beside the list on a desk, a page over it on a phone or tablet. Esc and the cross close it, and
// the focus goes back to the row.
import { ActionIcon } from '@mantine/core'
import { IconArrowLeft, IconX } from '@tabler/icons-react'
import { useEffect, useLayoutEffect, useRef, type KeyboardEvent, type ReactNode } from 'react'
import { t } from '../text/translate.ts'
import classes from './detail-pane.module.css'
import { useWidth } from './use-width.ts'

export interface DetailPaneProps {
  readonly title: string
  readonly subtitle?: ReactNode
  readonly status?: ReactNode
  readonly onClose: () => void
  readonly children: ReactNode
  /** Buttons at its foot. */
  readonly actions?: ReactNode
  /** The focus goes to it on a desk too: where the keys decide about what it shows. */
  readonly takesFocus?: boolean
}

export function DetailPane({
  title,
  subtitle,
  status,
  onClose,
  children,
  actions,
  takesFocus = false,
}: DetailPaneProps): ReactNode {
  const isWide = useWidth() === 'desk'
  const pane = useRef<HTMLElement>(null)
  useEffect(() => {
    // On a narrow screen the pane covers the list: the focus goes with it.
    if (!isWide || takesFocus) pane.current?.focus()
  }, [isWide, takesFocus])
  useLayoutEffect(() => {
    const { current } = pane
    return () => {
      if (current?.contains(document.activeElement) === true) requestAnimationFrame(focusRowAgain)
    }
  }, [])
  const closeOnEscape = (event: KeyboardEvent) => {
    // A sheet that was opened from here lies elsewhere on the page: Esc closes it and not the pane behind it.
    const isOurs = event.currentTarget.contains(event.target as Node)
    if (event.key !== 'Escape' || !isOurs || event.defaultPrevented) return
    event.preventDefault()
    onClose()
  }
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- Esc is a short cut beside the button that closes
    <aside ref={pane} className={classes['pane']} aria-label={title} tabIndex={-1} onKeyDown={closeOnEscape}>
      <div className={classes['head']}>
        {!isWide && (
          <ActionIcon variant="subtle" color="gray" size="lg" onClick={onClose} aria-label={t('form.back')}>
            <IconArrowLeft size={20} />
          </ActionIcon>
        )}
        <div className={classes['titles']}>
          <h2>{title}</h2>
          {subtitle !== undefined && <p>{subtitle}</p>}
        </div>
        {status}
        {isWide && (
          <ActionIcon variant="subtle" color="gray" size="lg" onClick={onClose} aria-label={t('form.close')}>
            <IconX size={18} />
          </ActionIcon>
        )}
      </div>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reached by keys, whatever it holds */}
      <div className={classes['body']} tabIndex={0}>
        {children}
      </div>
      {actions !== undefined && <div className={classes['actions']}>{actions}</div>}
    </aside>
  )
}

/** Unless something else has taken it meanwhile: the pane of the next row. */
function focusRowAgain(): void {
  if (document.activeElement !== null && document.activeElement !== document.body) return
  document.querySelector<HTMLElement>('#content [data-index][tabindex="0"]')?.focus()
}
