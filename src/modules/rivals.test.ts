// Failures that users of other systems reported, each by its name, where the business decides: money that was taken stays
// taken, whatever another device brings later.
import { expect, test } from 'vitest'
import { aDecisionWorld, aDeliveryOf, anOrderOf, shop, TODAY } from '../testing/decision-world.ts'
import { present, rowAt } from '../testing/trade-world.ts'
import { deliver } from './delivery/deliver.ts'
import { receive } from './payments/receive.ts'
import { completeSale } from './pos/complete-sale.ts'
import { dropHeldSale } from './pos/drop-held-sale.ts'
import { heldSale } from './pos/held-sale.ts'
import { holdSale } from './pos/hold-sale.ts'
import { sale, tender } from './pos/sale.ts'
import { aLine, aSale, cash, pounds } from './pos/till-builders.ts'
import { invoiceDraft } from './sales/drafts.ts'
import { invoice } from './sales/invoice.ts'
import { issueInvoice } from './sales/issue-invoice.ts'
import { order, orderLine } from './sales/order.ts'
import { placeOrder } from './sales/place-order.ts'

test.each(['paid first', 'dropped first'])(
  'odoo-288974: a ticket paid offline stays paid when another till syncs what it knew before (%s)',
  (first) => {
    const { world, tillA, tillB, shiftA } = aDecisionWorld()
    const held = tillA.do(holdSale, { shift: shiftA, businessDate: TODAY, name: 'blue coat', basket: {} }, heldSale)
    world.settle()
    const args = aSale({ shift: shiftA, heldSale: held, lines: [aLine(shop.drill, 1, 60)], tenders: [cash(60)] })
    tillA.do(completeSale, args, sale)
    const printed = [tillA.rows(sale), tillA.rows(tender)]
    // The other till still has the open ticket.
    tillB.do(dropHeldSale, { heldSale: held, reason: 'nobody came' })
    world.settle(first === 'paid first' ? [tillA, tillB] : [tillB, tillA])
    expect([world.rows(sale), world.rows(tender)]).toEqual(printed)
    for (const device of world.devices) expect(device.rows(sale)).toMatchObject([{ state: 'submitted', total: 60_00 }])
    expect(world.exceptions.map(({ code }) => code)).toEqual(['HELD_TWICE'])
  },
)

test('posawesome-310: an invoice and its payment, both made offline, are settled together', () => {
  const { world, office } = aDecisionWorld()
  const placed = office.do(placeOrder, anOrderOf(2), order)
  office.do(deliver, aDeliveryOf(office, placed, 2))
  const lines = office.rows(orderLine).map((line) => ({ line, tolerancePercent: null }))
  const draft = present(invoiceDraft({ order: rowAt(office.rows(order)), lines, businessDate: TODAY }))
  const billed = office.do(issueInvoice, draft, invoice)
  office.do(receive, {
    party: shop.acme,
    businessDate: TODAY,
    currency: 'GBP',
    method: 'bank',
    methodKind: 'bank',
    amount: pounds(120),
    allocations: [{ invoice: billed, amount: pounds(120) }],
  })
  world.settle()
  expect(world.rows(invoice)).toMatchObject([{ total: 120_00, paid: 120_00 }])
  expect(world.exceptions).toEqual([])
})
