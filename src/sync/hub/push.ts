// Receives pushes: checks each stream's signature, answers what it knows already, finds forks and gaps, and applies the
// rest in parts of bounded lock time, one transaction a part. The tenant's clock row is the only order there is.
import type { Pool, PoolClient } from 'pg'
import type { Catalogue } from '../../kernel/catalogue.ts'
import { isRevocation } from '../../kernel/revocation.ts'
import { inOneFlight } from '../../store/postgres/in-one-flight.ts'
import type { StagedRows, WarmRows } from '../../store/postgres/warm-rows.ts'
import { runsParked, streamText, type Outcome, type PushAnswer, type StreamProblem } from '../protocol.ts'
import { isSignedBy, type Jwk } from '../seal.ts'
import type { Decided, Incoming } from './apply.ts'
import { applyWarm } from './by-halves.ts'
import { loadAuthority, readmitLeases, unknownLeases, type KnownAuthority, type Rights } from './authority.ts'
import { appendLog, loggedOutcomes, type Logged } from './command-log.ts'
import { keepEarlierSeries, livesOf, loadEarlierLives, readmitLife } from './earlier-life.ts'
import type { SeriesState } from './numbers.ts'
import { broughtBy, numbered, openAll } from './opening.ts'
import type { FairLine } from './fair-line.ts'
import type { OneByOne } from './one-by-one.ts'
import { keepQuarantined } from './quarantine.ts'
import { raiseFork } from './raise-about-device.ts'
import { shutOut } from './revocation.ts'
import { shred } from './shredding.ts'
import { readPush, type PushRefusal, type ReceivedCommand, type ReceivedStream } from './streams.ts'
import type { SubjectKeys } from './subjects.ts'
import { inTenant, lockClock, raiseClock } from './tenant.ts'

export interface PushContext {
  readonly pool: Pool
  readonly catalogue: Catalogue
  readonly tenant: string
  readonly incarnation: string
  /** The hub's wall time: recorded as received at, orders nothing. */
  readonly now: () => number
  /** Tells other parts of the hub that the clock rose. */
  readonly committed: (tenant: string, w: number) => void
  /** Milliseconds that never go back: measures lock time. */
  readonly monotonic: () => number
  /** The payload of a text that this hub signed, or null. */
  readonly verify: <T>(jws: string) => Promise<T | null>
  /** What a person may do now; null for one the hub doesn't know. Reads within the caller's transaction. */
  readonly rightsToday: (client: PoolClient, user: string) => Promise<Rights | null>
  /** Under which personal values of commands are kept. */
  readonly keys: SubjectKeys
  readonly partSize: PartSize
  readonly warm: WarmRows
  /** Parts of this process: one at a time works behind the tenant's lock, the others wait here. */
  readonly line: FairLine
  /** Streams of one device are taken one after the other, whatever came of it at once. */
  readonly streams: OneByOne
}

/** How many commands fit into the lock time; learned from the parts before. */
export class PartSize {
  private msPerCommand = 0.5
  private readonly lockMs: number

  constructor(lockMs = 50) {
    this.lockMs = lockMs
  }

  get commands(): number {
    return Math.max(10, Math.min(500, Math.floor(this.lockMs / this.msPerCommand)))
  }

  learn(commands: number, ms: number): void {
    if (commands > 0) this.msPerCommand = 0.7 * this.msPerCommand + 0.3 * (ms / commands)
  }
}

interface DeviceRow {
  readonly user_id: string
  readonly public_key: Jwk
  readonly last_seq: number
  readonly last_seal: string
  readonly state: string
  readonly series: SeriesState
  /** The last sequence of the life before. */
  readonly follows: number
}

/** Why the body is no push; otherwise outcomes for everything decided, and what is wrong with each stream. */
export async function receivePush(
  context: PushContext,
  body: string,
  sender: { readonly dev: string; readonly ep: number },
): Promise<PushAnswer | PushRefusal> {
  const push = readPush(body)
  if (typeof push === 'string') return push
  const outcomes: Outcome[] = []
  const problems: StreamProblem[] = [...push.problems]
  let w = 0
  // The numbers of an earlier life are counted in its order: what is missing of it comes before whatever follows it. [LIFE7]
  if (sender.ep > 1 && push.head.incarnation !== context.incarnation) {
    const { dev } = sender
    problems.push({ problem: 'other-life', dev, ...(await livesOf(context, sender)) })
    return { push: 1, incarnation: context.incarnation, outcomes, problems, w }
  }
  for (const stream of push.streams) {
    const { header } = stream
    if (header.tenant !== context.tenant || header.dev !== sender.dev || header.ep > sender.ep) {
      problems.push({ problem: 'unknown-device', dev: header.dev, detail: 'the stream is not the sender’s' })
      continue
    }
    // In the order in which they were read, also where a signature takes longer to check. [PUSH6]
    const result = await context.streams.run(header.dev, () => receiveStream(context, stream, sender.ep))
    outcomes.push(...result.outcomes)
    if (result.problem !== null) problems.push(result.problem)
    w = Math.max(w, result.w)
  }
  return { push: 1, incarnation: context.incarnation, outcomes, problems, w }
}

export interface StreamResult {
  readonly outcomes: Outcome[]
  readonly problem: StreamProblem | null
  readonly w: number
}

/** `ep`: the life that brings it, when it is a later one than the stream's. [LIFE7] */
export async function receiveStream(
  context: PushContext,
  stream: ReceivedStream,
  ep = stream.header.ep,
): Promise<StreamResult> {
  const { header, commands } = stream
  const wrong = (problem: 'unknown-device' | 'signature', detail: string): StreamResult => ({
    outcomes: [],
    problem: { problem, dev: header.dev, detail },
    w: 0,
  })
  const [device, missing] = await inTenant(context.pool, context.tenant, (client) =>
    inOneFlight([
      deviceRow(client, context.tenant, header.dev, ep, ''),
      unknownLeases(client, context.tenant, commands),
    ]),
  )
  if (device === null) return wrong('unknown-device', 'never enrolled')
  if (!(await isSignedBy(device.public_key, header.signature, streamText(header))))
    return wrong('signature', 'the stream signature does not verify')
  if (ep > header.ep && (header.lastSeq > device.follows || !(await readmitLife(context, stream, device.user_id))))
    return wrong('unknown-device', 'of an earlier life nothing more is taken')
  await readmitLeases(context, header, stream.leases)
  // Whoever shows leases was asked for them: what the hub doesn't have now nobody has.
  if (missing.length > 0 && stream.leases.length === 0)
    return { outcomes: [], problem: { problem: 'unknown-lease', dev: header.dev, leases: missing }, w: 0 }
  return commitParts(context, stream, ep > header.ep)
}

/** A stream whose signature was checked, part after part until something is wrong with it. */
export async function commitParts(
  context: PushContext,
  stream: ReceivedStream,
  isByLaterLife = false,
): Promise<StreamResult> {
  const { commands } = stream
  const outcomes: Outcome[] = []
  let w = 0
  let at = 0
  while (at < commands.length) {
    // Between two parts of a long batch a shorter one has its turn. [FAIR1]
    const leave = await context.line.enter(commands.length - at)
    const part = together(commands.slice(at, at + context.partSize.commands))
    const result = await commitPart(context, { ...stream, isByLaterLife }, part).finally(leave)
    outcomes.push(...result.outcomes)
    w = Math.max(w, result.w)
    if (result.problem !== null) return { outcomes, problem: result.problem, w }
    at += part.length
  }
  return { outcomes, problem: null, w }
}

/**
 * What may be decided at once. What comes behind a revocation is judged by it [REVOKE1], and parked work that is sent again may be one; whoever
 * sends it finds what the commands before it parked and decided: what waits, waits by then. [REV4]
 */
function together(part: readonly ReceivedCommand[]): readonly ReceivedCommand[] {
  const endsPart = ({ envelope: { type } }: ReceivedCommand): boolean => isRevocation(type) || runsParked(type)
  const end = part.findIndex(
    (received, index) =>
      index > 0 && (runsParked(received.envelope.type) || endsPart(part[index - 1] as ReceivedCommand)),
  )
  return end === -1 ? part : part.slice(0, end)
}

async function deviceRow(
  client: PoolClient,
  tenant: string,
  dev: string,
  ep: number,
  lock: '' | ' FOR UPDATE',
): Promise<DeviceRow | null> {
  const found = await client.query<DeviceRow>({
    name: lock === '' ? 'device-seen' : 'device-held',
    text: `SELECT user_id, public_key, last_seq, last_seal, state, series, follows FROM device WHERE tenant_id = $1 AND dev = $2 AND ep = $3${lock}`,
    values: [tenant, dev, ep],
  })
  return found.rows[0] ?? null
}

/** `rescue` is an epoch that the hub made for lines it was brought: nobody has its key. */
const MAY_GO_ON: ReadonlySet<string> = new Set(['active', 'revoked', 'rescue'])

/** One part: lock, compare with what is known, apply what is new, raise the clock. [PUSH2] */
async function commitPart(
  context: PushContext,
  stream: ReceivedStream & { readonly isByLaterLife: boolean },
  part: readonly ReceivedCommand[],
): Promise<StreamResult> {
  const { tenant, pool } = context
  const { dev, ep } = stream.header
  let lockedAt = 0
  let applied = 0
  let staged: StagedRows | null = null
  const result = await inTenant(pool, tenant, async (client): Promise<StreamResult> => {
    // What is read in the lock's flight is read behind it: each statement sees what was committed when it begins.
    const [clock, device, authority] = await inOneFlight([
      lockClock(client, context),
      deviceRow(client, tenant, dev, ep, ' FOR UPDATE'),
      loadAuthority(
        client,
        context,
        part.map(({ envelope }) => envelope),
      ),
    ])
    lockedAt = context.monotonic()
    if (device === null) return { outcomes: [], problem: { problem: 'unknown-device', dev, detail: 'gone' }, w: clock }
    const known = await knownOutcomes(client, tenant, part, device.last_seq)
    const fork = { clock, isKnown: device.state === 'forked', outcomes: known.outcomes }
    if (known.forkAt !== null) return quarantine(client, context, stream, { ...fork, seq: known.forkAt })
    // What a revoked device did is judged like a revoked person's: command by command, by when it was done. [AUTH7]
    if (!MAY_GO_ON.has(device.state) && !(stream.isByLaterLife && device.state === 'replaced')) {
      const kept = await keepQuarantined(client, context, stream)
      return {
        outcomes: known.outcomes,
        problem: { problem: 'quarantined', dev, detail: device.state, kept },
        w: clock,
      }
    }
    const fresh = part.filter(({ envelope }) => envelope.seq > device.last_seq)
    const first = fresh[0]
    if (first === undefined) return { outcomes: known.outcomes, problem: null, w: clock }
    if (first.envelope.seq > device.last_seq + 1)
      return { outcomes: known.outcomes, problem: { problem: 'gap', dev, expected: device.last_seq + 1 }, w: clock }
    if (first.prev !== device.last_seal)
      return quarantine(client, context, stream, { ...fork, seq: first.envelope.seq })
    applied = fresh.length
    const { logged, warm, w } = await applyFresh(client, context, fresh, { clock, series: device.series, authority })
    staged = warm
    return {
      outcomes: [...known.outcomes, ...logged.map(({ outcome }) => outcome)],
      problem: null,
      w,
    }
  })
  if (staged !== null) context.warm.keep(staged)
  context.partSize.learn(applied, context.monotonic() - lockedAt)
  if (applied > 0 || result.problem?.problem === 'fork') context.committed(tenant, result.w)
  return result
}

/** What was read behind the lock. */
interface Held {
  readonly clock: number
  readonly series: SeriesState
  readonly authority: KnownAuthority
}

/** Opens, decides, logs: halves on an SQL fault, so that one bad command parks alone. [PUSH4] */
async function applyFresh(
  client: PoolClient,
  context: PushContext,
  fresh: readonly ReceivedCommand[],
  { clock, series, authority }: Held,
): Promise<{ logged: readonly Logged[]; warm: StagedRows | null; w: number }> {
  const { tenant, catalogue } = context
  const lives = await loadEarlierLives(
    client,
    tenant,
    fresh.map(({ envelope }) => envelope),
  )
  const opened = await openAll(client, context, fresh, authority, lives)
  const incoming = opened.map((each) => numbered(each, series, lives))
  // What waited for a parked command runs right behind it, in this very part. [REV4]
  const runs = incoming.flatMap((each) => [each, ...(each.followers ?? [])])
  const w = clock + runs.length
  let logged: readonly Logged[] = []
  const { decided: all, staged } = await applyWarm(
    client,
    { catalogue, tenant, clock },
    runs,
    context.warm,
    (decided) => {
      logged = loggedOf(fresh, incoming, new Map(runs.map((run, index) => [run, decided[index] as Decided])))
      const { received } = logged.at(-1) as Logged
      const { dev, ep, seq } = received.envelope
      return inOneFlight([
        shutOut(client, tenant, runs, decided),
        appendLog(client, tenant, logged, context.now(), context.keys),
        client.query({
          name: 'device-told',
          text: 'UPDATE device SET last_seq = $4, last_seal = $5, seen_at = $6, series = $7 WHERE tenant_id = $1 AND dev = $2 AND ep = $3',
          values: [tenant, dev, ep, seq, received.seal, context.now(), JSON.stringify(series)],
        }),
        keepEarlierSeries(client, tenant, dev, lives),
        raiseClock(client, tenant, w),
      ])
    },
  )
  await shred(client, context, runs, all)
  return { logged, warm: staged, w }
}

const loggedOf = (
  fresh: readonly ReceivedCommand[],
  incoming: readonly Incoming[],
  decidedOf: ReadonlyMap<Incoming, Decided>,
): Logged[] =>
  fresh.map((received, index) => {
    const opened = incoming[index] as Incoming
    const decision = decidedOf.get(opened) as Decided
    return { received, decision, outcome: outcomeOf(received, decision), origin: broughtBy(opened) }
  })

export const outcomeOf = (
  { envelope, seal }: ReceivedCommand,
  { outcome, eff, at, reason, facts }: Decided,
): Outcome => ({
  dev: envelope.dev,
  ep: envelope.ep,
  seq: envelope.seq,
  seal,
  outcome,
  eff,
  at,
  ...(reason !== null && { reason, facts }),
})

interface Known {
  readonly outcomes: Outcome[]
  readonly forkAt: number | null
}

/** What the log says about commands it has: the stored outcome for the same seal, a fork for another. [PUSH5] */
async function knownOutcomes(
  client: PoolClient,
  tenant: string,
  part: readonly ReceivedCommand[],
  lastSeq: number,
): Promise<Known> {
  const old = part.filter(({ envelope }) => envelope.seq <= lastSeq)
  const first = old[0]
  if (first === undefined) return { outcomes: [], forkAt: null }
  const seqs = old.map(({ envelope }) => envelope.seq)
  const logged = await loggedOutcomes(client, tenant, first.envelope, seqs)
  const bySeal = new Map(logged.map((outcome) => [outcome.seal, outcome]))
  const outcomes: Outcome[] = []
  for (const { envelope, seal } of old) {
    const outcome = bySeal.get(seal)
    if (outcome === undefined) return { outcomes, forkAt: envelope.seq }
    outcomes.push(outcome)
  }
  return { outcomes, forkAt: null }
}

interface Fork {
  readonly seq: number
  readonly clock: number
  /** It was quarantined before: people know. */
  readonly isKnown: boolean
  readonly outcomes: Outcome[]
}

/** Two lives of one device: nothing more of this epoch is applied until it is enrolled again, what comes is kept, and IT is told. [FORK1] */
async function quarantine(
  client: PoolClient,
  context: PushContext,
  stream: ReceivedStream,
  { seq, clock, isKnown, outcomes }: Fork,
): Promise<StreamResult> {
  const { tenant, catalogue } = context
  const { dev, ep } = stream.header
  const problem = { problem: 'fork', dev, seq, kept: await keepQuarantined(client, context, stream) } as const
  const command = stream.commands.find(({ envelope }) => envelope.seq === seq)
  if (isKnown || command === undefined) return { outcomes, problem, w: clock }
  await client.query("UPDATE device SET state = 'forked' WHERE tenant_id = $1 AND dev = $2 AND ep = $3", [
    tenant,
    dev,
    ep,
  ])
  return { outcomes, problem, w: await raiseFork(client, { catalogue, tenant, clock }, command.envelope) }
}
