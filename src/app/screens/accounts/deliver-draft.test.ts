// What a recorded delivery says to the command: all, a part, nothing, refused.
import { expect, test } from 'vitest'
import { ONE6 } from '../../../kernel/amount.ts'
import type { DeliverableLine } from '../../../modules/delivery/views.ts'
import { changeLine, deliverArgs, flawOf, lineIn, newDelivery, refuseOf, type DeliverDraft } from './deliver-draft.ts'

const aLine = (id: string, open: number): DeliverableLine => ({
  id,
  position: 0,
  item: `item-${id}`,
  itemName: id,
  unit: 'each',
  factorNum: 1,
  factorDen: 1,
  open: open * ONE6,
  decimals: 0,
  hasBatch: 0,
  hasSerial: 0,
})
const pump = aLine('pump', 6)
const hose = aLine('hose', 5)
const lines = [pump, hose]
const order = { id: 'o', party: 'p', partyName: 'Dale', territory: 'leeds', currency: 'GBP' }
const argsOf = (draft: DeliverDraft) =>
  deliverArgs(draft, { order, lines, warehouse: 'van', businessDate: '2026-11-21' })
const fresh = newDelivery('d')

test('untouched, everything that is open is handed over', () => {
  expect(flawOf(fresh, lines)).toBeNull()
  const args = argsOf({ ...fresh, recipient: ' Pat ' })
  expect(args).toMatchObject({ outcome: 'delivered', recipient: 'Pat', order: 'o', party: 'p' })
  expect(args.lines.map(({ orderLine, quantity }) => [orderLine, quantity])).toEqual([
    ['pump', 6 * ONE6],
    ['hose', 5 * ONE6],
  ])
})

test('less is a part; what is refused needs a reason; a line of nothing is left out', () => {
  const part = changeLine(changeLine(fresh, pump, { quantity: 4 * ONE6, refused: 2 * ONE6, serials: 'A, B' }), hose, {
    quantity: 0,
  })
  expect(flawOf(part, lines)).toBe('reason')
  expect(argsOf({ ...part, whyRefused: 'dented' })).toMatchObject({
    outcome: 'part',
    lines: [
      {
        orderLine: 'pump',
        quantity: 4 * ONE6,
        refusedQuantity: 2 * ONE6,
        refusedReason: 'dented',
        serials: ['A', 'B'],
      },
    ],
  })
  expect(argsOf(part).lines).toHaveLength(1)
})

test('what is refused is not handed over, and makes it a part', () => {
  const some = refuseOf(fresh, pump, ONE6)
  expect(lineIn(some, pump)).toMatchObject({ quantity: 5 * ONE6, refused: ONE6 })
  expect(argsOf({ ...some, whyRefused: 'dented' }).outcome).toBe('part')
  expect(argsOf(changeLine(some, pump, { quantity: 6 * ONE6 })).outcome).toBe('part')
  expect(argsOf(refuseOf(refuseOf(fresh, pump, 6 * ONE6), hose, 5 * ONE6)).outcome).toBe('refused')
})

test('nothing handed over is no delivery until it is said what happened', () => {
  const nothing = changeLine(changeLine(fresh, pump, { quantity: 0 }), hose, { quantity: 0 })
  expect(flawOf(nothing, lines)).toBe('nothing')
  expect(flawOf(changeLine(fresh, pump, { quantity: null }), lines)).toBe('quantity')
  expect(argsOf({ ...nothing, happened: 'absent' })).toMatchObject({ outcome: 'absent', lines: [] })
  const refused = { ...fresh, happened: 'refused' as const }
  expect(flawOf(refused, lines)).toBe('reason')
  expect(
    argsOf({ ...refused, whyRefused: 'too late' }).lines.map(({ quantity, refusedQuantity }) => [
      quantity,
      refusedQuantity,
    ]),
  ).toEqual([
    [0, 6 * ONE6],
    [0, 5 * ONE6],
  ])
})
