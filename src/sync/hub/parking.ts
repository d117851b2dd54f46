// Parking on the hub: a command that can't be applied is kept whole for people, with the reason, and with the parked
// command it waits for where there is one. What can't run again stays the one item it is. Nothing of the command itself
// is ever applied here.
import type { Catalogue } from '../../kernel/catalogue.ts'
import { ELSEWHERE } from '../../kernel/command.ts'
import { Effects } from '../../kernel/effects.ts'
import { baseWithoutPersonal, withoutPersonal } from '../../kernel/erasure.ts'
import { momentOfId, rowId } from '../../kernel/hash.ts'
import { reviewItem } from '../../kernel/kernel-tables.ts'
import { rangeOf, type Reader } from '../../kernel/reader.ts'
import type { Facts } from '../../kernel/refusal.ts'
import type { Frame } from '../../kernel/run.ts'
import type { AnyRow } from '../../kernel/table.ts'
import { DISCARD, FORCE, RESUBMIT } from '../protocol.ts'
import type { Decision, Incoming } from './apply.ts'
import { erasedNamed } from './subjects.ts'

/** Rows of other commands that one command may name; a document of more lines names them again and again. */
const MOMENTS_MAX = 50

export const idFor = ({ frame }: Incoming, label: string): string =>
  rowId({ tenant: frame.tenant, device: frame.dev, epoch: frame.ep, seq: frame.seq, at: frame.at, label })

/**
 * What decides about parked work is answered and never parked itself: refused it changed nothing, and the work it is about is still there to
 * be decided. [REV7]
 */
const DECISIONS: ReadonlySet<string> = new Set([RESUBMIT, FORCE, DISCARD])

/** Keeps the whole command for people, or leaves the item that it is already. [REV1] */
export function parked(
  reader: Reader,
  catalogue: Catalogue,
  incoming: Incoming,
  reason: string,
  facts: Facts,
): Decision {
  if (incoming.settles !== undefined) return failedAgain(reader, incoming, reason, facts)
  const { envelope, frame, seal } = incoming
  const effects = new Effects()
  if (DECISIONS.has(envelope.type)) return { outcome: 'refused', eff: '', reason, facts, effects }
  const { args, base } = keptOf(reader, catalogue, incoming)
  const id = idFor(incoming, `review/${envelope.dev}/${envelope.ep}/${envelope.seq}`)
  effects.insert(reviewItem, id, {
    dev: envelope.dev,
    ep: envelope.ep,
    seq: envelope.seq,
    command: envelope.type,
    version: incoming.command?.version ?? envelope.tv,
    seal,
    args,
    ...(Object.keys(base).length > 0 && { base }),
    ...(Object.keys(frame.nos).length > 0 && { nos: frame.nos }),
    reason,
    facts,
    user: envelope.user,
    branch: frame.lease.branch,
    about: {},
    capturedAt: envelope.at,
    parkedAt: incoming.receivedAt ?? envelope.at,
    waitsFor: mayWait(incoming, reason) ? parentOf(reader, incoming) : null,
    state: 'open',
  })
  return { outcome: 'parked', eff: '', reason, facts, effects }
}

/** As people see it: without what would say something about somebody who is erased. [ERASE2] */
function keptOf(
  reader: Reader,
  catalogue: Catalogue,
  incoming: Incoming,
): Pick<Frame, 'base'> & { readonly args: unknown } {
  const { command, args, envelope, frame } = incoming
  if (command === null) return { args: envelope.args, base: frame.base }
  if (erasedNamed(reader, catalogue, incoming).length === 0) return { args, base: frame.base }
  return { args: withoutPersonal(command.args, args), base: baseWithoutPersonal(catalogue.tables, frame.base) }
}

/** Whoever had no right to it, broke its seal or sent what nobody can read waits for nobody but people: no parent mends that. */
const mayWait = ({ unfit, command }: Incoming, reason: string): boolean =>
  unfit === null && command !== null && !MENDED_BY_PEOPLE.has(reason)
const MENDED_BY_PEOPLE: ReadonlySet<string> = new Set(['kernel.not-permitted', 'kernel.bad-arguments'])

/** A parked original that fails again stays the one open item; one that ran because its parent did waits for another, or now asks people. */
function failedAgain(reader: Reader, incoming: Incoming, reason: string, facts: Facts): Decision {
  const { settles } = incoming
  const effects = new Effects()
  if (settles?.after !== undefined)
    effects.patch(reviewItem, settles.item, { waitsFor: parentOf(reader, incoming), isLetGo: null, reason, facts })
  return { outcome: 'refused', eff: '', reason, facts, effects }
}

/** A parked original that ran. What waits for it and doesn't run behind it waits for nothing any more: it asks people. [REV4] */
export function settledAs(reader: Reader, effects: Effects, settles: NonNullable<Incoming['settles']>): void {
  const { item, state, by, at, remark } = settles
  effects.patch(reviewItem, item, { state, settledBy: by, settledAt: at, remark, isLetGo: null })
  for (const child of reader.find(reviewItem, rangeOf(reviewItem, 'byParent', { waitsFor: item, state: 'open' }, {})))
    effects.patch(reviewItem, child.id, { isLetGo: true })
}

/**
 * The open item whose command would have made a row that this one names: ids of rows hold the moment of their command. Of more commands of
 * one millisecond it is the last that its own device saved before; a child that is tied to the wrong one fails again and then asks people.
 * What waits for the command itself is never its parent: neither would ever be anybody's to decide. [REV4]
 */
function parentOf(reader: Reader, { envelope, args, settles }: Incoming): string | null {
  const moments = new Set(idsIn(args).map(momentOfId))
  // The youngest first: what waits for a child waits for its parent with it.
  for (const at of [...moments].sort((a, b) => b - a).slice(0, MOMENTS_MAX)) {
    const range = rangeOf(reviewItem, 'byCapture', { state: 'open', capturedAt: at }, {})
    const open = reader.find(reviewItem, range).filter((item) => !waitsFor(reader, item, settles?.item))
    const own = open.filter((item) => item['dev'] === envelope.dev && inStream(item, envelope) < 0).sort(inStream)
    const parent = own.at(-1) ?? open.find((item) => item['dev'] !== envelope.dev)
    if (parent !== undefined) return parent.id
  }
  return null
}

/** Also by way of what was decided: it may be opened again. */
function waitsFor(reader: Reader, waiting: AnyRow, item: string | undefined): boolean {
  if (item === undefined) return false
  const seen = new Set<unknown>()
  let next = waiting['waitsFor']
  while (typeof next === 'string' && !seen.has(next)) {
    if (next === item) return true
    seen.add(next)
    const parent = reader.get(reviewItem, next, null)
    next = parent === null || parent === ELSEWHERE ? null : parent['waitsFor']
  }
  return false
}

/** The order in which one device saved its work, through all its lives. */
const inStream = (a: Place, b: Place): number =>
  Number(a['ep']) - Number(b['ep']) || Number(a['seq']) - Number(b['seq'])
type Place = AnyRow | Pick<Incoming['envelope'], 'ep' | 'seq'>

const ID = /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/

function idsIn(value: unknown): string[] {
  if (typeof value === 'string') return ID.test(value) ? [value] : []
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(idsIn) : []
}
