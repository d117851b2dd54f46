// Incidents: what should not have happened and healed or waits for people. Kept on the device for whoever looks into it;
// the same one again and again is written once, so that a fault that lasts can't fill the disk.
import type { Sqlite } from '../../store/sqlite/engine.ts'

/** `at` is wall time. Inside or outside of a transaction. */
export function noteIncident(db: Sqlite, at: number, kind: string, detail: string): void {
  const last = db.get<{ kind: string; detail: string }>('SELECT kind, detail FROM incident ORDER BY id DESC LIMIT 1')
  if (last?.kind === kind && last.detail === detail) return
  db.run('INSERT INTO incident (at, kind, detail) VALUES (?, ?, ?)', [at, kind, detail])
}
