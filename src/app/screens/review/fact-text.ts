// Recorded facts and arguments as people read them: money, quantities, days and moments by the names of their fields, rows by their names.
// Pure; it leaves nothing out and changes nothing.
import { currentLocale } from '../../design/words.ts'
import { formatBytes, formatDay, formatMoney, formatQuantity, formatWhen } from '../../text/format.ts'
import { hasText, t } from '../../text/translate.ts'
import { inkIn, photosIn } from './recorded-media.ts'

export type Recorded = Readonly<Record<string, unknown>>

/** `businessDate` → `Business date`, unless the catalogue has a better word. */
export function fieldName(field: string): string {
  const key = `field.${field}`
  if (hasText(key)) return t(key)
  const words = field
    .replace(/Minor$/, '')
    .replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
    .replaceAll('-', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}

const money = new Set([
  'amount',
  'total',
  'tax',
  'net',
  'gross',
  'applied',
  'discount',
  'writeOff',
  'given',
  'change',
  'float',
  'counted',
  'cashRounding',
  'ruleDiscount',
])
const quantities = new Set([
  'onHand',
  'sold',
  'quantity',
  'returned',
  'returnable',
  'taken',
  'delivered',
  'deliverable',
  'ordered',
  'billed',
  'billable',
  'invoiced',
  'accepted',
  'rejected',
  'refusedQuantity',
  'stockQuantity',
])
const idPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
const dayPattern = /^\d{4}-\d{2}-\d{2}$/
/** Recorded for the machinery, told elsewhere on the screen. */
const hidden = new Set([
  'exception',
  'currency',
  'minorDigits',
  'factorNum',
  'factorDen',
  'methodKind',
  'territory',
  'taxRounding',
  'pricesIncludeTax',
])
/** 2001 in ms: whole numbers above are moments where the field says so. */
const momentMin = 1_000_000_000_000

export const isId = (value: unknown): value is string => typeof value === 'string' && idPattern.test(value)
export const isDay = (value: unknown): value is string => typeof value === 'string' && dayPattern.test(value)
export const isMoney = (field: string): boolean => field.endsWith('Minor') || money.has(field)

export const isRate = (field: string): boolean => /([rR]ate|[pP]ercent)$/.test(field)
export const isQuantity = (field: string): boolean => quantities.has(field)

/** The fields worth reading; empty ones are left out. */
export const readable = (facts: Recorded): readonly (readonly [field: string, value: unknown])[] =>
  Object.entries(facts).filter(
    ([field, value]) =>
      !hidden.has(field) && value !== null && value !== '' && !(Array.isArray(value) && value.length === 0),
  )

/** The same, without a name that was copied beside the row it is of, as long as the row is called so still. */
export const readableWith = (
  facts: Recorded,
  context: FactContext,
): readonly (readonly [field: string, value: unknown])[] =>
  readable(facts).filter(([field, value]) => {
    const of = facts[field.replace(/Name$/, '')]
    return !(field.endsWith('Name') && isId(of) && context.nameOf(of) === value)
  })

/** Every id anywhere in it, to ask for the names at once. */
export function idsIn(value: unknown): readonly string[] {
  if (isId(value)) return [value]
  if (Array.isArray(value)) return value.flatMap(idsIn)
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(idsIn) : []
}

export interface FactContext {
  /** The name of a row, or null when this device doesn't hold it. */
  readonly nameOf: (id: string) => string | null
  readonly currency: string | null
  readonly now: number
}

function numberText(field: string, value: number, { currency, now }: FactContext): string {
  const locale = currentLocale()
  if (isMoney(field)) return formatMoney(value, currency, locale)
  if (quantities.has(field)) return formatQuantity(value, locale)
  if (/[rR]ate$/.test(field)) return formatQuantity(value, locale)
  if (/[pP]ercent$/.test(field)) return `${formatQuantity(value, locale)} %`
  if (/(At|^at)$/.test(field) && value > momentMin) return formatWhen(value, now, locale)
  if (field.endsWith('Bytes')) return formatBytes(value, locale)
  // Positions count from 0, people from 1.
  return field === 'line' ? String(value + 1) : String(value)
}

/** One value; a list of plain values is joined. Objects are the caller's to lay out. */
export function valueText(field: string, value: unknown, context: FactContext): string {
  if (value === null || value === undefined || value === '') return '–'
  if (typeof value === 'number') return numberText(field, value, context)
  if (typeof value === 'boolean') return t(value ? 'review.yes' : 'review.no')
  if (typeof value === 'string') {
    if (inkIn(value) !== null) return t('signature.given')
    const word = `value.${field}.${value}`
    if (hasText(word)) return t(word)
    if (isId(value)) return context.nameOf(value) ?? t('review.unknown-row', { id: value.slice(0, 8) })
    if (isDay(value)) return formatDay(value, currentLocale())
    const position = /^line\/(\d+)$/.exec(value)
    return position === null ? value : String(Number(position[1]) + 1)
  }
  const photos = photosIn(value)
  if (photos !== null) return t('photo.number', { count: photos.length })
  if (Array.isArray(value)) return value.map((each) => valueText(field, each, context)).join(', ')
  return readable(value as Recorded)
    .map(([name, each]) => `${fieldName(name)}: ${valueText(name, each, context)}`)
    .join(' · ')
}

/** What it is about in a few words: a number, else the first row that has a name here. */
export function aboutText(facts: Recorded, { nameOf }: FactContext): string | null {
  const numbered = ['number', 'order', 'invoice', 'supplierNote']
    .map((field) => facts[field])
    .find((value): value is string => typeof value === 'string' && !isId(value))
  if (numbered !== undefined) return numbered
  for (const id of idsIn(['item', 'party', 'till', 'user', 'warehouse'].map((field) => facts[field] ?? null))) {
    const name = nameOf(id)
    if (name !== null) return name
  }
  return null
}
