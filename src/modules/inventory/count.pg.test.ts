// Counts in any interleaving through the hub's own way of applying, on a real PostgreSQL: in parts of any size it leaves
// every row that memory leaves, and what lay on the shelf.
import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { stockBalance } from '../../kernel/ledger.ts'
import { pictureOf } from '../../store/contract.ts'
import { applyPart } from '../../sync/hub/apply.ts'
import { inTenant } from '../../sync/hub/tenant.ts'
import { addTenant, incomingOf, openHubDatabase, rowsOf, type HubDatabase } from '../../testing/hub-tenant.ts'
import { Shelf, shelfCatalogue, shelfSteps } from '../../testing/shelf-world.ts'
import { pieces, STORE } from '../../testing/trade-world.ts'
import { times } from '../../testing/properties.ts'

let hub: HubDatabase
beforeAll(async () => (hub = await openHubDatabase(shelfCatalogue)))
afterAll(() => hub.close())

const RUNS = times(15)

/** Settles what the shelf's hub settled, in parts of these sizes. */
async function settleOnPostgres(tenant: string, shelf: Shelf, sizes: readonly number[]): Promise<void> {
  for (let at = 0, part = 0; at < shelf.settled.length; part++) {
    const size = sizes[part % sizes.length] ?? 1
    const incoming = shelf.settled
      .slice(at, at + size)
      .map((each) => incomingOf({ ...each, isPredicted: true } as never, each.eff))
    const decided = await inTenant(hub.pool, tenant, (client) =>
      applyPart(client, shelfCatalogue, tenant, at, incoming),
    )
    expect(decided.map(({ outcome }) => outcome)).toEqual(incoming.map(() => 'accepted'))
    at += size
  }
}

test(
  '[COUNT1] whatever the order and the parts, PostgreSQL books what lay there and what memory books',
  { timeout: times(300_000) },
  async () => {
    await fc.assert(
      fc.asyncProperty(
        shelfSteps(3),
        fc.shuffledSubarray([0, 1, 2], { minLength: 3 }),
        fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 5 }),
        async (steps, order, sizes) => {
          const shelf = new Shelf([0, 0, 0], 0)
          shelf.play(steps, order)
          const tenant = `t-${randomBytes(6).toString('hex')}`
          await addTenant(hub.pool, tenant)
          await settleOnPostgres(tenant, shelf, sizes)
          const rows = await inTenant(hub.pool, tenant, (client) => rowsOf(client, tenant, shelfCatalogue))
          const stock = rows.find(([table, row]) => table === stockBalance && row['warehouse'] === STORE)
          expect(stock?.[1]['onHand']).toBe(pieces(shelf.truth))
          const inMemory = [...shelfCatalogue.tables.values()]
            .filter(({ name }) => name !== 'kernel.exception')
            .flatMap((table) => [...shelf.world.hub.rowsOf(table).values()].map((row) => [table, row] as const))
          expect(pictureOf(rows.filter(([{ name }]) => name !== 'kernel.exception'))).toEqual(pictureOf(inMemory))
        },
      ),
      { numRuns: RUNS },
    )
  },
)
