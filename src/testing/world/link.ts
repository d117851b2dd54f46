// The network between one device and the hub: each request meets a fate, in virtual time. Like fetch it gives up after a
// minute, and what comes later comes to nobody. It looks at nothing that passes; the laws get a copy.
import { gunzipSync, gzipSync } from 'node:zlib'
import type { PullHead } from '../../sync/protocol.ts'
import { OfflineError, uploadIn, type HubAnswer, type HubRequest, type Transport } from '../../sync/device/transport.ts'
import type { Dice } from './dice.ts'
import { uploadFaults, type Fault, type RequestFault } from './faults.ts'
import type { VirtualTime } from './virtual-time.ts'

const TIMEOUT_MS = 60_000
/** About, of an answer. */
const PACKED = 4
const DAY_MS = 24 * 3_600_000

/** What a hub answered, before the way back. */
export interface Answered {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
}

interface Heard extends HubAnswer {
  readonly content: Uint8Array
}

interface Underway {
  readonly request: HubRequest
  readonly order: number
  readonly fate: RequestFault | null
  /** The process that asked. */
  readonly isAlive: () => boolean
}

export type Direction = 'both' | 'up' | 'none'

export interface LinkParts {
  readonly time: VirtualTime
  readonly dice: Dice
  /** Null: the process died over this request, and no answer will ever come. */
  readonly hub: (request: HubRequest, isAlive: () => boolean) => Promise<Answered | null>
  readonly fired: (fault: Fault) => void
  /** An answer of the hub's that reached the device whole. */
  readonly heard: (request: HubRequest, answer: HubAnswer) => void
}

const PORTAL = '<!doctype html><title>Welcome to the hotel</title>'

export class Link {
  /** `up`: requests arrive, answers don't. */
  direction: Direction = 'both'
  private readonly parts: LinkParts
  /** When they are used up no push gets through, whatever else does: pulled rows meet work that waits. */
  pushesLeft = Infinity
  private fates: (RequestFault | null)[] = []
  private badUploads = 0
  private sent = 0
  private lastArrived = 0
  private flapUntil = 0
  /** Answers of the hub that came back, whole or not. */
  answered = 0
  private bytesPerS = Infinity
  /** Where pieces of photos that arrived began, by photo. */
  private readonly pieces = new Map<string, number[]>()

  constructor(parts: LinkParts) {
    this.parts = parts
  }

  /** What happens to the next requests, one after the other; afterwards nothing does. */
  expect(fates: readonly (RequestFault | null)[]): void {
    this.fates = [...fates]
  }

  /** So many pieces of photos have a bad time of their own. */
  expectUploads(bad: number): void {
    this.badUploads = bad
  }

  private uploadFate({ method }: HubRequest): RequestFault | null {
    if (method !== 'PUT' || this.badUploads === 0) return null
    this.badUploads -= 1
    return this.parts.dice.pick(uploadFaults)
  }

  /** Up and down every few hundred milliseconds for so long. */
  flap(ms: number): void {
    this.flapUntil = this.parts.time.now + ms
  }

  turn(to: Direction): void {
    this.direction = to
    this.bytesPerS = Infinity
  }

  /** So slow that a large exchange takes longer than anybody waits. */
  throttle(bytesPerS: number): void {
    this.bytesPerS = bytesPerS
  }

  heal(): void {
    this.direction = 'both'
    this.bytesPerS = Infinity
    this.pushesLeft = Infinity
    this.badUploads = 0
    this.fates = []
    this.flapUntil = 0
  }

  private get isUp(): boolean {
    const { time } = this.parts
    if (time.now < this.flapUntil && Math.floor(time.now / 300) % 2 === 0) {
      this.parts.fired('flap')
      return false
    }
    return this.direction !== 'none'
  }

  /** The network as one process of the device has it: answers to a process that died reach nobody. */
  transport(isAlive: () => boolean): Transport {
    return {
      send: (request) => this.send(request, isAlive),
      receive: async (request, take) => {
        const answer = await this.send(request, isAlive)
        if (answer.type === 'application/octet-stream') take(answer.content)
        return answer
      },
      gzip: (text) => Promise.resolve(gzipSync(text)),
      gunzip: (content) => Promise.resolve(gunzipSync(content).toString('utf8')),
      hints: () => () => undefined,
    }
  }

  private send(request: HubRequest, isAlive: () => boolean): Promise<Heard> {
    const { time, dice } = this.parts
    const order = ++this.sent
    const fate = this.fates.shift() ?? this.uploadFate(request)
    return new Promise((resolve, reject) => {
      let isOver = false
      const settle = (work: () => void): void => {
        if (isOver) return
        isOver = true
        if (isAlive()) work()
      }
      const fail = (why: string): void => settle(() => reject(new OfflineError(why)))
      time.after(TIMEOUT_MS, () => fail('No answer came.'))
      const go = (wait: number): void =>
        void time.after(wait, () =>
          this.arrive({ request, order, fate, isAlive }, fail, (answer) => {
            if (!isOver && !isAlive()) this.parts.fired('answer-for-a-dead-tab')
            settle(() => resolve(answer))
          }),
        )
      const latency = 5 + dice.whole(200) + this.slowness(request.body?.length ?? 0)
      if (!this.isUp) {
        this.parts.fired('offline')
        time.after(latency, () => fail('The network is down.'))
        return
      }
      if (fate === 'drop-request') {
        if (request.method === 'PUT') this.parts.fired('upload-cut')
        return this.parts.fired(fate)
      }
      const isBlocked = request.path === '/sync/push' && --this.pushesLeft < 0
      if (isBlocked) this.parts.fired('push-blocked')
      if (isBlocked || fate === 'captive-portal' || fate === 'bad-gateway') {
        if (fate !== null && !isBlocked) this.parts.fired(fate)
        const status = fate === 'captive-portal' ? 200 : 502
        const content = Buffer.from(PORTAL)
        const page = { status, type: 'text/html', retryAfter: null, text: PORTAL, bytes: PORTAL.length, content }
        time.after(latency, () => settle(() => resolve(page)))
        return
      }
      if (fate === 'delay-request') {
        this.parts.fired(fate)
        return go(dice.isOneIn(4) ? dice.whole(60 * DAY_MS) : dice.whole(600_000))
      }
      if (fate === 'duplicate') {
        this.parts.fired(fate)
        go(latency + dice.whole(120_000))
      }
      go(latency)
    })
  }

  /** How long so many bytes are on the way. */
  private slowness(bytes: number): number {
    const ms = Math.round((bytes / this.bytesPerS) * 1000)
    if (ms > 500) this.parts.fired('throttle')
    return ms
  }

  /** What became of a piece of a photo, told by where the pieces before it began. */
  private notePiece(path: string, wasCut: boolean): void {
    const [, , , sha = '', , at = ''] = path.split('/')
    const from = Number(at)
    if (wasCut) this.parts.fired('upload-cut')
    const before = this.pieces.get(sha) ?? []
    if (before.includes(from)) this.parts.fired('upload-repeated')
    if (before.some((each) => each > from)) this.parts.fired('upload-out-of-order')
    this.pieces.set(sha, [...before, from])
  }

  private async arrive(
    { request, order, fate, isAlive }: Underway,
    fail: (why: string) => void,
    deliver: (answer: Heard) => void,
  ): Promise<void> {
    const { time, dice, fired, hub } = this.parts
    if (order < this.lastArrived) fired('reorder')
    this.lastArrived = Math.max(order, this.lastArrived)
    const isCorrupt = fate === 'corrupt-request' && request.body !== null && request.body.length > 0
    if (isCorrupt) fired(fate)
    const answered = await hub(isCorrupt ? damaged(request, dice) : request, isAlive)
    if (request.method === 'PUT') this.notePiece(request.path, answered === null || isCorrupt || fate === 'drop-answer')
    if (answered === null) return fail('The connection was reset.')
    if (this.direction === 'up') return fired('one-way-partition')
    if (fate === 'drop-answer') return fired(fate)
    const isCut = fate === 'truncate-answer'
    const answer = asHeard(answered, isCut ? dice : null)
    // Rows of one commit may come in any order, and another order is packed into another byte more or less.
    let wait = 5 + dice.whole(200) + this.slowness(Math.ceil(answer.content.length / PACKED))
    if (fate === 'delay-answer') {
      fired(fate)
      wait += dice.whole(2 * TIMEOUT_MS)
    }
    if (isCut) fired(fate)
    time.after(wait, () => {
      if (!this.isUp) return
      this.answered += 1
      if (!isCut && !isCorrupt) this.parts.heard(request, answer)
      deliver(answer)
    })
  }
}

/** What went out, as text. */
export const textOf = (answered: Answered): string => asHeard(answered, null).text

/** The buckets that the answer to a pull names or carries rows of. */
export function bucketsIn(answered: Answered): readonly string[] {
  const text = textOf(answered)
  return (JSON.parse(text.slice(0, text.indexOf('\n'))) as PullHead).names
}

function damaged(request: HubRequest, dice: Dice): HubRequest {
  const body = Uint8Array.from(request.body ?? [])
  const at = dice.whole(body.length)
  body[at] = (body[at] ?? 0) ^ (1 + dice.whole(255))
  return { ...request, body }
}

/** As a device reads it; `cut`: where chance has it end. */
export function asHeard({ status, headers, body }: Answered, cut: Dice | null): Heard {
  const plain = headers['content-encoding'] === 'gzip' ? gunzipSync(body) : Buffer.from(body)
  const content = plain.subarray(0, cut === null ? plain.length : cut.whole(plain.length))
  const retryAfter = headers['retry-after']
  return {
    status,
    type: (headers['content-type'] ?? '').split(';')[0] ?? '',
    retryAfter: retryAfter === undefined ? null : Number(retryAfter),
    text: content.toString('utf8'),
    bytes: body.length,
    upload: uploadIn((name) => headers[name]),
    content,
  }
}
