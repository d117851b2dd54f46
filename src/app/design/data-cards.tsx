// The narrow form of a list: one card below the other, each a button, measured as they come into sight.
import { useVirtualizer } from '@tanstack/react-virtual'
import { useCallback, type ReactNode } from 'react'
import type { Column, DataListProps } from './data-list.tsx'
import { groupBefore } from './grouped-rows.ts'
import classes from './data-list.module.css'
import { useRowKeys } from './use-row-keys.ts'

const cardHeightPx = 68
const overscanCards = 6

type DataCardsProps<R> = DataListProps<R> & { readonly rows: readonly R[] }

export function DataCards<R>(props: DataCardsProps<R>): ReactNode {
  const { label, rows, rowKey, columns, card, onOpen, openKey, groups, selection } = props
  const open = useCallback(
    (index: number) => {
      const row = rows[index]
      if (row !== undefined) onOpen?.(row)
    },
    [rows, onOpen],
  )
  const keys = useRowKeys({
    count: rows.length,
    scrollTo: (index) => virtual.scrollToIndex(index),
    open,
    opened: openKey == null ? -1 : rows.findIndex((row) => rowKey(row) === openKey),
  })
  // oxlint-disable-next-line react/incompatible-library -- nothing of this component is memoised; its rows are
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => keys.container.current,
    estimateSize: () => cardHeightPx,
    overscan: overscanCards,
  })
  const items = virtual.getVirtualItems()
  const before = items[0]?.start ?? 0
  const after = virtual.getTotalSize() - (items.at(-1)?.end ?? 0)
  return (
    <div ref={keys.container} className={classes['scroll']}>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- the cards take the keys, the list hears them once */}
      <ul
        className={classes['cards']}
        aria-label={label}
        onKeyDown={keys.onKeyDown}
        style={{ paddingTop: before, paddingBottom: after }}
      >
        {items.map(({ index, key }) => {
          const row = rows[index]
          if (row === undefined) return null
          const group = groupBefore(rows, index, groups)
          const content = card === undefined ? <UsualCard row={row} columns={columns} /> : card(row)
          return (
            <li
              key={rowKey(row)}
              data-chooses={selection !== undefined || undefined}
              ref={virtual.measureElement}
              data-index={index}
              data-key={String(key)}
            >
              {group !== null && <div className={classes['group']}>{groups?.head(group)}</div>}
              {selection !== undefined && (
                <label className={classes['choose']}>
                  <input
                    type="checkbox"
                    checked={selection.chosen.has(rowKey(row))}
                    aria-label={selection.label(row)}
                    onChange={() => selection.toggle(row)}
                  />
                </label>
              )}
              {onOpen === undefined ? (
                <div className={classes['card']}>{content}</div>
              ) : (
                <button
                  type="button"
                  className={classes['card']}
                  data-index={index}
                  tabIndex={index === keys.active ? 0 : -1}
                  onFocus={() => keys.setActive(index)}
                  onClick={() => open(index)}
                >
                  {content}
                </button>
              )}
            </li>
          )
        })}
      </ul>
    </div>
  )
}

/** The first column as the title, the last number beside it, the rest below. */
function UsualCard<R>({ row, columns }: { readonly row: R; readonly columns: readonly Column<R>[] }): ReactNode {
  const [title, ...rest] = columns
  const figure = rest.findLast((column) => column.align === 'end')
  const others = rest.filter((column) => column !== figure && column.isMinor !== true)
  return (
    <>
      <span className={classes['card-line']}>
        <strong>{title?.cell(row)}</strong>
        {figure !== undefined && <span className={classes['card-figure']}>{figure.cell(row)}</span>}
      </span>
      {others.length > 0 && (
        <span className={classes['card-others']}>
          {others.map((column) => (
            <span key={column.id}>{column.cell(row)}</span>
          ))}
        </span>
      )}
    </>
  )
}

/** A card of two lines: title and figure above, the rest below. For the `card` of a DataList. */
export function CardLines({
  title,
  figure,
  below,
}: {
  readonly title: ReactNode
  readonly figure?: ReactNode
  readonly below?: ReactNode
}): ReactNode {
  return (
    <>
      <span className={classes['card-line']}>
        <strong>{title}</strong>
        {figure !== undefined && <span className={classes['card-figure']}>{figure}</span>}
      </span>
      {below !== undefined && <span className={classes['card-others']}>{below}</span>}
    </>
  )
}
