// The first download of large buckets: plans it from the hub's manifest, fetches chunk after chunk in the order of need
// and applies each with its mark of progress in one transaction, so that a kill anywhere goes on where it was. It runs
// beside the exchange: capture, push and the pull of other buckets never wait for it.
import { parseLines } from '../ndjson.ts'
import { stageOf } from '../../kernel/lease.ts'
import type { ChunkRows, Manifest, ManifestRequest } from '../protocol.ts'
import type { DownloadProgress } from './api.ts'
import { applyChunk, type ChunkOf } from './apply-chunk.ts'
import { noteIncident } from './incident.ts'
import { type Named, Pieces, WrongContentError } from './pieces.ts'
import { dropBuckets } from './profile.ts'
import type { Replica } from './replica.ts'
import type { HubSession } from './session.ts'
import { HubError, OfflineError, type Transport } from './transport.ts'

export interface BootstrapParts {
  readonly replica: Replica
  readonly session: HubSession
  readonly transport: Transport
  readonly incarnation: () => string
  readonly changed: (tables: ReadonlySet<string>) => void
  readonly now: () => number
}

interface Planned extends Named {
  readonly bucket: string
  readonly at: number
  readonly w: number
  readonly generation: number
  readonly incarnation: string
}

const isDownloading = (replica: Replica): boolean => !replica.isHeldBack && replica.downloading().size > 0

/** A chunk with its mark of progress, in one transaction; its pieces go. Returns the names of the tables that got rows. [BOOT5] */
export function takeChunk(
  replica: Replica,
  chunk: ChunkOf & { readonly at: number; readonly sha: string },
  lines: readonly ChunkRows[],
  now: number,
): Set<string> {
  const { db } = replica
  return db.transaction(() => {
    // The lease may have lost the bucket meanwhile, and with it the plan.
    const marked = db.run(
      'UPDATE bootstrap_chunk SET is_applied = 1 WHERE bucket = ? AND at = ? AND sha = ? AND is_applied = 0',
      [chunk.bucket, chunk.at, chunk.sha],
    )
    if (marked === 0) return new Set<string>()
    const applied = applyChunk(replica, chunk, lines, now)
    new Pieces(db).drop(chunk.sha)
    if (!isDownloading(replica)) db.run('DELETE FROM bootstrap_chunk')
    return applied
  })
}

export class Bootstrap {
  private readonly parts: BootstrapParts
  private readonly pieces: Pieces
  private ahead: { readonly sha: string; readonly content: Promise<Uint8Array> } | null = null

  constructor(parts: BootstrapParts) {
    this.parts = parts
    this.pieces = new Pieces(parts.replica.db)
  }

  get isUnderWay(): boolean {
    return isDownloading(this.parts.replica)
  }

  /** Asks what lies ready of the buckets that this device has nothing of. True when some of them come by chunks now. */
  async plan(): Promise<boolean> {
    const { replica, session, incarnation } = this.parts
    const lacking = this.lacking()
    if (lacking.length === 0) return false
    const body = new TextEncoder().encode(JSON.stringify({ buckets: lacking } satisfies ManifestRequest))
    const answer = await session.request('/sync/manifest', body, { 'content-type': 'application/json' })
    const [manifest] = parseLines<Manifest>(`${answer.text}\n`) ?? []
    if (manifest === undefined || !Array.isArray(manifest.buckets)) throw new OfflineError('A manifest was cut.')
    // A hub in another life: the pull finds that out and begins anew.
    if (manifest.incarnation !== incarnation()) return false
    const lease = replica.lease()?.lease
    const isFirst = !replica.isReady
    const stillLacking = new Set(this.lacking())
    return replica.db.transaction(() => {
      let isPlanned = false
      for (const { name, chunks, w, generation } of manifest.buckets) {
        if (chunks.length === 0 || !stillLacking.has(name)) continue
        isPlanned = true
        const stage = lease === undefined ? 0 : stageOf(lease, name)
        for (const [at, { sha, bytes, rows }] of chunks.entries())
          replica.db.run(
            'INSERT INTO bootstrap_chunk (bucket, at, sha, bytes, rows, w, generation, incarnation, stage, is_essential) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
            [name, at, sha, bytes, rows, w, generation, manifest.incarnation, stage, isFirst && stage <= WORK ? 1 : 0],
          )
      }
      return isPlanned
    })
  }

  /** Buckets of the lease of which nothing is here and nothing is planned. */
  private lacking(): string[] {
    const { replica } = this.parts
    const standing = new Set([
      ...replica.downloading(),
      ...replica.db
        .all<{ name: string }>('SELECT name FROM bucket WHERE cursor > 0 OR is_complete = 1 OR count > 0')
        .map(({ name }) => name),
    ])
    return (replica.lease()?.lease.buckets ?? []).filter((name) => !standing.has(name))
  }

  /** Fetches and applies the next chunk; false when none is left. Throws OfflineError or HubError; what came before it stays. [BOOT6] */
  async step(): Promise<boolean> {
    const { replica } = this.parts
    const [next, after] = replica.db.all<Planned>(
      'SELECT bucket, at, sha, bytes, w, generation, incarnation FROM bootstrap_chunk WHERE is_applied = 0 ORDER BY stage, bucket, at LIMIT 2',
    )
    if (next === undefined) return false
    if (next.incarnation !== this.parts.incarnation()) {
      this.forget(next.bucket)
      return true
    }
    try {
      const content = await this.content(next)
      // The next one travels while this one is applied.
      if (after !== undefined) this.ahead = { sha: after.sha, content: noticed(this.load(after)) }
      await this.apply(next, content)
    } catch (fault) {
      this.failed(next, fault)
    }
    return true
  }

  private content(chunk: Planned): Promise<Uint8Array> {
    const ahead = this.ahead
    this.ahead = null
    return ahead?.sha === chunk.sha ? ahead.content : this.load(chunk)
  }

  private load(chunk: Planned): Promise<Uint8Array> {
    return this.pieces.fetch(this.parts.session, `/sync/chunk/${chunk.sha}`, chunk)
  }

  private async apply(chunk: Planned, content: Uint8Array): Promise<void> {
    const { replica, transport, now, changed } = this.parts
    const lines = parseLines<ChunkRows>(await transport.gunzip(content))
    if (lines === null) throw new WrongContentError(`The chunk ${chunk.sha} holds no lines.`)
    const tables = takeChunk(replica, chunk, lines, now())
    replica.bucketsChanged()
    if (tables.size > 0) changed(tables)
  }

  /** What isn't what its name says is fetched anew; a chunk that the hub doesn't give any more is planned anew with its bucket. */
  private failed(chunk: Planned, fault: unknown): void {
    const { replica, now } = this.parts
    if (fault instanceof WrongContentError) {
      noteIncident(replica.db, now(), 'wrong-content', chunk.sha)
      throw new OfflineError(fault.message)
    }
    const isGone = fault instanceof HubError && (fault.status === 404 || fault.code === 'chunk.not-yours')
    if (!isGone) throw fault
    this.forget(chunk.bucket)
  }

  private forget(bucket: string): void {
    const { replica, changed } = this.parts
    const tables = replica.db.transaction(() => {
      // Work can't begin on what is given up here: it is ready again when all is planned anew and pulled.
      if (!replica.isReady) replica.meta.set('ready', '0')
      return dropBuckets(replica, (name) => name === bucket, 'fetched again')
    })
    changed(tables)
  }

  /** What is still to come, known from the manifest; null when nothing is. */
  progress(): DownloadProgress | null {
    const found = this.parts.replica.db.get<Record<keyof DownloadProgress, number | null>>(
      `SELECT SUM(bytes * is_applied) AS bytesDone, SUM(bytes) AS bytesTotal, SUM(rows * is_applied) AS rowsDone, SUM(rows) AS rowsTotal,
       COUNT(DISTINCT CASE is_applied WHEN 0 THEN bucket END) AS bucketsLeft FROM bootstrap_chunk`,
    )
    const { bytesDone, bytesTotal, rowsDone, rowsTotal, bucketsLeft } = found ?? {}
    if (bucketsLeft == null || bucketsLeft === 0) return null
    return {
      bytesDone: bytesDone ?? 0,
      bytesTotal: bytesTotal ?? 0,
      rowsDone: rowsDone ?? 0,
      rowsTotal: rowsTotal ?? 0,
      bucketsLeft,
    }
  }
}

/** The last stage that must be here before work begins: identity and settings, then the work of today. */
const WORK = 1

/** A failure of what was begun early is heard where it is used. */
function noticed<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined)
  return promise
}

declare class TextEncoder {
  encode(text: string): Uint8Array
}
