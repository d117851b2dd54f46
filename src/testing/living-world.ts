// A company in the middle of its work: every kind of document that a command may meet stands open, half done or done, so
// that arguments for every command can be made from what is there. Made by the office's own commands; what only the hub
// or people at it write (an exception, a parked command, a lost value, a question) is put there as rows.
import { amountMinor, rate6 } from '../kernel/amount.ts'
import { cut } from '../kernel/completeness.ts'
import type { CanonicalValue } from '../kernel/canonical.ts'
import { keyId, rowId } from '../kernel/hash.ts'
import { exception, lostValue, reviewItem } from '../kernel/kernel-tables.ts'
import { stockEntry } from '../kernel/ledger.ts'
import { countQuestion } from '../kernel/stock-count.ts'
import type { AnyRow, AnyTable } from '../kernel/table.ts'
import type { MemoryStore } from '../store/memory.ts'
import { catalogue } from '../modules/all.ts'
import { journal } from '../modules/accounting/journal.ts'
import { followUp } from '../modules/crm/follow-up.ts'
import { visit } from '../modules/crm/visit.ts'
import { delivery, deliveryLine } from '../modules/delivery/delivery.ts'
import { count } from '../modules/inventory/count.ts'
import { issue } from '../modules/inventory/issue.ts'
import { receipt } from '../modules/inventory/receipt.ts'
import { contact, party } from '../modules/masters/party.ts'
import { priceList } from '../modules/masters/price.ts'
import { standardRoles } from '../modules/masters/standard-roles.ts'
import { user } from '../modules/masters/people.ts'
import { payment } from '../modules/payments/payment.ts'
import { heldSale } from '../modules/pos/held-sale.ts'
import { sale, saleLine, tender } from '../modules/pos/sale.ts'
import { shift } from '../modules/pos/shift.ts'
import { aLine, aSale, card, cash, openShop, pieces, pounds, priceOf } from '../modules/pos/till-builders.ts'
import { invoiceDraft } from '../modules/sales/drafts.ts'
import { invoice, invoiceLine } from '../modules/sales/invoice.ts'
import { order, orderLine } from '../modules/sales/order.ts'
import { aDeliveryOf, anOrderOf, PAINT, shop, TODAY } from './decision-world.ts'
import { rowAt } from './trade-world.ts'
import { TestWorld, type TestDevice } from './two-sides.ts'

const NOON = Date.UTC(2026, 10, 20, 12)

export interface LivingWorld {
  readonly hub: MemoryStore
  readonly office: TestDevice
  /** Ids of what stands, by a name that says how it stands. */
  readonly ids: Readonly<Record<string, string>>
}

/** Every table by a row of plain defaults where a test must name what only the hub writes. */
function putRow(hub: MemoryStore, table: AnyTable, fields: Readonly<Record<string, unknown>>): string {
  const made = {
    tenant: 't1',
    device: 'HUB',
    epoch: 0,
    seq: 1,
    at: NOON,
    label: `${table.name}/${String(fields['state'])}`,
  }
  const key = table.key?.map((field) => fields[field] as CanonicalValue)
  const id = key === undefined ? rowId(made) : keyId('t1', table.name, key)
  const row: Record<string, unknown> = { id, goneAt: null }
  for (const name of table.fieldNames) row[name] = fields[name] ?? table.fields[name]?.traits.fallback ?? null
  hub.put(table, row as AnyRow)
  return id
}

export function aLivingWorld(): LivingWorld {
  const world = new TestWorld(catalogue)
  const { company, branch, warehouse } = shop
  const office = world.device({ dev: 'OFFI', user: 'sam', company, branch, policy: { stockPolicy: 'warn' } })
  const act = (name: string, args: object, table?: AnyTable): string => {
    const command = catalogue.commands.get(name)
    if (command === undefined) throw new Error(`There is no command ${name}.`)
    const overrides = ['delivery.credit-exceeded', 'pos.return-over-limit', 'inventory.receipt-without-order']
    const id = office.do(command, args, table, { overrides })
    world.settle()
    return id
  }
  const day = { businessDate: TODAY }
  const ids: Record<string, string> = {}

  openShop((command, args) => office.do(command, args), 't1')
  for (const role of standardRoles) act('masters.setRole', role)
  ids['user'] = act('masters.setUser', { signInName: 'mo', name: 'Mo', roles: ['rep'], branch }, user)
  act('masters.createItem', {
    code: 'PAINT',
    name: 'Paint',
    group: 'paint',
    stockUnit: 'each',
    taxCode: 'standard',
    hasBatch: true,
  })
  act('masters.editItem', { item: shop.sealant, isAllotted: true })
  act('masters.importParty', { code: 'S1', name: 'Northern', roles: ['supplier'], territory: 'suppliers' })
  ids['supplier'] = rowAt(world.rows(party).filter(({ code }) => code === 'S1')).id
  ids['field'] = act('masters.createParty', { name: 'Beta', roles: ['customer'], territory: 'leeds' }, party)
  ids['other'] = act('masters.createParty', { name: 'Gamma', roles: ['customer'], territory: 'leeds' }, party)
  ids['contact'] = act('masters.addContact', { party: shop.acme, territory: 'leeds', name: 'Pat' }, contact)
  const list = { code: 'TRADE', name: 'Trade', currency: 'GBP', isTaxIncluded: true }
  ids['list'] = act('masters.savePriceList', list, priceList)
  act('masters.setCreditLimit', { party: shop.acme, creditLimitMinor: pounds(5_000) })
  for (const code of ['bank', 'fees'] as const)
    act('accounting.saveAccount', { code, name: code, type: code === 'bank' ? 'asset' : 'expense' })

  // Goods.
  const received = { warehouse, ...day, supplier: ids['supplier'] }
  const lineOf = (item: string, many: number, more: object = {}) => ({
    item,
    unit: 'each',
    accepted: pieces(many),
    rate: priceOf(10),
    ...more,
  })
  act('inventory.receiveGoods', { ...received, lines: [lineOf(shop.drill, 90), lineOf(shop.sealant, 90)] })
  act('inventory.receiveGoods', { ...received, lines: [lineOf(shop.pump, 2, { serials: ['P-1', 'P-2'] })] })
  act('inventory.receiveGoods', { ...received, lines: [lineOf(PAINT, 9, { batch: 'B7', expiresOn: '2028-01-31' })] })
  ids['receipt'] = act('inventory.receiveGoods', { ...received, lines: [lineOf(shop.milk, 5)] }, receipt)
  const used = [{ item: shop.drill, unit: 'each', quantity: pieces(1) }]
  ids['issue'] = act('inventory.issueGoods', { warehouse, ...day, reason: 'sample', lines: used }, issue)
  const counted = [{ item: shop.drill, unit: 'each', quantity: pieces(88) }]
  ids['count'] = act('inventory.countStock', { warehouse, ...day, lines: counted }, count)
  ids['moved'] = rowAt(world.rows(stockEntry).filter(({ documentId }) => documentId === ids['issue'])).id
  for (const device of ['DEVA', 'DEVB', 'DEVC'])
    act('allotment.grantShare', {
      kind: 'stock',
      scope: warehouse,
      resource: shop.sealant,
      quantity: 2_000_000,
      device,
    })

  // The till.
  const opening = { till: shop.till1, ...day, currency: 'GBP', float: amountMinor(0) }
  const of = (ids['shift'] = act('pos.openShift', opening, shift))
  const drills = aSale({ shift: of, lines: [aLine(shop.drill, 2, 60)], tenders: [cash(120)] })
  ids['sale'] = act('pos.completeSale', drills, sale)
  const sold = (id: string | undefined) => rowAt(world.rows(saleLine).filter(({ document }) => document === id)).id
  const paid = (id: string | undefined) => rowAt(world.rows(tender).filter(({ document }) => document === id)).id
  ids['soldLine'] = sold(ids['sale'])
  ids['paid'] = paid(ids['sale'])
  const byCard = { shift: of, lines: [aLine(shop.sealant, 1, 4.8)], tenders: [card(4.8, { isOffline: true })] }
  ids['card'] = paid(act('pos.completeSale', aSale(byCard), sale))
  const loose = { ...aLine(shop.drill, 1, 60), reason: 'too loud' }
  const back = aSale({ shift: of, originalNumber: 'S-ZZZZA-26-000009', returns: [loose], tenders: [cash(-60)] })
  ids['looseLine'] = sold(act('pos.returnSale', back, sale))
  ids['held'] = act('pos.holdSale', { shift: of, ...day, name: 'blue coat', basket: { lines: [] } }, heldSale)

  // Orders: one open and partly delivered and billed, one on hold, one delivered too much, one untouched.
  const placed = (many: number) => act('sales.placeOrder', anOrderOf(many), order)
  ids['order'] = placed(6)
  ids['delivery'] = act('delivery.deliver', aDeliveryOf(office, ids['order'], 3), delivery)
  ids['deliveryLine'] = rowAt(world.rows(deliveryLine)).id
  const lines = world.rows(orderLine).map((line) => ({ line, tolerancePercent: null }))
  const bill = invoiceDraft({ order: rowAt(world.rows(order)), lines, businessDate: TODAY })
  if (bill === null) throw new Error('There must be something to bill.')
  ids['invoice'] = act('sales.issueInvoice', bill, invoice)
  ids['invoiceLine'] = rowAt(world.rows(invoiceLine)).id
  ids['excess'] = placed(1)
  act('delivery.deliver', aDeliveryOf(office, ids['excess'], 2))
  ids['excessLine'] = rowAt(world.rows(orderLine).filter(({ document }) => document === ids['excess'])).id
  ids['untouched'] = placed(2)
  ids['untouchedLine'] = rowAt(world.rows(orderLine).filter(({ document }) => document === ids['untouched'])).id
  ids['delivered'] = act('delivery.deliver', aDeliveryOf(office, placed(2), 1), delivery)
  ids['onHold'] = placed(90)
  ids['payment'] = act(
    'payments.receive',
    { party: shop.acme, ...day, currency: 'GBP', method: 'bank', methodKind: 'bank', amount: pounds(50) },
    payment,
  )

  // Customers.
  ids['planned'] = act('crm.planVisit', { party: shop.acme, plannedOn: TODAY }, visit)
  ids['begun'] = act('crm.checkIn', { party: shop.acme, ...day }, visit)
  ids['followUp'] = act('crm.createFollowUp', { party: shop.acme, subject: 'Call', dueOn: TODAY }, followUp)

  // Books.
  const posted = [
    { account: 'fees', amount: amountMinor(700) },
    { account: 'bank', amount: amountMinor(-700) },
  ]
  const manual = { ...day, currency: 'GBP', kind: 'manual', text: 'fees', lines: posted }
  ids['journal'] = act('accounting.recordJournal', manual, journal)
  act('masters.setTaxRate', { code: 'zero', from: '2026-01-01', percent: rate6(0) })

  // What people at the hub decide about.
  const { hub } = world
  const by = { dev: 'OFFI', ep: 1, seq: 1, user: 'sam', branch, raisedAt: NOON, state: 'open', at: NOON }
  ids['exception'] = putRow(hub, exception, {
    ...by,
    code: 'OVERSOLD',
    facts: {},
    command: 'pos.completeSale',
    owner: 'storekeeper',
  })
  ids['parked'] = putRow(hub, reviewItem, {
    ...by,
    command: 'crm.addNote',
    version: 1,
    seal: 'a seal',
    args: {},
    reason: 'crm.unknown-party',
    facts: {},
    about: {},
    capturedAt: NOON,
    parkedAt: NOON,
  })
  ids['lost'] = putRow(hub, lostValue, {
    ...by,
    table: 'masters.party',
    rowId: shop.acme,
    field: 'phone',
    base: null,
    kept: '1',
    lost: '2',
    isMine: false,
    isSensitive: false,
    by: 'sam',
    buckets: [],
  })
  ids['restored'] = putRow(hub, lostValue, {
    ...by,
    table: 'masters.party',
    rowId: shop.acme,
    field: 'email',
    lost: 'a@example.org',
    isMine: false,
    isSensitive: false,
    by: 'sam',
    buckets: [],
    state: 'restored',
  })
  putRow(hub, countQuestion, {
    ...by,
    item: shop.drill,
    warehouse,
    move: ids['moved'],
    count: ids['count'],
    quantity: pieces(-1),
    movedAt: NOON,
    countedAt: NOON,
    isInCount: false,
  })
  // A device that hasn't reported since the count.
  const waiting = rowAt(world.rows(cut))
  hub.put(cut, { ...waiting, isKnown: true, missing: ['DEVA'] })
  ids['cut'] = waiting.id
  return { hub, office, ids }
}
