// The wide form of a list: a table element with real rows, of which only those in sight exist. Spacer rows stand for the others.
import { useVirtualizer } from '@tanstack/react-virtual'
import { Fragment, memo, useCallback, type ReactNode } from 'react'
import { t } from '../text/translate.ts'
import type { Column, DataListProps } from './data-list.tsx'
import { groupBefore } from './grouped-rows.ts'
import { HiddenText } from './hidden-text.tsx'
import classes from './data-list.module.css'
import { useRowHeight, useWidth } from './use-width.ts'
import { useRowKeys } from './use-row-keys.ts'

const overscanRows = 12
const secondLinePx = 20

type DataTableProps<R> = DataListProps<R> & { readonly rows: readonly R[] }

export function DataTable<R>(props: DataTableProps<R>): ReactNode {
  const { label, rows, rowKey, columns, onOpen, openKey, groups, selection, isTwoLined = false } = props
  const lineHeight = useRowHeight()
  const rowHeight = isTwoLined ? lineHeight + secondLinePx : lineHeight
  const isDesk = useWidth() === 'desk'
  const shown = isDesk && openKey == null ? columns : columns.filter((column) => column.isMinor !== true)
  const open = useCallback(
    (index: number) => {
      const row = rows[index]
      if (row !== undefined) onOpen?.(row)
    },
    [rows, onOpen],
  )
  const toggle = selection?.toggle
  const select = useCallback(
    (index: number) => {
      const row = rows[index]
      if (row !== undefined) toggle?.(row)
    },
    [rows, toggle],
  )
  const keys = useRowKeys({
    count: rows.length,
    scrollTo: (index) => virtual.scrollToIndex(index),
    open,
    opened: openKey == null ? -1 : rows.findIndex((row) => rowKey(row) === openKey),
    ...(selection !== undefined && { select }),
  })
  // oxlint-disable-next-line react/incompatible-library -- nothing of this component is memoised; its rows are
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => keys.container.current,
    estimateSize: (index) => (groupBefore(rows, index, groups) === null ? rowHeight : rowHeight + lineHeight),
    // Groups move with their rows: heights are known by the row, not by its place.
    ...(groups !== undefined && { getItemKey: (index: number) => rowKeyAt(rows, rowKey, index) }),
    overscan: overscanRows,
    scrollPaddingStart: rowHeight,
  })
  const items = virtual.getVirtualItems()
  const before = items[0]?.start ?? 0
  const after = virtual.getTotalSize() - (items.at(-1)?.end ?? 0)

  return (
    <div ref={keys.container} className={classes['scroll']}>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- the rows take the keys, the table hears them once */}
      <table
        className={classes['table']}
        data-two-lined={isTwoLined || undefined}
        aria-label={label}
        aria-rowcount={rows.length + 1}
        onKeyDown={keys.onKeyDown}
      >
        <colgroup>
          {selection !== undefined && <col style={{ width: '44px' }} />}
          {shown.map((column) => (
            <col key={column.id} style={column.width === undefined ? undefined : { width: column.width }} />
          ))}
        </colgroup>
        <thead>
          <tr aria-rowindex={1}>
            {selection !== undefined && (
              <th scope="col">
                <HiddenText>{t('list.chosen')}</HiddenText>
              </th>
            )}
            {shown.map((column) => (
              <th key={column.id} scope="col" data-align={column.align}>
                {column.head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {before > 0 && <Spacer height={before} />}
          {items.map(({ index }) => {
            const row = rows[index]
            if (row === undefined) return null
            const key = rowKey(row)
            const group = groupBefore(rows, index, groups)
            return (
              <Fragment key={key}>
                {group !== null && (
                  <tr className={classes['group']}>
                    <th scope="rowgroup" colSpan={shown.length + (selection === undefined ? 0 : 1)}>
                      {groups?.head(group)}
                    </th>
                  </tr>
                )}
                <TableRow
                  row={row}
                  index={index}
                  columns={shown as readonly Column<unknown>[]}
                  isActive={index === keys.active}
                  isOpen={key === openKey}
                  onActivate={keys.setActive}
                  {...(onOpen !== undefined && { onOpen: open })}
                  {...(selection !== undefined && {
                    select,
                    isChosen: selection.chosen.has(key),
                    chooseLabel: selection.label(row),
                  })}
                />
              </Fragment>
            )
          })}
          {after > 0 && <Spacer height={after} />}
        </tbody>
      </table>
    </div>
  )
}

/** A text in a cell of a two-lined list: cut after the second line, whole on being pointed at. */
export const Clamped = ({ children }: { readonly children: string }): ReactNode => (
  <span className={classes['clamped']} title={children}>
    {children}
  </span>
)

function rowKeyAt<R>(rows: readonly R[], rowKey: (row: R) => string, index: number): string {
  const row = rows[index]
  return row === undefined ? String(index) : rowKey(row)
}

const Spacer = ({ height }: { readonly height: number }): ReactNode => <tr aria-hidden style={{ height }} />

interface TableRowProps {
  readonly row: unknown
  readonly index: number
  readonly columns: readonly Column<unknown>[]
  readonly isActive: boolean
  readonly isOpen: boolean
  readonly onActivate: (index: number) => void
  readonly onOpen?: (index: number) => void
  readonly select?: (index: number) => void
  readonly isChosen?: boolean
  readonly chooseLabel?: string
}

/** Memoised: a keystroke in the search must not draw again what didn't change. */
const TableRow = memo(function TableRow({
  row,
  index,
  columns,
  isActive,
  isOpen,
  onActivate,
  onOpen,
  select,
  isChosen,
  chooseLabel,
}: TableRowProps): ReactNode {
  return (
    // Enter on the row does the same as a click.
    <tr
      className={classes['row']}
      data-index={index}
      data-opens={onOpen !== undefined || undefined}
      aria-rowindex={index + 2}
      aria-current={isOpen || undefined}
      tabIndex={isActive ? 0 : -1}
      onFocus={() => onActivate(index)}
      onClick={() => onOpen?.(index)}
    >
      {select !== undefined && (
        // A touch beside the box means the box, not the row; keys reach the box itself.
        <td className={classes['choose']} onClick={(event) => event.stopPropagation()}>
          <input type="checkbox" checked={isChosen === true} aria-label={chooseLabel} onChange={() => select(index)} />
        </td>
      )}
      {columns.map((column) => (
        <td key={column.id} data-align={column.align}>
          {column.cell(row)}
        </td>
      ))}
    </tr>
  )
})
