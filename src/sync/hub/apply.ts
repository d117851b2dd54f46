// Applies commands on the hub: runs a part of the stream against a cache, loads all misses together, runs again what came
// after the first miss, flushes everything in bulk with the log, and raises the tenant's clock last. Effect and log are
// one commit; a command that can't be applied is parked and never stops the ones behind it.
import type { ClientBase } from 'pg'
import type { Catalogue } from '../../kernel/catalogue.ts'
import type { AnyCommand } from '../../kernel/command.ts'
import { assert } from '../../kernel/assert.ts'
import { Effects } from '../../kernel/effects.ts'
import { exception as exceptionTable, reviewItem } from '../../kernel/kernel-tables.ts'
import { rangeOf } from '../../kernel/reader.ts'
import type { Facts, RaisedException, Refusal } from '../../kernel/refusal.ts'
import { runCommand, type Frame, type Run } from '../../kernel/run.ts'
import type { AnyRow, AnyTable } from '../../kernel/table.ts'
import { flushBlobUses } from '../../store/postgres/blob-uses.ts'
import { BatchCache, type Image } from '../../store/postgres/batch-cache.ts'
import { bucketsOf, flush } from '../../store/postgres/flush.ts'
import { inOneFlight } from '../../store/postgres/in-one-flight.ts'
import { loadWanted } from '../../store/postgres/load.ts'
import type { Envelope, OutcomeKind } from '../protocol.ts'
import { ownerOf } from '../refusals.ts'
import { idFor, parked, settledAs } from './parking.ts'
import { whoseValues, type Whose } from './subjects.ts'
import { APPEND_ONLY } from './schema.ts'

/** One command ready to be decided: opened, its lease found. */
export interface Incoming {
  readonly envelope: Envelope
  readonly seal: string
  readonly command: AnyCommand | null
  readonly args: Readonly<Record<string, unknown>>
  readonly frame: Frame
  /** Set when it can't be run at all (unknown type, wrong personal value, no authority): it is parked for this. */
  readonly unfit: { readonly reason: string; readonly facts: Facts } | null
  /** A personal value that the line commits to and that didn't come: fine only where its person was erased. */
  readonly incomplete?: string | null
  /** Paths of the personal values that came with it. */
  readonly personal?: readonly string[]
  /** Exceptions that the hub raises whatever the handler says (a gap in its legal numbers). */
  readonly raises?: readonly RaisedException[]
  /** Decided before, in another life of its device: that outcome stands and nothing happens again. [LIFE4] */
  readonly taken?: Omit<Decided, 'at'>
  /** A parked original that runs again: its review item is settled with it. */
  readonly settles?: {
    /** What raises an exception is the original, not who sent it again. */
    readonly of?: Envelope
    readonly item: string
    readonly state: 'resubmitted' | 'forced'
    readonly by: string
    readonly at: number
    readonly remark: string | null
    /** Runs only because this item did: not without it. */
    readonly after?: string
  }
  /** What waited for the parked original, in the order it was parked: runs right behind it. */
  readonly followers?: readonly Incoming[]
  /** The hub's wall time: recorded as parked at, orders nothing. */
  readonly receivedAt?: number
}

export interface Decided {
  readonly outcome: OutcomeKind
  readonly eff: string
  readonly at: number
  readonly reason: string | null
  readonly facts: Facts
  /** Whose its personal values are; absent where none came. */
  readonly whose?: Whose
}

export interface Decision extends Omit<Decided, 'at'> {
  readonly effects: Effects
}

/** After so many rounds in which one command only missed, it runs alone: whatever follows it would only be run again. */
const ROUNDS_TOGETHER_MAX = 4
/** Dependent reads of one command, each of which costs a query under the tenant's lock; a handler that needs more is wrong. */
const ROUNDS_MAX = 500

/**
 * Runs the part until nothing is missing and writes its rows, and in the same flight whatever `beside` sends. The caller holds the
 * tenant's clock at `clock`. [PUSH3]
 */
export async function applyPart(
  client: ClientBase,
  catalogue: Catalogue,
  tenant: string,
  clock: number,
  part: readonly Incoming[],
  cache: BatchCache = new BatchCache(),
  beside: (decided: readonly Decided[]) => Promise<unknown> = () => Promise.resolve(),
): Promise<Decided[]> {
  const decided = await decidePart(client, { catalogue, tenant, clock }, part, cache)
  const rows = flush(client, tenant, cache)
  const uses = flushBlobUses(client, tenant, cache, (at) => part[at - clock - 1]?.frame.dev ?? '')
  await inOneFlight([...rows, ...uses, beside(decided)])
  return decided
}

/** As above, and writes nothing: what it comes to is in the cache. Without the tenant's lock it is what would come of it in this snapshot. */
export async function decidePart(
  client: ClientBase,
  { catalogue, tenant, clock }: { readonly catalogue: Catalogue; readonly tenant: string; readonly clock: number },
  part: readonly Incoming[],
  cache: BatchCache,
): Promise<Decided[]> {
  wantHints(cache, part)
  await loadWanted(client, tenant, cache.takeMisses(), cache)
  const decided: Decided[] = []
  let stalled = 0
  while (decided.length < part.length) {
    const before = decided.length
    decideMany(cache, catalogue, part, clock, decided, stalled)
    stalled = decided.length > before ? 0 : stalled + 1
    if (cache.hasMissed) await loadWanted(client, tenant, cache.takeMisses(), cache)
  }
  return decided
}

/** One round: decides up to the first miss, and finds out what the commands behind it will probably miss. */
function decideMany(
  cache: BatchCache,
  catalogue: Catalogue,
  part: readonly Incoming[],
  clock: number,
  decided: Decided[],
  stalled: number,
): void {
  const first = decided.length
  for (let index = first; index < part.length; index++) {
    const incoming = part[index] as Incoming
    const isTooDeep = index === first && stalled >= ROUNDS_MAX
    const unfit = { reason: 'hub.too-deep', facts: { rounds: ROUNDS_MAX } }
    const commit = clock + index + 1
    const placed = { ...incoming, frame: { ...incoming.frame, commit }, ...(isTooDeep && { unfit }) }
    const settled = decideOne(cache, catalogue, placed, commit)
    if (settled !== null) decided.push(settled)
    else if (stalled >= ROUNDS_TOGETHER_MAX) return
  }
}

function wantHints(cache: BatchCache, part: readonly Incoming[]): void {
  for (const { command, args, unfit, taken } of part) {
    if (command === null || unfit !== null || taken !== undefined) continue
    for (const hint of hintsOf(command, args)) {
      if ('id' in hint) cache.wantRow(hint.table, hint.id)
      else cache.wantRange(hint.table, rangeOf(hint.table, hint.index, hint.eq, hint.options ?? {}))
    }
  }
}

/** Hints are computed from unchecked arguments: what doesn't fit gives none, and the handler's own check says why. */
function hintsOf(command: AnyCommand, args: Readonly<Record<string, unknown>>): ReturnType<AnyCommand['reads']> {
  try {
    return command.reads(args)
  } catch {
    return []
  }
}

/** Decides one command, or null when something it read (or one before it) is not loaded yet. */
function decideOne(cache: BatchCache, catalogue: Catalogue, incoming: Incoming, at: number): Decided | null {
  const wasPoisoned = cache.hasMissed
  let decision: Decision
  let images: Image[]
  let whose: Whose
  try {
    decision = decide(cache, catalogue, incoming)
    whose = whoseValues(cache, catalogue, incoming, decision)
    images = imagesOf(cache, catalogue, decision.effects)
  } catch (thrown) {
    if (cache.hasMissed) return null
    // Nothing here touches the world: whatever is thrown is a bug of this one command, which must not stop the others.
    decision = parked(cache, catalogue, incoming, 'hub.bug', {
      sentence: thrown instanceof Error ? thrown.message : String(thrown),
    })
    whose = whoseValues(cache, catalogue, incoming, decision)
    images = imagesOf(cache, catalogue, decision.effects)
  }
  if (wasPoisoned || cache.hasMissed) {
    cache.guess(images)
    return null
  }
  cache.accept(images, at)
  const { effects: _, ...rest } = decision
  return { ...rest, at, ...(whose.subjects.size > 0 && { whose }) }
}

/** The rows after a command, with all that the flush needs to route them. */
function imagesOf(cache: BatchCache, catalogue: Catalogue, effects: Effects): Image[] {
  const images = cache.imagesOf(effects)
  for (const { table, isInsert } of images)
    assert(isInsert || !appendOnly.has(table.sqlName), `Rows of ${table.name} are never changed; post a reversal.`)
  addRoutes(cache, catalogue, images)
  return images
}

const appendOnly: ReadonlySet<string> = new Set(APPEND_ONLY)

function decide(cache: BatchCache, catalogue: Catalogue, incoming: Incoming): Decision {
  const { command, unfit, envelope, taken, incomplete = null } = incoming
  if (taken !== undefined) return { ...taken, effects: new Effects() }
  if (unfit !== null) return parked(cache, catalogue, incoming, unfit.reason, unfit.facts)
  if (command === null) return parked(cache, catalogue, incoming, 'sync.unknown-command', { command: envelope.type })
  const { settles } = incoming
  const item = settles === undefined ? null : cache.get(reviewItem, settles.item)
  const parent = settles?.after === undefined ? null : cache.get(reviewItem, settles.after)
  // What waited for it runs only when it did.
  if (parent !== null && parent['state'] === 'open')
    return { outcome: 'refused', eff: '', reason: 'review.waits', facts: {}, effects: new Effects() }
  if (item !== null && item['state'] !== 'open')
    return { outcome: 'refused', eff: '', reason: 'review.already-settled', facts: {}, effects: new Effects() }
  const run = runCommand(
    command,
    incoming.args,
    { phase: 'hub', reader: cache, frame: incoming.frame, isIncomplete: incomplete !== null },
    catalogue.passes,
  )
  // A guess only shows the commands behind it which rows they will probably read.
  if (cache.hasMissed) return { outcome: 'adjusted', eff: '', reason: null, facts: {}, effects: run.effects }
  // What was erased is missing rightly; anything else that a line commits to must come with its value. [ERASE3]
  if (incomplete !== null && run.erased.size === 0)
    return parked(cache, catalogue, incoming, 'sync.personal-mismatch', { detail: incomplete })
  if (run.refusal !== null) return denied(cache, catalogue, incoming, command, run.refusal)
  const eff = run.eff()
  if (settles !== undefined) settledAs(cache, run.effects, settles)
  insertExceptions(run, catalogue, incoming)
  const isAsPredicted = eff === envelope.eff
  const isAboutErased = run.erased.size > 0
  return {
    outcome: isAsPredicted ? 'accepted' : 'adjusted',
    eff,
    reason: isAsPredicted ? null : isAboutErased ? 'sync.subject-erased' : 'sync.other-effects',
    facts: {},
    effects: run.effects,
  }
}

function denied(
  cache: BatchCache,
  catalogue: Catalogue,
  incoming: Incoming,
  command: AnyCommand,
  refusal: Refusal,
): Decision {
  const { code, facts, check } = refusal
  const isAsked = command.kind === 'request' && check !== 'shape' && incoming.settles === undefined
  return isAsked
    ? { outcome: 'refused', eff: '', reason: code, facts, effects: new Effects() }
    : parked(cache, catalogue, incoming, code, facts)
}

function insertExceptions(run: Run, catalogue: Catalogue, incoming: Incoming): void {
  const { frame, envelope, settles, raises = [] } = incoming
  const original = settles?.of ?? envelope
  const all = [
    ...run.exceptions.map((raised) => ({ raised, envelope: original })),
    ...raises.map((raised) => ({ raised, envelope })),
  ]
  for (const [index, each] of all.entries()) {
    run.effects.insert(
      exceptionTable,
      idFor(incoming, `exception/${index}`),
      exceptionRow(catalogue, each.raised, { branch: frame.lease.branch, envelope: each.envelope }),
    )
  }
}

/** The row of an exception, with who looks at it. [OWN1] */
export const exceptionRow = (
  catalogue: Catalogue,
  { code, facts }: RaisedException,
  {
    branch,
    envelope,
  }: {
    readonly branch: string
    readonly envelope: Pick<Envelope, 'type' | 'dev' | 'ep' | 'seq' | 'user' | 'at'>
  },
): Record<string, unknown> => ({
  code,
  facts,
  ...(ownerOf(catalogue, code) ?? { owner: null, isUrgent: false }),
  command: envelope.type,
  dev: envelope.dev,
  ep: envelope.ep,
  seq: envelope.seq,
  user: envelope.user,
  branch,
  raisedAt: envelope.at,
  state: 'open',
})

/** Loads the headers of changed lines, and adds the lines of headers that move to other buckets, removed lines too. */
function addRoutes(cache: BatchCache, catalogue: Catalogue, images: Image[]): void {
  const own = new Map<AnyTable, Map<string, Image>>()
  const keep = (image: Image): void => {
    const of = own.get(image.table)
    if (of === undefined) own.set(image.table, new Map([[image.after.id, image]]))
    else of.set(image.after.id, image)
  }
  for (const image of images) keep(image)
  const headerBefore = (table: AnyTable, id: string): AnyRow | null => {
    const image = own.get(table)?.get(id)
    return image === undefined ? cache.get(table, id) : image.before
  }
  const headerAfter = (table: AnyTable, id: string): AnyRow | null =>
    own.get(table)?.get(id)?.after ?? cache.get(table, id)
  // Lines that are added here may have lines themselves.
  for (let at = 0; at < images.length; at++) {
    const { table, before, after } = images[at] as Image
    const lineTables = catalogue.linesOf.get(table.name) ?? []
    if (table.parent === null && (before === null || lineTables.length === 0)) continue
    const is = bucketsOf(table, after, headerAfter)
    if (before === null) continue
    const was = bucketsOf(table, before, headerBefore)
    if (lineTables.length === 0 || (was.length === is.length && was.every((bucket) => is.includes(bucket)))) continue
    for (const lines of lineTables) {
      const range = rangeOf(lines, 'byParent', { [lines.parent?.field ?? '']: after.id }, {})
      for (const line of cache.find(lines, { ...range, hasGone: true })) {
        if (own.get(lines)?.has(line.id) === true) continue
        const image: Image = { table: lines, before: line, after: line, isInsert: false }
        keep(image)
        images.push(image)
      }
    }
  }
}
