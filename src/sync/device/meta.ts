// Small named values of the device in its own database: identity, lease, sequence, last seal, settings of sync.
import type { Sqlite } from '../../store/sqlite/engine.ts'

export class Meta {
  private readonly db: Sqlite
  /** What was parsed, by the text it was parsed from: identity and lease are read at each save and hardly ever change. */
  private readonly parsed = new Map<string, { readonly text: string; readonly value: unknown }>()

  constructor(db: Sqlite) {
    this.db = db
  }

  get(key: string): string | null {
    return this.db.get<{ value: string }>('SELECT value FROM meta WHERE key = ?', [key])?.value ?? null
  }

  set(key: string, value: string): void {
    this.db.run('INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value', [
      key,
      value,
    ])
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
