// How many order-like commands a second the hub applies, 500 a part, on a real PostgreSQL that syncs to disk, against a
// program written by hand for these tables alone. `npm run bench -- hub-apply [parts]`. It prints where the time goes.
import { hash } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import type { PoolClient } from 'pg'
import { openDatabase, withClient } from '../src/hub/postgres/open-database.ts'
import { canonical } from '../src/kernel/canonical.ts'
import { adoptSha256 } from '../src/kernel/hash.ts'
import type { Scripted } from '../src/store/contract.ts'
import { KeyRing } from '../src/hub/subject-keys.ts'
import { MemoryKeyFile } from '../src/testing/memory-key-file.ts'
import { appendLog } from '../src/sync/hub/command-log.ts'
import { applyByHalves } from '../src/sync/hub/by-halves.ts'
import { hubDdl } from '../src/sync/hub/schema.ts'
import { inTenant, lockClock } from '../src/sync/hub/tenant.ts'
import { sealOf } from '../src/sync/seal.ts'
import { addTenant, incomingOf } from '../src/testing/hub-tenant.ts'
import { scriptCatalogueWithoutPasses as catalogue, scriptCommands } from '../src/testing/script-catalogue.ts'
import { aLease } from '../src/testing/two-sides.ts'
import { writeByHand, type Order } from './hub-apply-by-hand.ts'

adoptSha256((content) => hash('sha256', content, 'buffer'))
const PART = 500
const parts = Math.max(2, Number(process.argv[2] ?? 20))
const ITEMS = 400
const START = 1_795_165_200_000

/** Three lines of three different items: 9 rows are inserted, 8 balances changed. */
const orderOf = (seq: number): Order => ({
  territory: 'north',
  party: `p${seq % 300}`,
  businessDate: '2026-11-20',
  isNumbered: false,
  lines: [1, 7, 31].map((step) => ({ item: `item-${(seq * step + step) % ITEMS}`, quantity: 2_000_000, amount: 1250 })),
})

type Phase = 'load' | 'rows' | 'buckets' | 'log' | 'lock and commit'
const phaseOf = (name: string): Phase =>
  name.startsWith('rows-') || name.startsWith('range-')
    ? 'load'
    : name.startsWith('flush-bucket')
      ? 'buckets'
      : name.startsWith('flush-')
        ? 'rows'
        : name === 'append-log'
          ? 'log'
          : 'lock and commit'

/** A connection that notes how long each kind of statement took, and how much of that was spent on writing it. */
function timed(client: PoolClient, spent: Map<Phase, { encode: number; wait: number }>): PoolClient {
  return new Proxy(client, {
    get(target, key) {
      const member: unknown = Reflect.get(target, key)
      if (typeof member !== 'function') return member
      if (key !== 'query') return member.bind(target) as unknown
      return async (...given: readonly unknown[]) => {
        const [first] = given
        const phase = phaseOf(typeof first === 'string' ? first : String((first as { name?: string }).name))
        const times = spent.get(phase) ?? { encode: 0, wait: 0 }
        spent.set(phase, times)
        const began = performance.now()
        const answer = (target.query as (...all: readonly unknown[]) => Promise<unknown>)(...given)
        const sent = performance.now()
        times.encode += sent - began
        const result = await answer
        times.wait += performance.now() - sent
        return result
      }
    },
  })
}

async function kernelRun(
  pool: pg.Pool,
  tenant: string,
  spent: Map<Phase, { encode: number; wait: number }>,
  onWarm: () => void,
): Promise<void> {
  let prev = 'certificate'
  const prepared = Array.from({ length: parts }, (_, part) =>
    Array.from({ length: PART }, (_unused, index) => {
      const seq = part * PART + index + 1
      const frame = {
        tenant,
        dev: 'AAAA',
        ep: 1,
        seq,
        at: START + seq,
        tz: 'Europe/London',
        lease: aLease({ tenant, dev: 'AAAA' }),
        nos: {},
        base: {},
      }
      const incoming = incomingOf(
        { command: scriptCommands.openBill, args: orderOf(seq), frame, isPredicted: false } as unknown as Scripted,
        '',
      )
      const line = canonical(incoming.envelope)
      const received = { envelope: incoming.envelope, line, pd: null, seal: sealOf(prev, line), prev }
      prev = received.seal
      return { incoming, received }
    }),
  )
  for (const [index, part] of prepared.entries()) {
    if (index === 1) {
      spent.clear()
      onWarm()
    }
    await inTenant(pool, tenant, async (plain) => {
      const client = timed(plain, spent)
      const clock = await lockClock(client, { tenant, catalogue })
      const decided = await applyByHalves(
        client,
        catalogue,
        tenant,
        clock,
        part.map(({ incoming }) => incoming),
      )
      if (decided.some(({ outcome }) => outcome !== 'adjusted'))
        throw new Error(`Not applied: ${JSON.stringify(decided.find(({ outcome }) => outcome !== 'adjusted'))}`)
      const logged = decided.map((decision, at) => ({
        received: part[at]?.received as never,
        decision,
        outcome: null as never,
        origin: null,
      }))
      await appendLog(client, tenant, logged, START, keys)
      await client.query('UPDATE tenant_clock SET seq = $2 WHERE tenant_id = $1', [tenant, clock + PART])
    })
  }
}

const keys = new KeyRing(new MemoryKeyFile())

async function byHandRun(pool: pg.Pool, tenant: string, onWarm: () => void): Promise<void> {
  for (let part = 0; part < parts; part++) {
    if (part === 1) onWarm()
    const orders = Array.from({ length: PART }, (_, index) => orderOf(part * PART + index + 1))
    await inTenant(pool, tenant, (client) => writeByHand(client, tenant, part * PART, orders))
  }
}

async function countsOf(pool: pg.Pool, tenant: string): Promise<string> {
  return inTenant(pool, tenant, async (client) => {
    const counts: string[] = []
    for (const table of [
      'script_bill',
      'script_bill_line',
      'kernel_stock_entry',
      'kernel_stock_move',
      'kernel_gl_entry',
      'kernel_stock_balance',
      'script_stock',
      'kernel_gl_balance',
      'bucket_row',
      'command_log',
    ]) {
      counts.push(
        `${table} ${(await client.query<{ rows: number }>(`SELECT count(*) AS rows FROM ${table} WHERE tenant_id = $1`, [tenant])).rows[0]?.rows ?? 0}`,
      )
    }
    return counts.join(', ')
  })
}

/** Milliseconds of wall time, and of this process's own work: the second hardly depends on what else the machine does. */
interface Took {
  readonly wall: number
  readonly cpu: number
}
async function measure(pool: pg.Pool, tenant: string, run: (onWarm: () => void) => Promise<void>): Promise<Took> {
  await addTenant(pool, tenant)
  let wall = 0
  let cpu = process.cpuUsage()
  // The first part warms up connection, plans and code.
  await run(() => {
    wall = performance.now()
    cpu = process.cpuUsage()
  })
  const used = process.cpuUsage(cpu)
  return { wall: performance.now() - wall, cpu: (used.user + used.system) / 1000 }
}

const dataDir = await mkdtemp(join(tmpdir(), 'holdfast-bench-'))
const database = await openDatabase({ dataDir, log: { info: () => undefined, warn: () => undefined } })
try {
  await withClient(database.ownerConfig, (client) => client.query(hubDdl(catalogue, database.appRole)))
  const pool = new pg.Pool({ ...database.appConfig, max: 2 })
  const settings = await pool.query<{ fsync: string; sync: string }>(
    "SELECT current_setting('fsync') AS fsync, current_setting('synchronous_commit') AS sync",
  )
  const spent = new Map<Phase, { encode: number; wait: number }>()
  const kernel = await measure(pool, 'kernel', (onWarm) => kernelRun(pool, 'kernel', spent, onWarm))
  const byHand = await measure(pool, 'by-hand', (onWarm) => byHandRun(pool, 'by-hand', onWarm))
  const rate = (ms: number): number => Math.round(((parts - 1) * PART * 1000) / ms)
  const perPart = (ms: number): string => (ms / (parts - 1)).toFixed(1)
  console.log(
    `${(parts - 1) * PART} commands, ${PART} a part; fsync ${settings.rows[0]?.fsync}, synchronous_commit ${settings.rows[0]?.sync}`,
  )
  console.log(
    `kernel:  ${rate(kernel.wall)} commands/s, ${perPart(kernel.wall)} ms a part (${perPart(kernel.cpu)} ms of it this process)`,
  )
  console.log(
    `by hand: ${rate(byHand.wall)} commands/s, ${perPart(byHand.wall)} ms a part (${perPart(byHand.cpu)} ms of it this process); the kernel takes ${(kernel.wall / byHand.wall).toFixed(2)} times as long`,
  )
  let away = 0
  for (const [phase, { encode, wait }] of spent) {
    away += encode + wait
    console.log(`  ${phase}: ${perPart(encode)} ms writing the statements, ${perPart(wait)} ms waiting`)
  }
  console.log(`  handlers, images, hashes: ${perPart(kernel.wall - away)} ms`)
  console.log(`rows of the kernel:  ${await countsOf(pool, 'kernel')}`)
  console.log(`rows by hand:        ${await countsOf(pool, 'by-hand')}`)
  await pool.end()
} finally {
  await database.stop()
  await rm(dataDir, { recursive: true, force: true })
}
