// One exchange with the hub: sends what waits, in order, and fetches what changed. It is a plain sequence of requests
// over the durable outbox: cut anywhere, the next exchange begins where the hub's answers really ended.
import type { DeviceReport, PullHead, PullRequest } from '../protocol.ts'
import { pageIn } from './answers.ts'
import type { DeviceFault } from './api.ts'
import type { DeviceClock } from './clock.ts'
import type { HubClock } from './hub-clock.ts'
import type { Bootstrap } from './bootstrap.ts'
import { noteIncident, toldIncidents } from './incident.ts'
import { integrityOf } from './integrity.ts'
import { Outbound } from './outbound.ts'
import { askedOf, hearOutcomes, mustAskAgain } from './outcomes.ts'
import type { Identity, Replica } from './replica.ts'
import type { HubSession } from './session.ts'
import { toldAside } from './set-aside.ts'
import { applyPull, type PulledPage } from './settle.ts'
import { Stopwatch } from './stopwatch.ts'
import { suspectedLeaves } from './suspects.ts'
import { OfflineError, type Transport } from './transport.ts'

export interface ExchangeEvents {
  changed(tables: ReadonlySet<string>): void
  progress(stage: 'sending' | 'receiving', done: number, total: number): void
  fault(fault: DeviceFault | null): void
  /** Another signed lease came with a pull. */
  leased(jws: string): Promise<void>
  /** The hub's time, and how long ago it was asked for. */
  dated(hubNow: number, asked: Stopwatch): void
}

export interface ExchangeParts {
  readonly replica: Replica
  readonly identity: Identity
  readonly session: HubSession
  readonly transport: Transport
  readonly bootstrap: Bootstrap
  readonly events: ExchangeEvents
  readonly clock: Pick<DeviceClock, 'now' | 'monotonic'>
  readonly hubClock: HubClock
}

const ROWS_PER_PAGE_MAX = 5000
const ROWS_PER_PAGE_MIN = 50
/** A healed mismatch, a new lease and a hub that was restored may each ask for one more round. */
const ROUNDS_MAX = 4

/** Pages that arrived of a pull that isn't complete; kept over a cut connection, applied together. */
interface Staged {
  readonly pages: PulledPage[]
  request: PullRequest
  readonly lease: string
}

export class Exchange {
  private readonly parts: ExchangeParts
  private readonly outbound: Outbound
  private rowsPerPage = ROWS_PER_PAGE_MAX
  /** By the last answer the hub takes nothing more of this life. */
  private isForked = false
  private staged: Staged | null = null

  constructor(parts: ExchangeParts) {
    this.parts = parts
    this.outbound = new Outbound(parts)
  }

  /**
   * Pushes until nothing waits, then pulls until nothing is left. A push that fails doesn't stop the pull. True when the last pull was
   * applied, and the time of this contact with it.
   */
  async run(): Promise<boolean> {
    let isPulled = false
    let pushFault: unknown = null
    for (let round = 0; round < ROUNDS_MAX; round++) {
      try {
        await this.outbound.pushAll()
        pushFault = null
      } catch (fault) {
        // Without a session nobody answered at all; with one, downloads needn't wait for uploads.
        if (fault instanceof OfflineError && !this.parts.session.isOpen) throw fault
        pushFault = fault
      }
      // What comes down is for tables that aren't here yet. [VER3]
      if (this.parts.replica.isHeldBack) break
      isPulled = (await this.pullAll()) === 'done'
      if (isPulled) break
    }
    if (pushFault instanceof Error) throw pushFault
    return isPulled
  }

  private pullRequest(lease: string): PullRequest {
    const { replica } = this.parts
    const suspected = suspectedLeaves(replica)
    const { rowsHeld, rowsVerified, broken } = integrityOf(replica)
    const aside = toldAside(replica)
    const incidents = toldIncidents(replica.db)
    const downloading = replica.downloading()
    const wanted = (replica.lease()?.lease.buckets ?? []).filter((name) => !downloading.has(name))
    const held = new Map(
      replica.db
        .all<{ name: string; cursor: number; generation: number; sv: number }>(
          'SELECT name, cursor, generation, sv FROM bucket',
        )
        .map((bucket) => [bucket.name, bucket]),
    )
    return {
      incarnation: replica.incarnation,
      sv: replica.catalogue.schema,
      buckets: wanted.map((name) => {
        const leaves = suspected.get(name)
        const sv = held.get(name)?.sv
        return {
          name,
          after: held.get(name)?.cursor ?? 0,
          generation: held.get(name)?.generation ?? 0,
          ...(leaves !== undefined && { leaves }),
          // Fetched for an older release: what came since is sent once. [VER4]
          ...(sv !== undefined && sv < replica.catalogue.schema && { sv }),
        }
      }),
      limit: this.rowsPerPage,
      lease,
      report: this.report(),
      integrity: [rowsHeld, rowsVerified, broken.length],
      ...(aside.length > 0 && { aside }),
      ...(incidents !== null && { incidents }),
    }
  }

  /** Until when everything that was captured here is in the outbox as it stands: an idle device says so too. [DONE1] */
  private report(): DeviceReport | undefined {
    const { replica, identity, clock, hubClock } = this.parts
    const estimate = hubClock.estimate()
    if (estimate === null) return undefined
    const [offset, error] = estimate
    return { ...replica.endOfChain(identity), at: clock.now() + offset - error }
  }

  private takeStaged(): Staged {
    const lease = this.parts.replica.lease()?.hash ?? ''
    const kept = this.staged
    this.staged = null
    return kept?.lease === lease ? kept : { pages: [], request: this.pullRequest(lease), lease }
  }

  /** Pages of a first download are applied as they come; later ones together, with their watermark. [PULL2] */
  private async pullAll(): Promise<'done' | 'again'> {
    const { replica, bootstrap, events, clock } = this.parts
    // Pages that wait may be of buckets that come by chunks now.
    if (await bootstrap.plan()) this.staged = null
    let staged = this.takeStaged()
    let isLeased = false
    let received = staged.pages.reduce((sum, page) => sum + rowsIn(page), 0)
    while (true) {
      const page = await this.pullPage(staged)
      const { head } = page
      if (head.isForked === true) events.fault('fork')
      else if (this.outbound.resendBeyond(head)) return 'again'
      if (head.lease !== undefined) {
        await events.leased(head.lease)
        isLeased = true
      }
      staged.pages.push(page)
      // How many there will be nobody knows before the last page.
      events.progress('receiving', (received += rowsIn(page)), 0)
      if (!head.more || !replica.isReady) {
        const applied = applyPull(replica, staged.pages, clock.now())
        if (applied.tables.size > 0) events.changed(applied.tables)
        staged = { pages: [], request: staged.request, lease: staged.lease }
        if (!head.more)
          return isLeased || applied.mismatches.length > 0 || mustAskAgain(replica, this.isForked) ? 'again' : 'done'
      }
      staged.request = advance(staged.request, head)
    }
  }

  /** A page that doesn't come whole is asked for again in a smaller size, behind what came before it. */
  private async pullPage(staged: Staged): Promise<PulledPage> {
    try {
      const { replica } = this.parts
      const asked = askedOf(replica, this.isForked)
      const page = await this.pull({ ...staged.request, limit: this.rowsPerPage, unanswered: asked?.range })
      // Before the rows that it is in. [PULL6]
      hearOutcomes(replica, asked, page.head.outcomes ?? [])
      this.isForked = page.head.isForked === true
      this.rowsPerPage = Math.min(ROWS_PER_PAGE_MAX, this.rowsPerPage * 2)
      return page
    } catch (fault) {
      if (fault instanceof OfflineError)
        this.rowsPerPage = Math.max(ROWS_PER_PAGE_MIN, Math.floor(this.rowsPerPage / 2))
      if (staged.pages.length > 0) this.staged = staged
      throw fault
    }
  }

  private async pull(request: PullRequest): Promise<PulledPage> {
    const body = new TextEncoder().encode(JSON.stringify(request))
    const asked = new Stopwatch(this.parts.clock)
    const answer = await this.parts.session.request('/sync/pull', body, { 'content-type': 'application/json' })
    const page = pageIn(answer.text)
    if (page === null) throw new OfflineError('The answer to a pull was cut.')
    if (page.head.now !== undefined) {
      this.parts.events.dated(page.head.now, asked)
      this.parts.hubClock.hear(page.head.now, asked)
    }
    if (page.head.incarnation !== this.parts.replica.incarnation)
      noteIncident(this.parts.replica.db, this.parts.clock.now(), 'hub-restored', page.head.incarnation)
    return page
  }
}

const rowsIn = ({ rows, left }: PulledPage): number => [...rows, ...left].reduce((sum, { ids }) => sum + ids.length, 0)

function advance(request: PullRequest, head: PullHead): PullRequest {
  const resets = new Map(head.resets.map(({ name, generation }) => [name, generation]))
  return {
    ...request,
    incarnation: head.incarnation,
    buckets: request.buckets.map(({ name, after, generation, sv }) => {
      const fresh = resets.get(name)
      if (fresh !== undefined) return { name, after: head.upto, generation: fresh }
      const learning = sv === undefined ? {} : { sv, learned: head.upto }
      return { name, after: Math.max(after, head.upto), generation, ...learning }
    }),
  }
}

declare class TextEncoder {
  encode(text: string): Uint8Array
}
