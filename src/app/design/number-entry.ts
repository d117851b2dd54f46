// Typed numbers as integers: money in minor units, quantities and rates with six decimals, in the way the person's locale writes them. What
// doesn't fit is named; it never rounds what somebody typed.
import { formatDecimal, parseDecimal } from '../../kernel/amount.ts'
import { decimalSign, typedDecimal } from '../text/format.ts'
import { currentLocale, t } from '../text/translate.ts'

export type Entry =
  | { readonly ok: true; readonly value: number | null }
  | { readonly ok: false; readonly message: string }

/** What was typed as an integer of `decimals` decimals; null for nothing. `shownMax` allows fewer decimals than are stored. */
export function entryOf(typed: string, decimals: number, shownMax: number = decimals): Entry {
  if (typed.trim() === '') return { ok: true, value: null }
  const plain = typedDecimal(typed, currentLocale())
  if (plain === null) return { ok: false, message: t('form.not-a-number') }
  const shown = parseDecimal(plain, shownMax)
  const parsed = shown.ok ? parseDecimal(plain, decimals) : shown
  if (parsed.ok) return { ok: true, value: parsed.value }
  const tooFine = parsed.code === 'decimal.too-fine'
  return { ok: false, message: tooFine ? t('form.too-fine', { decimals: shownMax }) : t('form.out-of-range') }
}

/** An integer of `decimals` decimals as text for a field: the locale's decimal sign, no grouping. */
export function textOf(value: number | null, decimals: number, decimalsMin: number): string {
  if (value === null) return ''
  return formatDecimal(value, decimals, decimalsMin).replace('.', decimalSign(currentLocale()))
}
