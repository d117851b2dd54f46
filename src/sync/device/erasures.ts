// What follows on this device when somebody was erased: the news in a pull, the log of the database emptied so that no old page is left in
// a file, and then the device's own word to the hub. A kill between any two of them goes on with the next exchange.
import { CONFIRM_ERASURE, erasure } from '../../kernel/erasure.ts'
import type { AnyRow, AnyTable } from '../../kernel/table.ts'
import type { RunAnswer, RunOptions } from './api.ts'
import { Purge } from './purge.ts'
import type { Replica } from './replica.ts'

/** The purge of whom these rows of a pull say is erased, as far as this device hasn't heard; null for nobody. */
export function purgeFor(
  replica: Replica,
  changes: Iterable<{ readonly table: AnyTable; readonly row: AnyRow | null }>,
): Purge | null {
  const people: string[] = []
  for (const { table, row } of changes)
    if (table.name === erasure.name && row !== null && !isForgotten(replica, String(row['subject'])))
      people.push(String(row['subject']))
  return people.length === 0 ? null : new Purge(replica, people)
}

const isForgotten = ({ db }: Replica, subject: string): boolean =>
  db.get('SELECT 1 FROM forgotten WHERE subject = ?', [subject]) !== undefined

/** purged: gone from every table · clean: gone from the files · told: the hub will hear it. */
interface Forgotten {
  readonly subject: string
  readonly commands: number
}

const inState = ({ db }: Replica, state: 'purged' | 'clean'): Forgotten[] =>
  db.all<Forgotten>('SELECT subject, commands FROM forgotten WHERE state = ? ORDER BY subject', [state])

/** After an exchange. `run` saves a command of this device; true when one was. [ERASE4] */
export function confirmErasures(
  replica: Replica,
  run: (command: string, args: Readonly<Record<string, unknown>>, options: RunOptions) => RunAnswer,
): boolean {
  const { db, isHeldBack } = replica
  if (isHeldBack) return false
  if (inState(replica, 'purged').length > 0) {
    // The pages before the purge still lie in the log, encrypted: it is brought in whole and cut to nothing.
    const done = db.get<{ busy: number }>('PRAGMA wal_checkpoint(TRUNCATE)')
    if (done?.busy !== 0) return false
    db.run("UPDATE forgotten SET state = 'clean' WHERE state = 'purged'")
  }
  let isSaved = false
  for (const { subject, commands } of inState(replica, 'clean')) {
    const answer = run(CONFIRM_ERASURE, { subject, commands }, { requestKey: `erasure/${subject}` })
    // Whose lease is over says it later.
    if (!answer.saved) break
    db.run("UPDATE forgotten SET state = 'told' WHERE subject = ?", [subject])
    isSaved = true
  }
  return isSaved
}
