// Which rows name which photos and files, and whose device put the name there, kept in the commit that changes the rows:
// who may fetch a blob and which ones nobody needs any more are both answered from it. It knows no bytes.
import type { ClientBase } from 'pg'
import { blobFieldsOf, blobsIn } from '../../kernel/blob.ts'
import type { BatchCache } from './batch-cache.ts'

export interface BlobUse {
  readonly sha: string
  /** A table's name, or `command`. */
  readonly tbl: string
  readonly id: string
  /** The device whose command named it: the name counts for readers once that device has brought the bytes. */
  readonly dev: string
}

/** None, or the one statement. */
export function addBlobUses(client: ClientBase, tenant: string, uses: readonly BlobUse[]): Promise<unknown>[] {
  if (uses.length === 0) return []
  const added = client.query(
    `INSERT INTO blob_use (tenant_id, sha, tbl, id, dev) SELECT $1, * FROM unnest($2::text[], $3::text[], $4::text[], $5::text[]) AS u(sha, tbl, id, dev)
     ON CONFLICT DO NOTHING`,
    [
      tenant,
      uses.map(({ sha }) => sha),
      uses.map(({ tbl }) => tbl),
      uses.map(({ id }) => id),
      uses.map(({ dev }) => dev),
    ],
  )
  return [added]
}

/** What the batch's rows name that they didn't before, and no more what they don't now. `authorOf`: the device of the command at a clock's value. */
export function flushBlobUses(
  client: ClientBase,
  tenant: string,
  cache: BatchCache,
  authorOf: (at: number) => string,
): Promise<unknown>[] {
  const added: BlobUse[] = []
  const left: Omit<BlobUse, 'dev'>[] = []
  for (const changes of cache.changes.values())
    for (const { table, before, after, at } of changes.values()) {
      if (blobFieldsOf(table).length === 0) break
      const of = { tbl: table.name, id: after.id }
      const is = blobsIn(table.fields, after)
      const was = before === null ? [] : blobsIn(table.fields, before)
      for (const sha of is) if (!was.includes(sha)) added.push({ sha, ...of, dev: authorOf(at) })
      for (const sha of was) if (!is.includes(sha)) left.push({ sha, ...of })
    }
  const sent = addBlobUses(client, tenant, added)
  if (left.length === 0) return sent
  const dropped = client.query(
    `DELETE FROM blob_use USING unnest($2::text[], $3::text[], $4::text[]) AS u(sha, tbl, id)
     WHERE blob_use.tenant_id = $1 AND blob_use.sha = u.sha AND blob_use.tbl = u.tbl AND blob_use.id = u.id`,
    [tenant, left.map(({ sha }) => sha), left.map(({ tbl }) => tbl), left.map(({ id }) => id)],
  )
  return [...sent, dropped]
}
