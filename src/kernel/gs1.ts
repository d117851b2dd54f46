// GS1 element strings (DataMatrix, GS1-128, GS1 QR): item, batch, dates, serial and net weight in one scan. Elements it
// has no use for are kept as they stand; a malformed known one is an error naming its identifier, never a guess.
// Source: GS1 General Specifications, chapters 3 (identifiers), 7.12 (century of a date), 7.8 (predefined lengths).
import type { Quantity6 } from './amount.ts'
import { parseGtin } from './barcode.ts'
import { type Outcome, fit, unfit } from './outcome.ts'

export interface Gs1Elements {
  /** (01), 14 digits. */
  gtin?: string
  /** (10) */
  batch?: string
  /** (11) production, `YYYY-MM-DD` */
  producedOn?: string
  /** (17) expiry, `YYYY-MM-DD` */
  expiresOn?: string
  /** (21) */
  serial?: string
  /** (310n) net weight in kg. */
  netWeight?: Quantity6
  /** Elements with other identifiers, identifier and data together, in their order. */
  others: string[]
}

export type Gs1Flaw =
  | 'gs1.empty'
  | 'gs1.cut-short'
  | 'gs1.malformed'
  | 'gs1.wrong-date'
  | 'gs1.wrong-gtin'
  | 'gs1.twice'

/** The separator after an element of variable length. */
export const FNC1 = '\u001d'

// Whole length of elements by their first two digits; all others run to FNC1 or the end. Known from the standard so
// that a scan with (15) or (3922) in it can be walked through although nothing here uses them.
const FIXED_LENGTH: Readonly<Record<string, number>> = {
  '00': 20,
  '01': 16,
  '02': 16,
  '03': 16,
  '04': 18,
  '11': 8,
  '12': 8,
  '13': 8,
  '14': 8,
  '15': 8,
  '16': 8,
  '17': 8,
  '18': 8,
  '19': 8,
  '20': 4,
  '31': 10,
  '32': 10,
  '33': 10,
  '34': 10,
  '35': 10,
  '36': 10,
  '41': 16,
}
const VARIABLE_TEXT = /^[!"%-?A-Z_a-z]{1,20}$/

const daysIn = (year: number, month: number): number =>
  month === 2
    ? (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
      ? 29
      : 28
    : [4, 6, 9, 11].includes(month)
      ? 30
      : 31

/** YYMMDD; day 00 is the last of the month; the century is the one within 49 years before and 50 after `currentYear`. */
export function parseGs1Date(digits: string, currentYear: number): string | null {
  if (!/^\d{6}$/.test(digits)) return null
  const twoDigits = Number(digits.slice(0, 2))
  const gap = twoDigits - (currentYear % 100)
  const century = Math.floor(currentYear / 100) + (gap >= 51 ? -1 : gap <= -50 ? 1 : 0)
  const year = century * 100 + twoDigits
  const month = Number(digits.slice(2, 4))
  if (month < 1 || month > 12) return null
  const day = Number(digits.slice(4, 6)) || daysIn(year, month)
  if (day > daysIn(year, month)) return null
  return `${year}-${digits.slice(2, 4)}-${String(day).padStart(2, '0')}`
}

type Known = 'gtin' | 'batch' | 'producedOn' | 'expiresOn' | 'serial' | 'netWeight'
const KNOWN: Readonly<Record<string, Known>> = {
  '01': 'gtin',
  '10': 'batch',
  '11': 'producedOn',
  '17': 'expiresOn',
  '21': 'serial',
  '310': 'netWeight',
}

function readKnown(name: Known, element: string, currentYear: number): Outcome<string | Quantity6, Gs1Flaw> {
  const data = element.slice(2)
  switch (name) {
    case 'gtin':
      return /^\d{14}$/.test(data) && parseGtin(data).ok ? fit(data) : unfit('gs1.wrong-gtin', { element })
    case 'producedOn':
    case 'expiresOn': {
      const day = parseGs1Date(data, currentYear)
      return day === null ? unfit('gs1.wrong-date', { element }) : fit(day)
    }
    case 'netWeight': {
      const match = /^310([0-5])(\d{6})$/.exec(element)
      if (match === null) return unfit('gs1.malformed', { element })
      return fit((Number(match[2]) * 10 ** (6 - Number(match[1]))) as Quantity6)
    }
    case 'batch':
    case 'serial':
      return VARIABLE_TEXT.test(data) ? fit(data) : unfit('gs1.malformed', { element })
  }
}

/** What a scanner sent: with or without a symbology prefix (`]d2`), FNC1 as \x1d. `currentYear` settles the century. */
export function parseGs1(text: string, currentYear: number): Outcome<Gs1Elements, Gs1Flaw> {
  let rest = text.replace(/^\](?:C1|d2|Q3|e0|J1)/, '')
  const found: Gs1Elements = { others: [] }
  while (rest.startsWith(FNC1)) rest = rest.slice(1)
  if (rest === '') return unfit('gs1.empty')
  while (rest !== '') {
    const length = FIXED_LENGTH[rest.slice(0, 2)]
    const separator = rest.indexOf(FNC1)
    const end = length ?? (separator < 0 ? rest.length : separator)
    const element = rest.slice(0, end)
    if (length !== undefined && (element.length < length || element.includes(FNC1))) {
      return unfit('gs1.cut-short', { element, length })
    }
    if (!/^\d{2}/.test(element)) return unfit('gs1.malformed', { element })
    rest = rest.slice(end)
    while (rest.startsWith(FNC1)) rest = rest.slice(1)
    const name = KNOWN[element.slice(0, 2)] ?? KNOWN[element.slice(0, 3)]
    if (name === undefined) {
      found.others.push(element)
      continue
    }
    const read = readKnown(name, element, currentYear)
    if (!read.ok) return read
    if (found[name] !== undefined && found[name] !== read.value) return unfit('gs1.twice', { element })
    Object.assign(found, { [name]: read.value })
  }
  return fit(found)
}
