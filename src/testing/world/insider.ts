// Somebody who has the keys of a device: every request is proved and every stream signed as that device's own, and says what no honest app
// would. Whatever they claim, rows that aren't the device's never come down, what another person did they can't say, and a life that they
// wrote over shows. It knows how the protocol is spoken and nothing of what the hub decides.
import { gzipSync } from 'node:zlib'
import { lineOf } from '../../sync/envelope.ts'
import {
  PROTOCOL,
  streamText,
  type Envelope,
  type PullHead,
  type PushAnswer,
  type StreamHeader,
} from '../../sync/protocol.ts'
import { sealOf } from '../../sync/seal.ts'
import { HubSession } from '../../sync/device/session.ts'
import { HubError, OfflineError, type HubAnswer, type HubRequest } from '../../sync/device/transport.ts'
import type { HeldLease, Identity } from '../../sync/device/replica.ts'

type Said = Pick<Envelope, 'type' | 'args' | 'at' | 'user' | 'seq'> & Partial<Pick<Envelope, 'dev' | 'ep'>>

export interface Sealed {
  readonly line: string
  readonly seal: string
}

export class Insider {
  private readonly identity: Identity
  private readonly lease: HeldLease
  private readonly session: HubSession

  constructor(identity: Identity, lease: HeldLease, send: (request: HubRequest) => Promise<HubAnswer>) {
    this.identity = identity
    this.lease = lease
    const transport = {
      send,
      receive: send,
      gzip: (text: string) => Promise.resolve(gzipSync(text)),
      gunzip: () => Promise.reject(new TypeError('Nobody here opens anything.')),
      hints: () => () => undefined,
    }
    this.session = new HubSession(transport, identity, () => lease.jws)
  }

  /** A line as the device would have sealed it behind `prev`. */
  line(prev: string, said: Said): Sealed {
    const { dev, ep } = this.identity
    const worked = { lease: this.lease.hash, seen: 2 ** 40, tz: 'Europe/London', mono: 1, app: 'insider' }
    const line = lineOf({ p: PROTOCOL, dev, ep, tv: 1, eff: '0'.repeat(16), ...worked, ...said })
    return { line, seal: sealOf(prev, line) }
  }

  /** What the hub says to it; null when nobody answered. `claims` go into the stream's head, signed like everything else. */
  async push(prev: string, { line, seal }: Sealed, claims: Partial<StreamHeader> = {}): Promise<PushAnswer | null> {
    const { seq, dev, ep } = JSON.parse(line) as Envelope
    const { tenant, incarnation } = this.identity
    const unsigned = { tenant, dev, ep, firstSeq: seq, lastSeq: seq, lastSeal: seal, ...claims }
    const stream = { ...unsigned, prev, signature: await this.session.signText(streamText(unsigned)) }
    const head = { push: 1, protocol: PROTOCOL, incarnation, streams: 1 }
    const body = gzipSync(`${[JSON.stringify(head), JSON.stringify({ stream }), line].join('\n')}\n`)
    const type = { 'content-type': 'application/x-ndjson', 'content-encoding': 'gzip' }
    const answer = await this.ask('/sync/push', body, type)
    return answer === null ? null : (JSON.parse(answer.text) as PushAnswer)
  }

  /** Which buckets came of all that it asks for, whole and from the beginning; null when nobody answered. */
  async pull(buckets: readonly string[]): Promise<readonly string[] | null> {
    const { incarnation } = this.identity
    const wanted = buckets.map((name) => ({ name, after: 0, generation: 0 }))
    const request = { incarnation, sv: 1, buckets: wanted, limit: 5000, unanswered: [1, 1_000_000] }
    const answer = await this.ask('/sync/pull', Buffer.from(JSON.stringify(request)), {
      'content-type': 'application/json',
    })
    if (answer === null) return null
    return (JSON.parse(answer.text.slice(0, answer.text.indexOf('\n'))) as PullHead).names
  }

  private async ask(
    path: string,
    body: Uint8Array,
    headers: Readonly<Record<string, string>>,
  ): Promise<HubAnswer | null> {
    try {
      return await this.session.request(path, body, headers)
    } catch (fault) {
      if (fault instanceof HubError || fault instanceof OfflineError) return null
      throw fault
    }
  }
}
