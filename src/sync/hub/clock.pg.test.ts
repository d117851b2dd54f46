// The tenant's clock over the lives of its database server: a real one that is stopped and started.
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { expect, test } from 'vitest'
import { openDatabase, withClient } from '../../hub/postgres/open-database.ts'
import { addTenant } from '../../testing/hub-tenant.ts'
import { wireCatalogue } from '../../testing/wire-catalogue.ts'
import { hubDdl } from './schema.ts'
import { inTenant, lockClock, raiseClock } from './tenant.ts'

const clock = { tenant: 'TICK', catalogue: wireCatalogue }
const log = { info: () => undefined, warn: () => undefined }

test('[CLOCK1] a server that was started again, and one that was put back, give no number that any before them gave', async () => {
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
  const three = (pool: pg.Pool): Promise<number[]> =>
    look(pool).then(async (from) => [from, await commit(pool), await commit(pool)])
  const run = (numbers: readonly number[]): number[] => numbers.map((each) => each - (numbers[0] ?? 0))
  try {
    const first = await onServer(async (pool) => {
      await addTenant(pool, clock.tenant)
      return three(pool)
    })
    expect(first).toEqual([0, 1, 2])
    await cp(join(folder, 'data'), join(folder, 'backup'), { recursive: true })
    // Whoever only looks has moved it already, once.
    const second = await onServer(three)
    await rm(join(folder, 'data'), { recursive: true })
    await cp(join(folder, 'backup'), join(folder, 'data'), { recursive: true })
    const third = await onServer(three)
    // Nobody wrote down whose numbers these are, as after a release before; then somebody says that it is another life of the hub.
    const fourth = await onServer(async (pool) => {
      await inTenant(pool, clock.tenant, (client) => client.query('UPDATE tenant_clock SET server = NULL'))
      const unknown = await three(pool)
      await pool.query("INSERT INTO hub_meta VALUES ('incarnation', 'another')")
      return [...unknown, ...(await three(pool))]
    })
    const lives = [second, third, fourth.slice(0, 3), fourth.slice(3)]
    expect(lives.map(run)).toEqual(lives.map(() => [0, 1, 2]))
    for (const [at, life] of lives.entries())
      expect(life[0]).toBeGreaterThan(Math.max(...first, ...lives.slice(0, at).flat()) + 1000)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}, 60_000)
