// The chain through the hub's own way of applying, on a real PostgreSQL: it leaves what memory leaves, and the reports in
// SQL say what the functions say.
import { createHash } from 'node:crypto'
import type { PoolClient } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { amountMinor } from '../../kernel/amount.ts'
import { adoptSha256 } from '../../kernel/hash.ts'
import { glEntry, partyEntry } from '../../kernel/ledger.ts'
import { applyPart } from '../../sync/hub/apply.ts'
import { lockClock } from '../../sync/hub/tenant.ts'
import { inTenant } from '../../sync/hub/tenant.ts'
import { addTenant, incomingOf, openHubDatabase, type HubDatabase } from '../../testing/hub-tenant.ts'
import {
  anOrder,
  aTradeWorld,
  COMPANY,
  CUSTOMER,
  DAY,
  pieces,
  PUMP,
  receiveInto,
  STORE,
  TENANT,
  tradeCatalogue,
  VAN_A,
  VAN_B,
  present,
  rowAt,
} from '../../testing/trade-world.ts'
import type { TestDevice } from '../../testing/two-sides.ts'
import { deliver } from '../delivery/deliver.ts'
import { receive } from '../payments/receive.ts'
import { creditDraft, invoiceDraft } from '../sales/drafts.ts'
import { invoice, invoiceLine } from '../sales/invoice.ts'
import { issueCreditNote } from '../sales/issue-credit-note.ts'
import { issueInvoice } from '../sales/issue-invoice.ts'
import { order, orderLine } from '../sales/order.ts'
import { placeOrder } from '../sales/place-order.ts'
import { costBalance } from './cost.ts'
import {
  ledgerLawsQuery,
  openEntriesQuery,
  openItems,
  stockValueQuery,
  trialBalance,
  trialBalanceQuery,
  type HubQuery,
  type PartyRow,
} from './reports.ts'

let hub: HubDatabase

beforeAll(async () => {
  adoptSha256((bytes) => createHash('sha256').update(bytes).digest())
  hub = await openHubDatabase(tradeCatalogue)
  await addTenant(hub.pool, TENANT)
})
afterAll(() => hub.close())

type Captured = TestDevice['outbox'][number]

/** Settles in memory, in the order given, and keeps what was settled. */
function settling(world: ReturnType<typeof aTradeWorld>['world'], kept: Captured[], outcomes: string[]) {
  return (...inOrder: TestDevice[]): void => {
    for (const device of inOrder) kept.push(...device.outbox)
    outcomes.push(...world.settle(inOrder).map(({ outcome }) => outcome))
  }
}

/** The whole chain with both vans at once, an excess, a bill, a payment that is too much and a credit note. */
function aChain() {
  const all = aTradeWorld()
  const { world, office, vanA, vanB } = all
  const kept: Captured[] = [...all.captured]
  const outcomes = kept.map(() => 'accepted')
  const settle = settling(world, kept, outcomes)
  receiveInto(office, VAN_A, { item: PUMP, count: 7, costMinor: 1_777 })
  const id = office.do(placeOrder, anOrder(10, 5), order)
  settle(office)
  for (const [van, warehouse, count] of [
    [vanA, VAN_A, 6],
    [vanB, VAN_B, 7],
  ] as const) {
    const lines = van.rows(orderLine).map((line) => ({
      orderLine: line.id,
      item: line.item,
      unit: 'each',
      quantity: pieces(line.item === PUMP ? count : 2),
    }))
    van.do(deliver, {
      party: CUSTOMER,
      businessDate: DAY,
      currency: 'GBP',
      warehouse,
      order: id,
      outcome: 'part',
      lines,
    })
  }
  settle(vanB, vanA)
  office.do(
    issueInvoice,
    present(
      invoiceDraft({
        order: rowAt(office.rows(order)),
        lines: office.rows(orderLine).map((line) => ({ line, tolerancePercent: null })),
        businessDate: DAY,
      }),
    ),
  )
  settle(office)
  const of = rowAt(office.rows(invoice))
  for (const van of [vanA, vanB]) {
    const amount = amountMinor(of.total - 5_000)
    van.do(receive, {
      party: CUSTOMER,
      businessDate: DAY,
      currency: 'GBP',
      method: 'bank',
      methodKind: 'bank',
      amount,
      allocations: [{ invoice: of.id, amount }],
    })
  }
  const line = present(office.rows(invoiceLine).find((row) => row.item === PUMP))
  office.do(
    issueCreditNote,
    present(
      creditDraft({
        invoice: of,
        lines: [{ line, quantity: pieces(1), before: [], more: { disposition: 'saleable' } }],
        reason: 'return',
        businessDate: DAY,
        warehouse: STORE,
      }),
    ),
  )
  settle(vanA, office)
  receiveInto(office, STORE, { item: PUMP, count: 20, costMinor: 1_500 })
  office.do(issueInvoice, anOrder(1, 1))
  settle(office, vanB)
  return { world, kept, outcomes }
}

const rowsOf = async <R extends object>(client: PoolClient, { text, params }: HubQuery): Promise<R[]> =>
  (await client.query<R & Record<string, unknown>>(text, [...params])).rows

test('the hub leaves what memory leaves, in parts of any size, and its reports agree', async () => {
  const { world, kept, outcomes } = aChain()
  const decidedOutcomes: string[] = []
  for (let at = 0, size = 1; at < kept.length; at += size, size = (size % 5) + 1) {
    const part = kept.slice(at, at + size)
    await inTenant(hub.pool, TENANT, async (client) => {
      const clock = await lockClock(client, { tenant: TENANT, catalogue: tradeCatalogue })
      const decided = await applyPart(
        client,
        tradeCatalogue,
        TENANT,
        clock,
        part.map((each) => incomingOf({ ...each, args: each.args as never } as never, each.eff)),
      )
      await client.query('UPDATE tenant_clock SET seq = $2 WHERE tenant_id = $1', [TENANT, clock + part.length])
      decidedOutcomes.push(...decided.map(({ outcome }) => outcome))
    })
  }
  expect(decidedOutcomes).toEqual(outcomes)
  expect(new Set(outcomes)).toEqual(new Set(['accepted', 'adjusted']))
  const given = { tenant: TENANT, company: COMPANY }
  await inTenant(hub.pool, TENANT, async (client) => {
    expect(await rowsOf(client, trialBalanceQuery({ ...given, upTo: null }))).toEqual(trialBalance(world.rows(glEntry)))
    expect(await rowsOf(client, trialBalanceQuery({ ...given, upTo: '2026-11-19' }))).toEqual([])
    const open = openItems(await rowsOf<PartyRow>(client, openEntriesQuery({ ...given, account: 'receivable' })))
    expect(open).toEqual(openItems(world.rows(partyEntry)))
    expect(open.length).toBeGreaterThan(0)
    const values = world
      .rows(costBalance)
      .map(({ branch, item, quantity, value }) => ({ branch, item, quantity, value }))
    values.sort((a, b) => (a.item < b.item ? -1 : 1))
    expect(await rowsOf(client, stockValueQuery({ ...given, branch: null }))).toEqual(values)
    expect(await rowsOf(client, ledgerLawsQuery(given))).toEqual([
      { trialBalance: 0, stockLessCost: 0, receivableLessItems: 0, itemsLessBalance: 0, entriesLessBalances: 0 },
    ])
  })
})
