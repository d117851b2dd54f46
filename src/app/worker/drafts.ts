// Drafts of forms: what a person has typed and not saved, kept in the encrypted database. A draft is never sent and never a document.
import type { Sqlite } from '../../store/sqlite/engine.ts'

/** A form that nobody came back to for a month is forgotten. */
const KEPT_MS = 30 * 86_400_000

export class Drafts {
  private readonly db: Sqlite

  constructor(db: Sqlite) {
    this.db = db
  }

  get(key: string): string | null {
    return this.db.get<{ value: string }>('SELECT value FROM draft WHERE key = ?', [key])?.value ?? null
  }

  /** Keeps a draft's JSON, or removes it when null. `at` is the wall time in ms. */
  set(key: string, value: string | null, at: number): void {
    this.db.transaction(() => {
      if (value === null) this.db.run('DELETE FROM draft WHERE key = ?', [key])
      else {
        const upsert =
          'INSERT INTO draft (key, value, at) VALUES (?, ?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value, at = excluded.at'
        this.db.run(upsert, [key, value, at])
      }
      this.db.run('DELETE FROM draft WHERE at < ?', [at - KEPT_MS])
    })
  }
}
