// What an erasure takes away on the hub beside rows: the keys and kept values of the person's commands, ready-made downloads with their
// rows in them, their photos. It happens in the commit of the command that erases; the lines of the log stay, and verify.
import type { PoolClient } from 'pg'
import { ERASE_SUBJECT } from '../../kernel/erasure.ts'
import { momentOfId } from '../../kernel/hash.ts'
import type { Decided, Incoming } from './apply.ts'
import { areAboutErased } from './erased-lines.ts'
import type { PushContext } from './push.ts'
import { forgetQuarantined } from './quarantine.ts'
import type { ErasedPerson } from './subjects.ts'

type Shreds = Pick<PushContext, 'tenant' | 'keys' | 'catalogue'>

/** After a part is decided and its rows are written, before its commit. [ERASE1] */
export async function shred(
  client: PoolClient,
  context: Shreds,
  runs: readonly Incoming[],
  decided: readonly Decided[],
): Promise<void> {
  const commits = decided.flatMap(({ outcome, at }, index) => {
    const wasDone = outcome === 'accepted' || outcome === 'adjusted'
    return wasDone && runs[index]?.command?.name === ERASE_SUBJECT ? [at] : []
  })
  for (const at of commits) await shredAt(client, context, at)
}

async function shredAt(client: PoolClient, context: Shreds, at: number): Promise<void> {
  const { tenant, keys } = context
  const erased = await client.query<ErasedPerson>(
    `SELECT e.subject, e."table" FROM kernel_erasure e JOIN bucket_row b ON b.tenant_id = e.tenant_id AND b.tbl = 'kernel.erasure' AND b.id = e.id
     WHERE e.tenant_id = $1 AND b.seq = $2`,
    [tenant, at],
  )
  const subjects = erased.rows.map(({ subject }) => subject)
  if (subjects.length === 0) return
  await claimParked(client, context, erased.rows)
  await dropPhotos(client, tenant, subjects)
  await client.query('DELETE FROM command_personal WHERE tenant_id = $1 AND subject = ANY ($2::text[])', [
    tenant,
    subjects,
  ])
  await dropUnsealed(client, context)
  await forgetQuarantined(client, context)
  // Made anew, without them, for whoever asks next.
  for (const table of ['chunk', 'chunk_set'])
    await client.query(
      `DELETE FROM ${table} WHERE tenant_id = $1 AND bucket IN (SELECT bucket FROM bucket_row WHERE tenant_id = $1 AND seq = $2)`,
      [tenant, at],
    )
  // Before the commit: should it fail, the hub erases again at its next start; after it, a crash would leave the key.
  await keys.destroy(tenant, erased.rows)
}

/** What was parked that would make them is theirs, whomever else it names; where their row is, something else made them. */
async function claimParked(
  client: PoolClient,
  { tenant, catalogue }: Pick<Shreds, 'tenant' | 'catalogue'>,
  erased: readonly ErasedPerson[],
): Promise<void> {
  for (const { subject, table } of erased) {
    const { sqlName } = catalogue.tables.get(table) ?? {}
    if (sqlName === undefined) continue
    await client.query(
      `UPDATE command_personal p SET subject = $2 FROM kernel_review_item r
       WHERE r.tenant_id = $1 AND r.captured_at = $3 AND p.tenant_id = $1 AND p.dev = r.dev AND p.ep = r.ep AND p.seq = r.seq
       AND NOT EXISTS (SELECT 1 FROM ${sqlName} made WHERE made.tenant_id = $1 AND made.id = $2)`,
      [tenant, subject, momentOfId(subject)],
    )
  }
}

/** What an earlier release kept without saying whose it is. */
async function dropUnsealed(client: PoolClient, context: Shreds): Promise<void> {
  const { tenant } = context
  const kept = await client.query<{ dev: string; ep: number; seq: number; line: string }>(
    `SELECT l.dev, l.ep, l.seq, l.line FROM command_log l WHERE l.tenant_id = $1 AND EXISTS (
       SELECT 1 FROM command_personal p WHERE p.tenant_id = $1 AND p.dev = l.dev AND p.ep = l.ep AND p.seq = l.seq AND p.subject IS NULL)`,
    [tenant],
  )
  const about = await areAboutErased(
    client,
    context,
    kept.rows.map(({ line }) => line),
  )
  for (const { dev, ep, seq } of kept.rows.filter((_, index) => about[index]))
    await client.query(
      'DELETE FROM command_personal WHERE tenant_id = $1 AND dev = $2 AND ep = $3 AND seq = $4 AND subject IS NULL',
      [tenant, dev, ep, seq],
    )
}

/** What only their commands still name: the next sweep takes its bytes away. */
async function dropPhotos(client: PoolClient, tenant: string, subjects: readonly string[]): Promise<void> {
  const left = await client.query<{ sha: string }>(
    `DELETE FROM blob_use u WHERE u.tenant_id = $1 AND u.tbl = 'command'
     AND u.id IN (SELECT p.dev || '/' || p.ep || '/' || p.seq FROM command_personal p WHERE p.tenant_id = $1 AND p.subject = ANY ($2::text[]))
     AND NOT EXISTS (SELECT 1 FROM blob_use r WHERE r.tenant_id = $1 AND r.sha = u.sha AND r.tbl <> 'command')
     RETURNING u.sha`,
    [tenant, subjects],
  )
  const shas = left.rows.map(({ sha }) => sha)
  if (shas.length === 0) return
  await client.query(
    `UPDATE blob SET state = 'leaving' WHERE tenant_id = $1 AND sha = ANY ($2::text[])
     AND NOT EXISTS (SELECT 1 FROM blob_use u WHERE u.tenant_id = $1 AND u.sha = blob.sha)`,
    [tenant, shas],
  )
  for (const table of ['blob_piece', 'blob_upload'])
    await client.query(
      `DELETE FROM ${table} WHERE tenant_id = $1 AND sha IN (SELECT sha FROM blob WHERE tenant_id = $1 AND state = 'leaving' AND sha = ANY ($2::text[]))`,
      [tenant, shas],
    )
}
