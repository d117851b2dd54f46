// The store contract: what a script of commands must leave behind, whichever store settles it. The reference settles one
// command after the other over the plainest store; every other store, batched or not, must show the same outcomes, the
// same effect hashes and the same rows. It knows no store by name and compares nothing but canonical text.
import { BugError } from '../kernel/assert.ts'
import { canonical } from '../kernel/canonical.ts'
import type { Catalogue } from '../kernel/catalogue.ts'
import type { AnyCommand } from '../kernel/command.ts'
import { Effects, effOf, rowHash } from '../kernel/effects.ts'
import { rowId } from '../kernel/hash.ts'
import { exception, reviewItem } from '../kernel/kernel-tables.ts'
import { rangeOf, type Reader } from '../kernel/reader.ts'
import type { Facts } from '../kernel/refusal.ts'
import { runCommand, type Frame } from '../kernel/run.ts'
import type { AnyRow, AnyTable } from '../kernel/table.ts'

/** One command of a script, ready to be decided. */
export interface Scripted {
  readonly command: AnyCommand
  readonly args: Readonly<Record<string, unknown>>
  readonly frame: Frame
  /** Whether the device is to have predicted the right effects. */
  readonly isPredicted: boolean
}

export interface Settled {
  readonly outcome: 'accepted' | 'adjusted' | 'refused' | 'parked'
  readonly eff: string
  /** What was denied; a hub's own faults (`hub.bug`, `hub.cannot-store`) are one to the contract. */
  readonly reason: string
}

/** `table id` → canonical row. */
export type Picture = Readonly<Record<string, string>>

/** A store that takes one command's effects at a time. */
export interface SerialStore extends Reader {
  /** All of the effects or, when they can't be applied, none and an error for which `isUnfit` is true. */
  apply(effects: Effects): void
}

export const SEAL = 'sealed'
export const hubReason = (reason: string): string => (reason.startsWith('hub.') ? 'hub' : reason)

/** Settles a script as the hub must, one command after the other: the oracle of the contract. */
export function settleSerially(
  store: SerialStore,
  catalogue: Catalogue,
  script: readonly Scripted[],
  isUnfit = (fault: unknown): boolean => fault instanceof BugError,
): Settled[] {
  return script.map((scripted, at) =>
    settleOne(store, catalogue, { ...scripted, frame: { ...scripted.frame, commit: at + 1 } }, isUnfit),
  )
}

function settleOne(
  store: SerialStore,
  catalogue: Catalogue,
  scripted: Scripted,
  isUnfit: (fault: unknown) => boolean,
): Settled {
  const { command, args, frame } = scripted
  const park = (reason: string, facts: Facts): Settled => {
    store.apply(reviewOf(scripted, reason, facts, waitedFor(store, scripted, reason)))
    return { outcome: 'parked', eff: '', reason: hubReason(reason) }
  }
  try {
    const run = runCommand(command, args, { phase: 'hub', reader: store, frame }, catalogue.passes)
    if (run.refusal !== null) {
      const { code, check, facts } = run.refusal
      return command.kind === 'request' && check !== 'shape'
        ? { outcome: 'refused', eff: '', reason: code }
        : park(code, facts)
    }
    const eff = run.eff()
    for (const [index, { code, facts }] of run.exceptions.entries()) {
      const { dev, ep, seq, lease, at } = frame
      const by = { dev, ep, seq, user: lease.user, branch: lease.branch }
      run.effects.insert(exception, idFor(frame, `exception/${index}`), {
        code,
        facts,
        command: command.name,
        ...by,
        raisedAt: at,
        state: 'open',
      })
    }
    store.apply(run.effects)
    return scripted.isPredicted
      ? { outcome: 'accepted', eff, reason: '' }
      : { outcome: 'adjusted', eff, reason: 'sync.other-effects' }
  } catch (fault) {
    if (!isUnfit(fault)) throw fault
    return park('hub.bug', {})
  }
}

const idFor = ({ tenant, dev, ep, seq, at }: Frame, label: string): string =>
  rowId({ tenant, device: dev, epoch: ep, seq, at, label })

/** The parked command whose row these arguments name: an id begins with its command's moment, and here each has its own. */
function waitedFor(store: SerialStore, { args, frame }: Scripted, reason: string): string | null {
  if (['kernel.not-permitted', 'kernel.bad-arguments'].includes(reason)) return null
  const named = JSON.stringify(args).match(/[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/g) ?? []
  const moments = named.map((id) => Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16))
  const open = store.find(reviewItem, rangeOf(reviewItem, 'byState', { state: 'open' }, {}))
  const makers = open.filter((item) => moments.includes(Number(item['capturedAt'])) && item['capturedAt'] !== frame.at)
  return makers.toSorted((a, b) => Number(b['capturedAt']) - Number(a['capturedAt']))[0]?.id ?? null
}

function reviewOf({ command, args, frame }: Scripted, reason: string, facts: Facts, waitsFor: string | null): Effects {
  const { dev, ep, seq, at, lease } = frame
  const effects = new Effects()
  effects.insert(reviewItem, idFor(frame, `review/${dev}/${ep}/${seq}`), {
    dev,
    ep,
    seq,
    command: command.name,
    version: command.version,
    seal: SEAL,
    args,
    reason,
    facts,
    user: lease.user,
    branch: lease.branch,
    about: {},
    capturedAt: at,
    parkedAt: at,
    ...(Object.keys(frame.base).length > 0 && { base: frame.base }),
    ...(Object.keys(frame.nos).length > 0 && { nos: frame.nos }),
    waitsFor,
    state: 'open',
  })
  return effects
}

/** Runs what the hub accepted once more as a device does; answers where its effects or its refusals differ. */
export function replayDifferences(
  store: SerialStore,
  catalogue: Catalogue,
  script: readonly Scripted[],
  settled: readonly Settled[],
): string[] {
  const different: string[] = []
  for (const [index, { command, args, frame }] of script.entries()) {
    const decided = settled[index]
    if (decided === undefined || decided.outcome === 'refused' || decided.outcome === 'parked') continue
    const run = runCommand(command, args, { phase: 'replay', reader: store, frame }, catalogue.passes)
    const eff = run.refusal === null ? effOf(run.effects) : run.refusal.code
    if (eff !== decided.eff) different.push(`${index} ${command.name}: ${eff} instead of ${decided.eff}`)
    store.apply(run.effects)
  }
  return different
}

/** Every row as text with its hash; what only says how a hub's own fault was met is left out. */
export function pictureOf(rows: Iterable<readonly [AnyTable, AnyRow]>): Picture {
  const picture: Record<string, string> = {}
  for (const [table, row] of rows) {
    const values: Record<string, unknown> = { goneAt: row.goneAt }
    for (const field of table.fieldNames) values[field] = row[field]
    if (table === reviewItem && hubReason(String(row['reason'])) === 'hub')
      Object.assign(values, { reason: 'hub', facts: {} })
    picture[`${table.name} ${row.id}`] = `${canonical(values)} ${rowHash(table, { ...row, ...values })}`
  }
  return picture
}

export interface Membership {
  /** `bucket table id` → row hash, as bucketsOf and rowHash say. */
  readonly carried: Readonly<Record<string, string>>
  /** bucket → [count, Σ hash mod 2⁶⁴]. */
  readonly digests: Readonly<Record<string, readonly [number, string]>>
}

/** Which bucket must carry which row, worked out from nothing but the rows. */
export function membershipOf(rows: readonly (readonly [AnyTable, AnyRow])[]): Membership {
  const byId = new Map(rows.map(([table, row]) => [`${table.name} ${row.id}`, row]))
  const bucketsOf = (table: AnyTable, row: AnyRow): readonly string[] => {
    if (table.parent === null) return table.bucketsOf(row)
    const header = byId.get(`${table.parent.table.name} ${String(row[table.parent.field])}`)
    return header === undefined ? [] : bucketsOf(table.parent.table, header)
  }
  const carried: Record<string, string> = {}
  const sums = new Map<string, { count: number; sum: bigint }>()
  for (const [table, row] of rows) {
    for (const bucket of new Set(bucketsOf(table, row))) {
      const hash = rowHash(table, row)
      carried[`${bucket} ${table.name} ${row.id}`] = hash
      const { count, sum } = sums.get(bucket) ?? { count: 0, sum: 0n }
      sums.set(bucket, { count: count + 1, sum: (sum + BigInt(`0x${hash}`)) % 2n ** 64n })
    }
  }
  return {
    carried,
    digests: Object.fromEntries([...sums].map(([bucket, { count, sum }]) => [bucket, [count, String(sum)]])),
  }
}
