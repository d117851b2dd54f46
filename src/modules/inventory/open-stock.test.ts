import { expect, test } from 'vitest'
import { quantity6 } from '../../kernel/amount.ts'
import { catalogueOf } from '../../kernel/catalogue.ts'
import { stockBalance, stockEntry } from '../../kernel/ledger.ts'
import { TestWorld } from '../../testing/two-sides.ts'
import { createItem } from '../masters/create-item.ts'
import { item } from '../masters/item.ts'
import { mastersModule } from '../masters/module.ts'
import { company, warehouse } from '../masters/organisation.ts'
import { saveTaxCode } from '../masters/save-tax-code.ts'
import { saveUnit } from '../masters/save-unit.ts'
import { inventoryModule } from './module.ts'
import { openStock } from './open-stock.ts'
import { opening } from './opening.ts'

function aStore(): { world: TestWorld; store: string } {
  const world = new TestWorld(catalogueOf([mastersModule, inventoryModule]))
  const office = world.device({ dev: 'HHHH' })
  world.hub.put(company, {
    id: 'co',
    goneAt: null,
    code: 'co',
    name: 'Co',
    currency: 'GBP',
    minorDigits: 2,
    taxRounding: 'line',
    stockPolicy: 'warn',
    country: 'GB',
    tz: 'Europe/London',
    taxId: null,
    address: null,
  })
  world.hub.put(warehouse, {
    id: 'main',
    goneAt: null,
    branch: 'leeds',
    code: 'main',
    name: 'Main',
    isVehicle: false,
    isDisabled: false,
  })
  world.pullAll()
  office.do(saveUnit, { code: 'each', name: 'each' })
  office.do(saveTaxCode, { code: 'std', name: 'Standard', treatment: 'standard' })
  office.do(createItem, { code: 'A', name: 'Pipe', group: 'g', stockUnit: 'each', taxCode: 'std' })
  world.settle()
  return { world, store: 'main' }
}
const five = (world: TestWorld, store: string, quantity = 5) => ({
  warehouse: store,
  businessDate: '2026-11-19',
  item: world.rows(item)[0]?.id ?? '',
  unit: 'each',
  quantity: quantity6(quantity * 1e6),
})

test('an opening entered on two devices counts once; a corrected one posts the difference', () => {
  const { world, store } = aStore()
  const [a, b] = [world.device({ dev: 'AAAA' }), world.device({ dev: 'BBBB' })]
  a.do(openStock, five(world, store))
  b.do(openStock, five(world, store))
  expect(world.settle().map(({ outcome }) => outcome)).toEqual(['accepted', 'adjusted'])
  expect(world.rows(stockBalance)).toMatchObject([{ onHand: 5e6 }])
  a.do(openStock, five(world, store, 3))
  world.settle()
  expect(world.rows(stockBalance)).toMatchObject([{ onHand: 3e6 }])
  expect(world.rows(opening)).toMatchObject([{ quantity: 3e6, batch: '' }])
  expect(
    world
      .rows(stockEntry)
      .map((entry) => entry.quantity)
      .sort((a, b) => a - b),
  ).toEqual([-2e6, 5e6])
})

test('a quantity finer than the item’s unit is refused', () => {
  const { world, store } = aStore()
  expect(world.device().run(openStock, five(world, store, 0.5)).refusal?.code).toBe('inventory.unit-not-exact')
})
