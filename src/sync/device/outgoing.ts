// Outbox lines as they travel: batches of consecutive commands, each a signed stream with the seal it follows. It reads the outbox and
// changes nothing in it; whether a batch goes over the wire or into a rescue file is its caller's business.
import { PUSH_BYTES_MAX, streamText, type Envelope } from '../protocol.ts'
import { sealOf, textHash } from '../seal.ts'
import { certificateOf } from './next-life.ts'
import type { Identity, Replica } from './replica.ts'

export interface OutboxLine {
  readonly seq: number
  readonly epoch: number
  readonly line: string
  readonly pd: string | null
  readonly seal: string
}

const HEAD_BYTES = 1024

/** The next commands without an outcome behind `after`: consecutive, of one life, and no more than a push carries. */
export function nextBatch({ db }: Replica, commandsMax: number, after = 0): OutboxLine[] {
  const lines = db.all<OutboxLine>(
    "SELECT seq, epoch, line, pd, seal FROM outbox WHERE state IN ('captured', 'sent') AND seq > ? ORDER BY seq LIMIT ?",
    [after, commandsMax],
  )
  let bytes = HEAD_BYTES
  const end = lines.findIndex(({ seq, epoch, line, pd }, index) => {
    bytes += line.length + (pd?.length ?? 0) + 16
    const before = lines[index - 1]
    return before !== undefined && (bytes > PUSH_BYTES_MAX || before.seq !== seq - 1 || before.epoch !== epoch)
  })
  return end === -1 ? lines : lines.slice(0, end)
}

/** The first and the last command that no answer ever came for: also one that says it never left may have left a process that was killed. */
export function unansweredOf({ db }: Replica): readonly [number, number] | undefined {
  const found = db.get<{ first: number | null; last: number | null }>(
    "SELECT MIN(seq) AS first, MAX(seq) AS last FROM outbox WHERE state IN ('captured', 'sent') AND outcome IS NULL",
  )
  return found?.first == null || found.last === null ? undefined : [found.first, found.last]
}

/** Whether this device still holds every line from `seq` on, of all its lives since, and the seal that the first of them stands on. */
export function connectsFrom(replica: Replica, identity: Identity, seq: number): boolean {
  const { db } = replica
  const first = db.get<OutboxLine>('SELECT seq, epoch, line, pd, seal FROM outbox WHERE seq = ?', [seq])
  const held = db.get<{ n: number }>('SELECT COUNT(*) AS n FROM outbox WHERE seq >= ?', [seq])?.n
  if (first === undefined || held !== replica.seq - seq + 1) return false
  return sealOf(sealBefore(replica, identity, first), first.line) === first.seal
}

/** What a line is chained to, as far as this device knows. */
const sealBefore = (replica: Replica, identity: Identity, { seq, epoch }: Pick<OutboxLine, 'seq' | 'epoch'>): string =>
  replica.db.get<{ seal: string }>('SELECT seal FROM outbox WHERE seq = ? AND epoch = ?', [seq - 1, epoch])?.seal ??
  textHash(certificateOf(replica, identity, epoch) ?? '')

/** The batch as a stream; with `showsLeases` the leases it was done under travel along. The batch is not empty. */
export async function streamLines(
  replica: Replica,
  identity: Identity,
  sign: (text: string) => Promise<string>,
  batch: readonly OutboxLine[],
  showsLeases: boolean,
): Promise<string[]> {
  const { db } = replica
  const { tenant, dev } = identity
  const first = batch[0] as OutboxLine
  const last = batch.at(-1) as OutboxLine
  const ep = first.epoch
  const unsigned = { tenant, dev, ep, firstSeq: first.seq, lastSeq: last.seq, lastSeal: last.seal }
  const prev = sealBefore(replica, identity, first)
  const lines = [JSON.stringify({ stream: { ...unsigned, prev, signature: await sign(streamText(unsigned)) } })]
  // Of an earlier life, or in a rescue file: the hub may have lost all of it, and takes it back on its own signature. [LIFE7]
  if (ep !== identity.ep || showsLeases)
    lines.push(JSON.stringify(['life', certificateOf(replica, identity, ep) ?? '']))
  if (showsLeases) {
    const hashes = new Set(batch.map(({ line }) => (JSON.parse(line) as Envelope).lease))
    // An empty one says that this device doesn't have it either: the hub then parks what was done under it.
    for (const hash of hashes) {
      const held = db.get<{ jws: string }>('SELECT jws FROM lease_held WHERE hash = ?', [hash])
      lines.push(JSON.stringify(['lease', held?.jws ?? '']))
    }
  }
  for (const { line, pd } of batch) {
    lines.push(line)
    if (pd !== null) lines.push(`["pd",${pd}]`)
  }
  return lines
}
