// A return whose sale was on another till: unlinked when it happens, linked by a person when both are known, once.
import { expect, test } from 'vitest'
import { catalogueOf } from '../../kernel/catalogue.ts'
import { link } from '../../kernel/kernel-tables.ts'
import { TestWorld } from '../../testing/two-sides.ts'
import { mastersModule } from '../masters/module.ts'
import { pricingModule } from '../pricing/module.ts'
import { completeSale } from './complete-sale.ts'
import { linkReturn } from './link-return.ts'
import { posModule } from './module.ts'
import { openShift } from './open-shift.ts'
import { returnSale } from './return-sale.ts'
import { sale, saleLine } from './sale.ts'
import { shift } from './shift.ts'
import { aLine, aSale, cash, openShop, pieces, pounds, shopIds } from './till-builders.ts'

const catalogue = catalogueOf([mastersModule, pricingModule, posModule])
const ids = shopIds('t1')
const { company, branch } = ids
const day = '2026-11-20'

/** Three drills sold at one till, two of them back at another that never saw the sale. */
function soldHereBackThere() {
  const world = new TestWorld(catalogue)
  const office = world.device({ dev: 'OFFI', company, branch })
  openShop((command, args) => office.do(command, args), 't1')
  world.settle()
  const at = (dev: string, till: string) => {
    const device = world.device({ dev, company, branch, policy: { stockPolicy: 'allow' } })
    return {
      device,
      shift: device.do(openShift, { till, businessDate: day, currency: 'GBP', float: pounds(0) }, shift),
    }
  }
  const [one, two] = [at('AAAA', ids.till1), at('BBBB', ids.till2)]
  one.device.do(completeSale, aSale({ shift: one.shift, lines: [aLine(ids.drill, 3, 60)] }), sale)
  const back = { ...aLine(ids.drill, 2, 60), reason: 'wrong size' }
  two.device.do(
    returnSale,
    aSale({ shift: two.shift, returns: [back], tenders: [cash(-120)], originalNumber: 'S-PAPER' }),
    sale,
  )
  world.settle()
  const lines = () => world.rows(saleLine)
  const [sold, returned] = [lines().find((line) => line.quantity > 0), lines().find((line) => line.quantity < 0)]
  if (sold === undefined || returned === undefined) throw new Error('A line is missing.')
  return { world, office: world.device({ dev: 'HEAD', company, branch }), sold, returned, lines }
}

test('the link counts on the sold line, and no amount changes', () => {
  const { world, office, sold, returned, lines } = soldHereBackThere()
  expect(world.exceptions.map(({ code }) => code)).toContain('RETURN_UNLINKED')
  expect(returned.originLine).toBeNull()
  office.do(linkReturn, { line: returned.id, originLine: sold.id, quantity: pieces(2) })
  expect(world.settle().map(({ outcome }) => outcome)).toEqual(['accepted'])
  expect(lines().find(({ id }) => id === sold.id)).toMatchObject({ returned: 2_000_000, total: sold.total })
  expect(lines().find(({ id }) => id === returned.id)).toEqual({ ...returned, originLine: sold.id })
  expect(world.rows(link)).toMatchObject([{ fromId: returned.id, toId: sold.id, kind: 'returns', quantity: 2_000_000 }])
})

test('of two people who link the same line the first one stands, and the other is told', () => {
  const { world, office, sold, returned, lines } = soldHereBackThere()
  const other = world.device({ dev: 'HEA2', company, branch })
  for (const device of [office, other])
    device.do(linkReturn, { line: returned.id, originLine: sold.id, quantity: pieces(2) })
  const before = world.exceptions.length
  expect(world.settle([office, other]).map(({ outcome }) => outcome)).toEqual(['accepted', 'adjusted'])
  expect(world.exceptions.slice(before).map(({ code }) => code)).toEqual(['STATE_CONFLICT'])
  expect(lines().find(({ id }) => id === sold.id)?.returned).toBe(2_000_000)
})

test('a quantity that is not the line’s, and a line that is none, are refused', () => {
  const { office, sold, returned } = soldHereBackThere()
  const refusal = (args: { line: string; originLine: string; quantity: ReturnType<typeof pieces> }) =>
    office.run(linkReturn, args).refusal?.code
  expect(refusal({ line: returned.id, originLine: sold.id, quantity: pieces(1) })).toBe('pos.quantity-not-exact')
  expect(refusal({ line: returned.id, originLine: sold.id, quantity: pieces(0) })).toBe('pos.quantity-not-positive')
})
