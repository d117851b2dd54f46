// Numbers as elements: money, quantities, days and moments, from the integers of the kernel. They print; they never compute.
import type { ReactNode } from 'react'
import { formatAgo, formatAmountOnly, formatDay, formatMoney, formatQuantity, formatWhen } from '../text/format.ts'
import { currentLocale } from '../text/translate.ts'
import { useNow } from './use-now.ts'

export interface MoneyProps {
  /** Minor units. */
  readonly amount: number
  /** The company's when left out. */
  readonly currency?: string | null
  /** Without the currency's sign, for columns whose head names it. */
  readonly isBare?: boolean
}

export function Money({ amount, currency = null, isBare = false }: MoneyProps): ReactNode {
  const locale = currentLocale()
  return <span>{isBare ? formatAmountOnly(amount, currency, locale) : formatMoney(amount, currency, locale)}</span>
}

/** A Quantity6 with its unit. */
export function Quantity({ value, unit }: { readonly value: number; readonly unit?: string | null }): ReactNode {
  const text = formatQuantity(value, currentLocale())
  return <span>{unit == null ? text : `${text} ${unit}`}</span>
}

/** A calendar day `YYYY-MM-DD`; null is a dash. */
export function Day({ day }: { readonly day: string | null }): ReactNode {
  return day === null ? <span>–</span> : <time dateTime={day}>{formatDay(day, currentLocale())}</time>
}

/** A moment in ms: the time when it is near, else day and time. */
export function When({ at }: { readonly at: number | null }): ReactNode {
  const now = useNow(60_000)
  if (at === null) return <span>–</span>
  return <time dateTime={new Date(at).toISOString()}>{formatWhen(at, now, currentLocale())}</time>
}

/** How long ago, kept up to date. */
export function Ago({ at }: { readonly at: number }): ReactNode {
  const now = useNow(30_000)
  return <time dateTime={new Date(at).toISOString()}>{formatAgo(at, now, currentLocale())}</time>
}
