// The way out: commands leave the outbox in order, in batches that shrink when the connection can't carry them, each a
// signed stream. Nothing leaves the outbox here: an outcome for the exact seal is what settles a command.
import {
  COMMANDS_PER_PUSH_MAX,
  PROTOCOL,
  type PullHead,
  type PushAnswer,
  type PushHead,
  type StreamProblem,
} from '../protocol.ts'
import { pushAnswerIn } from './answers.ts'
import type { ExchangeParts } from './exchange.ts'
import { noteIncident } from './incident.ts'
import { connectsFrom, nextBatch, streamLines, type OutboxLine } from './outgoing.ts'
import { storeOutcomes } from './outcomes.ts'
import { HubError, OfflineError } from './transport.ts'

/** A try that settled nothing may be repeated once: after a gap or a lost lease the next one is another. */
const FRUITLESS_MAX = 3

interface Sent {
  readonly batch: readonly OutboxLine[]
  /** The first sequence of the push that it went behind, while that one was on its way. */
  readonly after: number | null
  readonly answer: Promise<PushAnswer>
}

/** It came to the hub before the one it was sent behind: nothing is missing there. */
const hasOvertaken = ({ batch, after }: Sent, { problems }: PushAnswer): boolean => {
  const [problem] = problems
  if (after === null || problems.length !== 1 || problem?.problem !== 'gap') return false
  return problem.expected >= after && problem.expected < (batch[0] as OutboxLine).seq
}

export class Outbound {
  private readonly parts: ExchangeParts
  private commandsPerPush = COMMANDS_PER_PUSH_MAX
  /** The hub lost leases (restored from a backup): they travel with the commands until nothing waits. */
  private mustShowLeases = false
  /** The life of the hub that this one said it is of, before its rows came. [LIFE7] */
  private life: string | null = null
  /** Up to where the hub keeps what it may not take. */
  private shownTo = 0
  /** The last push was taken whole: the next ones go two at a time. */
  private isFlowing = false
  /** The push behind the one whose answer is awaited: the hub reads it meanwhile, and works on it while that answer is written down here. */
  private behind: Sent | null = null

  constructor(parts: ExchangeParts) {
    this.parts = parts
  }

  private waiting(): number {
    return this.parts.replica.waiting.read().count
  }

  /** Pushes until nothing waits or the hub can't go on with this stream. Throws OfflineError or HubError. */
  async pushAll(): Promise<void> {
    const total = this.waiting()
    for (let fruitless = 0; fruitless < FRUITLESS_MAX;) {
      const left = this.waiting()
      if (left === 0) break
      this.parts.events.progress('sending', Math.max(0, total - left), Math.max(total, left))
      const answer = await this.pushNext()
      if (answer !== null && this.keepsBehind(answer.problems)) continue
      if (answer !== null && !this.mayGoOn(answer)) return
      fruitless = this.waiting() < left ? 0 : fruitless + 1
    }
    await this.noneBehind()
    this.mustShowLeases = false
  }

  /**
   * The hub may take nothing more of this life and keeps what it is shown: so it is shown all, once, and from then on one command, to hear
   * whether that is still so. Whether there is more to show. [FORK2]
   */
  private keepsBehind(problems: readonly StreamProblem[]): boolean {
    const shut = problems.find(({ problem }) => problem === 'fork' || problem === 'quarantined')
    const kept = shut !== undefined && 'kept' in shut ? (shut.kept ?? 0) : 0
    const isMore = kept > this.shownTo && nextBatch(this.parts.replica, 1, kept).length > 0
    this.shownTo = shut === undefined ? 0 : Math.max(this.shownTo, kept)
    return isMore
  }

  /** Behind what the hub keeps already, but never nothing. */
  private nextShown(): OutboxLine[] {
    const { replica } = this.parts
    const behind = nextBatch(replica, this.commandsPerPush, this.shownTo)
    return behind.length > 0 ? behind : nextBatch(replica, 1)
  }

  /** The next batch, and at once the one behind it; null when it was too large for the hub and shall be tried in halves. [PUSH6] */
  private async pushNext(): Promise<PushAnswer | null> {
    const sent = this.behind ?? this.send(this.nextShown(), null)
    this.behind = this.isFlowing ? this.sendBehind(sent) : null
    try {
      const answer = await sent.answer
      this.commandsPerPush = Math.min(COMMANDS_PER_PUSH_MAX, this.commandsPerPush * 2)
      this.isFlowing = answer.problems.length === 0
      // What the other one comes to stands on this one: whatever it hears is told again to whoever comes next.
      if (!this.isFlowing) await this.noneBehind()
      return hasOvertaken(sent, answer) ? { ...answer, problems: [] } : answer
    } catch (fault) {
      const { length } = sent.batch
      this.isFlowing = false
      await this.noneBehind()
      const isTooLarge = fault instanceof HubError && fault.status === 413 && length > 1
      if (isTooLarge || fault instanceof OfflineError) this.commandsPerPush = Math.max(1, Math.floor(length / 2))
      if (isTooLarge) return null
      throw fault
    }
  }

  private send(batch: readonly OutboxLine[], after: number | null): Sent {
    const answer = this.push(batch)
    // It is awaited in its turn; until then a fault of it is nobody's.
    answer.catch(() => undefined)
    return { batch, after, answer }
  }

  /** Null when there is nothing behind, or only what another life captured. */
  private sendBehind({ batch }: Sent): Sent | null {
    const last = batch.at(-1) as OutboxLine
    const next = nextBatch(this.parts.replica, this.commandsPerPush, last.seq)
    return next[0]?.epoch === last.epoch ? this.send(next, (batch[0] as OutboxLine).seq) : null
  }

  /** Nothing is on its way any more. What it was answered is written down; why it failed the next try hears. */
  private async noneBehind(): Promise<void> {
    const { behind } = this
    this.behind = null
    if (behind !== null) await Promise.allSettled([behind.answer])
  }

  private async push(batch: readonly OutboxLine[]): Promise<PushAnswer> {
    const { replica, identity, session, transport } = this.parts
    const first = batch[0] as OutboxLine
    const last = batch.at(-1) as OutboxLine
    const head: PushHead = {
      push: 1,
      protocol: PROTOCOL,
      incarnation: this.life ?? replica.incarnation,
      streams: 1,
    }
    const sign = (text: string): Promise<string> => session.signText(text)
    const lines = [JSON.stringify(head), ...(await streamLines(replica, identity, sign, batch, this.mustShowLeases))]
    const body = await transport.gzip(`${lines.join('\n')}\n`)
    let answered = 0
    try {
      const answer = await session.request('/sync/push', body, {
        'content-type': 'application/x-ndjson',
        'content-encoding': 'gzip',
      })
      const push = pushAnswerIn(answer.text)
      if (push === null) throw new OfflineError('The answer to a push was cut.')
      storeOutcomes(replica, push.outcomes)
      answered = push.outcomes.length
      return push
    } finally {
      // Whether the hub has the others nobody knows. What was answered at once needn't be written twice.
      if (answered < batch.length) this.markSent(first.seq, last.seq)
    }
  }

  private markSent(first: number, last: number): void {
    const text = "UPDATE outbox SET state = 'sent' WHERE state = 'captured' AND seq BETWEEN ? AND ?"
    this.parts.replica.db.run(text, [first, last])
  }

  /** False when the hub can't take more of this stream now. */
  private mayGoOn({ problems, incarnation }: PushAnswer): boolean {
    let mayGoOn = true
    for (const problem of problems) {
      if (problem.problem === 'gap') mayGoOn &&= this.resendFrom(problem.expected)
      else if (problem.problem === 'unknown-lease') this.mustShowLeases = true
      else if (problem.problem === 'other-life') {
        this.life = incarnation
        this.resendBeyond(problem)
      } else {
        mayGoOn = false
        this.tell(problem)
      }
    }
    return mayGoOn
  }

  private tell(problem: StreamProblem): void {
    const { events, replica, clock } = this.parts
    if (problem.problem === 'fork' || problem.problem === 'quarantined') events.fault('fork')
    else if (problem.problem === 'unknown-device') events.fault('revoked')
    noteIncident(replica.db, clock.now(), `push-${problem.problem}`, JSON.stringify(problem))
  }

  /**
   * Asked with what the hub says it has of this life and of those before: whether it lost commands that it had answered, which now wait
   * again, with all behind them. [LIFE1] [LIFE7]
   */
  resendBeyond({ has, before }: Pick<PullHead, 'has' | 'before'>): boolean {
    const { replica, identity } = this.parts
    const hasOf = new Map([...(before ?? []), [identity.ep, has]])
    for (const { epoch, first, told } of replica.db.all<{ epoch: number; first: number; told: number }>(
      "SELECT epoch, MIN(seq) AS first, MAX(seq) AS told FROM outbox WHERE outcome IS NOT NULL AND state <> 'sent' GROUP BY epoch ORDER BY epoch",
    )) {
      // A hub of an older release says nothing of lives before.
      const known = hasOf.get(epoch) ?? (before === undefined ? told : first - 1)
      if (known < told) return this.resendFrom(known + 1)
    }
    return false
  }

  /** The hub has less than this device knows it had (restored from a backup): the retained envelopes heal it. [LIFE1] */
  private resendFrom(expected: number): boolean {
    const { replica, identity, events, clock } = this.parts
    if (!connectsFrom(replica, identity, expected)) {
      // The hub's backup is older than what this device keeps: nothing that it can send would connect.
      events.fault('other-hub')
      noteIncident(replica.db, clock.now(), 'hub-too-old', JSON.stringify({ expected }))
      return false
    }
    replica.db.run("UPDATE outbox SET state = 'sent' WHERE seq >= ? AND state <> 'captured'", [expected])
    replica.blobs.doubt()
    replica.waiting.changed()
    return true
  }
}
