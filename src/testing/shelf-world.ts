// A store with one shelf and devices that take from it, fill it and count it without hearing of each other, beside the
// truth: what really lies there. Things also vanish unrecorded; only a count finds that. Nothing here asks the code under
// test what should lie there.
import fc from 'fast-check'
import { quantity6 } from '../kernel/amount.ts'
import { catalogueOf } from '../kernel/catalogue.ts'
import { stockBalance } from '../kernel/ledger.ts'
import { countQuestion } from '../kernel/stock-count.ts'
import { accountingModule } from '../modules/accounting/module.ts'
import { decideMovement } from '../modules/inventory/decide-movement.ts'
import { countStock } from '../modules/inventory/count-stock.ts'
import { issueGoods } from '../modules/inventory/issue-goods.ts'
import { inventoryModule } from '../modules/inventory/module.ts'
import { createItem } from '../modules/masters/create-item.ts'
import { mastersModule } from '../modules/masters/module.ts'
import { saveBranch } from '../modules/masters/save-branch.ts'
import { saveCompany } from '../modules/masters/save-company.ts'
import { saveTaxCode } from '../modules/masters/save-tax-code.ts'
import { saveUnit } from '../modules/masters/save-unit.ts'
import { saveWarehouse } from '../modules/masters/save-warehouse.ts'
import { BRANCH, COMPANY, DAY, PUMP, pieces, receiveInto, STORE } from './trade-world.ts'
import { TestWorld, type TestDevice } from './two-sides.ts'

export const shelfCatalogue = catalogueOf([mastersModule, inventoryModule, accountingModule])

interface Moving {
  readonly do: 'issue' | 'receive'
  readonly by: number
  readonly pieces: number
}
export type ShelfStep =
  | Moving
  | { readonly do: 'count' | 'sync'; readonly by: number }
  | { readonly do: 'vanish'; readonly pieces: number }

const MINUTE_MS = 60_000
export const NINE = Date.UTC(2026, 10, 20, 9)

export class Shelf {
  readonly world = new TestWorld(shelfCatalogue)
  readonly office: TestDevice
  readonly devices: TestDevice[]
  /** Every command in the order in which the hub took it: for another hub that is to take the same. */
  readonly settled: TestDevice['outbox'][number][] = []
  private readonly skews: readonly number[]
  /** What really lies there, and what the books should say once everything is told. */
  private here = 0
  private books = 0
  private minute = 0
  /** Whether each movement, by the number of pieces it moved, came before the last count. */
  private readonly moved: { at: number; quantity: number }[] = []
  private lastCountAt = 0

  /** `skewsMs`: what each device's clock is ahead of the truth; it only knows that it may be wrong by `errorMs`. */
  constructor(skewsMs: readonly number[], errorMs: number) {
    this.skews = skewsMs
    const lease = { company: COMPANY, branch: BRANCH, policy: { stockPolicy: 'allow' } }
    this.office = this.world.device({ ...lease, dev: 'OFFI' })
    this.office.do(saveCompany, {
      code: 'BW',
      name: 'Brightwater',
      currency: 'GBP',
      minorDigits: 2,
      country: 'GB',
      tz: 'Europe/London',
    })
    this.office.do(saveBranch, {
      company: COMPANY,
      code: 'LDS',
      name: 'Leeds',
      tz: 'Europe/London',
      territory: 'leeds',
    })
    this.office.do(saveWarehouse, { branch: BRANCH, code: 'MAIN', name: 'Store' })
    this.office.do(saveUnit, { code: 'each', name: 'each' })
    this.office.do(saveTaxCode, { code: 'STD', name: 'Standard', treatment: 'standard' })
    this.office.do(createItem, { code: 'PUMP', name: 'Pump', group: 'pumps', stockUnit: 'each', taxCode: 'STD' })
    this.sync(this.office)
    this.devices = skewsMs.map((_, at) => {
      const device = this.world.device({ ...lease, dev: `DEV${at}`, user: `user${at}` })
      device.off = [0, errorMs]
      return device
    })
  }

  private device(by: number): TestDevice {
    const device = this.devices[by % this.devices.length]
    if (device === undefined) throw new Error('There is no device.')
    return device
  }

  /** Each step takes a minute. */
  take(step: ShelfStep): void {
    this.minute += 1
    const now = NINE + this.minute * MINUTE_MS
    if (step.do === 'vanish') {
      this.here -= step.pieces
      return
    }
    const device = this.device(step.by)
    const at = now + (this.skews[step.by % this.devices.length] ?? 0)
    if ('pieces' in step) this.move(device, step, at, now)
    else if (step.do === 'sync') this.sync(device)
    else this.count(device, at, now)
  }

  private move(device: TestDevice, step: Moving, at: number, now: number): void {
    const line = { item: PUMP, unit: 'each' }
    const given = { warehouse: STORE, businessDate: DAY }
    if (step.do === 'issue')
      device.do(
        issueGoods,
        { ...given, reason: 'consumption', lines: [{ ...line, quantity: pieces(step.pieces) }] },
        undefined,
        { at },
      )
    else receiveInto(device, STORE, { item: PUMP, count: step.pieces, costMinor: 2_000 }, { at })
    const quantity = step.do === 'issue' ? -step.pieces : step.pieces
    this.here += quantity
    this.books += quantity
    this.moved.push({ at: now, quantity })
  }

  private count(device: TestDevice, at: number, now: number): void {
    const lines = [{ item: PUMP, unit: 'each', quantity: pieces(Math.max(0, this.here)) }]
    device.do(countStock, { warehouse: STORE, businessDate: DAY, lines }, undefined, { at })
    // A shelf can't hold less than nothing: what vanished was never there.
    this.here = Math.max(0, this.here)
    this.books = this.here
    this.lastCountAt = now
  }

  sync(device: TestDevice): void {
    for (let next = device.outbox[0]; next !== undefined; next = device.outbox[0]) {
      this.settled.push(next)
      this.world.settleOne(device)
    }
    this.world.pullInto(device)
  }

  /** Twenty pieces that the first device brought, the steps, and at last everybody's exchange in the order given. */
  play(steps: readonly ShelfStep[], order: readonly number[]): void {
    this.take({ do: 'receive', by: 0, pieces: 20 })
    this.take({ do: 'sync', by: 0 })
    for (const step of steps) this.take(step)
    for (const at of order) this.sync(this.device(at))
  }

  /** The stock controller knows the truth of each question: `toleranceMs` finds the movement behind a clock's reading. */
  decideAll(toleranceMs: number): void {
    for (const question of this.world.rows(countQuestion)) {
      if (question.state !== 'open') continue
      const truth = this.moved.find(
        ({ at, quantity }) =>
          Math.abs(at - question.movedAt) <= toleranceMs && quantity6(quantity * 1_000_000) === question.quantity,
      )
      if (truth === undefined) throw new Error('A question about nothing that moved.')
      this.office.do(decideMovement, {
        move: question.move,
        isInCount: truth.at < this.lastCountAt,
        businessDate: DAY,
      })
    }
    this.sync(this.office)
  }

  /** Pieces that the hub's books say. */
  get booked(): number {
    const balance = this.world.rows(stockBalance).find(({ warehouse }) => warehouse === STORE)
    return (balance?.onHand ?? 0) / 1_000_000
  }

  get truth(): number {
    return this.books
  }
}

/** Any work of so many devices. */
export function shelfSteps(devices: number): fc.Arbitrary<readonly ShelfStep[]> {
  const by = fc.nat(devices - 1)
  const step = fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({
        do: fc.constantFrom('issue' as const, 'receive' as const),
        by,
        pieces: fc.integer({ min: 1, max: 5 }),
      }),
    },
    { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('count' as const, 'sync' as const), by }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('vanish' as const), pieces: fc.integer({ min: 1, max: 2 }) }) },
  )
  return fc.array(step, { minLength: 3, maxLength: 25 })
}
