// The lines of a document as a small table. On a phone a line's name has a row of its own above its figures, so that none is cut off.
import type { ReactNode } from 'react'
import { useWidth } from '../../design/use-width.ts'
import classes from './line-table.module.css'

export interface LineTableProps {
  readonly heads: readonly string[]
  readonly rows: readonly { readonly key: string; readonly cells: readonly ReactNode[] }[]
  /** Sums below: a label and what stands in the last column. */
  readonly sums?: readonly { readonly label: string; readonly value: ReactNode }[]
}

/** So many columns have room on a phone beside a name. */
const besideMax = 3

export function LineTable({ heads, rows, sums = [] }: LineTableProps): ReactNode {
  const isStacked = useWidth() === 'phone' && heads.length > besideMax
  const shown = isStacked ? heads.slice(1) : heads
  return (
    <div className={classes['scroll']}>
      <table className={classes['table']} data-stacked={isStacked || undefined}>
        <thead>
          <tr>
            {shown.map((head) => (
              <th key={head} scope="col">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        {rows.map(({ key, cells: [name, ...figures] }) => (
          <tbody key={key}>
            {isStacked && (
              <tr className={classes['name']}>
                <th scope="rowgroup" colSpan={shown.length}>
                  {name}
                </th>
              </tr>
            )}
            <tr>
              {!isStacked && <th scope="row">{name}</th>}
              {figures.map((cell, at) => (
                // The columns of a document's lines never move.
                <td key={heads[at + 1]}>{cell}</td>
              ))}
            </tr>
          </tbody>
        ))}
        {sums.length > 0 && (
          <tfoot>
            {sums.map(({ label, value }) => (
              <tr key={label}>
                <th scope="row" colSpan={shown.length - 1}>
                  {label}
                </th>
                <td>{value}</td>
              </tr>
            ))}
          </tfoot>
        )}
      </table>
    </div>
  )
}
