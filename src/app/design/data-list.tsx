// A list of anything: a real table on wide screens, cards on a phone, with only the rows in sight in the document. Sorting, filtering and
// searching happen in SQL, never here. Arrows move, Home and End jump, Enter opens.
import type { ReactNode } from 'react'
import { t } from '../text/translate.ts'
import { DataCards } from './data-cards.tsx'
import classes from './data-list.module.css'
import { DataTable } from './data-table.tsx'
import { EmptyState, type EmptyStateProps } from './empty-state.tsx'
import type { Grouping, Selection } from './grouped-rows.ts'
import { ListToolbar, type ListToolbarProps } from './list-toolbar.tsx'
import { useWidth } from './use-width.ts'

export interface Column<R> {
  readonly id: string
  readonly head: string
  readonly cell: (row: R) => ReactNode
  /** Numbers stand at the end. */
  readonly align?: 'start' | 'end'
  /** CSS width of the column: `120px`, `30%`. The others share the rest. */
  readonly width?: string
  /** Left out below 1024 px, or while a detail is open. */
  readonly isMinor?: boolean
}

export interface DataListProps<R> {
  /** What the list is, for those who hear it. */
  readonly label: string
  /** null while the first answer isn't there. */
  readonly rows: readonly R[] | null
  readonly rowKey: (row: R) => string
  readonly columns: readonly Column<R>[]
  readonly onOpen?: (row: R) => void
  /** The row whose detail is open. */
  readonly openKey?: string | null
  /** A row as a card on a phone; left out: the first column as its title, the others below. */
  readonly card?: (row: R) => ReactNode
  readonly groups?: Grouping<R>
  /** Rows of a table have room for two lines; a cell that needs them is a `Clamped`. */
  readonly isTwoLined?: boolean
  readonly selection?: Selection<R>
  readonly toolbar?: Omit<ListToolbarProps, 'count'>
  /** Shown when there is nothing; when the toolbar filters, "Nothing matches" comes instead. */
  readonly empty?: EmptyStateProps
  readonly error?: Error | null
}

export function DataList<R>(props: DataListProps<R>): ReactNode {
  const { rows, toolbar } = props
  return (
    <div className={classes['list']}>
      {toolbar !== undefined && <ListToolbar {...toolbar} count={rows?.length ?? null} />}
      <Body {...props} />
    </div>
  )
}

function Body<R>(props: DataListProps<R>): ReactNode {
  const { rows, error, toolbar, empty } = props
  const isPhone = useWidth() === 'phone'
  if (error != null) {
    return <EmptyState text={t('list.failed', { reason: error.message })} />
  }
  // The first answer takes milliseconds: a skeleton would only flicker.
  if (rows === null) return <div className={classes['waiting']} aria-busy="true" aria-label={t('list.loading')} />
  if (rows.length === 0) {
    const { onClear } = toolbar ?? {}
    if (toolbar?.isFiltered === true) {
      return (
        <EmptyState
          kind="no-match"
          {...(onClear !== undefined && { secondary: { label: t('list.clear'), run: onClear } })}
        />
      )
    }
    return <EmptyState {...empty} />
  }
  return isPhone ? <DataCards {...props} rows={rows} /> : <DataTable {...props} rows={rows} />
}
