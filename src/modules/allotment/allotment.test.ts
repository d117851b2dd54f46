// Shares of what is scarce: what is granted and what is free always come to what there is, in any order of three devices.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { allotment, allotmentSum } from '../../kernel/allotment.ts'
import { amountMinor } from '../../kernel/amount.ts'
import { concludeReports } from '../../kernel/completeness.ts'
import { stockBalance } from '../../kernel/ledger.ts'
import {
  anOrder,
  aTradeWorld,
  BRANCH,
  COMPANY,
  CUSTOMER,
  DAY,
  pieces,
  PUMP,
  receiveInto,
  tradeModules,
  VAN_A,
} from '../../testing/trade-world.ts'
import type { TestDevice } from '../../testing/two-sides.ts'
import { issueGoods } from '../inventory/issue-goods.ts'
import { party } from '../masters/party.ts'
import { editItem } from '../masters/edit-item.ts'
import { placeOrder } from '../sales/place-order.ts'
import { order } from '../sales/order.ts'
import { grantShare } from './grant-share.ts'
import { allotmentModule } from './module.ts'
import { returnShare } from './return-share.ts'
import { takeBackShare } from './take-back-share.ts'
import { catalogueOf } from '../../kernel/catalogue.ts'
import { times } from '../../testing/properties.ts'

const catalogue = catalogueOf([...tradeModules, allotmentModule])
const START = Date.UTC(2026, 10, 20, 12)
const MINUTE_MS = 60_000
const goods = (count: number) => ({ kind: 'stock' as const, scope: VAN_A, resource: PUMP, quantity: pieces(count) })
const credit = (minor: number) => ({
  kind: 'credit' as const,
  scope: COMPANY,
  resource: CUSTOMER,
  quantity: amountMinor(minor),
})
const taking = (count: number) => ({
  warehouse: VAN_A,
  businessDate: DAY,
  reason: 'consumption' as const,
  lines: [{ item: PUMP, unit: 'each', quantity: pieces(count) }],
})

/** `stocked` pumps in the van, marked scarce, and three devices that know of them. */
function scarce(stocked = 10, policy: Readonly<Record<string, string>> = { stockPolicy: 'warn' }) {
  const { world, office } = aTradeWorld({ catalogue })
  office.do(editItem, { item: PUMP, isAllotted: true })
  receiveInto(office, VAN_A, { item: PUMP, count: stocked, costMinor: 2_000 })
  world.settle()
  const devices = ['AAAA', 'BBBB', 'CCCC'].map((dev) =>
    world.device({ dev, user: dev, company: COMPANY, branch: BRANCH, policy }),
  )
  const [a, b, c] = devices as [TestDevice, TestDevice, TestDevice]
  return { world, office, devices, a, b, c }
}

test('a share is promised by the hub alone: nobody uses it before, and no more is granted than there is', () => {
  const { world, a, b } = scarce()
  a.do(grantShare, goods(6))
  expect(a.rows(allotment)).toEqual([])
  b.do(grantShare, goods(6))
  expect(world.settle([b, a]).map(({ outcome, refusal }) => refusal?.code ?? outcome)).toEqual([
    'accepted',
    'allotment.not-free',
  ])
  expect(a.rows(allotment)).toMatchObject([{ device: 'BBBB', granted: pieces(6), used: 0 }])
  b.do(grantShare, goods(4))
  world.settle()
  expect(world.rows(allotment)).toMatchObject([{ device: 'BBBB', granted: pieces(10) }])
})

test('what others were promised is not there for me; my own share is, whoever else took too much', () => {
  const { world, a, b } = scarce()
  a.do(grantShare, goods(8))
  world.settle()
  expect(b.run(issueGoods, taking(5)).exceptions.map(({ code }) => code)).toEqual(['BEYOND_SHARE', 'OVERSOLD'])
  a.do(issueGoods, taking(8))
  world.settle([b, a])
  // Five taken where two were free: that one is named. The eight promised ones stand without a word.
  expect(world.exceptions).toMatchObject([{ code: 'OVERSOLD', facts: { taken: pieces(5), onHand: pieces(2) } }])
})

test.each([
  ['allow', null, []],
  ['warn', null, ['BEYOND_SHARE']],
  ['block', 'kernel.beyond-share', []],
] as const)('beyond one’s share the policy %s decides at the counter', (sharePolicy, refusal, warnings) => {
  const { world, a } = scarce(10, { stockPolicy: 'warn', sharePolicy })
  a.do(grantShare, goods(2))
  world.settle()
  const run = a.run(issueGoods, taking(3))
  expect(run.refusal?.code ?? null).toBe(refusal)
  expect(run.exceptions.map(({ code }) => code)).toEqual(warnings)
  if (refusal === null) world.settle()
  // Three of ten: the total was never in danger, so nobody is bothered.
  expect(world.exceptions).toEqual([])
})

test('[ALLOT2] a share that ended serves no new use; what was used before counts whenever it arrives', () => {
  const { world, a } = scarce()
  a.do(grantShare, { ...goods(4), expiresAt: START + 10 * MINUTE_MS })
  world.settle()
  a.do(issueGoods, taking(3), undefined, { at: START + 9 * MINUTE_MS })
  a.do(issueGoods, taking(1), undefined, { at: START + 11 * MINUTE_MS })
  world.settle()
  expect(world.rows(allotment)).toMatchObject([{ granted: pieces(4), used: pieces(3) }])
  // Only what the device itself has reported past its end goes back.
  world.onHub(concludeReports, { heard: [{ device: 'AAAA', reportedAt: START + 9 * MINUTE_MS }], cuts: [] })
  expect(world.rows(allotment)).toMatchObject([{ granted: pieces(4) }])
  world.onHub(concludeReports, { heard: [{ device: 'AAAA', reportedAt: START + 12 * MINUTE_MS }], cuts: [] })
  expect(world.rows(allotment)).toMatchObject([{ granted: pieces(3), used: pieces(3) }])
  expect(world.rows(allotmentSum)).toMatchObject([{ granted: pieces(3), used: pieces(3) }])
})

test('taken back while its holder used it without a network: the use stands', () => {
  const { world, office, a, b } = scarce()
  a.do(grantShare, goods(10))
  world.settle()
  a.do(issueGoods, taking(8))
  office.do(takeBackShare, { ...goods(10), device: 'AAAA' })
  b.do(grantShare, goods(5))
  expect(world.settle([office, b, a]).map(({ outcome }) => outcome)).toEqual(['accepted', 'accepted', 'adjusted'])
  expect(world.rows(stockBalance).find(({ warehouse }) => warehouse === VAN_A)?.onHand).toBe(pieces(2))
  // Eight went where five were free, because five were promised again: that is the storekeeper's to know.
  expect(world.exceptions).toMatchObject([{ code: 'OVERSOLD', facts: { onHand: pieces(5) } }])
})

test('[ERASE1] a refusal about a customer, which the log keeps for ever, doesn’t say who that is', () => {
  const { world, a } = scarce()
  const [customer] = world.rows(party).filter(({ id }) => id === CUSTOMER)
  a.do(grantShare, credit(40_000_000_000))
  const [said] = world.settle()
  expect(said?.refusal).toMatchObject({ code: 'allotment.not-free' })
  expect(customer?.name.length).toBeGreaterThan(3)
  expect(JSON.stringify(said?.refusal?.facts)).not.toContain(customer?.name)
})

test('an order inside one’s share of the credit is firm, however much is owed elsewhere', () => {
  const { world, a, b } = scarce()
  // Of 100 000.00, b orders all that a wasn't promised but 9.60.
  a.do(grantShare, credit(400_000))
  world.settle()
  b.do(placeOrder, anOrder(2_400, 0))
  const mine = a.do(placeOrder, anOrder(100, 0), order)
  const other = a.do(placeOrder, anOrder(100, 0), order)
  world.settle([b, a])
  const held = new Map(world.rows(order).map(({ id, isOnHold }) => [id, isOnHold]))
  expect([held.get(mine), held.get(other)]).toEqual([false, true])
  expect(world.rows(allotment)).toMatchObject([{ kind: 'credit', granted: 400_000, used: 399_960 }])
})

test.each([
  [{ ...goods(0) }, 'allotment.quantity-not-positive'],
  [{ ...goods(1), scope: 'nowhere' }, 'allotment.unknown-scope'],
  [{ ...goods(1), resource: 'nothing' }, 'masters.unknown-item'],
  [{ ...goods(1), device: 'BBBB' }, 'allotment.not-yours'],
  [{ ...credit(1), scope: 'nowhere' }, 'allotment.unknown-scope'],
])('asking for %j is refused', (wrong, code) => {
  const { world } = scarce()
  const rep = world.device({ dev: 'REPP', permissions: ['allotment.ask'], company: COMPANY, branch: BRANCH })
  expect(rep.run(grantShare, wrong).refusal?.code).toBe(code)
})

type Step =
  | { readonly do: 'grant' | 'use' | 'return' | 'takeBack'; readonly by: number; readonly count: number }
  | { readonly do: 'grantUntil'; readonly by: number; readonly count: number; readonly minutes: number }
  | { readonly do: 'settle' | 'pull' | 'report'; readonly by: number }

const by = fc.nat(2)
const count = fc.integer({ min: 1, max: 6 })
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constantFrom('grant' as const, 'use' as const, 'return' as const, 'takeBack' as const),
      by,
      count,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('grantUntil' as const),
      by,
      count,
      minutes: fc.integer({ min: 1, max: 12 }),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({ do: fc.constantFrom('settle' as const, 'pull' as const, 'report' as const), by }),
  },
)

interface Share {
  granted: number
  used: number
  expiresAt: number | null
}

/** What should stand after each decision of the hub, worked out from scratch. Counts pieces. */
class Model {
  private onHand = 10
  private readonly shares = new Map<string, Share>()

  private of(dev: string): Share {
    const share = this.shares.get(dev) ?? { granted: 0, used: 0, expiresAt: null }
    this.shares.set(dev, share)
    return share
  }

  private left(dev: string): number {
    return this.of(dev).granted - this.of(dev).used
  }

  private get free(): number {
    return [...this.shares.keys()].reduce((sum, dev) => sum - this.left(dev), this.onHand)
  }

  /** Returns what the author is told. */
  decide(given: {
    name: string
    dev: string
    holder: string
    count: number
    at: number
    expiresAt: number | null
  }): string {
    const { name, dev, holder, count, at, expiresAt } = given
    if (name === grantShare.name) {
      if (count > this.free) return 'refused'
      this.of(dev).granted += count
      this.of(dev).expiresAt = expiresAt ?? this.of(dev).expiresAt
    } else if (name === returnShare.name) {
      if (count > this.left(dev)) return 'refused'
      this.of(dev).granted -= count
    } else if (name === takeBackShare.name) {
      if (this.left(holder) <= 0) return 'refused'
      this.of(holder).granted -= Math.min(count, this.left(holder))
    } else {
      const { expiresAt: end } = this.of(dev)
      const own = end !== null && end < at ? 0 : this.left(dev)
      const others = [...this.shares.keys()].reduce((sum, each) => (each === dev ? sum : sum + this.left(each)), 0)
      const isOver = count > Math.max(own, this.onHand - others)
      this.of(dev).used += Math.min(own, count)
      this.onHand -= count
      return isOver ? 'OVERSOLD' : 'taken'
    }
    return 'done'
  }

  report(dev: string, until: number): void {
    const share = this.of(dev)
    if (share.expiresAt !== null && share.expiresAt <= until) share.granted -= this.left(dev)
  }

  get stands(): readonly string[] {
    return [...this.shares]
      .filter(([, share]) => share.granted > 0 || share.used > 0)
      .map(([dev, { granted, used }]) => `${dev} ${granted} ${used}`)
      .toSorted((one, other) => (one < other ? -1 : 1))
  }

  get total(): { readonly onHand: number; readonly allottedAndFree: number } {
    const allotted = [...this.shares.keys()].reduce((sum, dev) => sum + this.left(dev), 0)
    return { onHand: this.onHand, allottedAndFree: allotted + this.free }
  }
}

const ONE = 1_000_000
type Given = {
  readonly quantity?: number
  readonly device?: string
  readonly expiresAt?: number
  readonly lines?: readonly { quantity: number }[]
}

test(
  'the granted and the free come to the total after any interleaving of grants, uses, ends and take-backs [ALLOT1]',
  () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 5, maxLength: 40 }), (steps) => {
        const { world, devices } = scarce()
        const model = new Model()
        const onHand = () => (world.rows(stockBalance).find(({ warehouse }) => warehouse === VAN_A)?.onHand ?? 0) / ONE
        const settle = (device: TestDevice): void => {
          const next = device.outbox[0]
          if (next === undefined) return
          const { quantity, device: holder, expiresAt, lines } = next.args as Given
          const { refusal, exceptions } = world.settleOne(device)
          const told = model.decide({
            name: next.command.name,
            dev: device.lease.dev,
            holder: holder ?? device.lease.dev,
            count: (quantity ?? lines?.[0]?.quantity ?? 0) / ONE,
            at: next.frame.at,
            expiresAt: expiresAt ?? null,
          })
          const isUse = next.command.name === issueGoods.name
          expect(refusal !== null ? 'refused' : isUse ? (exceptions[0]?.code ?? 'taken') : 'done').toBe(told)
        }
        steps.forEach((each, minute) => {
          const at = START + minute * MINUTE_MS
          const device = devices[each.by] as TestDevice
          const other = devices[(each.by + 1) % 3] as TestDevice
          if (each.do === 'grant') device.run(grantShare, goods(each.count), { at })
          else if (each.do === 'grantUntil')
            device.run(grantShare, { ...goods(each.count), expiresAt: at + each.minutes * MINUTE_MS }, { at })
          else if (each.do === 'use') device.run(issueGoods, taking(each.count), { at })
          else if (each.do === 'return') device.run(returnShare, goods(each.count), { at })
          else if (each.do === 'takeBack')
            device.run(takeBackShare, { ...goods(each.count), device: other.lease.dev }, { at })
          else if (each.do === 'settle') settle(device)
          else if (device.outbox.length === 0 && each.do === 'pull') world.pullInto(device)
          else if (device.outbox.length === 0) {
            world.onHub(concludeReports, { heard: [{ device: device.lease.dev, reportedAt: at }], cuts: [] })
            model.report(device.lease.dev, at)
          }
          const stored = world.rows(allotment).filter(({ granted, used }) => granted > 0 || used > 0)
          expect(
            stored
              .map(({ device: dev, granted, used }) => `${dev} ${granted / ONE} ${used / ONE}`)
              .toSorted((one, other) => (one < other ? -1 : 1)),
          ).toEqual(model.stands)
          const sum = world.rows(allotmentSum)[0] ?? { granted: 0, used: 0 }
          expect(model.total).toEqual({ onHand: onHand(), allottedAndFree: onHand() })
          expect((sum.granted - sum.used) / ONE).toBe(
            stored.reduce((all, { granted, used }) => all + granted - used, 0) / ONE,
          )
        })
      }),
      { numRuns: times(100) },
    )
  },
  times(120_000),
)
