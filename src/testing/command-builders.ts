// Arguments for every command of the product, from what stands in a living world: the same rows for everybody, other
// values for each person, so that two of them always meet. A command without an entry here fails the test of pairs by name.
import { amountMinor, rate6 } from '../kernel/amount.ts'
import type { Row } from '../kernel/table.ts'
import { cashBalance } from '../kernel/ledger.ts'
import { cashMovement } from '../modules/pos/cash-movement.ts'
import { sale, saleLine } from '../modules/pos/sale.ts'
import { aLine, aSale, backOf, cash, onAccount, pieces, pounds, priceOf } from '../modules/pos/till-builders.ts'
import { creditDraft, invoiceDraft } from '../modules/sales/drafts.ts'
import { invoice, invoiceLine } from '../modules/sales/invoice.ts'
import { order, orderLine } from '../modules/sales/order.ts'
import { aDeliveryOf, anOrderOf, PAINT, shop, TODAY } from './decision-world.ts'
import type { LivingWorld } from './living-world.ts'
import { present, rowAt } from './trade-world.ts'

type Args = Readonly<Record<string, unknown>>
/** `who` is 0, 1 or 2. */
export type Builder = (world: LivingWorld, who: number) => Args

const day = { businessDate: TODAY }
const money = { ...day, currency: 'GBP' }
/** As screens do: what is printed is said, whoever renames it meanwhile. */
const printed = { party: shop.acme, partyName: 'Acme Builders' }
const method = { ...printed, ...money, method: 'bank', methodKind: 'bank' }
const named = (who: number): string => ['Ann', 'Bob', 'Cem'][who] ?? ''
const place = { warehouse: shop.warehouse, ...day }
const goods = (item: string, count: number) => ({ item, unit: 'each', quantity: pieces(count) })
const ofCompany = { name: 'Brightwater', currency: 'GBP', minorDigits: 2, country: 'GB', tz: 'Europe/London' }
const scarce = { kind: 'stock', scope: shop.warehouse, resource: shop.sealant }

const masters: Readonly<Record<string, Builder>> = {
  'masters.saveCompany': (_, who) => ({ code: 'BW', ...ofCompany, taxId: `GB ${who}` }),
  'masters.setDeviceSettings': (_, who) => ({ company: shop.company, settings: { syncEverySeconds: 60 + who } }),
  'masters.saveBranch': (_, who) => ({
    company: shop.company,
    code: 'leeds',
    name: `Leeds ${named(who)}`,
    tz: 'Europe/London',
    territory: 'leeds',
  }),
  'masters.saveTransfer': (_, who) => ({
    origin: 'EU',
    destination: 'UK',
    basis: `SCC 2021/914 module ${who}`,
    categories: ['customers'],
    protection: 'encrypted at rest',
    from: '2026-01-01',
  }),
  'masters.saveWarehouse': (_, who) => ({ branch: shop.branch, code: 'main', name: `Main ${named(who)}` }),
  'masters.saveTill': (_, who) => ({
    branch: shop.branch,
    code: 'till1',
    name: 'till1',
    warehouse: shop.warehouse,
    methods: [{ code: 'cash', kind: 'cash' }],
    cashDifferenceLimitMinor: 100 * who,
  }),
  'masters.setRole': (_, who) => ({
    code: 'cashier',
    name: 'Cashier',
    permissions: ['pos.sell'],
    limits: { discountPercent: 1_000_000 * who },
    home: 'sell',
  }),
  'masters.setUser': (_, who) => ({ signInName: 'mo', name: named(who), roles: ['cashier'], branch: shop.branch }),
  'masters.revokeDevice': (_, who) => ({ device: `ZZZ${who}`, isLost: who === 1 }),
  'masters.revokeAccount': (_, who) => ({ user: named(who) }),
  'masters.saveUnit': (_, who) => ({ code: 'each', name: named(who) }),
  'masters.saveTaxCode': (_, who) => ({ code: 'standard', name: named(who), treatment: 'standard' }),
  'masters.setTaxRate': (_, who) => ({ code: 'standard', from: '2026-11-01', percent: rate6(1_000_000 * who) }),
  'masters.createItem': (_, who) => ({
    code: 'NEW',
    name: `New ${named(who)}`,
    group: 'tools',
    stockUnit: 'each',
    taxCode: 'standard',
  }),
  'masters.editItem': (_, who) => ({ item: shop.drill, name: `Drill ${named(who)}`, floorRate: priceOf(who) }),
  'masters.saveBarcode': (_, who) => ({ value: '5012345678900', item: who === 0 ? shop.drill : shop.sealant }),
  'masters.recallBatch': (_, who) => ({ item: PAINT, number: 'B7', isRecalled: who !== 1 }),
  'masters.savePriceList': (_, who) => ({ code: 'TRADE', name: named(who), currency: 'GBP', isTaxIncluded: true }),
  'masters.setPrice': (_, who) => ({ scope: 'item', item: shop.drill, rate: priceOf(61 + who), isTaxIncluded: true }),
  'masters.savePartyGroup': (_, who) => ({ code: 'trade', name: named(who) }),
  'masters.createParty': (_, who) => ({
    name: `New ${named(who)}`,
    roles: ['customer'],
    territory: 'leeds',
    phone: '0113 4960001',
  }),
  'masters.editParty': (_, who) => ({
    party: shop.acme,
    name: `Acme ${named(who)}`,
    phone: `0113 ${who}`,
    tags: [named(who)],
  }),
  'masters.importParty': (_, who) => ({
    code: 'ACME',
    name: 'Acme Builders',
    roles: ['customer'],
    territory: 'leeds',
    termsDays: 10 + who,
  }),
  'masters.setCreditLimit': (_, who) => ({ party: shop.acme, creditLimitMinor: pounds(100 * who) }),
  'masters.setPartyTerms': (_, who) => ({ party: shop.acme, taxId: `GB ${who}`, isOnHold: who === 1 }),
  'masters.mergeParties': ({ ids }, who) => ({
    keep: who === 0 ? ids['field'] : ids['other'],
    drop: who === 0 ? ids['other'] : ids['field'],
  }),
  'masters.addContact': (_, who) => ({ party: shop.acme, territory: 'leeds', name: named(who) }),
  'masters.editContact': ({ ids }, who) => ({ contact: ids['contact'], phone: `0113 ${who}` }),
  'pricing.setPricingRule': (_, who) => ({
    code: 'SALE',
    name: named(who),
    scopeKind: 'item',
    scopeId: shop.drill,
    benefit: { kind: 'percent', percent: 1_000_000 * (who + 1) },
  }),
}

const atTill = ({ ids }: LivingWorld) => ({ shift: ids['shift'] ?? '' })
const soldLine = ({ office, ids }: LivingWorld): Row<typeof saleLine> =>
  present(office.rows(saleLine).find(({ id }) => id === ids['soldLine']))

/** As the till's own screen would: what it holds of the shift, counted by whoever closes. */
function closing(world: LivingWorld, who: number): Args {
  const { shift } = atTill(world)
  const expected = world.office
    .rows(cashBalance)
    .filter((held) => held.shift === shift && held.method === 'cash')
    .reduce((sum, { amount }) => sum + amount, 0)
  const listed = (kind: string, rows: readonly { id: string; shift: string; amount: number }[]) =>
    rows.filter((row) => row.shift === shift).map(({ id, amount }) => ({ kind, id, amountMinor: amount }))
  return {
    shift,
    ...day,
    minorDigits: 2,
    counts: [{ method: 'cash', kind: 'cash', currency: 'GBP', expected, counted: expected - who }],
    documents: [
      ...listed(
        'sale',
        world.office.rows(sale).map((row) => ({ ...row, amount: row.total })),
      ),
      ...listed('movement', world.office.rows(cashMovement)),
    ],
    carriedOver: [world.ids['held']],
  }
}

const pos: Readonly<Record<string, Builder>> = {
  'pos.openShift': () => ({ till: shop.till2, ...money, float: amountMinor(0) }),
  'pos.completeSale': (world, who) =>
    aSale({
      ...atTill(world),
      party: shop.acme,
      lines: [aLine(shop.pump, 1, 90, { serials: ['P-1'] }), aLine(shop.sealant, 1 + who, 4.8)],
      tenders: [onAccount(94.8 + 4.8 * who)],
    }),
  'pos.returnSale': (world, who) =>
    aSale({
      ...atTill(world),
      returns: [backOf(soldLine(world), 2)],
      tenders: [{ ...cash(-120), refundOf: world.ids['paid'] }],
      reason: named(who),
    }),
  'pos.holdSale': (world, who) => ({ ...atTill(world), ...day, name: named(who), basket: { lines: [] } }),
  'pos.resumeSale': ({ ids }) => ({ heldSale: ids['held'] }),
  'pos.dropHeldSale': ({ ids }, who) => ({ heldSale: ids['held'], reason: named(who) }),
  'pos.cashIn': (world, who) => ({ ...atTill(world), ...day, amount: pounds(1 + who), reason: 'change' }),
  'pos.cashOut': (world, who) => ({ ...atTill(world), ...day, amount: pounds(1 + who), reason: 'petty-cash' }),
  'pos.safeDrop': (world, who) => ({ ...atTill(world), ...day, amount: pounds(30 + who) }),
  'pos.openDrawer': (world, who) => ({ ...atTill(world), ...day, reason: named(who) }),
  'pos.reprintReceipt': (world, who) => ({ ...atTill(world), ...day, sale: world.ids['sale'], reason: named(who) }),
  'pos.closeShift': closing,
  'pos.settleTender': ({ ids }, who) => ({ tender: ids['card'], outcome: who === 1 ? 'settled' : 'declined', ...day }),
  'pos.linkReturn': ({ ids }) => ({ line: ids['looseLine'], originLine: ids['soldLine'], quantity: pieces(1) }),
}

/** What is billable now, at the order's prices. */
function billing({ office, ids }: LivingWorld): Args {
  const of = present(office.rows(order).find(({ id }) => id === ids['delivered'] || id === ids['excess']))
  const lines = office
    .rows(orderLine)
    .filter(({ document }) => document === of.id)
    .map((line) => ({ line, tolerancePercent: null }))
  return { ...present(invoiceDraft({ order: of, lines, businessDate: TODAY })) }
}

function crediting({ office }: LivingWorld): Args {
  const of = rowAt(office.rows(invoice))
  const lines = office
    .rows(invoiceLine)
    .filter(({ document }) => document === of.id)
    .map((line) => ({ line, before: [], quantity: pieces(2) }))
  return { ...present(creditDraft({ invoice: of, lines, reason: 'return', businessDate: TODAY })) }
}

const sales: Readonly<Record<string, Builder>> = {
  'sales.placeOrder': (_, who) => {
    const args = anOrderOf(50 + who)
    const lines = args.lines.map((line) => ({ ...line, itemCode: 'DRILL', itemName: 'Drill' }))
    return { ...args, ...printed, lines, customerOrderNumber: 'PO-1' }
  },
  'sales.editOrder': ({ ids }, who) => ({ order: ids['order'], deliverOn: `2026-12-0${who + 1}`, remarks: named(who) }),
  'sales.changeQuantity': ({ ids }, who) => ({
    orderLine: ids['untouchedLine'],
    by: pieces(who === 0 ? -2 : who),
    ...day,
  }),
  'sales.releaseOrder': ({ ids }, who) => ({ order: ids['onHold'], ...day, remark: named(who) }),
  'sales.shortCloseOrder': ({ ids }, who) => ({ order: ids['order'], ...day, reason: named(who) }),
  'sales.cancelOrder': ({ ids }, who) => ({ order: ids['untouched'], ...day, reason: named(who) }),
  'sales.confirmExcess': ({ ids }) => ({ orderLine: ids['excessLine'], ...day }),
  'sales.issueInvoice': billing,
  'sales.issueCreditNote': crediting,
  'delivery.deliver': ({ office, ids }, who) => ({
    ...aDeliveryOf(office, ids[who === 0 ? 'untouched' : 'order'] ?? '', 2),
    ...printed,
  }),
  'delivery.takeBack': ({ ids }, who) => ({
    ...printed,
    ...money,
    warehouse: shop.warehouse,
    reason: named(who),
    lines: [
      {
        ...goods(shop.drill, 2),
        deliveryLine: ids['deliveryLine'],
        disposition: 'saleable',
        isDeliveredAgain: who === 0,
      },
    ],
  }),
  'delivery.cancelDelivery': ({ ids }, who) => ({ delivery: ids['delivered'], ...day, reason: named(who) }),
  'payments.receive': ({ ids }) => ({
    ...method,
    amount: pounds(180),
    allocations: [{ invoice: ids['invoice'], amount: pounds(180) }],
  }),
  'payments.allocate': ({ ids }) => ({
    payment: ids['payment'],
    ...day,
    allocations: [{ invoice: ids['invoice'], amount: pounds(50) }],
  }),
  'payments.reversePayment': ({ ids }, who) => ({ payment: ids['payment'], ...day, reason: named(who) }),
  'payments.pay': (_, who) => ({ ...method, amount: pounds(20 + who), outPurpose: 'refund' }),
}

const stock: Readonly<Record<string, Builder>> = {
  'inventory.receiveGoods': ({ ids }, who) => ({
    ...place,
    supplier: ids['supplier'],
    supplierNote: 'N-1',
    lines: [
      {
        item: PAINT,
        unit: 'each',
        accepted: pieces(1 + who),
        batch: 'B8',
        expiresOn: `2028-0${who + 1}-01`,
        rate: priceOf(10),
      },
    ],
  }),
  'inventory.issueGoods': (_, who) => ({
    ...place,
    reason: 'loss',
    lines: [{ ...goods(shop.pump, 1), serials: ['P-1'] }, goods(shop.drill, 80 + who)],
  }),
  'inventory.openStock': (_, who) => ({ ...place, ...goods(shop.milk, 5 + who), rate: priceOf(1) }),
  'inventory.cancelReceipt': ({ ids }, who) => ({ receipt: ids['receipt'], ...day, reason: named(who) }),
  'inventory.cancelIssue': ({ ids }, who) => ({ issue: ids['issue'], ...day, reason: named(who) }),
  'inventory.countStock': (_, who) => ({
    ...place,
    lines: [goods(shop.drill, 80 - who), goods(shop.sealant, 80 + who)],
  }),
  'inventory.decideMovement': ({ ids }, who) => ({ move: ids['moved'], isInCount: who === 0, ...day }),
  'allotment.grantShare': (_, who) => ({ ...scarce, quantity: 50_000_000 + who }),
  'allotment.returnShare': (_, who) => ({ ...scarce, quantity: 1_000_000 + who }),
  'allotment.takeBackShare': (_, who) => ({ ...scarce, quantity: 1_000_000 + who, device: 'DEVA' }),
}

const people: Readonly<Record<string, Builder>> = {
  'crm.planVisit': (_, who) => ({ party: shop.acme, plannedOn: `2026-12-0${who + 1}` }),
  'crm.checkIn': ({ ids }) => ({ visit: ids['planned'], party: shop.acme, ...day }),
  'crm.completeVisit': ({ ids }, who) => ({
    visit: ids['begun'],
    party: shop.acme,
    ...day,
    outcome: who === 0 ? 'order' : 'complaint',
    note: named(who),
  }),
  'crm.missVisit': ({ ids }, who) => ({ visit: ids['planned'], reason: named(who) }),
  'crm.addNote': (_, who) => ({ party: shop.acme, ...day, text: named(who) }),
  'crm.createFollowUp': (_, who) => ({ party: shop.acme, subject: named(who), dueOn: TODAY }),
  'crm.completeFollowUp': ({ ids }, who) => ({ followUp: ids['followUp'], ...day, result: named(who) }),
  'crm.reassignFollowUp': ({ ids }, who) => ({ followUp: ids['followUp'], dueOn: `2026-12-0${who + 1}` }),
  'accounting.saveAccount': (_, who) => ({ code: 'fees', name: named(who), type: 'expense' }),
  'accounting.setPostingProfile': (_, who) => ({ purpose: 'sales', account: who === 0 ? 'fees' : 'bank' }),
  'accounting.setPeriod': (_, who) => ({ month: '2026-11', state: who === 1 ? 'soft-closed' : 'closed' }),
  'accounting.recordJournal': (_, who) => ({
    ...money,
    kind: 'manual',
    text: named(who),
    lines: [
      { account: 'fees', amount: amountMinor(1 + who) },
      { account: 'bank', amount: amountMinor(-1 - who) },
    ],
  }),
  'accounting.reverseJournal': ({ ids }, who) => ({ journal: ids['journal'], ...day, reason: named(who) }),
  'accounting.recordExpense': (_, who) => ({
    ...money,
    minorDigits: 2,
    paidFrom: 'bank',
    lines: [{ about: 'fuel', purpose: 'fees', quantity: pieces(1), rate: priceOf(10) }],
    total: pounds(10),
    externalRef: 'fuel-1',
    remarks: named(who),
  }),
  'accounting.writeOffDebt': (_, who) => ({
    ...money,
    minorDigits: 2,
    ...printed,
    lines: [{ about: named(who), quantity: pieces(-1), rate: priceOf(5) }],
    total: pounds(-5),
  }),
  'accounting.listLines': (_, who) => ({
    externalRef: 'list-1',
    ...day,
    minorDigits: 2,
    lines: [
      {
        position: 0,
        reason: 'unknown-code',
        itemCode: 'NO',
        about: named(who),
        quantity: pieces(1),
        rate: priceOf(1),
      },
    ],
  }),
  'review.resubmit': ({ ids }, who) => ({ item: ids['parked'], args: { text: named(who) } }),
  'review.force': ({ ids }, who) => ({ item: ids['parked'], reason: named(who) }),
  'review.discard': ({ ids }, who) => ({ item: ids['parked'], reason: named(who) }),
  'review.closeException': ({ ids }, who) => ({ exception: ids['exception'], remark: named(who) }),
  'review.closeCut': ({ ids }, who) => ({ cut: ids['cut'], missing: ['DEVA'], remark: named(who) }),
  'review.reopen': ({ ids }) => ({ kind: 'value', item: ids['restored'] }),
  'privacy.eraseSubject': () => ({ table: 'masters.party', subject: shop.acme }),
  'privacy.confirmErasure': () => ({ subject: shop.acme, commands: 1 }),
  'review.setMergeRule': (_, who) => ({
    table: 'masters.party',
    field: 'phone',
    rule: who === 0 ? 'first' : 'append',
  }),
  'review.restoreLost': ({ ids }, who) => ({ lost: ids['lost'], restore: who === 0 }),
}

export const builders: ReadonlyMap<string, Builder> = new Map(
  [masters, pos, sales, stock, people].flatMap((area) => Object.entries(area)),
)
