// One exchange with the hub: sends what waits, in order, and fetches what changed. It is a plain sequence of requests
// over the durable outbox: cut anywhere, the next exchange begins where the hub's answers really ended.
import { parseLines } from '../ndjson.ts'
import {
  COMMANDS_PER_PUSH_MAX,
  PROTOCOL,
  PUSH_BYTES_MAX,
  streamText,
  type PullEnd,
  type PullHead,
  type PullLeft,
  type PullRequest,
  type PullRows,
  type PushAnswer,
  type PushHead,
} from '../protocol.ts'
import { textHash } from '../seal.ts'
import type { DeviceFault } from './api.ts'
import type { Identity, Replica } from './replica.ts'
import { SCHEMA_VERSION } from './schema.ts'
import type { HubSession } from './session.ts'
import { applyPull, storeOutcomes, type Pulled } from './settle.ts'
import { OfflineError, type Transport } from './transport.ts'

export interface ExchangeEvents {
  changed(tables: ReadonlySet<string>): void
  progress(stage: 'sending' | 'receiving', done: number, total: number): void
  fault(fault: DeviceFault | null): void
  /** A newer signed lease came with a pull. */
  leased(jws: string): Promise<void>
}

interface OutboxLine {
  readonly seq: number
  readonly line: string
  readonly pd: string | null
  readonly seal: string
}

const ROWS_PER_PAGE = 5000
const HEAD_BYTES = 1024

export class Exchange {
  private readonly replica: Replica
  private readonly identity: Identity
  private readonly session: HubSession
  private readonly transport: Transport
  private readonly events: ExchangeEvents
  private readonly now: () => number

  constructor(parts: { replica: Replica; identity: Identity; session: HubSession; transport: Transport; events: ExchangeEvents; now: () => number }) {
    this.replica = parts.replica
    this.identity = parts.identity
    this.session = parts.session
    this.transport = parts.transport
    this.events = parts.events
    this.now = parts.now
  }

  /** Pushes until nothing waits, then pulls until nothing is left. A push that fails doesn't stop the pull. */
  async run(): Promise<void> {
    let pushFault: unknown = null
    try {
      await this.pushAll()
    } catch (fault) {
      if (fault instanceof OfflineError) throw fault
      pushFault = fault
    }
    await this.pullAll()
    if (pushFault !== null) throw pushFault
  }

  private waiting(): number {
    return this.replica.db.get<{ n: number }>("SELECT COUNT(*) AS n FROM outbox WHERE state IN ('captured', 'sent')")?.n ?? 0
  }

  private async pushAll(): Promise<void> {
    const total = this.waiting()
    let last = -1
    while (true) {
      const batch = this.nextBatch()
      const first = batch[0]
      if (first === undefined) return
      this.events.progress('sending', total - this.waiting(), total)
      const answer = await this.push(batch)
      if (answer.problems.length > 0) this.onProblems(answer)
      // The hub may commit a part of a batch; no progress at all means that it can't go on with this stream.
      if (first.seq <= last && answer.outcomes.length === 0) return
      last = batch.at(-1)?.seq ?? last
      if (answer.problems.some(({ problem }) => problem !== 'gap')) return
    }
  }

  private nextBatch(): OutboxLine[] {
    const lines = this.replica.db.all<OutboxLine>("SELECT seq, line, pd, seal FROM outbox WHERE state IN ('captured', 'sent') ORDER BY seq LIMIT ?", [COMMANDS_PER_PUSH_MAX])
    let bytes = HEAD_BYTES
    const fitting = lines.findIndex(({ line, pd }, index) => {
      bytes += 3 * (line.length + (pd?.length ?? 0)) + 16
      return (bytes > 3 * PUSH_BYTES_MAX && index > 0) || (index > 0 && lines[index - 1]?.seq !== lines[index]!.seq - 1)
    })
    return fitting === -1 ? lines : lines.slice(0, fitting)
  }

  private async push(batch: readonly OutboxLine[]): Promise<PushAnswer> {
    const { db } = this.replica
    const first = batch[0]!
    const last = batch.at(-1)!
    const { tenant, dev, ep } = this.identity
    const before = db.get<{ seal: string }>('SELECT seal FROM outbox WHERE seq = ?', [first.seq - 1])?.seal
    const prev = before ?? this.replica.meta.get('sealBefore') ?? textHash(this.identity.certificate)
    const unsigned = { tenant, dev, ep, firstSeq: first.seq, lastSeq: last.seq, lastSeal: last.seal }
    const head: PushHead = { push: 1, protocol: PROTOCOL, incarnation: this.identity.incarnation, streams: 1 }
    const stream = { stream: { ...unsigned, prev, signature: await this.session.signText(streamText(unsigned)) } }
    const lines = [JSON.stringify(head), JSON.stringify(stream)]
    for (const { line, pd } of batch) {
      lines.push(line)
      if (pd !== null) lines.push(`["pd",${pd}]`)
    }
    db.run("UPDATE outbox SET state = 'sent' WHERE state = 'captured' AND seq BETWEEN ? AND ?", [first.seq, last.seq])
    const body = await this.transport.gzip(`${lines.join('\n')}\n`)
    const answer = await this.session.request('/sync/push', body, { 'content-type': 'application/x-ndjson', 'content-encoding': 'gzip' })
    const parsed = parseLines<PushAnswer>(answer.text)
    const push = parsed?.[0]
    if (push?.push !== 1) throw new OfflineError('The answer to a push was cut.')
    storeOutcomes(this.replica, push.outcomes)
    return push
  }

  private onProblems(answer: PushAnswer): void {
    for (const problem of answer.problems) {
      if (problem.problem === 'gap') this.resendFrom(problem.expected)
      else if (problem.problem === 'fork' || problem.problem === 'quarantined') this.events.fault('fork')
      else if (problem.problem === 'unknown-device') this.events.fault('revoked')
      else this.replica.db.run('INSERT INTO incident (at, kind, detail) VALUES (?, ?, ?)', [this.now(), `push-${problem.problem}`, JSON.stringify(problem)])
    }
  }

  /** The hub has less than this device knows it had (restored from a backup): the retained envelopes heal it. [LIFE1] */
  private resendFrom(expected: number): void {
    this.replica.db.run("UPDATE outbox SET state = 'sent' WHERE seq >= ? AND state <> 'captured'", [expected])
  }

  private pullRequest(): PullRequest {
    const wanted = this.replica.lease()?.lease.buckets ?? []
    const held = new Map(
      this.replica.db.all<{ name: string; cursor: number; generation: number }>('SELECT name, cursor, generation FROM bucket').map((bucket) => [bucket.name, bucket]),
    )
    return {
      incarnation: this.identity.incarnation,
      sv: SCHEMA_VERSION,
      buckets: wanted.map((name) => ({ name, after: held.get(name)?.cursor ?? 0, generation: held.get(name)?.generation ?? 0 })),
      limit: ROWS_PER_PAGE,
    }
  }

  /** Pages of a first download are applied as they come; later ones together, with their watermark. [PULL2] */
  private async pullAll(): Promise<void> {
    let rows: PullRows[] = []
    let left: PullLeft[] = []
    let resets: PullHead['resets'] = []
    let request = this.pullRequest()
    while (true) {
      const page = await this.pull(request)
      if (page.head.lease !== undefined) await this.events.leased(page.head.lease)
      this.events.progress('receiving', Math.min(page.head.upto, page.head.w), page.head.w)
      rows.push(...page.rows)
      left.push(...page.left)
      resets = [...resets, ...page.head.resets]
      if (!page.head.more || !this.replica.isReady) {
        const applied = applyPull(this.replica, { head: { ...page.head, resets }, rows, left, end: page.end }, this.now())
        if (applied.tables.size > 0) this.events.changed(applied.tables)
        if (!page.head.more) return
        ;[rows, left, resets] = [[], [], []]
      }
      request = advance(request, page.head)
    }
  }

  private async pull(request: PullRequest): Promise<Pulled> {
    const body = new TextEncoder().encode(JSON.stringify(request))
    const answer = await this.session.request('/sync/pull', body, { 'content-type': 'application/json' })
    const lines = parseLines<PullHead | PullRows | PullLeft | PullEnd>(answer.text)
    const head = lines?.[0]
    const end = lines?.at(-1)
    if (lines === null || head === undefined || !('pull' in head) || end === undefined || !('end' in end)) throw new OfflineError('The answer to a pull was cut.')
    const rows: PullRows[] = []
    const left: PullLeft[] = []
    for (const line of lines) {
      if ('rows' in line) rows.push(line)
      else if ('left' in line) left.push(line)
    }
    return { head, rows, left, end }
  }
}

function advance(request: PullRequest, head: PullHead): PullRequest {
  const resets = new Map(head.resets.map(({ name, generation }) => [name, generation]))
  return {
    ...request,
    buckets: request.buckets.map(({ name, after, generation }) => {
      const fresh = resets.get(name)
      return fresh === undefined ? { name, after: Math.max(after, head.upto), generation } : { name, after: head.upto, generation: fresh }
    }),
  }
}

declare class TextEncoder {
  encode(text: string): Uint8Array
}
