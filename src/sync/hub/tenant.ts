// One transaction inside one tenant: row-level security sees the tenant that is set here and no other row exists.
import type { Pool, PoolClient } from 'pg'

/** Runs `work` in a READ COMMITTED transaction of the tenant (REPEATABLE READ and read-only for `snapshot`); rolls back when it throws. */
export async function inTenant<T>(
  pool: Pool,
  tenant: string,
  work: (client: PoolClient) => Promise<T>,
  mode: 'write' | 'snapshot' = 'write',
): Promise<T> {
  const client = await pool.connect()
  let isBroken = false
  try {
    await client.query(mode === 'snapshot' ? 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY' : 'BEGIN')
    await client.query("SELECT set_config('holdfast.tenant', $1, true)", [tenant])
    const result = await work(client)
    await client.query('COMMIT')
    return result
  } catch (fault) {
    // A rollback can only fail on a dead connection, which the pool then drops; the first fault is the one to report.
    await client.query('ROLLBACK').catch(() => (isBroken = true))
    throw fault
  } finally {
    client.release(isBroken)
  }
}
