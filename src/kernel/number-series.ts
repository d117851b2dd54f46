// Legal numbers of a device series (documents.md §14): `S-K7Q2A-26-000123` = series, device code with epoch letter, year
// of the business date, counter. Drawn once at capture; every later run reads what was drawn.
import { assert } from './assert.ts'

/** Counters drawn by one command, in order, by series and year: `{ "S-26": [123] }`. */
export type Numbers = { readonly [seriesAndYear: string]: readonly number[] }

export const seriesKey = (series: string, businessDate: string): string => `${series}-${businessDate.slice(2, 4)}`

/** Epoch 1 is A; a device that was restored 26 times gets two letters. */
export function epochLetter(epoch: number): string {
  assert(epoch >= 1, 'An epoch counts from 1.')
  let rest = epoch - 1
  let letters = ''
  do {
    letters = String.fromCharCode(65 + (rest % 26)) + letters
    rest = Math.floor(rest / 26) - 1
  } while (rest >= 0)
  return letters
}

const COUNTER_DIGITS = 6

export function formatNumber(key: string, device: string, epoch: number, counter: number): string {
  const dash = key.lastIndexOf('-')
  return `${key.slice(0, dash)}-${device}${epochLetter(epoch)}-${key.slice(dash + 1)}-${String(counter).padStart(COUNTER_DIGITS, '0')}`
}
