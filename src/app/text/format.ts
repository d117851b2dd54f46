// Numbers, money, quantities, days and moments as people read them in their locale. Integers go in and text comes out: a decimal is handed
// to Intl as text, so that no float ever rounds an amount.
import { formatDecimal } from '../../kernel/amount.ts'

const made = new Map<string, unknown>()

/** Intl objects cost about 50 µs each: one a locale and use. */
function once<T>(key: string, make: () => T): T {
  let kept = made.get(key)
  if (kept === undefined) {
    kept = make()
    made.set(key, kept)
  }
  return kept as T
}

/** The first of each kind reads the browser's tables of a locale: some 20 ms, and 100 on a slow phone. */
export function prepareFormats(locale: string): void {
  formatDay('2026-01-01', locale)
  formatMoney(0, null, locale)
  formatNumber(0, locale)
}

let companyCurrency = 'EUR'
let companyMinorDigits: number | null = null

/** The company's currency, for amounts that name none. */
export function setCompanyCurrency(currency: string, minorDigits: number | null = null): void {
  companyCurrency = currency
  companyMinorDigits = minorDigits
}

/** Decimals of a currency: 2 for EUR, 0 for JPY; the company's own setting wins for its currency. */
export function minorDigitsOf(currency: string | null): number {
  if (currency === null || currency === companyCurrency) return companyMinorDigits ?? intlDigits(companyCurrency)
  return intlDigits(currency)
}

function intlDigits(currency: string): number {
  return once(`digits ${currency}`, () => {
    try {
      return new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2
    } catch {
      return 2 // a currency code that Intl doesn't know, like a voucher's
    }
  })
}

type Decimal = `${number}`

/** A decimal that was stored as text (a receipt's), with the locale's marks: `1188.00` is `1.188,00` in German. */
export function localDecimal(text: string, locale: string): string {
  const digits = text.split('.')[1]?.length ?? 0
  return once(
    `decimal ${locale} ${digits}`,
    () => new Intl.NumberFormat(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits }),
  ).format(text as Decimal)
}

/** Minor units of a currency (the company's own when null) as `€1,234.50`. */
export function formatMoney(amountMinor: number, currency: string | null, locale: string): string {
  const code = currency ?? companyCurrency
  const digits = minorDigitsOf(currency)
  const decimal = formatDecimal(amountMinor, digits) as Decimal
  const format = once(`money ${locale} ${code} ${digits}`, () => {
    const options = { minimumFractionDigits: digits, maximumFractionDigits: digits }
    try {
      return new Intl.NumberFormat(locale, { style: 'currency', currency: code, ...options })
    } catch {
      return new Intl.NumberFormat(locale, options)
    }
  })
  return format.format(decimal)
}

/** The amount without its currency's sign, for columns whose head names it. */
export function formatAmountOnly(amountMinor: number, currency: string | null, locale: string): string {
  const digits = minorDigitsOf(currency)
  const format = once(
    `amount ${locale} ${digits}`,
    () => new Intl.NumberFormat(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits }),
  )
  return format.format(formatDecimal(amountMinor, digits) as Decimal)
}

/** A Quantity6 or Rate6 without needless zeros: 1 500 000 is `1.5`. */
export function formatQuantity(quantity6: number, locale: string): string {
  const format = once(`quantity ${locale}`, () => new Intl.NumberFormat(locale, { maximumFractionDigits: 6 }))
  return format.format(formatDecimal(quantity6, 6, 0) as Decimal)
}

/** A share of 0 … 1 as a percentage with at most one decimal. */
export const formatPercent = (share: number, locale: string): string =>
  once(`percent ${locale}`, () => new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 })).format(
    share,
  )

/** How much is proved, rounded down: all but one row is not 100 %. */
export const formatProved = (score: number, locale: string): string =>
  formatPercent(Math.floor(score * 1000) / 1000, locale)

export const formatNumber = (value: number, locale: string): string =>
  once(`number ${locale}`, () => new Intl.NumberFormat(locale)).format(value)

/** A calendar day `YYYY-MM-DD`, or the day of a moment in ms, as `21 Nov 2026`. */
export function formatDay(day: string | number, locale: string): string {
  if (typeof day === 'number') {
    return once(`moment day ${locale}`, () => new Intl.DateTimeFormat(locale, { dateStyle: 'medium' })).format(day)
  }
  const moment = Date.parse(`${day}T00:00:00Z`)
  // The day belongs to the place of work: read and shown in UTC, no zone can move it.
  const format = once(`day ${locale}`, () => new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone: 'UTC' }))
  return Number.isNaN(moment) ? day : format.format(moment)
}

export const formatTime = (at: number, locale: string): string =>
  once(`time ${locale}`, () => new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit' })).format(at)

const DAY_MS = 86_400_000

/** A moment as briefly as it is clear: the time when it is less than a day away, else the day and the time. */
export function formatWhen(at: number, now: number, locale: string): string {
  if (Math.abs(now - at) < DAY_MS && new Date(at).getDate() === new Date(now).getDate()) return formatTime(at, locale)
  const options = { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' } as const
  return once(`when ${locale}`, () => new Intl.DateTimeFormat(locale, options)).format(at)
}

/** How long ago, in the largest whole unit: `2 days ago`. */
export function formatAgo(at: number, now: number, locale: string): string {
  const format = once(`ago ${locale}`, () => new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }))
  const seconds = Math.round((at - now) / 1000)
  const size = Math.abs(seconds)
  if (size < 45) return format.format(0, 'second')
  if (size < 3600) return format.format(Math.round(seconds / 60), 'minute')
  if (size < 86_400) return format.format(Math.round(seconds / 3600), 'hour')
  return format.format(Math.round(seconds / 86_400), 'day')
}

const durationUnits = [
  ['day', DAY_MS],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1000],
] as const

/** How long, in the largest unit that fits, one decimal at most: `1.5 hours`. */
export function formatDuration(ms: number, locale: string): string {
  const [unit, size] = durationUnits.find(([, each]) => ms >= each) ?? (['second', 1000] as const)
  const options = {
    style: 'unit',
    unit,
    unitDisplay: 'long',
    maximumFractionDigits: unit === 'second' ? 0 : 1,
  } as const
  return once(`duration ${locale} ${unit}`, () => new Intl.NumberFormat(locale, options)).format(ms / size)
}

const byteUnits = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const

/** Bytes as `12.3 MB`. */
export function formatBytes(bytes: number, locale: string): string {
  const power = bytes < 1000 ? 0 : Math.min(3, Math.floor(Math.log10(bytes) / 3))
  const unit = byteUnits[power] ?? 'byte'
  const options = { style: 'unit', unit, maximumFractionDigits: power > 1 ? 1 : 0 } as const
  return once(`bytes ${locale} ${unit}`, () => new Intl.NumberFormat(locale, options)).format(bytes / 1000 ** power)
}

/** The sign between whole and fraction that people type in this locale. */
export function decimalSign(locale: string): string {
  return once(`sign ${locale}`, () => {
    const parts = new Intl.NumberFormat(locale).formatToParts(1.5)
    return parts.find((part) => part.type === 'decimal')?.value ?? '.'
  })
}

/** What a person typed in their locale as plain decimal text (`1.234,5` in German is `1234.5`); null when it is no number. */
export function typedDecimal(typed: string, locale: string): string | null {
  const sign = decimalSign(locale)
  const bare = typed.trim().replaceAll(/[\s\u00a0\u202f'’]/g, '')
  const plain =
    sign === ','
      ? bare.replaceAll(/\.(?=\d{3}(?:\D|$))/g, '').replace(',', '.')
      : bare.replaceAll(/,(?=\d{3}(?:\D|$))/g, '').replace(',', '.')
  return /^-?\d*\.?\d*$/.test(plain) && /\d/.test(plain) ? normal(plain) : null
}

function normal(plain: string): string {
  const isNegative = plain.startsWith('-')
  const [whole = '', fraction = ''] = plain.replace('-', '').split('.')
  return `${isNegative ? '-' : ''}${whole === '' ? '0' : whole}${fraction === '' ? '' : `.${fraction}`}`
}

/** A word or sentence at the beginning of a line. */
export const capital = (words: string, locale: string): string =>
  words.charAt(0).toLocaleUpperCase(locale) + words.slice(1)
