// Runs commands of several people on one living world as sync would: each is captured on a device that knows only how the
// world stood, the hub takes them in some order, and each device runs its own again on the hub's rows before the hub
// decides it. Nothing is copied: what came before lies as images over what stands.
import type { Catalogue } from '../kernel/catalogue.ts'
import type { AnyCommand } from '../kernel/command.ts'
import { applyOp, effOf, type Effects } from '../kernel/effects.ts'
import { lostValue } from '../kernel/kernel-tables.ts'
import { overlayRange, type Range, type Reader } from '../kernel/reader.ts'
import { runCommand, type Frame, type WholeRun } from '../kernel/run.ts'
import type { AnyRow, AnyTable } from '../kernel/table.ts'
import type { Builder } from './command-builders.ts'
import type { LivingWorld } from './living-world.ts'
import { aLease } from './two-sides.ts'
import { shop } from './decision-world.ts'

export interface Captured {
  readonly who: number
  readonly command: AnyCommand
  readonly args: unknown
  readonly frame: Frame
  readonly eff: string
}

const NOON = Date.UTC(2026, 10, 20, 12)
/** A person who goes on whatever the device says: the other device's work is what it doesn't know of. */
const everyRule: ReadonlySet<string> = Object.assign(new Set<string>(), { has: () => true })

export function captureOf(world: LivingWorld, command: AnyCommand, build: Builder, who: number): Captured {
  const dev = ['DEVA', 'DEVB', 'DEVC'][who] ?? ''
  const { company, branch } = shop
  const lease = aLease({ dev, user: dev.toLowerCase(), company, branch, policy: { stockPolicy: 'warn' } })
  const at = NOON + who
  const frame: Frame = {
    tenant: 't1',
    dev,
    ep: 1,
    seq: 1,
    at,
    tz: 'Europe/London',
    lease,
    nos: {},
    base: {},
    seen: 1,
    off: [0, 0],
  }
  const args = build(world, who)
  const drawn = new Map<string, number>()
  const draw = (series: string): number => {
    drawn.set(series, (drawn.get(series) ?? 0) + 1)
    return drawn.get(series) ?? 1
  }
  const run = runCommand(command, args, {
    phase: 'capture',
    reader: world.office.store,
    frame,
    draw,
    overrides: everyRule,
  })
  if (run.refusal !== null)
    throw new Error(`${command.name} of person ${who} is refused by itself: ${JSON.stringify(run.refusal)}`)
  return { who, command, args, frame: { ...frame, nos: run.nos, base: run.base }, eff: effOf(run.effects) }
}

/** Rows of one or more commands over what stood before them. */
export class Layer implements Reader {
  readonly images = new Map<string, Map<string, AnyRow>>()
  private readonly below: Reader

  constructor(below: Reader, effects: Effects) {
    this.below = below
    for (const op of effects) {
      let rows = this.images.get(op.table.name)
      if (rows === undefined) this.images.set(op.table.name, (rows = new Map()))
      rows.set(op.id, applyOp(this.rowOf(op.table, op.id), op))
    }
  }

  private rowOf(table: AnyTable, id: string): AnyRow | null {
    const found = this.below.get(table, id, null)
    return typeof found === 'symbol' ? null : found
  }

  get(table: AnyTable, id: string): AnyRow | null {
    return this.images.get(table.name)?.get(id) ?? this.rowOf(table, id)
  }

  find(table: AnyTable, range: Range): readonly AnyRow[] {
    const own = this.images.get(table.name)
    if (own === undefined) return this.below.find(table, range)
    return overlayRange(this.below.find(table, { ...range, limit: null }), own, range)
  }
}

export interface Decided {
  readonly outcome: 'stands' | 'refused' | 'parked'
  /** The device's own prediction on the hub's rows, just before the hub decided. */
  readonly replayed: string
  readonly run: WholeRun
  readonly state: Layer
  /** It was said to somebody: an exception, a value that lost, a refusal, a parking. */
  readonly isNamed: boolean
}

export function decide(catalogue: Catalogue, below: Reader, captured: Captured, commit: number): Decided {
  const { command, args, frame } = captured
  const replay = runCommand(command, args, { phase: 'replay', reader: below, frame })
  const demand = { phase: 'hub', reader: below, frame: { ...frame, commit } } as const
  const run = runCommand(command, args, demand, catalogue.passes)
  const isAsked = command.kind === 'request' && run.refusal?.check === 'rule'
  const hasLoser = [...(run.effects.ofTable(lostValue)?.values() ?? [])].length > 0
  return {
    outcome: run.refusal === null ? 'stands' : isAsked ? 'refused' : 'parked',
    replayed: effOf(replay.effects),
    run,
    state: new Layer(below, run.effects),
    isNamed: run.refusal !== null || run.exceptions.length > 0 || hasLoser,
  }
}
