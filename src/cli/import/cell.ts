// Reads one cell of a spreadsheet: text, numbers as people type them, yes and no, dates. It never guesses between two
// readings: what could mean two things is refused with the reason.
import { parseDecimal, type DecimalFlaw } from '../../kernel/amount.ts'

export interface CellStyle {
  /** `1.234,50` instead of `1,234.50`. */
  readonly decimalComma: boolean
  /** The order of a date written with slashes. ISO dates are always understood. */
  readonly dates: 'ymd' | 'dmy' | 'mdy'
}

export type Reading = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly reason: string }
export type CellReader = (cell: string, style: CellStyle) => Reading

const read = (value: unknown): Reading => ({ ok: true, value })
const unread = (reason: string): Reading => ({ ok: false, reason })

export const asText =
  (lengthMax: number): CellReader =>
  (cell) =>
    cell.length > lengthMax
      ? unread(`longer than ${lengthMax} characters`)
      : cell.includes('\u0000')
        ? unread('contains a NUL character')
        : read(cell)

const flaws: { readonly [flaw in DecimalFlaw]: string } = {
  'decimal.malformed': 'is not a number',
  'decimal.too-fine': 'has too many decimals',
  'decimal.out-of-range': 'is too large',
}

/** A number without its grouping, sign in front, point before the decimals; null when it can't be one. */
function plainNumber(cell: string, decimalComma: boolean): string | null {
  const bare = cell
    .replaceAll(/[\s\u00a0\u202f'’]/g, '')
    .replace(/^([-+]?)[£$€]/, '$1')
    .replace(/[£$€]$/, '')
  const [group, point] = decimalComma ? ['.', ','] : [',', '.']
  const [whole = '', fraction, ...rest] = bare.split(point)
  if (rest.length > 0 || fraction === '') return null
  const grouped = new RegExp(`^[-+]?\\d{1,3}(\\${group}\\d{3})+$`)
  const joined = whole.includes(group) ? (grouped.test(whole) ? whole.replaceAll(group, '') : null) : whole
  if (joined === null || (fraction?.includes(group) ?? false)) return null
  return (fraction === undefined ? joined : `${joined}.${fraction}`).replace(/^\+/, '')
}

/** A number with at most `decimals` places, as a scaled integer. */
export const asDecimal =
  (decimals: number, isNegativeAllowed = false): CellReader =>
  (cell, style) => {
    const plain = plainNumber(cell, style.decimalComma)
    if (plain === null)
      return unread(
        style.decimalComma
          ? 'is not a number like 1.234,50'
          : 'is not a number like 1,234.50 (for a decimal comma pass --decimal-comma)',
      )
    const parsed = parseDecimal(plain, decimals)
    if (!parsed.ok)
      return unread(parsed.code === 'decimal.too-fine' ? `has more than ${decimals} decimals` : flaws[parsed.code])
    return parsed.value < 0 && !isNegativeAllowed ? unread('is below zero') : read(parsed.value)
  }

const yes = new Set(['yes', 'y', 'true', '1', 'x', 'ja', 'oui', 'si', 'sí'])
const no = new Set(['no', 'n', 'false', '0', 'nein', 'non'])

export const asFlag: CellReader = (cell) => {
  const word = cell.toLowerCase()
  return yes.has(word) ? read(true) : no.has(word) ? read(false) : unread('is neither yes nor no')
}

/** One of a closed list, in any case. */
export const asOneOf =
  (codes: readonly string[]): CellReader =>
  (cell) => {
    const found = codes.find((code) => code.toLowerCase() === cell.toLowerCase())
    return found === undefined ? unread(`is none of ${codes.join(', ')}`) : read(found)
  }

/** Several of a closed list, separated by `;`, `|` or `,`. */
export const asSeveralOf =
  (codes: readonly string[]): CellReader =>
  (cell, style) => {
    const words = cell
      .split(/[;|,]/)
      .map((word) => word.trim())
      .filter((word) => word !== '')
    const chosen: unknown[] = []
    for (const word of words) {
      const one = asOneOf(codes)(word, style)
      if (!one.ok) return unread(`"${word}" ${one.reason}`)
      chosen.push(one.value)
    }
    return read(chosen)
  }

/** Short texts separated by `;` or `|`. */
export const asTexts: CellReader = (cell) =>
  read(
    cell
      .split(/[;|]/)
      .map((word) => word.trim())
      .filter((word) => word !== ''),
  )

export const asDate: CellReader = (cell, { dates }) => {
  const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T].*)?$/.exec(cell)
  const other = /^(\d{1,2})([./-])(\d{1,2})\2(\d{4})$/.exec(cell)
  // With points the day comes first wherever that is written.
  const order = other?.[2] === '.' ? 'dmy' : dates
  if (iso === null && other !== null && order === 'ymd')
    return unread('could be day/month or month/day: write 2026-11-21, or pass --dates dmy or mdy')
  const [year, month, day] =
    iso !== null
      ? [iso[1], iso[2], iso[3]]
      : order === 'dmy'
        ? [other?.[4], other?.[3], other?.[1]]
        : [other?.[4], other?.[1], other?.[3]]
  if (year === undefined || month === undefined || day === undefined) return unread('is not a date like 2026-11-21')
  const text = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
  const at = new Date(`${text}T00:00:00Z`)
  const isReal = !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text)
  return isReal ? read(text) : unread('is not a day of the calendar')
}
