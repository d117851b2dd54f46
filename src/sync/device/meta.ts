// Small named values of the device in its own database: identity, lease, sequence, last seal, settings of sync.
import type { Sqlite } from '../../store/sqlite/engine.ts'

export class Meta {
  private readonly db: Sqlite

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

  json<T>(key: string): T | null {
    const text = this.get(key)
    return text === null ? null : (JSON.parse(text) as T)
  }
}
