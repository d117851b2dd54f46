// Facts and arguments as a table of words and values, as they were recorded, with rows by their names. Lines of a document stand below each
// other. What has no word of its own shows its name.
import { useMemo, type ReactNode } from 'react'
import { PhotoList } from '../../design/photo-list.tsx'
import { SignatureInk } from '../../design/signature-field.tsx'
import { useNow } from '../../design/use-now.ts'
import { useView } from '../../design/use-view.ts'
import { t } from '../../design/words.ts'
import type { names } from '../../../modules/review/views.ts'
import { useWorkplace } from '../shared/use-workplace.ts'
import { isLines } from './args-draft.ts'
import { fieldName, idsIn, readableWith, valueText, type FactContext, type Recorded } from './fact-text.ts'
import { inkIn, photosIn } from './recorded-media.ts'
import classes from './review.module.css'

/** What values mean here: the names of the rows they speak of, and the money they are in. */
export function useFactContext(recorded: unknown): FactContext {
  const { currency } = useWorkplace()
  const now = useNow(60_000)
  const ids = [...new Set(idsIn(recorded))].sort()
  const { rows } = useView<typeof names>('review.names', { ids })
  return useMemo(() => {
    const byId = new Map(rows?.map(({ id, name }) => [id, name]))
    return { nameOf: (id) => byId.get(id) ?? null, currency, now }
  }, [rows, currency, now])
}

export function FactsTable({ facts, context }: { readonly facts: Recorded; readonly context: FactContext }): ReactNode {
  return (
    <dl className={classes['facts']}>
      {readableWith(facts, context).map(([field, value]) => (
        <div key={field} data-wide={isWide(value) || undefined}>
          <dt>{fieldName(field)}</dt>
          <dd>
            <Value field={field} value={value} context={context} />
          </dd>
        </div>
      ))}
    </dl>
  )
}

const isWide = (value: unknown): boolean => isLines(value) || photosIn(value) !== null || inkIn(value) !== null

function Value({
  field,
  value,
  context,
}: {
  readonly field: string
  readonly value: unknown
  readonly context: FactContext
}): ReactNode {
  const photos = photosIn(value)
  if (photos !== null) return <PhotoList photos={photos} />
  const ink = inkIn(value)
  if (ink !== null) return <SignatureInk ink={ink} name={fieldName(field)} />
  return isLines(value) ? <Lines lines={value} context={context} /> : valueText(field, value, context)
}

function Lines({ lines, context }: { readonly lines: readonly Recorded[]; readonly context: FactContext }): ReactNode {
  return (
    <ol className={classes['lines']}>
      {lines.map((line, at) => (
        // Recorded lines never move: their position is who they are.
        <li key={at} aria-label={t('review.line-of', { n: at + 1 })}>
          {readableWith(line, context).map(([field, value]) => (
            <span key={field}>
              <span className={classes['dim']}>{fieldName(field)}</span>{' '}
              <Value field={field} value={value} context={context} />
            </span>
          ))}
        </li>
      ))}
    </ol>
  )
}

export const parsed = (text: string): Recorded => {
  const value: unknown = JSON.parse(text)
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Recorded) : { value }
}
