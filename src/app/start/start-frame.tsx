// The frame of every screen before the app: a card on quiet ground, the steps above it, the focus on its heading when it changes.
import { useEffect, useRef, type ReactNode } from 'react'
import { BrandMark } from '../shell/brand-mark.tsx'
import { t, type TextKey } from '../text/translate.ts'
import classes from './start.module.css'

const steps = [
  'start.step-sign-in',
  'start.step-secure',
  'start.step-download',
  'start.step-ready',
] as const satisfies readonly TextKey[]

export interface StartFrameProps {
  readonly title: string
  readonly lead?: string
  /** 1 to 4 while a device is set up. */
  readonly step?: number
  readonly children?: ReactNode
}

export function StartFrame({ title, lead, step, children }: StartFrameProps): ReactNode {
  return (
    <main className={classes['ground']}>
      <div className={classes['brand']}>
        <BrandMark size={32} />
        <span>{t('app.name')}</span>
      </div>
      {step !== undefined && (
        <ol className={classes['steps']} aria-label={t('start.steps')}>
          {steps.map((name, index) => (
            <li
              key={name}
              data-state={index + 1 < step ? 'done' : index + 1 === step ? 'now' : 'later'}
              aria-current={index + 1 === step ? 'step' : undefined}
            >
              {t(name)}
            </li>
          ))}
        </ol>
      )}
      <section className={classes['card']}>
        <Heading key={title}>{title}</Heading>
        {lead !== undefined && <p className={classes['lead']}>{lead}</p>}
        {children}
      </section>
    </main>
  )
}

/** Takes the focus when it comes, or gives it to the first field of its card: another step is another page to those who hear it. */
function Heading({ children }: { readonly children: string }): ReactNode {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    const field = heading.current?.parentElement?.querySelector<HTMLElement>('[data-autofocus]')
    ;(field ?? heading.current)?.focus()
  }, [])
  return (
    <h1 ref={heading} tabIndex={-1}>
      {children}
    </h1>
  )
}

/** What went wrong, as words in a box that is read aloud. */
export function Problem({ children }: { readonly children: ReactNode }): ReactNode {
  return (
    <p role="alert" className={classes['problem']}>
      {children}
    </p>
  )
}
