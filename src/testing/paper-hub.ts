// A hub on paper for lone devices: it decides their stored commands in memory with the kernel's own handlers and writes
// the pages of a pull from what each device was sent before. No wire, no PostgreSQL, no digests: only the order in which
// answers and rows may come, which is all that a device's rebase has to withstand.
import type { Catalogue } from '../kernel/catalogue.ts'
import type { CanonicalValue } from '../kernel/canonical.ts'
import { BugError } from '../kernel/assert.ts'
import type { AnyCommand } from '../kernel/command.ts'
import { effOf, rowHash } from '../kernel/effects.ts'
import { runCommand, type Frame } from '../kernel/run.ts'
import type { AnyRow, AnyTable } from '../kernel/table.ts'
import { MemoryStore } from '../store/memory.ts'
import { bucketsOf } from '../store/postgres/flush.ts'
import type { PulledPage } from '../sync/device/settle.ts'
import { openEnvelope, parseEnvelope } from '../sync/envelope.ts'
import type { Outcome, Personal, PullLeft, PullRows } from '../sync/protocol.ts'
import type { LoneDevice } from './lone-device.ts'
import { aLease } from './two-sides.ts'

interface Sent {
  readonly hash: string
  readonly buckets: readonly string[]
}

/** One device as the hub knows it. */
export interface PaperDevice {
  readonly device: LoneDevice
  readonly dev: string
  /** The buckets of its lease. */
  readonly buckets: readonly string[]
  last: number
  readonly sent: Map<string, Sent>
  readonly unanswered: Outcome[]
}

export class PaperHub {
  readonly rows = new MemoryStore()
  w = 0
  private readonly catalogue: Catalogue

  constructor(catalogue: Catalogue) {
    this.catalogue = catalogue
  }

  /** Decides the device's next command; `isParked` parks it whatever it says. False when nothing waits. */
  take(from: PaperDevice, isParked: boolean): boolean {
    const { device, dev } = from
    const stored = device.replica.db.get<{ line: string; pd: string | null; seal: string }>(
      'SELECT line, pd, seal FROM outbox WHERE seq = ?',
      [from.last + 1],
    )
    if (stored === undefined) return false
    from.last += 1
    this.w += 1
    const base = { dev, ep: 1, seq: from.last, seal: stored.seal, at: this.w }
    from.unanswered.push({ ...base, ...(isParked ? PARKED : this.decide(stored.line, stored.pd)) })
    return true
  }

  private decide(line: string, pd: string | null): Pick<Outcome, 'outcome' | 'eff'> {
    const envelope = parseEnvelope(line)
    if (envelope === null) return PARKED
    const opened = openEnvelope(this.catalogue, envelope, pd === null ? null : (JSON.parse(pd) as Personal))
    if (!opened.ok || opened.command === null) return PARKED
    const { dev, ep, seq, at, tz, nos } = envelope
    const lease = aLease({ dev, user: envelope.user })
    const frame = { tenant: 't1', dev, ep, seq, at, tz, lease, nos: nos ?? {}, base: opened.base }
    const decided = this.run(opened.command, opened.args, frame)
    return decided.eff === envelope.eff ? { ...decided, outcome: 'accepted' } : decided
  }

  /** Decides somebody else's command at once, as if another device had just sent it. */
  run(command: AnyCommand, args: unknown, frame: Frame): Pick<Outcome, 'outcome' | 'eff'> {
    try {
      const run = runCommand(command, args, { phase: 'hub', reader: this.rows, frame }, this.catalogue.passes)
      if (run.refusal !== null)
        return command.kind === 'request' && run.refusal.check !== 'shape' ? { outcome: 'refused', eff: '' } : PARKED
      this.rows.apply(run.effects)
      return { outcome: 'adjusted', eff: effOf(run.effects) }
    } catch (bug) {
      if (bug instanceof BugError) return PARKED
      throw bug
    }
  }

  /** The rows of the device's buckets with the buckets that carry them, as they are now. */
  carried(
    to: PaperDevice,
  ): Map<string, { readonly table: AnyTable; readonly row: AnyRow; readonly buckets: string[] }> {
    const carried = new Map<string, { table: AnyTable; row: AnyRow; buckets: string[] }>()
    const header = (table: AnyTable, id: string): AnyRow | null => this.rows.rowsOf(table).get(id) ?? null
    for (const table of this.catalogue.tables.values()) {
      for (const row of this.rows.rowsOf(table).values()) {
        const buckets = bucketsOf(table, row, header).filter((bucket) => to.buckets.includes(bucket))
        if (buckets.length > 0) carried.set(`${table.name} ${row.id}`, { table, row, buckets })
      }
    }
    return carried
  }

  /** Everything that changed for the device since its last page. */
  page(to: PaperDevice): PulledPage {
    const names = to.buckets
    const carried = this.carried(to)
    const rows: PullRows[] = []
    const left: PullLeft[] = []
    for (const [key, { table, row, buckets }] of carried) {
      const hash = rowHash(table, row)
      const before = to.sent.get(key)
      for (const bucket of before?.buckets ?? [])
        if (!buckets.includes(bucket)) left.push({ left: table.name, ids: [row.id], buckets: [names.indexOf(bucket)] })
      to.sent.set(key, { hash, buckets })
      if (before?.hash === hash && buckets.every((bucket) => before.buckets.includes(bucket))) continue
      const cols = ['goneAt', ...table.fieldNames]
      const vals = [cols.map((col) => (row[col] ?? null) as CanonicalValue)]
      rows.push({ rows: table.name, cols, ids: [row.id], buckets: [buckets.map((name) => names.indexOf(name))], vals })
    }
    for (const [key, { buckets }] of to.sent) {
      if (carried.has(key)) continue
      to.sent.delete(key)
      const [tbl = '', id = ''] = key.split(' ')
      for (const bucket of buckets) left.push({ left: tbl, ids: [id], buckets: [names.indexOf(bucket)] })
    }
    const head = { pull: 1, incarnation: 'i1', w: this.w, upto: this.w, more: false, resets: [], has: to.last } as const
    return { head: { ...head, names }, rows, left, end: { end: 1, digests: {} } }
  }
}

const PARKED = { outcome: 'parked', eff: '' } as const
