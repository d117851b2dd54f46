// Eight writers push commands through the real clock lock while a reader pulls by watermark: whatever a page says it
// reaches up to must have been in it. (A cursor over a plain sequence lost 2–9 % of the rows here.)
import { WarmRows, type StagedRows } from '../../store/postgres/warm-rows.ts'
import { createHash, randomBytes } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { adoptSha256, rowId } from '../../kernel/hash.ts'
import { rowHash } from '../../kernel/effects.ts'
import type { AnyRow } from '../../kernel/table.ts'
import type { Scripted } from '../../store/contract.ts'
import { membershipOf } from '../../store/contract.ts'
import { addTenant, incomingOf, openHubDatabase, rowsOf, type HubDatabase } from '../../testing/hub-tenant.ts'
import { scriptCatalogue as catalogue, scriptCommands } from '../../testing/script-catalogue.ts'
import { aLease } from '../../testing/two-sides.ts'
import type { PullEnd, PullHead, PullLine } from '../protocol.ts'
import { applyWarm } from './by-halves.ts'
import { OlderDigests } from './older-digests.ts'
import { answerPull } from './pull.ts'
import { lockClock } from './tenant.ts'
import { inTenant } from './tenant.ts'

const WRITERS = 8
const PARTS = 8
const PART = 10
const BUCKETS = [
  'bills:north',
  'bills:south',
  'bills:north:2026-11',
  'bills:south:2026-11',
  'open:ann',
  'stock:shop',
  'zone:z1',
]
const reader = { dev: 'R', ep: 1 }
const START = 1_795_165_200_000

let hub: HubDatabase
beforeAll(async () => {
  adoptSha256((bytes) => createHash('sha256').update(bytes).digest())
  hub = await openHubDatabase(catalogue, WRITERS + 2)
})
afterAll(() => hub.close())

/** New rows, a hot row, and rows that leave one bucket for another. */
function commandsOf(tenant: string, writer: number, part: number): Scripted[] {
  const dev = `W${writer}`
  const frameOf = (seq: number) => ({
    tenant,
    dev,
    ep: 1,
    seq,
    at: START + seq,
    tz: 'UTC',
    lease: aLease({ tenant, dev }),
    nos: {},
    base: {},
  })
  const billOf = (seq: number): string => rowId({ tenant, device: dev, epoch: 1, seq, at: START + seq, label: 'bill' })
  return Array.from({ length: PART }, (_, index) => {
    const seq = part * PART + index + 1
    const frame = frameOf(seq)
    const territory = (writer + index) % 2 === 0 ? 'north' : 'south'
    const opens = {
      territory,
      party: 'ann',
      businessDate: '2026-11-20',
      isNumbered: false,
      lines: [{ item: 'pump', quantity: 1, amount: 2, note: 'n' }],
    }
    if (index % 5 === 3)
      return {
        command: scriptCommands.changeBill,
        args: { bill: billOf(seq - 2), territory: null, isOpen: false, isGone: false },
        frame,
        isPredicted: false,
      }
    if (index % 5 === 4)
      return { command: scriptCommands.useSlot, args: { zone: 'z1', name: `s${seq % 3}` }, frame, isPredicted: false }
    return { command: scriptCommands.openBill, args: opens, frame, isPredicted: false }
  })
}

/** Two processes of four writers each: what one keeps is stale as soon as the other has written. */
const processes = [new WarmRows(), new WarmRows()]

async function write(tenant: string, writer: number): Promise<void> {
  const warm = processes[writer % processes.length] as WarmRows
  for (let part = 0; part < PARTS; part++) {
    const incoming = commandsOf(tenant, writer, part).map((each) => incomingOf(each, ''))
    let leaves: StagedRows | null = null
    await inTenant(hub.pool, tenant, async (client) => {
      const clock = await lockClock(client, { tenant, catalogue })
      const { decided, staged } = await applyWarm(client, { catalogue, tenant, clock }, incoming, warm)
      leaves = staged
      expect(decided.every(({ outcome }) => outcome === 'adjusted')).toBe(true)
      await client.query('UPDATE tenant_clock SET seq = $2 WHERE tenant_id = $1', [tenant, clock + incoming.length])
    })
    if (leaves !== null) warm.keep(leaves)
  }
}

/** A device's copy: which bucket carries which row, and the rows; filled only by what the pages say. */
class Copy {
  readonly carried = new Map<string, string>()
  readonly rows = new Map<string, AnyRow>()
  private readonly after = new Map(BUCKETS.map((name) => [name, 0]))

  request(limit: number) {
    return {
      incarnation: 'i',
      sv: 1,
      limit,
      buckets: [...this.after].map(([name, after]) => ({ name, after, generation: 0 })),
    }
  }

  take(lines: readonly PullLine[]): { readonly head: PullHead; readonly end: PullEnd } {
    const head = lines[0] as PullHead
    for (const line of lines) {
      if ('rows' in line) {
        for (const [index, id] of line.ids.entries()) {
          const row = {
            id,
            ...Object.fromEntries(line.cols.map((col, at) => [col, line.vals[index]?.[at] ?? null])),
          } as unknown as AnyRow
          this.rows.set(`${line.rows} ${id}`, row)
          for (const bucket of line.buckets[index] ?? [])
            this.carried.set(`${head.names[bucket] ?? ''} ${line.rows} ${id}`, '')
        }
      }
      if ('left' in line)
        for (const [index, id] of line.ids.entries())
          this.carried.delete(`${head.names[line.buckets[index] ?? 0] ?? ''} ${line.left} ${id}`)
    }
    for (const name of head.names) this.after.set(name, head.upto)
    return { head, end: lines.at(-1) as PullEnd }
  }

  /** Digests worked out from the copy alone. */
  digests(): Record<string, [number, string]> {
    const sums = new Map<string, { count: number; sum: bigint }>(BUCKETS.map((name) => [name, { count: 0, sum: 0n }]))
    for (const entry of this.carried.keys()) {
      const [bucket = '', tableName = '', id = ''] = entry.split(' ')
      const table = catalogue.tables.get(tableName)
      const row = this.rows.get(`${tableName} ${id}`)
      const held = sums.get(bucket)
      if (table === undefined || row === undefined || held === undefined)
        throw new Error(`The copy has no row for ${entry}.`)
      held.count += 1
      held.sum = (held.sum + BigInt(`0x${rowHash(table, row)}`)) % 2n ** 64n
    }
    return Object.fromEntries(
      [...sums].map(([name, { count, sum }]) => [name, [count, sum.toString(16).padStart(16, '0')]]),
    )
  }
}

test.each([20_000, 40])(
  'syncgateway-3721: no row is missed by a reader with pages of %i [PULL4]',
  { timeout: 120_000 },
  async (limit) => {
    const tenant = `t-${randomBytes(6).toString('hex')}`
    await addTenant(hub.pool, tenant)
    const context = {
      catalogue,
      tenant,
      incarnation: 'i',
      now: () => 0,
      olderDigests: new OlderDigests(),
    }
    const allowed = new Set(BUCKETS)
    const copy = new Copy()
    const pull = (rows: number): ReturnType<typeof answerPull> =>
      inTenant(
        hub.pool,
        tenant,
        (client) => answerPull(client, context, copy.request(rows), reader, allowed),
        'snapshot',
      )
    const progress = { isWriting: true }
    const writers = Promise.all(Array.from({ length: WRITERS }, (_, writer) => write(tenant, writer))).finally(
      () => (progress.isWriting = false),
    )
    let whole = 0
    let isBehind = true
    try {
      while (progress.isWriting || isBehind) {
        const { head, end } = copy.take(await pull(limit))
        isBehind = head.more || progress.isWriting
        if (head.more) continue
        // Whenever the copy is complete at a watermark, it must be what the hub says it is at that watermark; each third time is enough.
        if (whole++ % 3 === 0) expect(copy.digests()).toEqual(end.digests)
      }
    } finally {
      await writers
    }
    copy.take(await pull(20_000))
    expect(whole).toBeGreaterThan(1)

    const rows = await inTenant(hub.pool, tenant, (client) => rowsOf(client, tenant, catalogue))
    const expected = Object.keys(membershipOf(rows).carried).filter((entry) =>
      allowed.has(entry.slice(0, entry.indexOf(' '))),
    )
    expect([...copy.carried.keys()].sort()).toEqual(expected.sort())
    const clock = await inTenant(hub.pool, tenant, (client) => lockClock(client, { tenant, catalogue }))
    expect(clock).toBe(WRITERS * PARTS * PART)
    expect(rows.filter(([table]) => table.name === 'script.bill')).toHaveLength(WRITERS * PARTS * 6)
  },
)
