// What a device carries into its next life: every command without an outcome, captured again under the new epoch, sealed to the new
// certificate, with the seal that it had. Rows, numbers and what was printed stay as they are. It drops nothing and draws nothing.
import { assert } from '../../kernel/assert.ts'
import { lineOf, parseEnvelope } from '../envelope.ts'
import type { Envelope } from '../protocol.ts'
import { sealOf, textHash } from '../seal.ts'
import type { Identity, Replica } from './replica.ts'

interface Waiting {
  readonly seq: number
  readonly line: string
  readonly seal: string
}

/** Sequence of the first command without an outcome, or the next that will be captured. Outcomes come in order: all behind it wait too. */
export function firstWaiting(replica: Replica): number {
  const found = replica.db.get<{ seq: number | null }>(
    "SELECT MIN(seq) AS seq FROM outbox WHERE state IN ('captured', 'sent')",
  )
  return found?.seq ?? replica.seq + 1
}

interface Life {
  readonly ep: number
  readonly certificate: string
}

/** The lives before this one, in order: a hub restored to before them is shown their certificates. */
export const earlierLives = ({ meta }: Pick<Replica, 'meta'>): readonly Life[] =>
  meta.json<readonly Life[]>('lives') ?? []

export function keepLife(replica: Replica, { ep, certificate }: Identity): void {
  replica.meta.set('lives', JSON.stringify([...earlierLives(replica), { ep, certificate }]))
}

/** What the chain of seals of one life begins with; null for a life that this device knows nothing of. */
export function certificateOf(
  replica: Replica,
  identity: Pick<Identity, 'ep' | 'certificate'>,
  ep: number,
): string | null {
  if (ep === identity.ep) return identity.certificate
  return earlierLives(replica).find((life) => life.ep === ep)?.certificate ?? null
}

/** Inside the transaction that stores the new identity, before it does. [LIFE4] */
export function captureAgain(replica: Replica, next: Identity, firstSeq: number): void {
  const { db, waiting } = replica
  const life = replica.identity()
  assert(life !== null, 'Only a device that lived before has work to capture again.')
  const before = db.get<{ seal: string }>('SELECT seal FROM outbox WHERE seq = ? AND epoch = ?', [
    firstSeq - 1,
    life.ep,
  ])
  let prev = before?.seal ?? textHash(life.certificate)
  let seal = textHash(next.certificate)
  for (const row of db.all<Waiting>('SELECT seq, line, seal FROM outbox WHERE seq >= ? ORDER BY seq', [firstSeq])) {
    const envelope = parseEnvelope(row.line)
    assert(envelope !== null, 'A line of this device cannot be read: it was written by another version.')
    // What was captured again already keeps its first life: ids and numbers come from there.
    const was = envelope.was ?? { ep: envelope.ep, seq: envelope.seq, prev, seal: row.seal }
    const line = lineOf({ ...envelope, ep: next.ep, was } satisfies Envelope)
    prev = row.seal
    seal = sealOf(seal, line)
    db.run("UPDATE outbox SET epoch = ?, line = ?, seal = ?, state = 'captured', outcome = NULL WHERE seq = ?", [
      next.ep,
      line,
      seal,
      row.seq,
    ])
  }
  waiting.changed()
  // Another letter, another series: numbers of this life begin at 1.
  db.run('DELETE FROM number_counter')
}
