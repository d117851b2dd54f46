// One transaction inside one tenant: row-level security sees the tenant that is set here and no other row exists.
import type { Catalogue } from '../../kernel/catalogue.ts'
import type { ClientBase, Pool, PoolClient } from 'pg'
import { inOneFlight } from '../../store/postgres/in-one-flight.ts'

// With a name, so that they leave in the flight of what follows them.
const BEGIN = {
  write: { name: 'begin-write', text: 'BEGIN' },
  snapshot: { name: 'begin-snapshot', text: 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY' },
} as const

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
    // Nobody waits for it alone: should it fail, no statement behind it sees a tenant, and each of them fails or finds nothing.
    const begun = client.query(BEGIN[mode])
    const named = client.query({
      name: 'tenant',
      text: "SELECT set_config('holdfast.tenant', $1, true)",
      values: [tenant],
    })
    const [, , result] = await inOneFlight([begun, named, work(client)])
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

/** Another process of a newer release has brought the database over: this one has to be replaced, and devices ask again. */
export class OlderHubError extends Error {
  override readonly name = 'OlderHubError'
}

/** Rows that a newer release wrote hold what this one doesn't know, and their hashes with it: it must neither write nor answer. [VER5] */
export function mustKnow(schema: number, written: number): void {
  if (written > schema)
    throw new OlderHubError(
      `The database was written by a release of schema ${written} and this one knows ${schema}: start the newer release.`,
    )
}

/**
 * Which database gives numbers: a server in the place of another was started at another moment, what is put back is a database of its own, and
 * whoever restores one in its own place says so by another incarnation.
 */
const SERVER = `extract(epoch FROM pg_postmaster_start_time())::text || '/' ||
  (SELECT oid FROM pg_database WHERE datname = current_database()) || '/' ||
  coalesce((SELECT value FROM hub_meta WHERE key = 'incarnation'), '')`
/** Above all that a server gave which was started before: none commits a million times a second, whatever became of its rows. */
const FLOOR = '(extract(epoch FROM pg_postmaster_start_time()) * 1000)::bigint * 1024'
/** Where this machine's clock says that it was started before the last one, the numbers at least go on far above the last that is known. */
const STEP = 2 ** 20

interface Clock {
  readonly seq: number
  readonly schema: number
  /** Which gave the last numbers; null: an earlier release didn't write it down. */
  readonly server: string | null
  readonly running: string
  readonly floor: number
}

/** A tenant that is there already stays as it is. */
export const beginClock = (client: ClientBase, tenant: string): Promise<unknown> =>
  client.query(
    `INSERT INTO tenant_clock (tenant_id, seq, server, began) VALUES ($1, 0, ${SERVER}, 0) ON CONFLICT DO NOTHING`,
    [tenant],
  )

/**
 * The lock of every writer of synced tables, and the clock's value under it. A server that wasn't the last to give numbers may be a copy
 * that lacks the last commits: its numbers begin so far behind that none of those comes again. [CLOCK1]
 */
export async function lockClock(
  client: ClientBase,
  { tenant, catalogue }: { readonly tenant: string; readonly catalogue: Catalogue },
): Promise<number> {
  const found = await client.query<Clock>({
    name: 'clock-held',
    text: `SELECT seq, schema, server, ${SERVER} AS running, ${FLOOR} AS floor FROM tenant_clock WHERE tenant_id = $1 FOR UPDATE`,
    values: [tenant],
  })
  const clock = found.rows[0]
  if (clock === undefined) throw new Error(`The tenant ${tenant} does not exist on this hub.`)
  mustKnow(catalogue.schema, clock.schema)
  if (clock.server === clock.running) return clock.seq
  const seq = Math.max(clock.seq + STEP, clock.floor)
  await client.query('UPDATE tenant_clock SET seq = $2, server = $3, began = $2 WHERE tenant_id = $1', [
    tenant,
    seq,
    clock.running,
  ])
  return seq
}

/** The last statement of who holds the lock and changed something. */
export const raiseClock = (client: ClientBase, tenant: string, w: number): Promise<unknown> =>
  client.query({
    name: 'clock-raised',
    text: 'UPDATE tenant_clock SET seq = $2 WHERE tenant_id = $1',
    values: [tenant, w],
  })
