// The command log: the exact bytes received, their seals and the outcome, written once with the effects in one commit.
// Personal values stand beside it, so that they can be erased and the chain still verifies.
import type { ClientBase, PoolClient } from 'pg'
import { inOneFlight } from '../../store/postgres/in-one-flight.ts'
import { addBlobUses } from '../../store/postgres/blob-uses.ts'
import type { Outcome, Personal } from '../protocol.ts'
import type { Decided } from './apply.ts'
import { dropQuarantined } from './quarantine.ts'
import type { ReceivedCommand } from './streams.ts'
import { NOBODY, type SubjectKeys } from './subjects.ts'

export interface Logged {
  readonly received: ReceivedCommand
  readonly decision: Decided
  readonly outcome: Outcome
  /** Seal of the earlier life's line that this one brought; null for all others. */
  readonly origin: string | null
}

/**
 * What the log says became of commands of a life of a device and of the lives that it goes on from, in their order. A copy's life is none of
 * those, and whatever another person did there is that person's.
 */
export async function loggedOutcomes(
  client: ClientBase,
  tenant: string,
  { dev, ep }: Pick<Outcome, 'dev' | 'ep'>,
  seqs: readonly number[],
): Promise<Outcome[]> {
  const found = await client.query<
    Required<Omit<Outcome, 'reason' | 'facts'>> & { reason: string | null; facts: Outcome['facts'] | null }
  >(
    `SELECT l.dev, l.ep, l.seq, l.seal, l.outcome, l.eff, l.at, l.reason, l.facts FROM command_log l
     JOIN device d ON d.tenant_id = l.tenant_id AND d.dev = l.dev AND d.ep = $3
     WHERE l.tenant_id = $1 AND l.dev = $2 AND l.seq = ANY ($4::bigint[])
     AND (l.ep = $3 OR (l.ep < $3 AND l.seq <= d.follows AND l.user_id = d.user_id)) ORDER BY l.ep, l.seq`,
    [tenant, dev, ep, seqs],
  )
  return found.rows.map(({ reason, facts, ...row }) => ({
    ...row,
    ...(reason !== null && { reason, facts: facts ?? {} }),
  }))
}

/** Unique on (tenant, device, epoch, seq): effect and log in one commit is exactly once. [LOG1] */
export async function appendLog(
  client: PoolClient,
  tenant: string,
  logged: readonly Logged[],
  now: number,
  keys: SubjectKeys,
): Promise<void> {
  const column = <T>(value: (each: Logged) => T): T[] => logged.map(value)
  const lines = client.query({
    name: 'append-log',
    text: `INSERT INTO command_log (tenant_id, dev, ep, seq, at, type, seal, prev, line, outcome, eff, reason, facts, user_id, captured_at, received_at, origin)
      SELECT $1, dev, ep, seq, at, type, seal, prev, line, outcome, eff, reason, facts::jsonb, user_id, captured_at, $15, origin
      FROM unnest($2::text[], $3::bigint[], $4::bigint[], $5::bigint[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[], $11::text[], $12::text[], $13::text[], $14::text[], $16::bigint[], $17::text[])
      AS u(dev, ep, seq, at, type, seal, prev, line, outcome, eff, reason, facts, user_id, captured_at, origin)`,
    values: [
      tenant,
      column(({ received }) => received.envelope.dev),
      column(({ received }) => received.envelope.ep),
      column(({ received }) => received.envelope.seq),
      column(({ decision }) => decision.at),
      column(({ received }) => received.envelope.type),
      column(({ received }) => received.seal),
      column(({ received }) => received.prev),
      column(({ received }) => received.line),
      column(({ decision }) => decision.outcome),
      column(({ decision }) => decision.eff),
      column(({ decision }) => decision.reason),
      column(({ decision }) => JSON.stringify(decision.facts)),
      column(({ received }) => received.envelope.user),
      now,
      column(({ received }) => received.envelope.at),
      column(({ origin }) => origin),
    ],
  })
  const brought = logged.flatMap(({ origin }) => origin ?? [])
  const dropped = brought.length > 0 ? [dropQuarantined(client, tenant, brought)] : []
  const uses = addBlobUses(
    client,
    tenant,
    logged.flatMap(({ received: { envelope }, decision }) => {
      // Photos of somebody who was erased are kept for nobody.
      if ((decision.whose?.erased.size ?? 0) > 0) return []
      const { dev, ep, seq } = envelope
      return (envelope.blobs ?? []).map((sha) => ({ sha, tbl: 'command', id: `${dev}/${ep}/${seq}`, dev }))
    }),
  )
  await inOneFlight([lines, ...dropped, ...uses, keepPersonal(client, tenant, logged, keys)])
}

/** Each value under its person's key, with its salt; nothing of whoever is erased. [ERASE1] [ERASE2] */
async function keepPersonal(
  client: PoolClient,
  tenant: string,
  logged: readonly Logged[],
  keys: SubjectKeys,
): Promise<void> {
  const personal = logged.flatMap(({ received: { envelope, pd }, decision: { whose } }) =>
    Object.entries(pd ?? {}).flatMap(([path, { value, salt }]) => {
      const subject = whose?.subjects.get(path) ?? NOBODY
      if (whose?.erased.has(subject) === true) return []
      return [{ ...envelope, path, subject, plain: JSON.stringify([value, salt]) }]
    }),
  )
  if (personal.length === 0) return
  const sealed = await keys.seal(tenant, personal)
  await client.query(
    `INSERT INTO command_personal (tenant_id, dev, ep, seq, path, value, salt, subject)
     SELECT $1, dev, ep, seq, path, to_jsonb(value), '', subject FROM unnest($2::text[], $3::bigint[], $4::bigint[], $5::text[], $6::text[], $7::text[]) AS u(dev, ep, seq, path, value, subject)`,
    [
      tenant,
      personal.map((p) => p.dev),
      personal.map((p) => p.ep),
      personal.map((p) => p.seq),
      personal.map((p) => p.path),
      sealed,
      personal.map((p) => p.subject),
    ],
  )
}

/** The personal values that a command came with, as far as they are kept; null where there are none. */
export async function loggedPersonal(
  client: ClientBase,
  tenant: string,
  keys: SubjectKeys,
  { dev, ep, seq }: { readonly dev: string; readonly ep: number; readonly seq: number },
): Promise<Personal | null> {
  const found = await client.query<{ path: string; value: string; salt: string; subject: string | null }>(
    'SELECT path, value, salt, subject FROM command_personal WHERE tenant_id = $1 AND dev = $2 AND ep = $3 AND seq = $4',
    [tenant, dev, ep, seq],
  )
  const sealed = found.rows.filter((row): row is typeof row & { subject: string } => row.subject !== null)
  const opened = await keys.open(
    tenant,
    sealed.map(({ subject, value }) => ({ subject, sealed: value })),
  )
  // What an earlier release kept lies there as it came.
  const personal: Record<string, Personal[string]> = Object.fromEntries(
    found.rows.filter(({ subject }) => subject === null).map(({ path, value, salt }) => [path, { value, salt }]),
  )
  for (const [index, { path }] of sealed.entries()) {
    const plain = opened[index] ?? null
    if (plain === null) continue
    const [value, salt] = JSON.parse(plain) as [Personal[string]['value'], string]
    personal[path] = { value, salt }
  }
  return Object.keys(personal).length === 0 ? null : personal
}
