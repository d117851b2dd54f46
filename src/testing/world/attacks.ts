// What somebody on the network does with requests that they overheard: sends them again as they were, mixes two of them, changes a byte,
// leaves the proof out, or asks in their own words. They have nobody's keys. Nothing but an exact copy may ever be answered.
import type { HubRequest } from '../../sync/device/transport.ts'
import type { Dice } from './dice.ts'

export interface Attack {
  readonly request: HubRequest
  /** An exact copy within its ten minutes is answered as the first was, and changes nothing. */
  readonly mayBeAnswered: boolean
}

const encoder = new TextEncoder()
const isProved = ({ headers }: HubRequest): boolean => headers['authorization'] !== undefined

/** `heard`: what passed by, the newest last. */
export function attackOn(heard: readonly HubRequest[], dice: Dice): Attack {
  const proved = heard.filter(isProved)
  if (proved.length === 0 || dice.isOneIn(5)) return { request: rubbish(dice), mayBeAnswered: false }
  const one = dice.pick(proved)
  const other = dice.pick(proved)
  switch (dice.pickOf({ again: 3, mixed: 2, elsewhere: 1, damaged: 2, unproved: 1 })) {
    case 'again':
      return { request: one, mayBeAnswered: true }
    case 'mixed': {
      // The network may have brought one twice.
      const isSame = one.path === other.path && one.method === other.method && sameBytes(one.body, other.body)
      return { request: { ...one, headers: other.headers }, mayBeAnswered: isSame }
    }
    case 'elsewhere': {
      const path = one.path === '/sync/pull' ? '/sync/push' : '/sync/pull'
      return { request: { ...one, method: 'POST', path }, mayBeAnswered: false }
    }
    case 'damaged':
      return { request: damaged(one, dice), mayBeAnswered: false }
    case 'unproved': {
      const { 'x-holdfast-proof': _, ...headers } = one.headers
      return { request: { ...one, headers }, mayBeAnswered: false }
    }
  }
}

const sameBytes = (a: HubRequest['body'], b: HubRequest['body']): boolean =>
  a === null || b === null ? a === b : Buffer.compare(a, b) === 0

function damaged(request: HubRequest, dice: Dice): HubRequest {
  const body = request.body === null || request.body.length === 0 ? encoder.encode('{}') : Uint8Array.from(request.body)
  const at = dice.whole(body.length)
  body[at] = (body[at] ?? 0) ^ (1 + dice.whole(255))
  return { ...request, method: request.method === 'PUT' ? 'PUT' : 'POST', body }
}

function rubbish(dice: Dice): HubRequest {
  const path = dice.pick([
    '/sync/push',
    '/sync/pull',
    '/sync/session',
    '/enrol',
    '/sync/manifest',
    '/sync/office/devices',
  ])
  const body = dice.isOneIn(2) ? encoder.encode('{"code":"AAAAAAAAAA","signIn":"person-0"}') : noise(dice)
  const headers = { 'content-type': dice.pick(['application/json', 'application/x-ndjson', 'text/html']) }
  return { method: 'POST', path, headers, body }
}

const noise = (dice: Dice): Uint8Array => Uint8Array.from({ length: dice.whole(400) }, () => dice.whole(256))
