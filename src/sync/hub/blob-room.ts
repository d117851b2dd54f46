// How much photos and files may take: what one device brings in a day, and all that a tenant has. It refuses before a byte is taken, so that
// nobody fills the hub's disk by naming what they send; what is refused stays on its device and is sent when there is room. [BLOB10]
import type { PoolClient } from 'pg'
import type { CodesOf } from '../refusals.ts'

export interface BlobQuota {
  /** Of one device in 24 hours: some ten thousand photos. */
  readonly deviceDayBytes: number
  /** Of all that a tenant has. */
  readonly tenantBytes: number
}

export const GIB = 1024 ** 3
export const standardBlobQuota: BlobQuota = { deviceDayBytes: 4 * GIB, tenantBytes: 500 * GIB }

const DAY_MS = 24 * 3_600_000
/** A sum over all rows of a tenant isn't made for each upload. */
const COUNTED_MS = 60_000

export class BlobRoom {
  readonly quota: BlobQuota
  private counted = { at: -Infinity, bytes: 0 }

  constructor(quota: BlobQuota) {
    this.quota = quota
  }

  /** Asked before an upload of `size` is begun; null when there is room. */
  async refusalOf(
    client: PoolClient,
    {
      tenant,
      dev,
      size,
      now,
    }: { readonly tenant: string; readonly dev: string; readonly size: number; readonly now: number },
  ): Promise<Extract<CodesOf<'blob'>, 'blob.over-quota' | 'blob.hub-full'> | null> {
    const brought = await sumOf(
      client,
      'SELECT sum(size) AS bytes FROM blob_upload WHERE tenant_id = $1 AND dev = $2 AND touched_at > $3',
      [tenant, dev, now - DAY_MS],
    )
    if (brought + size > this.quota.deviceDayBytes) return 'blob.over-quota'
    if (Math.abs(now - this.counted.at) > COUNTED_MS) {
      const kept = await sumOf(client, 'SELECT sum(size) AS bytes FROM blob WHERE tenant_id = $1', [tenant])
      const begun = await sumOf(
        client,
        'SELECT sum(size) AS bytes FROM blob_upload WHERE tenant_id = $1 AND done_at IS NULL',
        [tenant],
      )
      this.counted = { at: now, bytes: kept + begun }
    }
    if (this.counted.bytes + size > this.quota.tenantBytes) return 'blob.hub-full'
    this.counted.bytes += size
    return null
  }
}

async function sumOf(client: PoolClient, text: string, values: unknown[]): Promise<number> {
  const found = await client.query<{ bytes: string | number | null }>(text, values)
  return Number(found.rows[0]?.bytes ?? 0)
}
