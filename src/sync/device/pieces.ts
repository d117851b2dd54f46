// Content on its way, named by its SHA-256: what has arrived lies in the device's own encrypted database in pieces, so
// that a cut or a kill costs at most one of them. Nothing leaves here for use before the whole has the right hash.
import { hex } from '../../kernel/bytes.ts'
import { sha256 } from '../../kernel/hash.ts'
import type { Sqlite } from '../../store/sqlite/engine.ts'
import { BLOB_PIECE_BYTES } from '../protocol.ts'
import type { HubSession } from './session.ts'

/** The most that a kill can cost, and the size of one row. */
export const PIECE_BYTES = BLOB_PIECE_BYTES

/** What came under a name isn't what the name says: it was thrown away. */
export class WrongContentError extends Error {
  override readonly name = 'WrongContentError'
}

export interface Named {
  readonly sha: string
  readonly bytes: number
}

export class Pieces {
  private readonly db: Sqlite

  constructor(db: Sqlite) {
    this.db = db
  }

  /** How much of it is here, from its beginning on without a hole. */
  held(sha: string): number {
    return (
      this.db.get<{ bytes: number | null }>('SELECT SUM(length(content)) AS bytes FROM piece WHERE sha = ?', [sha])
        ?.bytes ?? 0
    )
  }

  read(sha: string): Uint8Array {
    const pieces = this.db.all<{ content: Uint8Array }>('SELECT content FROM piece WHERE sha = ? ORDER BY at', [sha])
    return joined(pieces.map(({ content }) => content))
  }

  /** One piece, from `at` on; empty at the end. `at` must be where a piece begins or lie in it. */
  piece(sha: string, at: number): Uint8Array {
    const found = this.db.get<{ at: number; content: Uint8Array }>(
      'SELECT at, content FROM piece WHERE sha = ? AND at <= ? ORDER BY at DESC LIMIT 1',
      [sha, at],
    )
    return found === undefined ? new Uint8Array(0) : found.content.slice(at - found.at)
  }

  /** Adds what follows at `at`, which must be where the held part ends. */
  append(sha: string, at: number, content: Uint8Array): void {
    for (let from = 0; from < content.length; from += PIECE_BYTES)
      this.db.run('INSERT INTO piece (sha, at, content) VALUES (?, ?, ?)', [
        sha,
        at + from,
        content.subarray(from, from + PIECE_BYTES),
      ])
  }

  drop(sha: string): void {
    this.db.run('DELETE FROM piece WHERE sha = ?', [sha])
  }

  /**
   * The whole content behind `path`, begun where the last try ended. What comes in one go is never written here; what is cut is. Throws
   * OfflineError or HubError, and WrongContentError when the whole has another hash. [BOOT4]
   */
  async fetch(session: HubSession, path: string, { sha, bytes }: Named): Promise<Uint8Array> {
    const kept = this.read(sha)
    let saved = kept.length
    let fresh: Uint8Array[] = []
    let length = 0
    const all = [kept]
    const save = (): void => {
      this.db.transaction(() => this.append(sha, saved, joined(fresh)))
      saved += length
      fresh = []
      length = 0
    }
    try {
      if (kept.length < bytes)
        await session.download(path, kept.length, (piece) => {
          all.push(piece)
          fresh.push(piece)
          length += piece.length
          if (length >= PIECE_BYTES && saved + length < bytes) save()
        })
    } catch (fault) {
      // The database may be closed by now: then the pieces that were saved before are what is left.
      if (length > 0 && saved + length <= bytes && !session.isStopped) save()
      throw fault
    }
    const content = joined(all)
    if (content.length === bytes && hex(sha256(content)) === sha) return content
    this.drop(sha)
    throw new WrongContentError(`${content.length} of ${bytes} bytes came as ${sha}, and they are something else.`)
  }
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const [only] = parts
  if (parts.length === 1 && only !== undefined) return only
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
