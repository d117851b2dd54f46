// L9: no row of a branch comes into a region that it may not enter, in no byte of an answer and in nothing that a device keeps. It reads what
// went out and what lies there, knows the regions from what the office did, and believes no lease.
import type { PullHead, PullRows } from '../../sync/protocol.ts'
import { canaryOf, outOfBounds, type Company, type Person } from './company.ts'
import { deviceTexts } from './erasure-law.ts'
import { textOf, type Answered } from './link.ts'
import type { WorldDevice } from './world-device.ts'

/** What an answer to a pull has of branches out of bounds. Who works is no secret within the company, and a device's own work is its own. */
export function sentOutOfBounds(
  answered: Answered,
  company: Company,
  { name, dev, person }: { readonly name: string; readonly dev: string; readonly person: Person },
): string[] {
  const refused = outOfBounds(company, person.branch)
  if (refused.length === 0) return []
  const text = textOf(answered)
  const [head, ...lines] = text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as PullHead | PullRows)
  const { names } = head as PullHead
  const isBound = (bucket: number): boolean => !['company', `device:${dev}`].includes(names[bucket] ?? '')
  const wrong = refused
    .filter((branch) => text.includes(canaryOf(company, branch)))
    .map((branch) => `${name} was sent the canary of ${branch}.`)
  for (const line of lines) {
    if (!('rows' in line)) continue
    const at = line.cols.indexOf('branch')
    for (const [index, values] of line.vals.entries()) {
      const branch = refused.find((each) => at >= 0 && values[at] === each)
      if (branch !== undefined && line.buckets[index]?.some(isBound) === true)
        wrong.push(`${name} was sent ${line.rows} ${line.ids[index]} of ${branch}.`)
    }
  }
  return wrong
}

/** What is left on devices once everybody has exchanged. */
export function keptOutOfBounds(
  devices: readonly WorldDevice[],
  company: Company,
  people: readonly Person[],
): string[] {
  return devices.flatMap((device) => {
    const person = people.find(({ signIn }) => signIn === device.user)
    if (device.excuse !== null || person === undefined) return []
    const refused = outOfBounds(company, person.branch)
    const text = refused.length === 0 ? '' : deviceTexts(device).join('\n')
    return refused
      .filter((branch) => text.includes(canaryOf(company, branch)))
      .map((branch) => `${device.name} still has the canary of ${branch}.`)
  })
}
