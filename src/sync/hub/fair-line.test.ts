// The line by what can be seen of it: who was let in, in which order, for any arrivals; the bounds are worked out here.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { FairLine } from './fair-line.ts'
import { times } from '../../testing/properties.ts'

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/** Comes with `size`, notes its name when it is let in, and leaves in the next turn. */
function comers(line: FairLine): { order: string[]; come: (name: string, size: number) => Promise<void> } {
  const order: string[] = []
  const come = async (name: string, size: number): Promise<void> => {
    const leave = await line.enter(size)
    order.push(name)
    await turn()
    leave()
  }
  return { order, come }
}

test('[FAIR1] the smallest that waits is next, of two alike the one that came first, and each fourth place is the longest waiter’s', async () => {
  const { order, come } = comers(new FairLine(1))
  const sizes = { inside: 1, backlog: 500, five: 5, four: 4, three: 3, 'three more': 3, one: 1 }
  await Promise.all(Object.entries(sizes).map(([name, size]) => come(name, size)))
  expect(order).toEqual(['inside', 'one', 'three', 'backlog', 'three more', 'four', 'five'])
})

test('[FAIR1] however many backlogs wait, a small one that comes is passed by one of them at the most; none of them starves', async () => {
  const line = new FairLine(1)
  const { order, come } = comers(line)
  const backlogs = Array.from({ length: 50 }, (_, index) => come(`backlog ${index}`, 500))
  const passed: number[] = []
  let small = 0
  // A shop that never stops, until every backlog had its place.
  for (; order.filter((name) => name.startsWith('backlog')).length < 50 && small < 1000; small++) {
    const before = order.length
    await come('shop', 1)
    // One may be inside already when it comes.
    passed.push(order.length - 2 - before)
  }
  await Promise.all(backlogs)
  expect(Math.max(...passed)).toBeLessThanOrEqual(1)
  expect(small).toBeLessThanOrEqual(4 * 50)
  expect(order.filter((name) => name.startsWith('backlog'))).toEqual(backlogs.map((_, index) => `backlog ${index}`))
})

test('for any arrivals no more are inside than fit, everybody gets in once, and a place given back twice counts once', async () => {
  const arrival = fc.record({ size: fc.integer({ min: 0, max: 500 }), room: fc.integer({ min: 1, max: 40 }) })
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 30 }), fc.array(arrival, { maxLength: 40 }), async (capacity, all) => {
      const line = new FairLine(capacity)
      let inside = 0
      let got = 0
      await Promise.all(
        all.map(async ({ size, room }) => {
          const leave = await line.enter(size, room)
          const taken = Math.min(room, capacity)
          inside += taken
          got += 1
          expect(inside).toBeLessThanOrEqual(capacity)
          await turn()
          inside -= taken
          leave()
          leave()
        }),
      )
      expect([got, line.length, line.isIdle]).toEqual([all.length, 0, true])
    }),
    { numRuns: times(60) },
  )
})
