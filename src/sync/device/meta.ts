// Small named values of the device in its own database: identity, lease, watermark, settings of sync. What was read or written stays in
// memory, because every save asks for some of them; it goes back with a transaction that goes back. Whoever else writes there says so.
import type { Sqlite } from '../../store/sqlite/engine.ts'

/** Of one database, whoever asks: null where it has no such value. */
const heldOf = new WeakMap<Sqlite, Map<string, string | null>>()

export class Meta {
  private readonly db: Sqlite
  private readonly held: Map<string, string | null>
  /** What was parsed, by the text it was parsed from: identity and lease are read at each save and hardly ever change. */
  private readonly parsed = new Map<string, { readonly text: string; readonly value: unknown }>()

  constructor(db: Sqlite) {
    this.db = db
    this.held = heldOf.get(db) ?? new Map<string, string | null>()
    heldOf.set(db, this.held)
  }

  get(key: string): string | null {
    let value = this.held.get(key)
    if (value === undefined) {
      value = this.db.get<{ value: string }>('SELECT value FROM meta WHERE key = ?', [key])?.value ?? null
      this.hold(key, value)
    }
    return value
  }

  set(key: string, value: string): void {
    this.db.run('INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value', [
      key,
      value,
    ])
    this.hold(key, value)
  }

  /** Somebody wrote in the table by statements of their own. */
  changed(): void {
    this.held.clear()
  }

  private hold(key: string, value: string | null): void {
    this.held.set(key, value)
    // What a transaction saw is true inside of it only.
    this.db.ifUndone(() => this.held.delete(key))
  }

  number(key: string): number {
    return Number(this.get(key) ?? 0)
  }

  /** The value of a JSON text. It is shared: whoever reads it must not change it. */
  json<T>(key: string): T | null {
    const text = this.get(key)
    if (text === null) return null
    const held = this.parsed.get(key)
    if (held?.text === text) return held.value as T
    const value = JSON.parse(text) as T
    this.parsed.set(key, { text, value })
    return value
  }
}
