// A price per unit as people read it: with the currency, and with more decimals than the currency has only where the price has them.
import type { ReactNode } from 'react'
import { formatRate, rate6 } from '../../../kernel/amount.ts'
import { minorDigitsOf } from '../../text/format.ts'
import { currentLocale } from '../../design/words.ts'

type Decimal = `${number}`

export function rateText(rate: number, currency: string): string {
  const digits = minorDigitsOf(currency)
  const format = new Intl.NumberFormat(currentLocale(), {
    style: 'currency',
    currency,
    minimumFractionDigits: digits,
    maximumFractionDigits: Math.max(digits, 4),
  })
  return format.format(formatRate(rate6(rate)) as Decimal)
}

export const RateText = ({ rate, currency }: { readonly rate: number; readonly currency: string }): ReactNode => (
  <span>{rateText(rate, currency)}</span>
)
