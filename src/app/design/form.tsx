// A form's frame: one column on phones, two on a desk, a summary of what is wrong with the focus on the first wrong field. Ctrl-Enter saves,
// Esc closes.
import { useEffect, useRef, type FormEvent, type KeyboardEvent, type ReactNode } from 'react'
import { t } from '../text/translate.ts'
import classes from './form.module.css'

export interface FormProps {
  readonly label: string
  readonly onSubmit: () => void
  readonly onClose?: () => void
  /** Field name → what is wrong; shown after a submit that failed. */
  readonly errors?: Readonly<Record<string, string>>
  /** Field name → its label, for the summary. */
  readonly names?: Readonly<Record<string, string>>
  readonly children: ReactNode
}

export function Form({ label, onSubmit, onClose, errors = {}, names = {}, children }: FormProps): ReactNode {
  const form = useRef<HTMLFormElement>(null)
  const wrong = Object.entries(errors)
  const firstWrong = wrong[0]?.[0]
  useEffect(() => {
    if (firstWrong === undefined) return
    const field = form.current?.elements.namedItem(firstWrong)
    if (field instanceof HTMLElement) field.focus()
  }, [firstWrong])
  const submit = (event: FormEvent) => {
    event.preventDefault()
    onSubmit()
  }
  const hear = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) form.current?.requestSubmit()
    else if (event.key === 'Escape' && !event.defaultPrevented) onClose?.()
  }
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- short cuts beside the buttons that do the same
    <form ref={form} className={classes['form']} aria-label={label} noValidate onSubmit={submit} onKeyDown={hear}>
      {wrong.length > 1 && (
        <div className={classes['summary']} role="alert">
          <strong>{t('form.errors')}</strong>
          <ul>
            {wrong.map(([name, message]) => (
              <li key={name}>{names[name] === undefined ? message : `${names[name]}: ${message}`}</li>
            ))}
          </ul>
        </div>
      )}
      {children}
    </form>
  )
}

/** Fields side by side where there is room for two. */
export function FieldGrid({ children }: { readonly children: ReactNode }): ReactNode {
  return <div className={classes['grid']}>{children}</div>
}
