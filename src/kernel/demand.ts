// What a run of a command is asked with and what it answers: the frame that is the same on every run, the reader, the effects.
// Types only.
import type { Effects } from './effects.ts'
import type { Lease } from './lease.ts'
import type { Numbers } from './number-series.ts'
import type { Range, Reader } from './reader.ts'
import type { Facts, RaisedException, Refusal } from './refusal.ts'
import type { AnyTable } from './table.ts'

/** What a run takes from the envelope; the same on every run of the same command. */
export interface Frame {
  readonly tenant: string
  readonly dev: string
  readonly ep: number
  readonly seq: number
  /** Wall time of the capture, ms since 1970. */
  readonly at: number
  readonly tz: string
  readonly lease: Lease
  readonly nos: Numbers
  /** For edits: table → id → field → the value that the user saw. */
  readonly base: Base
  /** The watermark on the device at capture. */
  readonly seen?: number
  /** The hub's clock minus the device's and the error of that estimate, ms; null where it was never measured. */
  readonly off?: readonly [number, number] | null
  /** On the hub: its wall time of the receipt, and the command's place in the commit order. */
  readonly receivedAt?: number
  readonly commit?: number
}
export type Base = { readonly [table: string]: { readonly [id: string]: { readonly [field: string]: unknown } } }

/** capture: first run on the device, rules refuse · replay: any later run there · foresee: a dry run there, judged as by the hub · hub: decides. */
export type Phase = 'capture' | 'replay' | 'foresee' | 'hub'

export interface Demand {
  readonly phase: Phase
  readonly reader: Reader
  readonly frame: Frame
  /** Draws the next counter of a series; only at capture, or for a dry run of it. */
  readonly draw?: (series: string) => number
  /** Codes of failing rules that the user chose to override and the lease allows. */
  readonly overrides?: ReadonlySet<string>
  /** Personal values of the command are missing: fine only where one whom it meets was erased. */
  readonly isIncomplete?: boolean
}

export interface Run {
  readonly refusal: Refusal | null
  readonly effects: Effects
  readonly exceptions: readonly RaisedException[]
  /** What the rebase hangs on; the hub keeps none. */
  readonly reads: readonly { readonly table: AnyTable; readonly id: string }[]
  readonly ranges: readonly { readonly table: AnyTable; readonly range: Range }[]
  readonly nos: Numbers
  readonly about: Facts
  /** What the user saw, for edits: filled from the current rows where the caller gave none. */
  readonly base: Base
  /** Erased people of whom it would have written something, or whose values it lacks. */
  readonly erased: ReadonlySet<string>
}
