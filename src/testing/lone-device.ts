// A device's replica on a real encrypted file with nobody to talk to: a test captures on it and plays the hub's answers
// itself, line by line. It runs no rule of the hub and says so: outcomes and rows are what the test hands over.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Catalogue } from '../kernel/catalogue.ts'
import type { CanonicalValue } from '../kernel/canonical.ts'
import { rowHash } from '../kernel/effects.ts'
import type { Lease } from '../kernel/lease.ts'
import type { AnyRow, AnyTable } from '../kernel/table.ts'
import { openNodeDatabase } from '../store/sqlite/node-vfs.ts'
import type { RunAnswer, RunOptions } from '../sync/device/api.ts'
import { capture } from '../sync/device/capture.ts'
import { Replica } from '../sync/device/replica.ts'
import type { PulledPage } from '../sync/device/settle.ts'
import { addHash, EMPTY_SUM } from '../sync/digest.ts'
import type { Outcome } from '../sync/protocol.ts'
import { identify } from './identify.ts'

export const NOON = Date.UTC(2026, 10, 21, 12)
const KEY_BYTES = 32

export interface LoneDevice {
  readonly replica: Replica
  /** Captures at a moment that goes on by a second each time. */
  run(command: string, args: Readonly<Record<string, unknown>>, options?: RunOptions): RunAnswer
  /** Captures and expects it to be saved; returns the ids of the rows inserted in `table`. */
  do(command: string, args: Readonly<Record<string, unknown>>, table?: AnyTable): string[]
  /** The answer a hub would give to the stored command `seq`; as predicted unless `more` says otherwise. */
  outcomeOf(seq: number, more?: Partial<Outcome>): Outcome
  /** As it was when it was opened: no work, no rows. */
  empty(): void
  end(): void
}

export async function aLoneDevice(catalogue: Catalogue, lease: Partial<Lease> = {}): Promise<LoneDevice> {
  const dev = lease.dev ?? 'K7Q2'
  const directory = mkdtempSync(join(tmpdir(), 'holdfast-lone-'))
  const db = await openNodeDatabase({ directory, name: 'holdfast.db', key: new Uint8Array(KEY_BYTES).fill(7) })
  const replica = new Replica(db, catalogue)
  identify(replica, { ...lease, dev })
  let ms = 0
  const run: LoneDevice['run'] = (command, args, options) => {
    ms += 1000
    return capture(
      replica,
      { at: NOON + ms, tz: 'Europe/London', mono: ms, app: 'test', off: null },
      command,
      args,
      options,
    )
  }
  return {
    replica,
    run,
    do(command, args, table) {
      const answer = run(command, args)
      if (!answer.saved) throw new Error(`${command} was refused: ${JSON.stringify(answer.refusal)}`)
      return table === undefined ? [] : [...(answer.inserted[table.name] ?? [])]
    },
    outcomeOf(seq, more = {}) {
      const row = db.get<{ seal: string; predicted: string }>('SELECT seal, predicted FROM outbox WHERE seq = ?', [seq])
      return {
        dev,
        ep: 1,
        seq,
        seal: row?.seal ?? '',
        outcome: 'accepted',
        eff: row?.predicted ?? '',
        at: seq,
        ...more,
      }
    },
    empty() {
      ms = 0
      const own = ['meta', 'lease_held']
      db.transaction(() => {
        replica.touches.clear()
        for (const { name } of db.all<{ name: string }>(
          "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE '%fts5%' AND name NOT LIKE '%_search_%'",
        ))
          if (!own.includes(name)) db.run(`DELETE FROM ${name}`)
        db.run("DELETE FROM meta WHERE key NOT IN ('identity', 'lease', 'release')")
      })
      replica.meta.changed()
      replica.bucketsChanged()
      replica.waiting.changed()
    },
    end() {
      db.close()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

export interface PageGiven {
  readonly w: number
  readonly rows?: readonly (readonly [AnyTable, AnyRow])[]
  readonly left?: readonly (readonly [AnyTable, string])[]
  readonly bucket?: string
  readonly more?: Partial<PulledPage['head']>
  /** Digests at w; left out: no bucket is compared. */
  readonly digests?: PulledPage['end']['digests']
}

/** A page of a pull that brings whole rows of one bucket. */
export function aPage({ w, rows = [], left = [], bucket = 'company', more = {}, digests = {} }: PageGiven): PulledPage {
  return {
    head: { pull: 1, incarnation: 'i1', w, upto: w, more: false, resets: [], names: [bucket], has: 0, ...more },
    rows: rows.map(([table, row]) => {
      const cols = ['goneAt', ...table.fieldNames]
      return {
        rows: table.name,
        cols,
        ids: [row.id],
        buckets: [[0]],
        vals: [cols.map((col) => (row[col] ?? null) as CanonicalValue)],
      }
    }),
    left: left.map(([table, id]) => ({ left: table.name, ids: [id], buckets: [0] })),
    end: { end: 1, digests },
  }
}

/** The digest of a bucket that carries these rows. */
export const digestOf = (rows: readonly (readonly [AnyTable, AnyRow])[]): readonly [number, string] => [
  rows.length,
  rows.reduce((sum, [table, row]) => addHash(sum, rowHash(table, row)), EMPTY_SUM),
]
