// Which leaves of a bucket differ from what a device says it holds, and the rows of those: a damaged row costs its leaf,
// not its bucket. It compares digests that both sides worked out from their own rows and never tells its own.
import type { PoolClient } from 'pg'
import type { LeafDigests } from '../protocol.ts'
import type { Entry } from './entries.ts'
import { withDifferences, type Differences } from './older-digests.ts'

export interface DifferingLeaves {
  readonly name: string
  readonly leaves: string[]
  readonly entries: Entry[]
}

/** In the snapshot of `client`. A bucket none of whose leaves differs is left out. [PROOF3] */
export async function differingLeaves(
  client: PoolClient,
  tenant: string,
  asked: readonly { readonly name: string; readonly leaves?: LeafDigests | undefined }[],
  /** Of a client of an older schema: by bucket. */
  differences: ReadonlyMap<string, Differences>,
): Promise<DifferingLeaves[]> {
  const found: DifferingLeaves[] = []
  for (const { name, leaves: theirs } of asked) {
    if (theirs === undefined) continue
    const ours = await digestsOf(client, tenant, name, differences.get(name))
    const leaves = [...new Set([...Object.keys(theirs), ...ours.keys()])].filter((leaf) => {
      const [count, sum] = ours.get(leaf) ?? NO_ROWS
      const [theirCount, theirSum] = theirs[leaf] ?? NO_ROWS
      return theirCount !== count || theirSum !== sum
    })
    if (leaves.length === 0) continue
    const rows = await client.query<Entry>(
      "SELECT bucket, tbl, id, seq, op FROM bucket_row WHERE tenant_id = $1 AND bucket = $2 AND op = 'put' AND right(id, 2) = ANY ($3::text[])",
      [tenant, name, leaves],
    )
    found.push({ name, leaves, entries: rows.rows })
  }
  return found
}

const NO_ROWS = [0, '0'.repeat(16)] as const
async function digestsOf(
  client: PoolClient,
  tenant: string,
  bucket: string,
  differences: Differences | undefined,
): Promise<Map<string, readonly [number, string]>> {
  const found = await client.query<{ leaf: string; count: number; sum: string }>(
    "SELECT right(id, 2) AS leaf, count(*)::int AS count, sum(('x' || hash)::bit(64)::bigint::numeric)::text AS sum FROM bucket_row WHERE tenant_id = $1 AND bucket = $2 AND op = 'put' GROUP BY 1",
    [tenant, bucket],
  )
  const byLeaf = new Map<string, { count: number; sum: bigint }>()
  for (const { id, rows, sum } of differences?.values() ?? []) {
    const leaf = id.slice(-2)
    const total = byLeaf.get(leaf) ?? { count: 0, sum: 0n }
    byLeaf.set(leaf, { count: total.count + rows, sum: total.sum + sum })
  }
  return new Map(
    // PostgreSQL's bigint is signed: the sum is the same modulo 2⁶⁴.
    found.rows.map(({ leaf, count, sum }) => [leaf, withDifferences(count, BigInt(sum), byLeaf.get(leaf))]),
  )
}
