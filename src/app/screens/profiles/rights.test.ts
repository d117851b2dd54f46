// The page of profiles knows every right of this version and no other: compared with what commands, screens and handlers ask for. And how a
// role's rights are given and taken.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { ANYBODY, mayDo } from '../../../kernel/lease.ts'
import { catalogue } from '../../../modules/all.ts'
import { screens } from '../../shell/screens.ts'
import { hasText, loadLanguage, setLanguage } from '../../text/translate.ts'
import { areaText, rightsText } from './rights-text.ts'
import { limitNames } from './role-draft.ts'
import {
  areaNames,
  hasEverything,
  hasRight,
  hasWhole,
  rightsOf,
  unknownIn,
  withEverything,
  withRight,
  withWhole,
} from './rights.ts'

await loadLanguage('en')
/** Handlers ask their context. */
const sources = ['../../../modules/', '../../../kernel/'].flatMap((folder) => {
  const path = fileURLToPath(new URL(folder, import.meta.url))
  return readdirSync(path, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .map((file) => readFileSync(join(path, file), 'utf8'))
})
const inSources = (pattern: RegExp): string[] =>
  sources.flatMap((text) => [...text.matchAll(pattern)].map(([, code = '']) => code))

test('every right that a command, a screen or a handler asks for is offered by name, and nothing else', () => {
  const asked = new Set([
    ...[...catalogue.commands.values()].map(({ permission }) => permission),
    ...screens.flatMap(({ permissions }) => permissions),
    ...inSources(/mayDo\([^,]+, '([a-z]+\.[A-Za-z]+)'\)/g),
  ])
  const offered = areaNames.filter((area) => area !== 'duty' && area !== 'override').flatMap(rightsOf)
  asked.delete(ANYBODY)
  expect([...asked].filter((right) => !offered.includes(right)).sort()).toEqual([])
  expect(offered.filter((right) => !asked.has(right))).toEqual([])
  expect(offered.filter((right) => !hasText(`right.${right}`))).toEqual([])
  expect(rightsOf('duty').filter((duty) => !hasText(duty))).toEqual([])
  expect(areaNames.filter((area) => !hasText(`right.${area}.*`))).toEqual([])
})

test('every limit that a handler reads is offered, and nothing else', () => {
  expect([...new Set(inSources(/lease\.limits\['([A-Za-z]+)'\]/g))].sort()).toEqual([...limitNames].sort())
})

test('one by one, by area, everything; a lease reads it the same way', () => {
  const one = withRight([], 'sales.order', true)
  expect(one).toEqual(['sales.order'])
  const whole = withWhole(withRight(one, 'pos.sell', true), 'sales', true)
  expect(whole).toEqual(['pos.sell', 'sales.*'])
  expect(hasWhole(whole, 'sales')).toBe(true)
  expect(hasRight(whole, 'sales', 'sales.invoice')).toBe(mayDo({ permissions: whole }, 'sales.invoice'))
  // Taken one by one instead: nothing of it is lost until somebody unticks it.
  const split = withWhole(whole, 'sales', false)
  expect(split).toEqual(['pos.sell', ...rightsOf('sales').toSorted()])
  expect(withRight(split, 'sales.invoice', false)).not.toContain('sales.invoice')
  const all = withEverything(split, true)
  expect(hasEverything(all) && hasRight(all, 'crm', 'crm.visit')).toBe(true)
  const areaWise = withEverything(all, false)
  expect(areaNames.every((area) => hasWhole(areaWise, area))).toBe(true)
  expect(hasEverything(areaWise)).toBe(false)
})

test('what this version doesn’t know stays', () => {
  const given = ['service.*', 'override.pos.credit-exceeded', 'pos.sell']
  expect(unknownIn(given)).toEqual(['override.pos.credit-exceeded', 'service.*'])
  expect(withWhole(given, 'pos', true)).toEqual(['override.pos.credit-exceeded', 'pos.*', 'service.*'])
})

test('in words: a right’s own, whatever else the catalogue calls so', () => {
  setLanguage('en')
  expect(rightsText(['pos.return', 'pos.cash', 'sales.*', 'duty.it', 'service.*'])).toBe(
    'Till: Take goods back, Put cash in and take it out · Sales: all · Desks that exceptions go to: IT · service.*',
  )
  expect(rightsText(['*'])).toBe('Everything')
  expect(areaText(['pos.sell'], 'pos')).toBe('Till: 1 of 7')
})
