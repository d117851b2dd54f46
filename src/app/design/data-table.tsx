// The wide form of a list: a table element with real rows, of which only those in sight exist. Spacer rows stand for the others.
import { useVirtualizer } from '@tanstack/react-virtual'
import { memo, useCallback, type ReactNode } from 'react'
import type { Column, DataListProps } from './data-list.tsx'
import classes from './data-list.module.css'
import { useRowHeight, useWidth } from './use-width.ts'
import { useRowKeys } from './use-row-keys.ts'

const overscanRows = 12

type DataTableProps<R> = DataListProps<R> & { readonly rows: readonly R[] }

export function DataTable<R>({ label, rows, rowKey, columns, onOpen, openKey }: DataTableProps<R>): ReactNode {
  const rowHeight = useRowHeight()
  const isDesk = useWidth() === 'desk'
  const shown = isDesk && openKey == null ? columns : columns.filter((column) => column.isMinor !== true)
  const open = useCallback(
    (index: number) => {
      const row = rows[index]
      if (row !== undefined) onOpen?.(row)
    },
    [rows, onOpen],
  )
  const keys = useRowKeys({ count: rows.length, scrollTo: (index) => virtual.scrollToIndex(index), open })
  // oxlint-disable-next-line react/incompatible-library -- nothing of this component is memoised; its rows are
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => keys.container.current,
    estimateSize: () => rowHeight,
    overscan: overscanRows,
    scrollPaddingStart: rowHeight,
  })
  const items = virtual.getVirtualItems()
  const before = items[0]?.start ?? 0
  const after = virtual.getTotalSize() - (items.at(-1)?.end ?? 0)

  return (
    <div ref={keys.container} className={classes['scroll']}>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- the rows take the keys, the table hears them once */}
      <table className={classes['table']} aria-label={label} aria-rowcount={rows.length + 1} onKeyDown={keys.onKeyDown}>
        <colgroup>
          {shown.map((column) => (
            <col key={column.id} style={column.width === undefined ? undefined : { width: column.width }} />
          ))}
        </colgroup>
        <thead>
          <tr aria-rowindex={1}>
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
            return (
              <TableRow
                key={key}
                row={row}
                index={index}
                columns={shown as readonly Column<unknown>[]}
                isActive={index === keys.active}
                isOpen={key === openKey}
                onActivate={keys.setActive}
                {...(onOpen !== undefined && { onOpen: open })}
              />
            )
          })}
          {after > 0 && <Spacer height={after} />}
        </tbody>
      </table>
    </div>
  )
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
      {columns.map((column) => (
        <td key={column.id} data-align={column.align}>
          {column.cell(row)}
        </td>
      ))}
    </tr>
  )
})
