// The lists of orders, deliveries, invoices, credit notes, payments, open items and the ledger, on the real SQLite of a
// device, over rows that commands wrote.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { amountMinor } from '../../kernel/amount.ts'
import type { View } from '../../kernel/view.ts'
import { codecOf, ddlOf } from '../../store/sqlite/device-tables.ts'
import type { Sqlite } from '../../store/sqlite/engine.ts'
import { openNodeDatabase } from '../../store/sqlite/node-vfs.ts'
import {
  anOrder,
  aTradeWorld,
  COMPANY,
  CUSTOMER,
  DAY,
  pieces,
  PUMP,
  tradeCatalogue,
  VAN_A,
  present,
  rowAt,
} from '../../testing/trade-world.ts'
import { accountingViews, ledgerEntries, trialBalances } from '../accounting/views.ts'
import { deliver } from '../delivery/deliver.ts'
import { deliverableLines, deliveries, deliveryLines, deliveryViews, ordersToDeliver } from '../delivery/views.ts'
import { receive } from '../payments/receive.ts'
import { allocations, payments, paymentViews } from '../payments/views.ts'
import { creditDraftRows, creditLines, invoiceDraftRows, ordersToBill } from './draft-views.ts'
import { creditDraft, invoiceDraft } from './drafts.ts'
import { invoice, invoiceLine } from './invoice.ts'
import { issueCreditNote } from './issue-credit-note.ts'
import { issueInvoice } from './issue-invoice.ts'
import { order, orderLine } from './order.ts'
import { placeOrder } from './place-order.ts'
import { creditNotes, invoiceLines, invoices, openItems, orderLines, orders, salesViews } from './views.ts'

const directory = mkdtempSync(join(tmpdir(), 'holdfast-chain-views-'))
let sqlite: Sqlite

beforeAll(async () => {
  const { world, office } = aTradeWorld({ isStocked: true })
  office.do(placeOrder, anOrder(10, 5, { customerOrderNumber: 'PO-77' }))
  const line = present(office.rows(orderLine).find((row) => row.item === PUMP))
  office.do(deliver, {
    party: CUSTOMER,
    businessDate: DAY,
    currency: 'GBP',
    warehouse: VAN_A,
    order: line.document,
    outcome: 'part',
    recipient: 'Pat',
    lines: [{ orderLine: line.id, item: PUMP, unit: 'each', quantity: pieces(4) }],
  })
  office.do(
    issueInvoice,
    present(
      invoiceDraft({
        order: rowAt(office.rows(order)),
        lines: office.rows(orderLine).map((each) => ({ line: each, tolerancePercent: null })),
        businessDate: DAY,
      }),
    ),
  )
  const of = rowAt(office.rows(invoice))
  office.do(receive, {
    party: CUSTOMER,
    businessDate: DAY,
    currency: 'GBP',
    method: 'bank',
    methodKind: 'bank',
    amount: amountMinor(6_000),
    allocations: [{ invoice: of.id, amount: amountMinor(5_000) }],
  })
  office.do(
    issueCreditNote,
    present(
      creditDraft({
        invoice: of,
        lines: [{ line: rowAt(office.rows(invoiceLine)), quantity: pieces(1), before: [] }],
        reason: 'damage',
        businessDate: DAY,
      }),
    ),
  )
  world.settle()
  sqlite = await openNodeDatabase({ directory, name: 'device.db', key: new Uint8Array(32).fill(1) })
  for (const table of tradeCatalogue.tables.values()) {
    sqlite.exec(ddlOf(table))
    const codec = codecOf(table)
    const insert = `INSERT INTO ${table.sqlName} (${codec.columns.map((column) => `"${column.replaceAll('"', '')}"`).join(', ')}) VALUES (${codec.columns.map(() => '?').join(', ')})`
    // An accountant's device holds the ledger too.
    for (const row of world.rows(table)) sqlite.run(insert, codec.values(row))
  }
})
afterAll(() => {
  sqlite.close()
  rmSync(directory, { recursive: true })
})

function rowsOf<A, R>(view: View<A, R>, args: A): R[] {
  const { text, params } = view.sql(args)
  return sqlite.all<R>(text, [...params])
}

test('every view is a statement that SQLite takes, and finds nothing of nobody', () => {
  const args = {
    order: 'x',
    invoice: 'x',
    delivery: 'x',
    creditNote: 'x',
    payment: 'x',
    party: 'x',
    company: 'x',
    search: 'nobody at all',
  }
  for (const view of [...salesViews, ...deliveryViews, ...paymentViews, ...accountingViews]) {
    expect([view.name, ...rowsOf(view as unknown as View<object>, args)]).toEqual([view.name])
  }
})

test('orders are found by customer’s number, and show what is still to come', () => {
  for (const search of ['', 'po 77', 'dale', 'O-OFFIA']) {
    expect(rowsOf(orders, { search })).toMatchObject([
      {
        partyName: 'Dale Plumbing',
        ordered: pieces(15),
        delivered: pieces(4),
        open: pieces(11),
        billed: pieces(4),
        isOnHold: 0,
      },
    ])
  }
  const [of] = rowsOf(orders, { party: CUSTOMER })
  expect(
    rowsOf(orderLines, { order: present(of).id }).map(({ itemName, delivered, billed }) => [
      itemName,
      delivered,
      billed,
    ]),
  ).toEqual([
    ['Pump', pieces(4), pieces(4)],
    ['Hose', 0, 0],
  ])
})

test('deliveries, invoices, credit notes, payments and what is owed', () => {
  const [delivered] = rowsOf(deliveries, { search: 'dale' })
  expect(delivered).toMatchObject({ recipient: 'Pat', outcome: 'part', lines: 1 })
  expect(rowsOf(deliveryLines, { delivery: present(delivered).id })).toMatchObject([
    { itemName: 'Pump', quantity: pieces(4) },
  ])
  // 4 × 33.33 with tax is 159.98; 50.00 was paid, and one pump (40.00) credited: 133.32 ÷ 4 with 26.66 ÷ 4 tax, rounded.
  const [billed] = rowsOf(invoices, { search: 'I-OFFIA' })
  const [credit] = rowsOf(creditNotes, {})
  expect(credit).toMatchObject({
    reason: 'damage',
    total: 4_000,
    applied: 4_000,
    invoiceNumber: present(billed).number,
  })
  expect(billed).toMatchObject({ total: 15_998, paid: 5_000, credited: 4_000, owed: 6_998, dueOn: '2026-12-20' })
  expect(rowsOf(invoiceLines, { invoice: present(billed).id })).toMatchObject([
    { quantity: pieces(4), credited: pieces(1), creditedAmount: 4_000 },
  ])
  expect(rowsOf(payments, { search: 'dale' })).toMatchObject([
    { amount: 6_000, allocated: 5_000, rest: 1_000, direction: 'in' },
  ])
  expect(rowsOf(allocations, { invoice: present(billed).id })).toMatchObject([
    { applied: 5_000, paymentNumber: 'P-OFFIA-26-000001' },
  ])
  expect(rowsOf(openItems, {})).toMatchObject([
    { item: present(billed).id, number: present(billed).number, owed: 6_998, dueOn: '2026-12-20' },
  ])
})

test('what is still to deliver and to bill, and the rows that drafts are made of', () => {
  const [open] = rowsOf(ordersToDeliver, { search: 'dale' })
  expect(open).toMatchObject({ partyName: 'Dale Plumbing', lines: 2 })
  const id = present(open).id
  expect(rowsOf(ordersToDeliver, { order: id })).toHaveLength(1)
  expect(
    rowsOf(deliverableLines, { order: id }).map(({ itemName, open: left, hasSerial }) => [itemName, left, hasSerial]),
  ).toEqual([
    ['Pump', pieces(6), 0],
    ['Hose', pieces(5), 0],
  ])
  // Everything that was delivered is billed.
  expect(rowsOf(ordersToBill, {})).toEqual([])
  const tablesOf = (rows: readonly { table: string }[]) => rows.map(({ table }) => table).sort()
  expect(tablesOf(rowsOf(invoiceDraftRows, { order: id }))).toEqual([
    'masters.item',
    'masters.item',
    'sales.order',
    'sales.orderLine',
    'sales.orderLine',
  ])
  const [billed] = rowsOf(invoices, {})
  const rows = rowsOf(creditDraftRows, { invoice: present(billed).id })
  expect(tablesOf(rows)).toEqual(['masters.item', 'sales.creditLine', 'sales.invoice', 'sales.invoiceLine'])
  expect(JSON.parse(present(rows.find(({ table }) => table === 'sales.invoiceLine')).row)).toMatchObject({
    itemName: 'Pump',
    quantity: pieces(4),
  })
  const [credit] = rowsOf(creditNotes, {})
  expect(rowsOf(creditLines, { creditNote: present(credit).id })).toMatchObject([
    { itemName: 'Pump', quantity: pieces(1), total: 4_000 },
  ])
})

test('an accountant’s device shows the ledger, and its balances add up to zero', () => {
  const balances = rowsOf(trialBalances, { company: COMPANY })
  expect(balances.reduce((sum, row) => sum + row.balance, 0)).toBe(0)
  expect(balances.find((row) => row.account === 'receivable')).toMatchObject({ balance: 6_998 })
  expect(rowsOf(trialBalances, { company: COMPANY, upTo: '2026-10' })).toEqual([])
  const bank = rowsOf(ledgerEntries, { company: COMPANY, account: 'bank' })
  expect(bank).toMatchObject([{ amount: 6_000, document: 'payments.payment', businessDate: DAY }])
})
