// What a command would do if the hub took it now: the real handler on a buffer over this device's rows, told as plain data
// before anybody decides. It writes nothing, draws no number and sends nothing; what only the hub holds it can't foresee.
import type { Elsewhere } from '../../kernel/command.ts'
import { ELSEWHERE } from '../../kernel/command.ts'
import { applyOp, type Effects, type Op } from '../../kernel/effects.ts'
import { reviewItem } from '../../kernel/kernel-tables.ts'
import { mayDo, rightsToForce, type Lease } from '../../kernel/lease.ts'
import { sameValue } from '../../kernel/merge.ts'
import { overlayRange, rangeOf, type Range, type Reader } from '../../kernel/reader.ts'
import type { Refusal, RuleCode } from '../../kernel/refusal.ts'
import { runCommand, type Frame } from '../../kernel/run.ts'
import type { AnyRow, AnyTable, Row } from '../../kernel/table.ts'
import { textOf } from '../../kernel/text-of.ts'
import { FORCE, runsParked } from '../protocol.ts'
import type { Foreseen, ForeseenRow } from './api.ts'
import type { Moment } from './capture.ts'
import { numberDrawer } from './number-drawer.ts'
import { editsOf, rowsAsSeen } from './parked-edit.ts'
import type { Identity, Replica } from './replica.ts'

type Args = Readonly<Record<string, unknown>>
type Item = Row<typeof reviewItem>

/** Rows as earlier steps of the same dry run would leave them, over those that stand. */
class Buffer implements Reader {
  private readonly under: Reader
  private readonly changed = new Map<string, Map<string, AnyRow>>()

  constructor(under: Reader) {
    this.under = under
  }

  put(table: AnyTable, row: AnyRow): void {
    const rows = this.changed.get(table.name)
    if (rows === undefined) this.changed.set(table.name, new Map([[row.id, row]]))
    else rows.set(row.id, row)
  }

  get(table: AnyTable, id: string, key: Args | null): AnyRow | null | Elsewhere {
    return this.changed.get(table.name)?.get(id) ?? this.under.get(table, id, key)
  }

  find(table: AnyTable, range: Range): readonly AnyRow[] {
    const changed = this.changed.get(table.name)
    if (changed === undefined) return this.under.find(table, range)
    const wider = range.limit === null ? range : { ...range, limit: range.limit + changed.size }
    return overlayRange(this.under.find(table, wider), changed, range)
  }

  /** Takes the effects in and says what they change; a row that isn't here stays so. */
  take(effects: Effects): ForeseenRow[] {
    return [...effects].map((op) => {
      const held = this.get(op.table, op.id, null)
      const before = held === ELSEWHERE ? null : held
      const isUnknown = before === null && op.insert === null && op.frame === null
      const after = isUnknown ? null : applyOp(before, op)
      if (after !== null) this.put(op.table, after)
      return changeOf(op, before, after)
    })
  }
}

function changeOf(op: Op, before: AnyRow | null, after: AnyRow | null): ForeseenRow {
  const isMade = op.insert !== null || (before === null && after !== null)
  const sums = Object.keys(op.add ?? {})
  const names = new Set([...Object.keys(op.insert ?? {}), ...Object.keys(op.patch ?? {}), ...sums])
  const fields = [...names].map((field) => ({
    field,
    type: op.table.fields[field]?.traits.type ?? 'json',
    before: before?.[field] ?? null,
    // Of a sum that isn't here only what is added to it is known.
    after: after === null ? (op.patch?.[field] ?? op.add?.[field] ?? null) : (after[field] ?? null),
    isSum: sums.includes(field) || op.table.fields[field]?.traits.isDelta === true,
  }))
  return {
    table: op.table.name,
    id: op.id,
    change: op.removedAt !== null ? 'removed' : isMade ? 'made' : 'changed',
    fields: isMade ? fields : fields.filter(({ before: was, after: is }) => !sameValue(was, is)),
    row: after,
  }
}

interface Step {
  readonly command: string
  readonly args: unknown
  readonly frame: Frame
}

/** The asked command and what waits for it, one on top of the other; what would not be taken stops what is built on it. [REV6] */
export function foresee(
  replica: Replica,
  moment: Pick<Moment, 'at' | 'tz' | 'off'>,
  name: string,
  args: Args,
): readonly Foreseen[] {
  const identity = replica.identity()
  const lease = replica.lease()?.lease
  if (identity === null || lease === undefined) return [denied(name, 'sync.not-enrolled')]
  const own: Step = { command: name, args, frame: ownFrame(replica, identity, lease, moment) }
  const item = runsParked(name) ? (replica.store.read(reviewItem, textOf(args['item'])) as Item | null) : null
  const first = runsParked(name) ? originalOf(replica, own, item) : own
  const buffer = new Buffer(replica.store)
  const told = 'refusal' in first ? first : run(replica, buffer, first)
  const asked = item === null ? told : { ...told, edits: editedBy(replica, itemStep(own, item), told) }
  if (asked.refusal !== null || first === own) return [asked]
  return [asked, ...waitingFor(replica, textOf(args['item'])).map((item) => run(replica, buffer, itemStep(own, item)))]
}

const denied = (command: string, code: RuleCode, facts: Refusal['facts'] = {}): Foreseen => ({
  command,
  refusal: { code, facts, check: 'rule' },
  rows: [],
  exceptions: [],
  edits: [],
})

/** Field by field what the parked command is about, whoever asks and whether or not it would be taken. */
function editedBy(replica: Replica, original: Step, foreseen: Foreseen): Foreseen['edits'] {
  const { base } = original.frame
  if (Object.keys(base).length === 0) return []
  const { tables } = replica.catalogue
  const seen = new Buffer(replica.store)
  for (const [table, row] of rowsAsSeen(tables, base, replica.store)) seen.put(table, row)
  const wished = run(replica, seen, original)
  return editsOf({ tables, base, args: original.args as Args, now: replica.store, wished, foreseen })
}

const ownFrame = (
  replica: Replica,
  { tenant, dev, ep }: Identity,
  lease: Lease,
  moment: Pick<Moment, 'at' | 'tz' | 'off'>,
): Frame => ({
  tenant,
  dev,
  ep,
  seq: replica.seq + 1,
  ...moment,
  lease,
  nos: {},
  base: {},
  seen: replica.watermark,
})

/** The parked command itself, in its own ids and numbers, under the authority of who asks, as the hub will run it. [REV2] */
function originalOf(replica: Replica, request: Step, found: Item | null): Step | Foreseen {
  const { command, frame } = request
  const given = request.args as Args
  const permission = replica.catalogue.commands.get(command)?.permission ?? ''
  if (!mayDo(frame.lease, permission)) return denied(command, 'kernel.not-permitted', { permission })
  if (found === null || found.goneAt !== null) return denied(command, 'review.unknown-item')
  if (found.state !== 'open') return denied(command, 'review.already-settled')
  const step = itemStep(request, found)
  const kind = replica.catalogue.commands.get(found.command)?.kind
  const { lease } = frame
  const permissions = command === FORCE ? rightsToForce(lease, { author: found.user, kind }) : lease.permissions
  return {
    ...step,
    args: given['args'] ?? found.args,
    frame: { ...step.frame, lease: { ...step.frame.lease, permissions } },
  }
}

/** What waits runs under its author's own lease, which isn't here: it had its rights, or it wouldn't wait. */
const itemStep = ({ frame }: Step, item: Item): Step => ({
  command: item.command,
  args: item.args,
  frame: {
    ...frame,
    dev: item.dev,
    ep: item.ep,
    seq: item.seq,
    at: item.capturedAt,
    lease: { ...frame.lease, user: item.user, branch: item.branch, permissions: ['*'] },
    nos: item.nos ?? {},
    base: item.base ?? {},
  },
})

function waitingFor(replica: Replica, id: string): Item[] {
  const next = replica.store.find(reviewItem, rangeOf(reviewItem, 'byParent', { waitsFor: id, state: 'open' }, {}))
  const waiting = new Map<string, Item>()
  for (let level = next; level.length > 0;) {
    const found = level.filter((item) => !waiting.has(item.id))
    for (const item of found) waiting.set(item.id, item as unknown as Item)
    level = found.flatMap((item) =>
      replica.store.find(reviewItem, rangeOf(reviewItem, 'byParent', { waitsFor: item.id, state: 'open' }, {})),
    )
  }
  return [...waiting.values()].sort((a, b) => a.capturedAt - b.capturedAt || (a.id < b.id ? -1 : 1))
}

function run(replica: Replica, buffer: Buffer, { command: name, args, frame }: Step): Foreseen {
  const command = replica.catalogue.commands.get(name)
  if (command === undefined) return denied(name, 'kernel.unknown-command', { command: name })
  const { draw } = numberDrawer(replica.db)
  const foreseen = runCommand(command, args, { phase: 'foresee', reader: buffer, frame, draw })
  return {
    command: name,
    refusal: foreseen.refusal,
    rows: foreseen.refusal === null ? buffer.take(foreseen.effects) : [],
    exceptions: foreseen.refusal === null ? foreseen.exceptions : [],
    edits: [],
  }
}
