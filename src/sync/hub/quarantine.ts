// Work of a life that may push no more (copied, put back, replaced): kept as it came, sealed and signed, so that nothing is lost should that
// device never be seen again. None of it counts until its device goes on in its next life, or the hub's operator takes it in; each line then
// is an original that counts once. Nothing is kept without its life's signature.
import type { PoolClient } from 'pg'
import { parseEnvelope } from '../envelope.ts'
import type { QuarantinedWork } from '../office-protocol.ts'
import type { Personal } from '../protocol.ts'
import { areAboutErased } from './erased-lines.ts'
import type { PushContext } from './push.ts'
import type { ReceivedCommand, ReceivedStream } from './streams.ts'
import { NOBODY } from './subjects.ts'

/** Of one device: what is beyond it stays in that device's outbox. A thousand busy days. */
const KEPT_BYTES_MAX = 64 * 1024 * 1024

/** The line that a line stands for: that of the life that captured it. */
const originOf = ({ envelope, seal }: Pick<ReceivedCommand, 'envelope' | 'seal'>): string => envelope.was?.seal ?? seal

/**
 * Keeps what the hub has not; the caller holds the tenant's clock. Answers up to which sequence it has all of the stream, so that the device
 * may show what follows; 0 when that is none of it. [FORK2]
 */
export async function keepQuarantined(
  client: PoolClient,
  context: Pick<PushContext, 'tenant' | 'now' | 'keys' | 'catalogue'>,
  { header, commands }: Pick<ReceivedStream, 'header' | 'commands'>,
): Promise<number> {
  const { tenant, now, keys } = context
  const room = await client.query<{ bytes: number }>(
    'SELECT coalesce(sum(length(line) + coalesce(length(pd), 0)), 0)::bigint AS bytes FROM quarantined WHERE tenant_id = $1 AND dev = $2',
    [tenant, header.dev],
  )
  let bytes = room.rows[0]?.bytes ?? 0
  const fits = commands.filter(({ line, pd }) => {
    bytes += line.length + (pd === null ? 0 : JSON.stringify(pd).length)
    return bytes <= KEPT_BYTES_MAX
  })
  const about = await areAboutErased(
    client,
    context,
    fits.map(({ line }) => line),
  )
  // Whose the values are nobody knows before their command has run: they lie under nobody's key. [ERASE1] [ERASE2]
  const plain = fits.flatMap(({ pd }, index) =>
    pd === null || about[index] === true ? [] : [{ index, subject: NOBODY, plain: JSON.stringify(pd) }],
  )
  const sealed = new Map((await keys.seal(tenant, plain)).map((text, at) => [plain[at]?.index, text]))
  const column = <T>(value: (each: ReceivedCommand, index: number) => T): T[] => fits.map(value)
  await client.query(
    `INSERT INTO quarantined (tenant_id, dev, ep, seq, seal, prev, origin, line, pd, missing_pd, received_at)
     SELECT $1, $2, $3, u.*, $11 FROM unnest($4::bigint[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[]) AS u(seq, seal, prev, origin, line, pd, missing_pd)
     WHERE NOT EXISTS (SELECT 1 FROM command_log l WHERE l.tenant_id = $1 AND l.dev = $2 AND l.seal IN (u.seal, u.origin))
     AND NOT EXISTS (SELECT 1 FROM command_log l WHERE l.tenant_id = $1 AND l.origin = u.origin)
     ON CONFLICT DO NOTHING`,
    [
      tenant,
      header.dev,
      header.ep,
      column(({ envelope }) => envelope.seq),
      column(({ seal }) => seal),
      column(({ prev }) => prev),
      column(originOf),
      column(({ line }) => line),
      column((_, index) => sealed.get(index) ?? null),
      column(
        ({ pd, missingPd }, index) => missingPd ?? (about[index] === true ? (Object.keys(pd ?? {})[0] ?? null) : null),
      ),
      now(),
    ],
  )
  return fits.length === commands.length ? header.lastSeq : (fits.at(-1)?.envelope.seq ?? 0)
}

/** What came in since under these originals is kept no more. [FORK2] */
export const dropQuarantined = (client: PoolClient, tenant: string, origins: readonly string[]): Promise<unknown> =>
  client.query(
    'DELETE FROM quarantined WHERE tenant_id = $1 AND (origin = ANY ($2::text[]) OR seal = ANY ($2::text[]))',
    [tenant, [...origins]],
  )

export interface Kept {
  readonly ep: number
  readonly seal: string
  readonly prev: string
  readonly line: string
  readonly pd: string | null
  readonly missing_pd: string | null
  readonly received_at: number
}

const storedOf = (client: PoolClient, tenant: string, dev: string): Promise<readonly Kept[]> =>
  client
    .query<Kept>(
      'SELECT ep, seal, prev, line, pd, missing_pd, received_at FROM quarantined WHERE tenant_id = $1 AND dev = $2 ORDER BY ep, seq, received_at, seal',
      [tenant, dev],
    )
    .then(({ rows }) => rows)

/** With the personal values that came with them, in clear. */
export async function keptOf(
  client: PoolClient,
  { tenant, keys }: Pick<PushContext, 'tenant' | 'keys'>,
  dev: string,
): Promise<readonly Kept[]> {
  const stored = await storedOf(client, tenant, dev)
  const opened = await keys.open(
    tenant,
    stored.map(({ pd }) => ({ subject: NOBODY, sealed: pd ?? '' })),
  )
  return stored.map((kept, index) => ({ ...kept, pd: opened[index] ?? null }))
}

/** What was kept of people who are erased now. */
export async function forgetQuarantined(
  client: PoolClient,
  context: Pick<PushContext, 'tenant' | 'catalogue'>,
): Promise<void> {
  const { tenant } = context
  const kept = await client.query<{ seal: string; line: string }>(
    'SELECT seal, line FROM quarantined WHERE tenant_id = $1 AND pd IS NOT NULL',
    [tenant],
  )
  const about = await areAboutErased(
    client,
    context,
    kept.rows.map(({ line }) => line),
  )
  await client.query(
    "UPDATE quarantined SET pd = NULL, missing_pd = coalesce(missing_pd, 'erased') WHERE tenant_id = $1 AND seal = ANY ($2::text[])",
    [tenant, kept.rows.filter((_, index) => about[index]).map(({ seal }) => seal)],
  )
}

export function commandOf({ line, pd, missing_pd: missingPd, seal, prev }: Kept): ReceivedCommand {
  const envelope = parseEnvelope(line)
  if (envelope === null) throw new Error(`A quarantined line can't be read: ${seal}`)
  return { envelope, line, pd: pd === null ? null : (JSON.parse(pd) as Personal), missingPd, seal, prev }
}

/** What of one device is kept and doesn't count, in the order of its lives and numbers. */
export async function quarantinedWork(client: PoolClient, tenant: string, dev: string): Promise<QuarantinedWork[]> {
  return (await storedOf(client, tenant, dev)).map((kept) => {
    const { ep, seq, type, user, at } = commandOf({ ...kept, pd: null }).envelope
    return { ep, seq, type, user, at, receivedAt: kept.received_at, seal: kept.seal }
  })
}
