// A role's rights in words: areas by their names, single rights after them; codes that this version doesn't know as they are. Pure.
import { hasText, t } from '../../text/translate.ts'
import { areaNames, hasEverything, hasWhole, rightsOf, unknownIn, type Area, type Given } from './rights.ts'

export const areaName = (area: Area): string => t(`right.${area}.*`)

export function rightName(right: string): string {
  // Desks have their names where exceptions are told.
  const key = right.startsWith('duty.') ? right : `right.${right}`
  return hasText(key) ? t(key) : right
}

/** How much of an area is given: `Till: 3 of 7`. */
export function areaText(given: Given, area: Area): string {
  const all = rightsOf(area)
  if (hasWhole(given, area)) return t('profiles.all-rights', { area: areaName(area) })
  const count = all.filter((right) => given.includes(right)).length
  if (count === 0) return t('profiles.no-rights', { area: areaName(area) })
  return t('profiles.some-rights', { area: areaName(area), count, all: all.length })
}

/** All of them in one line. */
export function rightsText(given: Given): string {
  if (hasEverything(given)) return t('profiles.everything-short')
  const areas = areaNames.flatMap((area) => {
    if (hasWhole(given, area)) return [t('profiles.all-rights', { area: areaName(area) })]
    const held = rightsOf(area).filter((right) => given.includes(right))
    if (held.length === 0) return []
    return [t('profiles.these-rights', { area: areaName(area), rights: held.map(rightName).join(', ') })]
  })
  return [...areas, ...unknownIn(given)].join(' · ')
}
