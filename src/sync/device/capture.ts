// Captures a command: handler, effects, numbers, seal and outbox row in one transaction, so that what was shown as saved
// is whole on the disk or was never there. A refusal leaves nothing behind, not even a number.
import { textOf } from '../../kernel/text-of.ts'
import { utf8 } from '../../kernel/bytes.ts'
import { blobsIn } from '../../kernel/blob.ts'
import { effOf } from '../../kernel/effects.ts'
import { subjectsOf } from '../../kernel/erasure.ts'
import { reviewItem } from '../../kernel/kernel-tables.ts'
import { mayDo } from '../../kernel/lease.ts'
import { ELSEWHERE, type AnyCommand } from '../../kernel/command.ts'
import type { Reader } from '../../kernel/reader.ts'
import { runCommand, type Frame, type Run } from '../../kernel/run.ts'
import type { Refusal } from '../../kernel/refusal.ts'
import type { AnyTable } from '../../kernel/table.ts'
import { ReadOnce } from '../../store/read-once.ts'
import { lineOf } from '../envelope.ts'
import { splitPersonal } from '../personal.ts'
import { COMMAND_BYTES_MAX, PROTOCOL, runsParked, type Envelope } from '../protocol.ts'
import { randomHex, sealOf, textHash } from '../seal.ts'
import type { RunAnswer, RunOptions } from './api.ts'
import type { DeviceClock } from './clock.ts'
import { numberDrawer } from './number-drawer.ts'
import type { HeldLease, Identity, Replica } from './replica.ts'

/** What a capture takes from the world. */
export interface Moment {
  readonly at: number
  readonly tz: string
  readonly mono: number
  readonly app: string
  /** Estimated hub offset and its error, ms. */
  readonly off: readonly [number, number] | null
}

/** Now, as a device's clocks say it. */
export const momentOf = (clock: DeviceClock, app: string, off: Moment['off']): Moment => ({
  at: clock.now(),
  tz: clock.timeZone(),
  mono: Math.floor(clock.monotonic()),
  app,
  off,
})

const SALT_BYTES = 16

const refused = (
  code: Refusal['code'],
  facts: Refusal['facts'] = {},
  check: Refusal['check'] = 'shape',
): RunAnswer => ({
  saved: false,
  refusal: { code, facts, check },
})

/** Runs and saves one command. Returns after the commit, which is after the fsync. [CMD3] */
export function capture(
  replica: Replica,
  moment: Moment,
  name: string,
  args: Readonly<Record<string, unknown>>,
  options: RunOptions = {},
): RunAnswer {
  const command = replica.catalogue.commands.get(name)
  if (command === undefined) return refused('kernel.unknown-command', { command: name })
  const identity = replica.identity()
  const held = replica.lease()
  if (identity === null || held === null) return refused('sync.not-enrolled', {}, 'authority')
  if (moment.at + (moment.off?.[0] ?? 0) > held.lease.to)
    return refused('sync.lease-expired', { until: held.lease.to }, 'authority')
  const { requestKey } = options
  const asked = requestKey === undefined ? null : askedOf(name, args)
  if (requestKey !== undefined) {
    const before = answered(replica, requestKey, asked)
    if (before !== null) return before
  }
  const saved = replica.db.transaction(() => {
    const answer = captureInside(replica, identity, held, moment, command, args, options)
    if (answer.saved && requestKey !== undefined) {
      replica.db.run('INSERT INTO request_answer (key, answer, at, asked) VALUES (?, ?, ?, ?)', [
        requestKey,
        JSON.stringify(answer),
        moment.at,
        asked,
      ])
    }
    return answer
  })
  if (saved.saved) replica.waiting.captured(moment.at)
  return saved
}

/** What a request asked for, whatever the order of its keys. The second of two may be anything, so this is not `canonical`. */
const askedOf = (name: string, args: Readonly<Record<string, unknown>>): string =>
  textHash(
    JSON.stringify([name, args], (_, value: unknown) =>
      typeof value === 'object' && value !== null && !Array.isArray(value)
        ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
        : value,
    ),
  )

/**
 * The first answer to a request key, for the same request. Another one under its key (a form that was changed after it was
 * saved and before it heard so) must not be taken for saved, nor be saved beside the first: it is refused, and both stand. [CMD5]
 */
function answered(replica: Replica, requestKey: string, asked: string | null): RunAnswer | null {
  const kept = replica.db.get<{ answer: string; asked: string | null }>(
    'SELECT answer, asked FROM request_answer WHERE key = ?',
    [requestKey],
  )
  if (kept === undefined) return null
  const answer = JSON.parse(kept.answer) as RunAnswer
  if (kept.asked === null || kept.asked === asked) return answer
  const number = answer.saved ? answer.about['number'] : undefined
  return refused('sync.request-key-used', typeof number === 'string' ? { number } : {}, 'rule')
}

function captureInside(
  replica: Replica,
  identity: Identity,
  held: HeldLease,
  moment: Moment,
  command: AnyCommand,
  args: Readonly<Record<string, unknown>>,
  options: RunOptions,
): RunAnswer {
  const { db } = replica
  const before = replica.endOfChain(identity)
  const seq = before.seq + 1
  const { tenant, dev, ep } = identity
  const frame: Frame = {
    tenant,
    dev,
    ep,
    seq,
    at: moment.at,
    tz: moment.tz,
    lease: held.lease,
    nos: {},
    base: options.base ?? {},
    seen: replica.watermark,
    off: moment.off,
  }
  const { draw, drawn } = numberDrawer(db)
  const overrides = new Set((options.overrides ?? []).filter((code) => mayDo(held.lease, `override.${code}`)))
  const reader = new ReadOnce(replica.store)
  const run = runCommand(command, args, { phase: 'capture', reader, frame, draw, overrides })
  if (run.refusal !== null) return { saved: false, refusal: run.refusal }

  const eff = effOf(run.effects)
  const blobs = blobsIn(command.args, args)
  const { sealed, pd } = splitPersonal(replica.catalogue, command, args, run.base, () => randomHex(SALT_BYTES))
  const envelope: Envelope = {
    p: PROTOCOL,
    dev,
    ep,
    seq,
    type: command.name,
    tv: command.version,
    args: sealed.args,
    ...(Object.keys(run.nos).length > 0 && { nos: run.nos }),
    ...(Object.keys(sealed.base).length > 0 && { base: sealed.base }),
    seen: replica.watermark,
    user: held.lease.user,
    lease: held.hash,
    at: moment.at,
    tz: moment.tz,
    mono: moment.mono,
    ...(moment.off !== null && { off: moment.off }),
    app: moment.app,
    ...(blobs.length > 0 && { blobs }),
    eff,
    ...supersededBy(replica, command.name, args),
  }
  const line = lineOf(envelope)
  const personal = pd === null ? null : JSON.stringify(pd)
  if (isTooLarge(line, personal))
    return {
      saved: false,
      refusal: { code: 'sync.command-too-large', facts: { bytesMax: COMMAND_BYTES_MAX }, check: 'shape' },
    }
  // The last thing that can refuse: from here on everything is written.
  const missing = replica.blobs.name(blobs, replica.catalogue)
  if (missing !== null) return refused('sync.file-missing', { sha: missing }, 'rule')
  const seal = sealOf(before.seal, line)
  const subjects = JSON.stringify([...subjectsMet(reader, run)])
  replica.touches.apply(seq, run)
  db.run(
    "INSERT INTO outbox (seq, epoch, type, line, pd, seal, predicted, state, about, at, user, subjects) VALUES (?, ?, ?, ?, ?, ?, ?, 'captured', ?, ?, ?, ?)",
    [seq, ep, command.name, line, personal, seal, eff, JSON.stringify(run.about), moment.at, held.lease.user, subjects],
  )
  for (const [series, last] of drawn)
    db.run(
      'INSERT INTO number_counter (series, last) VALUES (?, ?) ON CONFLICT (series) DO UPDATE SET last = excluded.last',
      [series, last],
    )
  return { saved: true, seq, inserted: insertedBy(run), about: run.about, warnings: run.exceptions }
}

/** Whom it is about: people whose rows it read or wrote, and those that rows it wrote are about. Before its effects are. */
function subjectsMet(reader: Reader, run: Run): ReadonlySet<string> {
  const met = new Set<string>()
  const stored = (table: AnyTable, id: string): Readonly<Record<string, unknown>> => {
    const row = reader.get(table, id, null)
    return row === null || row === ELSEWHERE ? {} : row
  }
  const meet = (table: AnyTable, id: string, values: Readonly<Record<string, unknown>> | null): void => {
    if (table.subject.length === 0) return
    if (table.subject[0] === 'id') met.add(id)
    else for (const subject of subjectsOf(table, id, values ?? stored(table, id))) met.add(subject)
  }
  for (const { table, id } of run.reads) meet(table, id, null)
  for (const { table, id, insert } of run.effects) meet(table, id, insert)
  return met
}

/** A request about a parked command names the original, so that the log shows what replaced it. [CMD4] */
function supersededBy(
  { store }: Replica,
  name: string,
  args: Readonly<Record<string, unknown>>,
): Pick<Envelope, 'sup'> {
  if (!runsParked(name)) return {}
  const item = store.read(reviewItem, textOf(args['item']))
  return item === null ? {} : { sup: { dev: String(item['dev']), ep: Number(item['ep']), seq: Number(item['seq']) } }
}

/** Three bytes a UTF-16 unit at most: only what may be too large is measured. */
function isTooLarge(line: string, personal: string | null): boolean {
  const units = line.length + (personal?.length ?? 0)
  return units * 3 > COMMAND_BYTES_MAX && utf8(line).length + utf8(personal ?? '').length > COMMAND_BYTES_MAX
}

function insertedBy(run: Run): Record<string, string[]> {
  const inserted: Record<string, string[]> = {}
  for (const op of run.effects) if (op.insert !== null) (inserted[op.table.name] ??= []).push(op.id)
  return inserted
}
