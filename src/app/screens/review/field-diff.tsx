// Fields side by side: before, what stands, what somebody wanted, what it comes to. A table where there is room for four columns; on a phone,
// and where texts or words are long, a field's values stand below each other.
import type { ReactNode } from 'react'
import { Section } from '../../design/page.tsx'
import { useWidth } from '../../design/use-width.ts'
import { t } from '../../design/words.ts'
import classes from './review.module.css'

export interface FieldDiffProps {
  /** What stands now, and what somebody wanted: who is who. */
  readonly heads: { readonly stands: string; readonly wanted: string }
  readonly fields: readonly FieldValues[]
}

export interface FieldValues {
  readonly key: string
  readonly name: string
  readonly before: string
  readonly stands: string
  readonly wanted: string
  /** Null while nothing can be decided. */
  readonly result: string | null
}

/** Characters that a quarter of the pane has no room for: of a text, and of a word, which would be broken anywhere. */
const LONG = 60
const LONG_WORD = 12

const isLong = (cell: string): boolean => cell.length > LONG || cell.split(/\s/).some((word) => word.length > LONG_WORD)

export function FieldDiff({ heads, fields }: FieldDiffProps): ReactNode {
  const width = useWidth()
  const isDecided = fields.every(({ result }) => result !== null)
  const labels = [t('review.before'), heads.stands, heads.wanted, ...(isDecided ? [t('review.result')] : [])]
  const rows = fields.map(({ key, name, before, stands, wanted, result }) => ({
    key,
    name,
    cells: [before, stands, wanted, ...(isDecided ? [result ?? ''] : [])],
  }))
  const isStacked = width === 'phone' || rows.some(({ cells }) => cells.some(isLong))
  return (
    <Section title={t('review.fields')}>
      {isStacked ? <Stacked labels={labels} rows={rows} /> : <Columns labels={labels} rows={rows} />}
    </Section>
  )
}

interface Laid {
  readonly labels: readonly string[]
  readonly rows: readonly { readonly key: string; readonly name: string; readonly cells: readonly string[] }[]
}

/** The last of the four is what the decision is about. */
const valueOf = (cell: string, at: number): ReactNode => (at === 3 ? <strong>{cell}</strong> : cell)

function Columns({ labels, rows }: Laid): ReactNode {
  return (
    <table className={classes['diff']} aria-label={t('review.fields')}>
      <thead>
        <tr>
          {labels.map((label) => (
            <th key={label} scope="col">
              {label}
            </th>
          ))}
        </tr>
      </thead>
      {rows.map(({ key, name, cells }) => (
        <tbody key={key}>
          <tr>
            <th scope="rowgroup" colSpan={labels.length}>
              {name}
            </th>
          </tr>
          <tr>
            {cells.map((cell, at) => (
              <td key={labels[at]}>{valueOf(cell, at)}</td>
            ))}
          </tr>
        </tbody>
      ))}
    </table>
  )
}

function Stacked({ labels, rows }: Laid): ReactNode {
  return rows.map(({ key, name, cells }) => (
    <div key={key} className={classes['step']}>
      <h3>{name}</h3>
      <dl className={classes['facts']} aria-label={name}>
        {cells.map((cell, at) => (
          <div key={labels[at]}>
            <dt>{labels[at]}</dt>
            <dd>{valueOf(cell, at)}</dd>
          </div>
        ))}
      </dl>
    </div>
  ))
}
