// A screen's frame: head, body and, where there is one, a bar of actions. The body scrolls (or its list does); head and bar stay.
import type { ReactNode } from 'react'
import classes from './page.module.css'

export interface PageProps {
  readonly header?: ReactNode
  readonly children: ReactNode
  /** An ActionBar. */
  readonly actions?: ReactNode
  /** A DetailPane: beside the body on a wide screen, over it on a narrow one. */
  readonly detail?: ReactNode
  /** The body fills the height and scrolls inside (lists, the till); otherwise it scrolls as a whole. */
  readonly isFilled?: boolean
  /** Forms and texts: at most 760 px wide. */
  readonly isNarrow?: boolean
}

export function Page({ header, children, actions, detail, isFilled = false, isNarrow = false }: PageProps): ReactNode {
  return (
    <div className={classes['page']} data-has-detail={detail != null || undefined}>
      <div className={classes['main']}>
        {header}
        <div className={classes['body']} data-filled={isFilled || undefined} data-narrow={isNarrow || undefined}>
          {children}
        </div>
        {actions}
      </div>
      {detail}
    </div>
  )
}

export interface PageHeaderProps {
  readonly title: string
  /** A line below the title: a number, a customer. */
  readonly subtitle?: ReactNode
  /** Beside the title: a StatusChip. */
  readonly status?: ReactNode
  readonly actions?: ReactNode
  /** A way back, before the title. */
  readonly back?: ReactNode
}

/** More would stand in slivers beside the actions on a phone. */
const longTitle = 36

export function PageHeader({ title, subtitle, status, actions, back }: PageHeaderProps): ReactNode {
  return (
    <header className={classes['header']} data-long={title.length > longTitle || undefined}>
      {back}
      <div className={classes['titles']}>
        <h1>
          {title}
          {status !== undefined && <span className={classes['status']}>{status}</span>}
        </h1>
        {subtitle !== undefined && <p className={classes['subtitle']}>{subtitle}</p>}
      </div>
      {actions !== undefined && <div className={classes['actions']}>{actions}</div>}
    </header>
  )
}

/** The main actions at the bottom: a bar in reach of the thumb on a phone, right-aligned on a wide screen. */
export function ActionBar({
  children,
  summary,
}: {
  readonly children: ReactNode
  readonly summary?: ReactNode
}): ReactNode {
  return (
    <div className={classes['bar']}>
      {summary !== undefined && <div className={classes['summary']}>{summary}</div>}
      <div className={classes['buttons']}>{children}</div>
    </div>
  )
}

/** A white card with a hairline, and its heading. */
export function Section({
  title,
  actions,
  children,
}: {
  readonly title?: string
  readonly actions?: ReactNode
  readonly children: ReactNode
}): ReactNode {
  return (
    <section className={classes['section']}>
      {(title ?? actions) !== undefined && (
        <div className={classes['section-head']}>
          {title !== undefined && <h2>{title}</h2>}
          {actions}
        </div>
      )}
      {children}
    </section>
  )
}

/** Facts as label and value, in columns where there is room. */
export function FactList({
  facts,
}: {
  readonly facts: readonly (readonly [label: string, value: ReactNode])[]
}): ReactNode {
  return (
    <dl className={classes['facts']}>
      {facts.map(([label, value]) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}
