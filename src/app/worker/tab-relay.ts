// One worker among the tabs' workers: it leads when it holds the Web Lock, and otherwise passes its page's asks to the one that does. An ask
// stays pending until it is answered; a new leader gets it again, or this worker answers it itself when it takes over. A `run` carries a
// request key, so that a resend after a fail-over is harmless. The newest app leads: an older one gives way, and never opens the database
// again that a newer one had. [VER7]
import {
  faultOf,
  type Answer,
  type Ask,
  type BetweenTabs,
  type FromPage,
  type HostEvent,
  type HostState,
  type ToPage,
} from './calls.ts'
import { compareVersions, mayAsk, OlderTabError } from './tab-version.ts'
import { ToldLater } from './told-later.ts'

/** The host as the relay needs it. */
export interface Leading {
  readonly state: HostState
  readonly key: Uint8Array | null
  begin(key: Uint8Array | null): Promise<void>
  answer(ask: Ask): Promise<unknown>
  /** Closes the database and leaves everything else as it is: another worker takes over. */
  stop(): Promise<void>
}

export interface RelayParts {
  /** This worker's name among the tabs: random. */
  readonly me: string
  /** Of the app that this tab runs. */
  readonly version: string
  readonly channel: Pick<BroadcastChannel, 'postMessage' | 'addEventListener'>
  toPage(message: ToPage): void
  makeHost(emit: (event: HostEvent) => void): Leading
}

export class TabRelay {
  private readonly parts: RelayParts
  private readonly pending = new Map<string, Ask>()
  private readonly later: ToldLater
  private host: Leading | null = null
  /** What a save changed, until its answer has left. */
  private changes: HostEvent[] | null = null
  private isLeading = false
  private leader: string | null = null
  /** The key as the leader shared it, for the take-over. */
  private sharedKey: Uint8Array | null = null
  private isOutdated = false
  private gaveWay: () => void = () => undefined
  /** Resolves when this tab must not lead any more: the lock is the next one's. */
  readonly wayIsFree = new Promise<void>((resolve) => (this.gaveWay = resolve))

  constructor(parts: RelayParts) {
    this.parts = parts
    this.later = new ToldLater((event) => parts.toPage(event))
    parts.channel.addEventListener('message', (event) => this.heard(event.data as BetweenTabs))
    this.hello()
  }

  private hello(): void {
    this.post({ to: 'leader', who: this.parts.me, version: this.parts.version })
  }

  /** The Web Lock is ours: open what is there, then answer what waits. */
  async lead(): Promise<void> {
    if (this.isOutdated) return this.gaveWay()
    this.host = this.parts.makeHost((event) => this.happened(event))
    await this.host.begin(this.sharedKey)
    this.sharedKey = null
    this.isLeading = true
    this.announce(this.host)
    for (const [id, ask] of this.pending) void this.perform(id, ask)
  }

  private announce(host: Leading): void {
    this.post({ to: 'all', leader: this.parts.me, state: host.state, version: this.parts.version })
  }

  fromPage({ id, ask }: FromPage): void {
    this.pending.set(id, ask)
    if (this.isLeading) void this.perform(id, ask)
    else if (this.leader !== null) this.pass(id, ask)
  }

  private pass(id: string, ask: Ask): void {
    this.post({ to: 'leader', from: this.parts.me, id, ask, version: this.parts.version })
  }

  /** A newer app wants the device. What was asked before is answered; then the database is closed and the lock is free. */
  private async giveWay(host: Leading): Promise<void> {
    this.isLeading = false
    this.host = null
    this.outdated()
    await host.stop()
    this.gaveWay()
  }

  private outdated(): void {
    if (this.isOutdated) return
    this.isOutdated = true
    this.parts.toPage({ event: 'outdated' })
  }

  private perform(id: string, ask: Ask): Promise<void> {
    return this.respond(id, ask, (answer) => {
      this.pending.delete(id)
      this.parts.toPage(answer)
    })
  }

  /** A save is whole when this call returns: its answer leaves first, and other tabs hear of its changes in the same moment. */
  private async respond(id: string, ask: Ask, deliver: (answer: Answer) => void): Promise<void> {
    const changes: HostEvent[] = []
    if (ask.name === 'run') this.changes = changes
    const answering = this.answerOf(id, ask)
    this.changes = null
    deliver(await answering)
    for (const event of changes) this.post({ to: 'all', event })
  }

  private async answerOf(id: string, ask: Ask): Promise<Answer> {
    try {
      return { id, value: await this.host?.answer(ask) }
    } catch (error) {
      return { id, fault: faultOf(error) }
    }
  }

  /** An event of our own host: for our page and for every other tab. */
  private happened(event: HostEvent): void {
    // The other tabs first: our page ends this worker when it hears that all is locked.
    if (event.event === 'change' && this.changes !== null) this.changes.push(event)
    else this.post({ to: 'all', event })
    this.tellPage(event)
    if (event.event === 'state' && event.state.phase === 'open' && this.host?.key != null) {
      this.post({ to: 'followers', key: this.host.key })
    }
  }

  /** Other tabs hear of a change at once, because this one may die in the next moment; our page draws when it had its answer. */
  private tellPage(event: HostEvent): void {
    if (event.event === 'change') return this.later.change(event.tables)
    if (event.event === 'status') return this.later.status(event.status)
    if (event.event === 'locked') this.later.forget()
    this.parts.toPage(event)
  }

  private heard(message: BetweenTabs): void {
    if ('event' in message) this.told(message.event)
    else if ('leader' in message) this.follow(message)
    else if ('answer' in message) this.answered(message.one, message.answer)
    else if ('key' in message) this.sharedKey = this.host === null ? message.key : null
    else if (this.host !== null && this.isLeading) void this.serve(this.host, message)
  }

  private told(event: HostEvent): void {
    if (event.event === 'locked') {
      this.sharedKey?.fill(0)
      this.sharedKey = null
    }
    this.parts.toPage(event)
  }

  private follow({ leader, state, version }: Extract<BetweenTabs, { leader: string }>): void {
    const isNew = leader !== this.leader
    const difference = compareVersions(version, this.parts.version)
    if (difference < 0) {
      // It would read today's work by yesterday's rules: nothing is asked of it but to give way.
      this.leader = null
      if (isNew) this.hello()
      return this.parts.toPage({ event: 'older-leader' })
    }
    this.leader = leader
    if (difference > 0) this.outdated()
    this.parts.toPage({ event: 'state', state })
    if (!isNew) return
    for (const [id, ask] of this.pending) this.pass(id, ask)
  }

  private answered(one: string, answer: Answer): void {
    // The first answer counts: a resent ask is answered twice when the old leader got that far.
    if (one === this.parts.me && this.pending.delete(answer.id)) this.parts.toPage(answer)
  }

  private async serve(host: Leading, message: Extract<BetweenTabs, { to: 'leader' }>): Promise<void> {
    const difference = compareVersions(message.version, this.parts.version)
    if ('who' in message) {
      this.announce(host)
      if (host.key !== null) this.post({ to: 'followers', key: host.key })
      // It has the key: it opens what this one closes.
      if (difference > 0) await this.giveWay(host)
      return
    }
    const { from: one, id, ask } = message
    if (difference < 0 && !mayAsk(ask.name)) {
      const fault = faultOf(new OlderTabError('This tab runs an older version of the app: load it again.'))
      return this.post({ to: 'one', one, answer: { id, fault } })
    }
    await this.respond(id, ask, (answer) => this.post({ to: 'one', one, answer }))
  }

  private post(message: BetweenTabs): void {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a BroadcastChannel reaches this origin only
    this.parts.channel.postMessage(message)
  }
}
