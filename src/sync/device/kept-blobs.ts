// Photos and files on this device: their bytes lie in pieces in its encrypted database from the moment they are taken.
// What a saved command names stays until the hub has confirmed it; nothing here speaks with a hub.
import { BLOB_BYTES_MAX, blobFieldsOf, type BlobType } from '../../kernel/blob.ts'
import { hex } from '../../kernel/bytes.ts'
import type { Catalogue } from '../../kernel/catalogue.ts'
import { fileKindOf } from '../../kernel/file-kind.ts'
import { sha256 } from '../../kernel/hash.ts'
import { columnOf } from '../../kernel/table.ts'
import type { Sqlite } from '../../store/sqlite/engine.ts'
import type { BlobWhere, Taken, WaitingBlobs } from './api.ts'
import { Pieces } from './pieces.ts'

/**
 * taken: no command names it yet · waiting: to be sent · confirmed: the hub has it · refused: the hub never will, or it was damaged ·
 * fetching: another device's, on its way.
 */
export type BlobState = 'taken' | 'waiting' | 'confirmed' | 'refused' | 'fetching'

export interface KeptBlob {
  readonly sha: string
  readonly size: number
  readonly tries: number
  /** The hub may hold some of it. */
  readonly isBegun: boolean
}

const DAY_MS = 24 * 3_600_000
/** A form that was left open may still name what was taken for it. */
const TAKEN_MS = 30 * DAY_MS
const FETCHING_MS = DAY_MS
/** As long as envelopes stay (OUT3): until then this device can heal a hub that was restored. */
const CONFIRMED_MS = 30 * DAY_MS
/** None is put off for longer: a time beyond it was written by a clock that was set back since, and means now. */
export const PUT_OFF_MS_MAX = 1.5 * 3_600_000
/** A hub that failed over to a copy of itself has lost what it said last, and doesn't know it: it is asked again when its copies agree. */
const LOOK_AGAIN_MS = DAY_MS
/** Confirmed ones beyond it leave earlier, the oldest first. */
const CONFIRMED_BYTES_MAX = 256 * 1024 * 1024

export class KeptBlobs {
  readonly pieces: Pieces
  private readonly db: Sqlite
  private isThere = false
  /** None was found and none was kept since: asked after each save. */
  private isKnownEmpty = false
  readonly incarnation: () => string

  /** `incarnation`: the life of the hub that this device last heard of; what another life confirmed is to be asked for again. */
  constructor(db: Sqlite, incarnation: () => string) {
    this.db = db
    this.incarnation = incarnation
    this.pieces = new Pieces(db)
  }

  /** Keeps bytes that a command is to name; durable when it returns. What was taken before is kept once. */
  take(content: Uint8Array, at: number): Taken {
    if (content.length === 0 || content.length > BLOB_BYTES_MAX)
      return {
        taken: false,
        refusal: { code: 'sync.file-too-large', facts: { bytesMax: BLOB_BYTES_MAX }, check: 'shape' },
      }
    const type = fileKindOf(content)?.type
    if (type === undefined)
      return { taken: false, refusal: { code: 'sync.file-unsupported', facts: {}, check: 'shape' } }
    const sha = hex(sha256(content))
    this.db.transaction(() => {
      if (this.isWhole(sha)) {
        this.db.run("UPDATE blob SET at = ? WHERE sha = ? AND state = 'taken'", [at, sha])
        return
      }
      this.pieces.drop(sha)
      this.pieces.append(sha, 0, content)
      this.write({ sha, size: content.length, type }, 'taken', at)
    })
    return { taken: true, blob: { sha, type, size: content.length } }
  }

  /** A person thought better of it: gone at once, unless a saved command names it. */
  untake(sha: string): void {
    if (this.db.get("SELECT 1 FROM blob WHERE sha = ? AND state = 'taken'", [sha]) !== undefined) this.leave(sha)
  }

  private write(of: { sha: string; size: number; type: BlobType }, state: BlobState, at: number): void {
    this.isKnownEmpty = false
    this.db.run('INSERT OR REPLACE INTO blob (sha, type, size, state, at) VALUES (?, ?, ?, ?, ?)', [
      of.sha,
      of.type,
      of.size,
      state,
      at,
    ])
  }

  /** All of its bytes are here. */
  isWhole(sha: string): boolean {
    return this.db.get("SELECT 1 FROM blob WHERE sha = ? AND state <> 'fetching'", [sha]) !== undefined
  }

  /** Inside the capture's transaction: from its commit on they wait for the hub. Names one that is neither here nor in a row that is. [BLOB3] */
  name(shas: readonly string[], catalogue: Catalogue): string | null {
    for (const sha of shas) if (!this.isWhole(sha) && !this.standsInRow(sha, catalogue)) return sha
    for (const sha of shas) this.db.run("UPDATE blob SET state = 'waiting' WHERE sha = ? AND state = 'taken'", [sha])
    return null
  }

  /** An edit names again what others have put there. */
  standsInRow(sha: string, catalogue: Catalogue): boolean {
    for (const table of catalogue.tables.values())
      for (const field of blobFieldsOf(table)) {
        const text = `SELECT 1 FROM ${table.sqlName} WHERE instr("${columnOf(field)}", ?) > 0 LIMIT 1`
        if (this.db.get(text, [sha]) !== undefined) return true
      }
    return false
  }

  /** The next to send whose time has come, the oldest first: one that fails again and again waits behind the others. [BLOB5] */
  next(now: number): KeptBlob | null {
    const found = this.db.get<Omit<KeptBlob, 'isBegun'> & { reason: string | null }>(
      `SELECT sha, size, tries, reason FROM blob WHERE (next_at NOT BETWEEN ? AND ? OR state = 'confirmed') AND ${WAITS} ORDER BY tries > 0, at, sha LIMIT 1`,
      [now + 1, now + PUT_OFF_MS_MAX, this.incarnation()],
    )
    return found === undefined ? null : { ...found, isBegun: found.reason !== null }
  }

  /** From here on the hub is asked first how far it is. */
  begin(sha: string): void {
    this.db.run("UPDATE blob SET reason = 'begun' WHERE sha = ?", [sha])
  }

  /** Also where a release that knows blobs couldn't be brought in yet (VER3): then there is no table for them. */
  get isEmpty(): boolean {
    if (this.isKnownEmpty) return true
    this.isThere ||= this.db.get("SELECT 1 FROM sqlite_schema WHERE name = 'blob'") !== undefined
    this.isKnownEmpty = !this.isThere || this.db.get('SELECT 1 FROM blob LIMIT 1') === undefined
    return this.isKnownEmpty
  }

  /** `incarnation`: the life of the hub that was known when it was asked; its answer may come when another one is. */
  confirm(sha: string, incarnation: string, now: number): void {
    this.db.run(
      "UPDATE blob SET state = 'confirmed', incarnation = ?, confirmed_at = ?, tries = 0, next_at = ?, reason = 'begun' WHERE sha = ?",
      [incarnation, now, now + LOOK_AGAIN_MS, sha],
    )
  }

  putOff(sha: string, until: number, reason: string): void {
    this.db.run('UPDATE blob SET tries = tries + 1, next_at = ?, reason = ? WHERE sha = ?', [until, reason, sha])
  }

  /** All of them wait for room: nothing is wrong with this one. The reason goes when it is confirmed or fails otherwise. */
  withoutRoom(sha: string, code: string): void {
    this.db.run('UPDATE blob SET reason = ? WHERE sha = ?', [code, sha])
  }

  /** The bytes stay here, and the person is told. */
  refuse(sha: string, reason: string): void {
    this.db.run("UPDATE blob SET state = 'refused', reason = ? WHERE sha = ?", [reason, sha])
  }

  /** The hub lost it: it is sent again. */
  unconfirm(sha: string): void {
    this.db.run("UPDATE blob SET state = 'waiting', next_at = 0 WHERE sha = ?", [sha])
  }

  /** The hub lost work that it had answered: what it confirmed is asked for again. [LIFE1] */
  doubt(): void {
    if (!this.isEmpty) this.db.run("UPDATE blob SET incarnation = '' WHERE state = 'confirmed'")
  }

  /** What the hub confirmed a day ago, and is to say once more. [BLOB6] */
  toLookAt(now: number): readonly string[] {
    return this.db
      .all<{ sha: string }>(
        "SELECT sha FROM blob WHERE state = 'confirmed' AND next_at > 0 AND next_at NOT BETWEEN ? AND ? ORDER BY sha",
        [now + 1, now + LOOK_AGAIN_MS],
      )
      .map(({ sha }) => sha)
  }

  /** The hub said once more that it has it. */
  lookedAt(sha: string): void {
    this.db.run('UPDATE blob SET next_at = 0 WHERE sha = ?', [sha])
  }

  isDamaged(sha: string): boolean {
    return hex(sha256(this.pieces.read(sha))) !== sha
  }

  beginFetching(sha: string, size: number, at: number): void {
    this.isKnownEmpty = false
    this.db.run("INSERT OR IGNORE INTO blob (sha, type, size, state, at) VALUES (?, '', ?, 'fetching', ?)", [
      sha,
      size,
      at,
    ])
  }

  /** What others took is shown and not kept: this device is lost one day. */
  endFetching(sha: string): void {
    this.db.transaction(() => {
      if (this.db.run("DELETE FROM blob WHERE sha = ? AND state = 'fetching'", [sha]) > 0) this.pieces.drop(sha)
    })
  }

  leave(sha: string): void {
    this.db.transaction(() => {
      this.db.run('DELETE FROM blob WHERE sha = ?', [sha])
      this.pieces.drop(sha)
    })
  }

  /** What nobody came back for. What stands in a draft somebody may, whatever the clock says meanwhile. [BLOB3] */
  forgetUnused(now: number): void {
    for (const { sha } of this.db.all<{ sha: string }>(
      `SELECT sha FROM blob b WHERE (state = 'fetching' AND at < ?)
        OR (state = 'taken' AND at < ? AND NOT EXISTS (SELECT 1 FROM draft d WHERE instr(d.value, b.sha) > 0))`,
      [now - FETCHING_MS, now - TAKEN_MS],
    ))
      this.leave(sha)
  }

  /**
   * Confirmed ones that may leave once the hub has said again that it has them: after thirty days, or the oldest where there are too many. Never
   * one that a command without an outcome names. [BLOB6]
   */
  due(now: number, bytesMax = CONFIRMED_BYTES_MAX): readonly string[] {
    let bytes = 0
    const due: string[] = []
    for (const { sha, size, at } of this.db.all<{ sha: string; size: number; at: number }>(
      "SELECT sha, size, confirmed_at AS at FROM blob WHERE state = 'confirmed' AND incarnation = ? ORDER BY confirmed_at DESC, sha",
      [this.incarnation()],
    )) {
      bytes += size
      if ((at < now - CONFIRMED_MS || bytes > bytesMax) && !this.isNamedByWaiting(sha)) due.push(sha)
    }
    return due
  }

  private isNamedByWaiting(sha: string): boolean {
    const text = "SELECT 1 FROM outbox WHERE state IN ('captured', 'sent') AND instr(line, ?) > 0 LIMIT 1"
    return this.db.get(text, [sha]) !== undefined
  }

  waiting(): WaitingBlobs {
    if (this.isEmpty) return { count: 0, bytes: 0, oldestAt: null, refused: 0, noRoom: null }
    const found = this.db.get<{ n: number; bytes: number | null; oldestAt: number | null }>(
      `SELECT COUNT(*) AS n, SUM(size) AS bytes, MIN(at) AS "oldestAt" FROM blob WHERE ${WAITS}`,
      [this.incarnation()],
    )
    const refused = this.db.get<{ n: number }>("SELECT COUNT(*) AS n FROM blob WHERE state = 'refused'")
    const held = this.db.get<{ reason: 'blob.over-quota' | 'blob.hub-full' }>(
      `SELECT reason FROM blob WHERE reason IN ('blob.over-quota', 'blob.hub-full') AND ${WAITS} LIMIT 1`,
      [this.incarnation()],
    )
    const { n = 0, bytes = 0, oldestAt = null } = found ?? {}
    return { count: n, bytes: bytes ?? 0, oldestAt, refused: refused?.n ?? 0, noRoom: held?.reason ?? null }
  }

  /** Of what saved commands of this device name. */
  whereabouts(): Readonly<Record<string, BlobWhere>> {
    if (this.isEmpty) return {}
    const text = `SELECT sha, ${WHERE} AS "where" FROM blob WHERE state IN ('waiting', 'confirmed', 'refused')`
    const found = this.db.all<{ sha: string; where: BlobWhere }>(text, [this.incarnation()])
    return Object.fromEntries(found.map(({ sha, where }) => [sha, where]))
  }

  /** The names of what only this device has. */
  onlyHere(): readonly string[] {
    const all = Object.entries(this.whereabouts())
    return all.filter(([, where]) => where !== 'sent').map(([sha]) => sha)
  }
}

/** To be sent, or confirmed by another life of the hub. */
const WAITS = "(state = 'waiting' OR (state = 'confirmed' AND incarnation IS NOT ?))"

/** Sent is what this life of the hub has confirmed, and nothing before that. */
const WHERE = `CASE WHEN ${WAITS} THEN 'only-here' WHEN state = 'confirmed' THEN 'sent' ELSE 'refused' END`
