// Facts and arguments as a table of words and values, as they were recorded. Nothing is left out; what has no word of its own shows its name.
import type { ReactNode } from 'react'
import { useView } from '../../design/use-view.ts'
import { currentLocale } from '../../design/words.ts'
import { formatMoney, formatQuantity } from '../../text/format.ts'
import { hasText, t } from '../../text/translate.ts'
import type { people } from '../../../modules/masters/views.ts'
import classes from './review.module.css'

/** `businessDate` → `Business date`, unless the catalogue has a better word. */
export function fieldName(field: string): string {
  const key = `field.${field}`
  if (hasText(key)) return t(key)
  const words = field.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`).replace(/ minor$/, '')
  return words.charAt(0).toUpperCase() + words.slice(1)
}

const quantities = new Set(['onHand', 'sold', 'quantity', 'returned', 'returnable', 'taken', 'delivered', 'ordered'])

/** A recorded value as people read it: money by its name's ending, quantities by their names. */
export function valueText(field: string, value: unknown): string {
  if (value === null || value === undefined || value === '') return '–'
  if (typeof value === 'number') {
    if (field.endsWith('Minor') || field === 'amount' || field === 'total' || field === 'tax') return formatMoney(value, null, currentLocale())
    if (quantities.has(field)) return formatQuantity(value, currentLocale())
    return String(value)
  }
  if (typeof value === 'string') return value
  if (Array.isArray(value) && value.every((each) => typeof each !== 'object')) return value.join(', ')
  return JSON.stringify(value)
}

export function FactsTable({ facts }: { readonly facts: Readonly<Record<string, unknown>> }): ReactNode {
  return (
    <dl className={classes['facts']}>
      {Object.entries(facts)
        .filter(([field]) => field !== 'exception')
        .map(([field, value]) => (
          <div key={field}>
            <dt>{fieldName(field)}</dt>
            <dd>{valueText(field, value)}</dd>
          </div>
        ))}
    </dl>
  )
}

/** Names of people by their id. */
export function usePeople(): (id: string) => string {
  const { rows } = useView<typeof people>('masters.people', {})
  return (id) => rows?.find((person) => person.id === id)?.name ?? id
}

export const parsed = (text: string): Readonly<Record<string, unknown>> => {
  const value: unknown = JSON.parse(text)
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Readonly<Record<string, unknown>>) : { value }
}
