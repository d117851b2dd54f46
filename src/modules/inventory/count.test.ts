// A count stays right whatever arrives later: several devices in any order, against what really lay on the shelf.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { cut } from '../../kernel/completeness.ts'
import { glBalance, stockEntry } from '../../kernel/ledger.ts'
import { countMark, countQuestion } from '../../kernel/stock-count.ts'
import { Shelf, shelfSteps, type ShelfStep } from '../../testing/shelf-world.ts'
import { BRANCH, DAY, pieces, PUMP, STORE } from '../../testing/trade-world.ts'
import { costBalance, costEntry } from '../accounting/cost.ts'
import { countResult } from './count.ts'
import { countStock } from './count-stock.ts'
import { issueGoods } from './issue-goods.ts'
import { times } from '../../testing/properties.ts'

const seconds = (count: number) => count * 1000

const RUNS = times(100)
const LONG_MS = 120_000

describe('a count that stays right when an earlier sale syncs late', () => {
  test(
    'any interleaving of movements, counts and exchanges of three devices ends at what lay there',
    () => {
      fc.assert(
        fc.property(shelfSteps(3), fc.shuffledSubarray([0, 1, 2], { minLength: 3 }), (steps, order) => {
          const shelf = new Shelf([0, 0, 0], 0)
          shelf.play(steps, order)
          expect(shelf.booked).toBe(shelf.truth)
          const entries = shelf.world.rows(stockEntry)
          expect(entries.reduce((sum, { quantity }) => sum + quantity, 0)).toBe(pieces(shelf.booked))
          expect(shelf.world.rows(countQuestion)).toEqual([])
          expectSoundBooks(shelf)
        }),
        { numRuns: RUNS },
      )
    },
    LONG_MS,
  )

  test(
    'clocks that may be wrong by minutes: what they cannot tell is asked, and right once it is answered',
    () => {
      const skew = fc.integer({ min: -seconds(150), max: seconds(150) })
      fc.assert(
        fc.property(
          shelfSteps(3),
          fc.shuffledSubarray([0, 1, 2], { minLength: 3 }),
          fc.tuple(skew, skew, skew),
          (steps, order, skews) => {
            // One count: two within the clocks' error of each other have no order that anybody could tell.
            const first = steps.findIndex((step) => step.do === 'count')
            const once = steps.filter((step, at) => step.do !== 'count' || at === first)
            const shelf = new Shelf(skews, seconds(150))
            shelf.play(distinct(once), order)
            shelf.decideAll(seconds(150))
            expect(shelf.booked).toBe(shelf.truth)
            expectSoundBooks(shelf)
          },
        ),
        { numRuns: RUNS },
      )
    },
    LONG_MS,
  )
})

/** No two movements of the same number of pieces, so that a question names one of them. */
const distinct = (steps: readonly ShelfStep[]): ShelfStep[] =>
  steps.map((step, at) => (step.do === 'issue' || step.do === 'receive' ? { ...step, pieces: at + 1 } : step))

/** The ledger balances, and the stock account is worth its cost entries. */
function expectSoundBooks({ world }: Shelf): void {
  const accounts = world.rows(glBalance)
  expect(accounts.reduce((sum, { amount }) => sum + amount, 0)).toBe(0)
  const stock = accounts.filter(({ account }) => account === 'stock').reduce((sum, { amount }) => sum + amount, 0)
  expect(world.rows(costEntry).reduce((sum, { amount }) => sum + amount, 0)).toBe(stock)
  const held = world.rows(costBalance)
  expect(held.reduce((sum, { value }) => sum + value, 0)).toBe(stock)
  expect(held.reduce((sum, { quantity }) => sum + quantity, 0)).toBe(
    world.rows(stockEntry).reduce((sum, { quantity }) => sum + quantity, 0),
  )
}

const at = (minute: number) => ({ at: Date.UTC(2026, 10, 20, 10, minute) })
const issueOf = (count: number) => ({
  warehouse: STORE,
  businessDate: DAY,
  reason: 'consumption' as const,
  lines: [{ item: PUMP, unit: 'each', quantity: pieces(count) }],
})
const countOf = (count: number, more: object = {}) => ({
  warehouse: STORE,
  businessDate: DAY,
  lines: [{ item: PUMP, unit: 'each', quantity: pieces(count), ...more }],
})

/** Twenty pumps at 20.00 that both devices know of. */
function aShelf(errorMs = 0) {
  const shelf = new Shelf([0, 0], errorMs)
  shelf.take({ do: 'receive', by: 0, pieces: 20 })
  for (const device of shelf.devices) shelf.sync(device)
  const [a, b] = shelf.devices
  if (a === undefined || b === undefined) throw new Error('There are two devices.')
  return { shelf, world: shelf.world, a, b }
}

test('[COUNT1] taken before the count, told after it: the contra leaves the count right and the shrinkage nil', () => {
  const { shelf, world, a, b } = aShelf()
  a.do(issueGoods, issueOf(3), undefined, at(1))
  b.do(countStock, countOf(17), undefined, at(2))
  shelf.sync(b)
  expect(world.rows(countResult)).toMatchObject([{ expected: pieces(20), difference: pieces(-3) }])
  expect(shelf.booked).toBe(17)
  shelf.sync(a)
  expect(shelf.booked).toBe(17)
  expect(world.exceptions.map(({ code }) => code)).toEqual(['MOVED_BEFORE_COUNT'])
  const balanceOf = (purpose: string) =>
    world
      .rows(glBalance)
      .filter(({ account }) => account === purpose)
      .reduce((sum, { amount }) => sum + amount, 0)
  expect([balanceOf('stock'), balanceOf('stock-difference'), balanceOf('stock-adjustment')]).toEqual([34_000, 0, 6_000])
})

test('[EFF2] its author hears that the late issue was accepted: nothing that a device agreed to was changed', () => {
  const { shelf, world, a, b } = aShelf()
  a.do(issueGoods, issueOf(3), undefined, at(1))
  b.do(countStock, countOf(17), undefined, at(2))
  expect(world.settleOne(b).outcome).toBe('accepted')
  expect(world.settleOne(a).outcome).toBe('accepted')
  shelf.sync(a)
  expect(a.rows(stockEntry)).toEqual(expect.arrayContaining(world.rows(stockEntry)))
})

test('a line counted before a later issue of the same device is not fooled by the document that came last', () => {
  const { shelf, a } = aShelf()
  a.do(issueGoods, issueOf(2), undefined, at(1))
  const before = { countedAt: at(2).at, afterSeq: 2, seen: a.seen }
  a.do(issueGoods, issueOf(5), undefined, at(3))
  a.do(countStock, countOf(18, before), undefined, at(4))
  shelf.sync(a)
  expect(shelf.booked).toBe(13)
})

test('a line that claims to know more than its device did is cut to what it could know', () => {
  const { shelf, world, a } = aShelf()
  a.do(countStock, countOf(20, { countedAt: at(59).at, afterSeq: 999, seen: 999 }), undefined, at(2))
  shelf.sync(a)
  expect(world.rows(countMark)).toMatchObject([{ at: at(2).at, seq: 1, seen: a.seen - 1 }])
})

test('more than the role may lose is asked for at the shelf and named on the hub', () => {
  const { shelf, world } = aShelf()
  const owen = world.device({
    dev: 'OWEN',
    company: 'co',
    branch: BRANCH,
    limits: { countDifferenceMinor: 3_000 },
    policy: { currency: 'GBP' },
  })
  world.pullInto(owen)
  owen.do(countStock, countOf(18), undefined, at(1))
  shelf.sync(owen)
  expect(world.exceptions).toMatchObject([{ code: 'COUNT_DIFFERENCE', facts: { limitMinor: 3_000 } }])
})

test('a count is provisional, and says as of when', () => {
  const { shelf, world, a } = aShelf()
  a.do(countStock, countOf(20), undefined, at(2))
  shelf.sync(a)
  expect(world.rows(cut)).toMatchObject([
    { purpose: 'count', branch: BRANCH, asOf: at(2).at, state: 'provisional', isKnown: false },
  ])
})

test.each([
  [{ lines: [] }, 'inventory.no-lines'],
  [{ warehouse: 'nowhere' }, 'inventory.unknown-warehouse'],
  [countOf(-1), 'inventory.quantity-negative'],
])('%j is refused', (wrong, code) => {
  const { a } = aShelf()
  expect(a.run(countStock, { ...countOf(1), ...wrong }).refusal?.code).toBe(code)
})
