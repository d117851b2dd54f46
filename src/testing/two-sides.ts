// A hub and devices in memory for the tests of business rules: commands are captured on a device, settled on the hub in
// the order the test chooses, and the hub's rows then reach every device. No wire, no buckets, no rebase: those have
// worlds of their own. Every settled command's effect hash is compared, so that a rule that branches by side shows.
import type { Catalogue } from '../kernel/catalogue.ts'
import type { AnyCommand, ArgsFor } from '../kernel/command.ts'
import { effOf } from '../kernel/effects.ts'
import type { Duty } from '../kernel/exception-owner.ts'
import type { Lease } from '../kernel/lease.ts'
import type { RaisedException, Refusal } from '../kernel/refusal.ts'
import { runCommand, type Base, type Frame, type Run } from '../kernel/run.ts'
import type { AnyTable, Row } from '../kernel/table.ts'
import { MemoryStore } from '../store/memory.ts'

interface Captured {
  readonly command: AnyCommand
  readonly args: unknown
  readonly frame: Frame
  readonly eff: string
}

export interface Settlement {
  readonly outcome: 'accepted' | 'adjusted' | 'refused' | 'parked'
  readonly refusal: Refusal | null
  readonly exceptions: readonly RaisedException[]
}

export const aLease = (more: Partial<Lease> = {}): Lease => ({
  tenant: 't1',
  dev: 'K7Q2',
  ep: 1,
  user: 'priya',
  name: 'Priya',
  company: 'co',
  branch: 'leeds',
  roles: ['everything'],
  permissions: ['*'],
  limits: {},
  policy: {},
  buckets: [],
  from: 0,
  to: Number.MAX_SAFE_INTEGER,
  incarnation: 'i1',
  ...more,
})

const HUB_FRAME: Frame = {
  tenant: 't1',
  dev: 'HUB',
  ep: 0,
  seq: 0,
  at: 0,
  tz: 'UTC',
  lease: aLease({ dev: 'HUB', ep: 0 }),
  nos: {},
  base: {},
}

const START = Date.UTC(2026, 10, 20, 9)

export class TestDevice {
  readonly store = new MemoryStore()
  readonly outbox: Captured[] = []
  private readonly counters = new Map<string, number>()
  private seq = 0
  /** The hub's watermark of the last pull. */
  seen = 0
  /** What the device takes for the hub's clock minus its own, and the error. */
  off: readonly [number, number] | null = [0, 0]
  readonly lease: Lease

  constructor(lease: Lease) {
    this.lease = lease
  }

  /** Captures a command. A refusal changes nothing and uses no number. */
  run<C extends AnyCommand>(
    command: C,
    args: ArgsFor<C>,
    options: { overrides?: string[]; base?: Base; at?: number } = {},
  ): Run & { readonly id: (label: string) => string } {
    const frame: Frame = {
      tenant: this.lease.tenant,
      dev: this.lease.dev,
      ep: this.lease.ep,
      seq: this.seq + 1,
      at: options.at ?? START + this.seq * 60_000,
      tz: 'Europe/London',
      lease: this.lease,
      nos: {},
      base: options.base ?? {},
      seen: this.seen,
      off: this.off,
    }
    const drawn = new Map(this.counters)
    const draw = (series: string): number => {
      const next = (drawn.get(series) ?? 0) + 1
      drawn.set(series, next)
      return next
    }
    const run = runCommand(command, args, {
      phase: 'capture',
      reader: this.store,
      frame,
      draw,
      overrides: new Set(options.overrides),
    })
    if (run.refusal === null) {
      this.store.apply(run.effects)
      this.seq += 1
      for (const [series, counter] of drawn) this.counters.set(series, counter)
      this.outbox.push({ command, args, frame: { ...frame, nos: run.nos, base: run.base }, eff: effOf(run.effects) })
    }
    const inserted = (label: string): string => [...run.effects].find((op) => op.table.name === label)?.id ?? ''
    return { ...run, id: inserted }
  }

  /** Captures and expects success; returns the id of the first row inserted in `table`. */
  do<C extends AnyCommand>(
    command: C,
    args: ArgsFor<C>,
    table?: AnyTable,
    options: { overrides?: string[]; base?: Base; at?: number } = {},
  ): string {
    const run = this.run(command, args, options)
    if (run.refusal !== null) throw new Error(`${command.name} was refused: ${JSON.stringify(run.refusal)}`)
    return table === undefined ? '' : run.id(table.name)
  }

  rows<T extends AnyTable>(table: T): Row<T>[] {
    return [...this.store.rowsOf(table).values()].filter((row) => row.goneAt === null) as unknown as Row<T>[]
  }
}

export class TestWorld {
  readonly hub = new MemoryStore()
  readonly devices: TestDevice[] = []
  readonly exceptions: (RaisedException & { readonly command: string; readonly owner: Duty })[] = []
  private readonly catalogue: Catalogue
  /** The tenant's clock. */
  private w = 0

  constructor(catalogue: Catalogue) {
    this.catalogue = catalogue
  }

  device(lease: Partial<Lease> = {}): TestDevice {
    const device = new TestDevice(aLease(lease))
    this.devices.push(device)
    this.pullInto(device)
    return device
  }

  /** Settles one command of a device. */
  settleOne(device: TestDevice): Settlement {
    const captured = device.outbox.shift()
    if (captured === undefined) throw new Error('The outbox is empty.')
    const { command, args } = captured
    const frame = { ...captured.frame, commit: (this.w += 1) }
    const run = runCommand(command, args, { phase: 'hub', reader: this.hub, frame }, this.catalogue.passes)
    if (run.refusal !== null) {
      return {
        outcome: command.kind === 'request' && run.refusal.check === 'rule' ? 'refused' : 'parked',
        refusal: run.refusal,
        exceptions: [],
      }
    }
    this.hub.apply(run.effects)
    for (const raised of run.exceptions) {
      const declared = this.catalogue.exceptions.get(raised.code)
      if (declared === undefined) throw new Error(`${command.name} raises ${raised.code}, which no module declares.`)
      this.exceptions.push({ ...raised, owner: declared.owner, command: command.name })
    }
    return {
      outcome: run.eff() === captured.eff ? 'accepted' : 'adjusted',
      refusal: null,
      exceptions: run.exceptions,
    }
  }

  /** Settles everything, device after device (or in the order given), then every device pulls. */
  settle(order: readonly TestDevice[] = this.devices): Settlement[] {
    const settlements: Settlement[] = []
    for (const device of order) while (device.outbox.length > 0) settlements.push(this.settleOne(device))
    this.pullAll()
    return settlements
  }

  /** The hub's rows reach every device that has nothing waiting. */
  pullAll(): void {
    for (const device of this.devices) if (device.outbox.length === 0) this.pullInto(device)
  }

  /** One device hears of everything the hub holds. */
  pullInto(device: TestDevice): void {
    device.seen = this.w
    for (const table of this.catalogue.tables.values()) {
      if (table.side === 'hub') continue
      device.store.rowsOf(table).clear()
      for (const row of this.hub.rowsOf(table).values()) device.store.put(table, row)
    }
  }

  /** What the hub does by itself, outside every device's commands. */
  onHub<C extends AnyCommand>(command: C, args: ArgsFor<C>): void {
    const commit = (this.w += 1)
    const frame = { ...HUB_FRAME, seq: commit, commit }
    this.hub.apply(runCommand(command, args, { phase: 'hub', reader: this.hub, frame }).effects)
  }

  rows<T extends AnyTable>(table: T): Row<T>[] {
    return [...this.hub.rowsOf(table).values()].filter((row) => row.goneAt === null) as unknown as Row<T>[]
  }
}
