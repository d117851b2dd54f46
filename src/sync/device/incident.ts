// Incidents: what should not have happened and healed or waits for people. Kept on the device for whoever looks into it;
// the same one again and again is written once, so that a fault that lasts can't fill the disk.
import type { Sqlite } from '../../store/sqlite/engine.ts'
import type { IncidentsSaid } from '../protocol.ts'

/** `at` is wall time. Inside or outside of a transaction. */
export function noteIncident(db: Sqlite, at: number, kind: string, detail: string): void {
  const last = db.get<{ kind: string; detail: string }>('SELECT kind, detail FROM incident ORDER BY id DESC LIMIT 1')
  if (last?.kind === kind && last.detail === detail) return
  db.run('INSERT INTO incident (at, kind, detail) VALUES (?, ?, ?)', [at, kind, detail])
}

/** Told to the hub with each pull. */
const TOLD_MAX = 5

/** What is told of them; null while there is nothing. Details may hold people's data and stay here. [PROOF5] */
export function toldIncidents(db: Sqlite): IncidentsSaid | null {
  const count = db.get<{ n: number }>('SELECT COUNT(*) AS n FROM incident')?.n ?? 0
  if (count === 0) return null
  const newest = db.all<{ at: number; kind: string }>('SELECT at, kind FROM incident ORDER BY id DESC LIMIT ?', [
    TOLD_MAX,
  ])
  return [count, newest.map(({ at, kind }) => [at, kind] as const)]
}
