// Who was shut out, and what that means for work that arrives afterwards, in the reference's words: of a device that was lost
// nothing counts without people; of another one what was done before counts. It believes what the office did, and no clock
// that lied. [AUTH7]
import { userId } from './company.ts'
import type { Kept } from './kept.ts'

/** Epochs up to this one of this device. */
export interface Revocation {
  readonly dev: string
  readonly ep: number
  /** Virtual time. */
  readonly at: number
  readonly isLost: boolean
}

/** What a device says of its clock's error is never worse while its clock is right. */
const UNSURE_MS = 120_000

/** Whether people have to decide; null: it was done about then, or by a clock that lied, and the hub may say either. */
export function needsPeople(kept: Kept, revocations: readonly Revocation[]): boolean | null {
  if (kept.isForged === true) return true
  const ep = kept.was?.ep ?? kept.ep
  const its = revocations.filter((each) => each.dev === kept.dev && ep <= each.ep)
  const [first] = its
  if (first === undefined) return false
  if (its.some(({ isLost }) => isLost)) return true
  if (!kept.isClockSure || Math.abs(kept.savedAt - first.at) < UNSURE_MS) return null
  return kept.savedAt > first.at
}

interface Line {
  readonly type: string
  readonly line: string
  readonly outcome: string
}

/** Who is disabled as the hub's log goes on, by the office's own lines: whatever they ask for that arrives then is refused. [AUTH8] */
export class Disabled {
  private readonly people = new Set<string>()
  private readonly tenant: string

  constructor(tenant: string) {
    this.tenant = tenant
  }

  /** Reads the next line; whether it is a request of somebody who may ask for nothing any more. */
  denies({ type, line, outcome }: Line): boolean {
    const { user, args } = JSON.parse(line) as { user: string; args: { signInName: string; isDisabled?: boolean } }
    if (type === 'masters.setUser' && (outcome === 'accepted' || outcome === 'adjusted')) {
      const person = userId(this.tenant, args.signInName)
      if (args.isDisabled === true) this.people.add(person)
      else this.people.delete(person)
    }
    return (REQUESTS.has(type) || type.startsWith('review.')) && this.people.has(user)
  }
}

const REQUESTS: ReadonlySet<string> = new Set(['sim.reserve', 'sim.askShare', 'sim.endShare'])
