// The tenant's clock over the lives of its database server: a real one that is stopped and started.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { expect, test } from 'vitest'
import { openDatabase, withClient } from '../../hub/postgres/open-database.ts'
import { addTenant } from '../../testing/hub-tenant.ts'
import { wireCatalogue } from '../../testing/wire-catalogue.ts'
import { SERVER_LIFE } from '../protocol.ts'
import { hubDdl } from './schema.ts'
import { inTenant, lockClock, raiseClock } from './tenant.ts'

const clock = { tenant: 'TICK', catalogue: wireCatalogue }
const log = { info: () => undefined, warn: () => undefined }

test('[CLOCK1] a server that was started again gives no number that it may have given and lost', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-clock-'))
  const onServer = async <T>(work: (pool: pg.Pool) => Promise<T>): Promise<T> => {
    const database = await openDatabase({ dataDir: join(folder, 'data'), log })
    const pool = new pg.Pool(database.appConfig)
    try {
      await withClient(database.ownerConfig, (client) => client.query(hubDdl(wireCatalogue, database.appRole)))
      return await work(pool)
    } finally {
      await pool.end()
      await database.stop()
    }
  }
  const commit = (pool: pg.Pool): Promise<number> =>
    inTenant(pool, clock.tenant, async (client) => {
      const at = (await lockClock(client, clock)) + 1
      await raiseClock(client, clock.tenant, at)
      return at
    })
  const look = (pool: pg.Pool): Promise<number> => inTenant(pool, clock.tenant, (client) => lockClock(client, clock))
  try {
    const first = await onServer(async (pool) => {
      await addTenant(pool, clock.tenant)
      return [await commit(pool), await commit(pool)]
    })
    expect(first).toEqual([1, 2])
    // Whoever only looks has moved it already, once.
    const second = await onServer(async (pool) => [await look(pool), await commit(pool), await commit(pool)])
    expect(second).toEqual([SERVER_LIFE + 2, SERVER_LIFE + 3, SERVER_LIFE + 4])
    // An earlier release didn't write down whose numbers these are.
    const third = await onServer(async (pool) => {
      await inTenant(pool, clock.tenant, (client) => client.query('UPDATE tenant_clock SET server = NULL'))
      return [await commit(pool), await commit(pool)]
    })
    expect(third).toEqual([2 * SERVER_LIFE + 5, 2 * SERVER_LIFE + 6])
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}, 60_000)
