// PostgreSQL under the store contract: scripts in parts of any size, with the reads declared, forgotten or in between,
// leave what memory leaves, and buckets that can be worked out again from the rows alone.
import { WarmRows, type StagedRows } from './postgres/warm-rows.ts'
import { createHash, randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { adoptSha256 } from '../kernel/hash.ts'
import type { AnyRow, AnyTable } from '../kernel/table.ts'
import { applyWarm } from '../sync/hub/by-halves.ts'
import { lockClock } from '../sync/hub/tenant.ts'
import { inTenant } from '../sync/hub/tenant.ts'
import { addTenant, incomingOf, openHubDatabase, rowsOf, type HubDatabase } from '../testing/hub-tenant.ts'
import { scriptCatalogue as catalogue } from '../testing/script-catalogue.ts'
import { bind, scripts, stepsOverRemoved, stepsPastExactSums } from '../testing/script.ts'
import { hubReason, membershipOf, pictureOf, settleSerially, type Scripted, type Settled } from './contract.ts'
import { MemoryStore } from './memory.ts'
import { times } from '../testing/properties.ts'

const numRuns = times(300)
let hub: HubDatabase

beforeAll(async () => {
  adoptSha256((bytes) => createHash('sha256').update(bytes).digest())
  hub = await openHubDatabase(catalogue)
})
afterAll(() => hub.close())

type Hints = 'declared' | 'none' | 'some'

const withHints = (scripted: Scripted, hints: Hints, index: number): Scripted =>
  hints === 'declared' || (hints === 'some' && index % 2 === 0)
    ? scripted
    : { ...scripted, command: { ...scripted.command, reads: () => [] } }

/** Settles the script part by part, each part in a transaction of its own, as a push does. */
async function settleInParts(
  tenant: string,
  script: readonly Scripted[],
  truth: readonly Settled[],
  cuts: readonly number[],
  hints: Hints,
): Promise<Settled[]> {
  const settled: Settled[] = []
  const processes = [new WarmRows(), new WarmRows()]
  for (let at = 0, cut = 0; at < script.length; cut++) {
    const part = script.slice(at, at + (cuts[cut % cuts.length] ?? 1))
    const incoming = part.map((each, index) =>
      incomingOf(withHints(each, hints, at + index), each.isPredicted ? (truth[at + index]?.eff ?? '') : 'other'),
    )
    at += part.length
    // Two processes take turns, each with what it kept from its own last part.
    const warm = processes[cut % 3 === 2 ? 1 : 0] as WarmRows
    let leaves: StagedRows | null = null
    const decided = await inTenant(hub.pool, tenant, async (client) => {
      const clock = await lockClock(client, { tenant, catalogue })
      const { decided: decisions, staged } = await applyWarm(client, { catalogue, tenant, clock }, incoming, warm)
      leaves = staged
      await client.query('UPDATE tenant_clock SET seq = $2 WHERE tenant_id = $1', [tenant, clock + part.length])
      expect(decisions.map((each) => each.at)).toEqual(part.map((_, index) => clock + index + 1))
      return decisions
    })
    if (leaves !== null) warm.keep(leaves)
    settled.push(...decided.map(({ outcome, eff, reason }) => ({ outcome, eff, reason: hubReason(reason ?? '') })))
  }
  return settled
}

interface Carried {
  readonly entries: Readonly<Record<string, string>>
  readonly digests: Readonly<Record<string, readonly [number, string]>>
  readonly seqs: ReadonlyMap<string, number>
}

async function bucketsIn(tenant: string): Promise<Carried> {
  return inTenant(hub.pool, tenant, async (client) => {
    const rows = await client.query<{ bucket: string; tbl: string; id: string; seq: number; op: string; hash: string }>(
      'SELECT bucket, tbl, id, seq, op, hash FROM bucket_row WHERE tenant_id = $1',
      [tenant],
    )
    const buckets = await client.query<{ name: string; count: number; sum: string }>(
      'SELECT name, count, sum::text AS sum FROM bucket WHERE tenant_id = $1 AND (count <> 0 OR sum <> 0)',
      [tenant],
    )
    const put = rows.rows.filter(({ op }) => op === 'put')
    return {
      entries: Object.fromEntries(put.map(({ bucket, tbl, id, hash }) => [`${bucket} ${tbl} ${id}`, hash])),
      digests: Object.fromEntries(buckets.rows.map(({ name, count, sum }) => [name, [count, sum]])),
      seqs: new Map(rows.rows.map(({ bucket, tbl, id, seq }) => [`${bucket} ${tbl} ${id}`, seq])),
    }
  })
}

function* rowsIn(store: MemoryStore): Generator<readonly [AnyTable, AnyRow]> {
  for (const table of catalogue.tables.values()) for (const row of store.rowsOf(table).values()) yield [table, row]
}

/** The place in the commit order of the last command that wrote each row. */
function lastWrites(script: readonly Scripted[]): Map<string, number> {
  const last = new Map<string, number>()
  const store = new MemoryStore()
  for (const [index, scripted] of script.entries()) {
    settleSerially(
      {
        get: (t, id, key) => store.get(t, id, key),
        find: (t, range) => store.find(t, range),
        apply: (effects) => {
          store.apply(effects)
          for (const op of effects) last.set(`${op.table.name} ${op.id}`, index + 1)
        },
      },
      catalogue,
      [scripted],
    )
  }
  return last
}

const partSizes = fc.array(fc.oneof(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 500 })), {
  minLength: 1,
  maxLength: 4,
})

test.each([
  ['a sum past the exact integers', stepsPastExactSums, 1],
  ['a sum past the exact integers', stepsPastExactSums, 3],
  ['a sum past the exact integers', stepsPastExactSums, 500],
  ['an id made again after its removal', stepsOverRemoved, 1],
  ['an id made again after its removal', stepsOverRemoved, 2],
  ['an id made again after its removal', stepsOverRemoved, 500],
] as const)('%s parks its command alone, as in memory, in parts of $2', async (_, steps, size) => {
  const tenant = `t-${randomBytes(6).toString('hex')}`
  await addTenant(hub.pool, tenant)
  const script = bind(tenant, steps)
  const memory = new MemoryStore()
  const truth = settleSerially(memory, catalogue, script)
  expect(await settleInParts(tenant, script, truth, [size], 'none')).toEqual(truth)
  const rows = await inTenant(hub.pool, tenant, (client) => rowsOf(client, tenant, catalogue))
  expect(pictureOf(rows)).toEqual(pictureOf(rowsIn(memory)))
})

test(
  `${numRuns} scripts leave memory and PostgreSQL alike, whatever the parts and the hints`,
  { timeout: times(900_000) },
  async () => {
    await fc.assert(
      fc.asyncProperty(
        scripts({ careless: true, stepsMax: 45 }),
        partSizes,
        fc.constantFrom<Hints>('declared', 'none', 'some'),
        async (steps, cuts, hints) => {
          const tenant = `t-${randomBytes(6).toString('hex')}`
          await addTenant(hub.pool, tenant)
          const script = bind(tenant, steps)
          const memory = new MemoryStore()
          const truth = settleSerially(memory, catalogue, script)
          const settled = await settleInParts(tenant, script, truth, cuts, hints)
          expect(settled).toEqual(truth)

          const rows = await inTenant(hub.pool, tenant, (client) => rowsOf(client, tenant, catalogue))
          expect(pictureOf(rows)).toEqual(pictureOf(rowsIn(memory)))

          const carried = await bucketsIn(tenant)
          const expected = membershipOf(rows)
          expect(carried.entries).toEqual(expected.carried)
          expect(carried.digests).toEqual(expected.digests)
          const writes = lastWrites(script)
          for (const [entry, seq] of carried.seqs) {
            const written = writes.get(entry.slice(entry.indexOf(' ') + 1)) ?? 0
            // A line's entry is also raised when its header moves it.
            expect(seq).toBeGreaterThanOrEqual(entry in expected.carried ? written : 1)
            expect(seq).toBeLessThanOrEqual(script.length)
          }
        },
      ),
      { numRuns },
    )
  },
)
