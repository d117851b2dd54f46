// A working day of one device, captured by the product as it is now: what a release seals, for the golden envelopes that
// every later release must still open. It makes new envelopes and never touches those of an earlier release.
import { amountMinor, quantity6, rate6 } from '../kernel/amount.ts'
import type { AnyCommand, ArgsFor } from '../kernel/command.ts'
import type { AnyTable } from '../kernel/table.ts'
import { catalogue } from '../modules/all.ts'
import { addNote } from '../modules/crm/add-note.ts'
import { checkIn } from '../modules/crm/check-in.ts'
import { completeVisit } from '../modules/crm/complete-visit.ts'
import { planVisit } from '../modules/crm/plan-visit.ts'
import { visit } from '../modules/crm/visit.ts'
import { deliver } from '../modules/delivery/deliver.ts'
import { receiveGoods } from '../modules/inventory/receive-goods.ts'
import { createParty } from '../modules/masters/create-party.ts'
import { editParty } from '../modules/masters/edit-party.ts'
import { party } from '../modules/masters/party.ts'
import { setCreditLimit } from '../modules/masters/set-credit-limit.ts'
import { receive } from '../modules/payments/receive.ts'
import { completeSale } from '../modules/pos/complete-sale.ts'
import { openShift } from '../modules/pos/open-shift.ts'
import { shift } from '../modules/pos/shift.ts'
import { aLine, aSale, openShop, pieces, pounds, priceOf, shopIds } from '../modules/pos/till-builders.ts'
import { orderLine } from '../modules/sales/order.ts'
import { placeOrder } from '../modules/sales/place-order.ts'
import { totalsOf } from '../modules/sales/priced-lines.ts'
import { applyPull } from '../sync/device/settle.ts'
import type { Personal } from '../sync/protocol.ts'
import { textHash } from '../sync/seal.ts'
import { aLoneDevice, aPage, NOON, type LoneDevice } from './lone-device.ts'

export interface GoldenDay {
  /** Seal before the first line. */
  readonly prev: string
  readonly commands: readonly { readonly line: string; readonly pd: Personal | null; readonly seal: string }[]
}

const DAY = '2026-11-21'
const HOURLESS = { businessDate: DAY, currency: 'GBP' }

const buckets = ['company', 'catalogue', 'parties']

export async function captureGoldenDay(): Promise<GoldenDay> {
  const device = await workGoldenDay()
  try {
    const stored = device.replica.db.all<{ line: string; pd: string | null; seal: string }>(
      'SELECT line, pd, seal FROM outbox ORDER BY seq',
    )
    return {
      prev: textHash('a certificate'),
      commands: stored.map(({ line, pd, seal }) => ({
        line,
        pd: pd === null ? null : (JSON.parse(pd) as Personal),
        seal,
      })),
    }
  } finally {
    device.end()
  }
}

/** `opened` is called when the shop has its masters and before its day begins. The caller ends the device. */
export async function workGoldenDay(
  opened: (device: LoneDevice, buckets: readonly string[]) => void = () => undefined,
): Promise<LoneDevice> {
  const ids = shopIds('t1')
  const device = await aLoneDevice(catalogue, {
    company: ids.company,
    branch: ids.branch,
    policy: { stockPolicy: 'warn' },
    buckets,
  })
  const act = <C extends AnyCommand>(command: C, args: ArgsFor<C>, table?: AnyTable): string =>
    device.do(command.name, args, table)[0] ?? ''
  // The whole of an empty hub: what isn't there doesn't exist.
  applyPull(
    device.replica,
    buckets.map((bucket) => aPage({ w: 0, bucket })),
    NOON,
  )
  openShop(act, 't1')
  opened(device, buckets)
  act(receiveGoods, {
    warehouse: ids.warehouse,
    businessDate: DAY,
    lines: [{ item: ids.drill, unit: 'each', accepted: pieces(20), rate: priceOf(31.5) }],
  })
  sell(act, ids)
  const customer = act(
    createParty,
    { name: 'Zoë Hartley', roles: ['customer'], territory: 'leeds', phone: '0113 496 0110', taxId: 'GB123456789' },
    party,
  )
  act(editParty, { party: customer, phone: '0113 496 0199' })
  act(setCreditLimit, { party: customer, creditLimitMinor: amountMinor(200_000) })
  call(act, customer)
  orderAndDeliver(
    act,
    ids,
    customer,
    () => device.replica.db.get<{ id: string }>(`SELECT id FROM ${orderLine.sqlName}`)?.id ?? '',
  )
  return device
}

type Act = <C extends AnyCommand>(command: C, args: ArgsFor<C>, table?: AnyTable) => string
type Ids = ReturnType<typeof shopIds>

function sell(act: Act, ids: Ids): void {
  const open = act(openShift, { ...HOURLESS, till: ids.till1, float: pounds(50) }, shift)
  const lines = [
    aLine(ids.drill, 1, 60, { itemCode: 'DRILL', itemName: 'Drill' }),
    aLine(ids.sealant, 3, 4.8, { itemCode: 'SEALANT', itemName: 'Sealant' }),
  ]
  act(completeSale, aSale({ shift: open, businessDate: DAY, lines }))
}

function call(act: Act, customer: string): void {
  const planned = act(planVisit, { party: customer, plannedOn: DAY, plannedAtMinute: 600, purpose: 'New shop' }, visit)
  act(checkIn, {
    visit: planned,
    party: customer,
    businessDate: DAY,
    place: { latitude6: 53_800_755, longitude6: -1_549_077, accuracyM: 12 },
  })
  act(completeVisit, {
    visit: planned,
    party: customer,
    businessDate: DAY,
    outcome: 'order',
    note: 'Opens in May.',
    nextStep: 'Bring the samples',
    nextStepOn: '2026-11-28',
  })
  act(addNote, { party: customer, businessDate: DAY, text: 'Prefers to be called before nine.', kind: 'call' })
}

function orderAndDeliver(act: Act, ids: Ids, customer: string, line: () => string): void {
  const taxes = [{ code: 'standard', percent: rate6(20_000_000) }]
  const lines = [
    {
      item: ids.drill,
      quantity: quantity6(2_000_000),
      unit: 'each',
      rate: priceOf(50),
      source: 'item' as const,
      taxes,
    },
  ]
  const priced = { minorDigits: 2, pricesIncludeTax: false, taxRounding: 'line' as const, lines }
  const totals = totalsOf(priced)
  if (!totals.ok) throw new Error(totals.code)
  act(placeOrder, { ...HOURLESS, ...priced, party: customer, termsDays: 30, total: totals.total, tax: totals.tax })
  act(deliver, {
    ...HOURLESS,
    party: customer,
    warehouse: ids.warehouse,
    outcome: 'delivered',
    recipient: 'Zoë',
    lines: [{ orderLine: line(), item: ids.drill, unit: 'each', quantity: pieces(2) }],
  })
  act(receive, { ...HOURLESS, party: customer, method: 'bank', methodKind: 'bank', amount: pounds(20) })
}
