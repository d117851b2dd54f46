// A real hub with one branch, a store with one item in it, people of two roles, and devices whose clocks the test moves:
// for what several devices of a branch do to each other over the whole way. The company is made by commands.
import type { Catalogue } from '../kernel/catalogue.ts'
import { keyId } from '../kernel/hash.ts'
import type { Fetch } from '../device/fetch-transport.ts'
import type { DeviceClock } from '../sync/device/clock.ts'
import type { Device } from '../sync/device/device.ts'
import { aHub, type HubUnderTest } from './hub-with-devices.ts'

/** One true time; each device's wall clock may be off it. */
export class TrueTime {
  now = Date.UTC(2026, 10, 20, 9)

  clockOff(skewMs: number): DeviceClock {
    return {
      now: () => this.now + skewMs,
      monotonic: () => this.now,
      timeZone: () => 'Europe/London',
      after: () => () => undefined,
      chance: () => 0.5,
    }
  }

  pass(minutes: number): void {
    this.now += minutes * 60_000
  }
}

interface Enrolled {
  readonly clock?: DeviceClock
  readonly permissions?: readonly string[]
  readonly fetch?: Fetch
  /** Of the device's files. */
  readonly directory?: string
}

export interface BranchHub {
  readonly hub: HubUnderTest
  readonly time: TrueTime
  readonly setup: Device
  readonly company: string
  readonly branch: string
  readonly store: string
  readonly item: string
  /** Runs a command that must be saved; returns the ids of rows inserted in `table`. */
  must(device: Device, command: string, args: object, table?: string): Promise<readonly string[]>
  /** A person's device of the branch, enrolled and downloaded. */
  enrol(signIn: string, options?: Enrolled): Promise<Device>
}

export async function aBranchHub(catalogue: Catalogue): Promise<BranchHub> {
  const time = new TrueTime()
  const hub = await aHub(catalogue, { now: () => time.now })
  const { tenant } = hub.hub
  const company = keyId(tenant, 'masters.company', ['BW'])
  const branch = keyId(tenant, 'masters.branch', [company, 'LDS'])
  const store = keyId(tenant, 'masters.warehouse', [branch, 'MAIN'])
  const item = keyId(tenant, 'masters.item', ['PUMP'])
  const setup = await hub.device({ clock: time.clockOff(0) })
  const must: BranchHub['must'] = async (device, command, args, table) => {
    const answer = await device.run(command, args as Readonly<Record<string, unknown>>)
    if (!answer.saved) throw new Error(`${command} was refused: ${JSON.stringify(answer.refusal)}`)
    return table === undefined ? [] : (answer.inserted[table] ?? [])
  }
  const made: readonly (readonly [string, object])[] = [
    [
      'masters.saveCompany',
      { code: 'BW', name: 'Brightwater', currency: 'GBP', minorDigits: 2, country: 'GB', tz: 'Europe/London' },
    ],
    ['masters.saveBranch', { company, code: 'LDS', name: 'Leeds', tz: 'Europe/London', territory: 'leeds' }],
    ['masters.saveWarehouse', { branch, code: 'MAIN', name: 'Store' }],
    ['masters.saveUnit', { code: 'each', name: 'each' }],
    ['masters.saveTaxCode', { code: 'STD', name: 'Standard', treatment: 'standard' }],
    [
      'masters.createItem',
      { code: 'PUMP', name: 'Pump', group: 'pumps', stockUnit: 'each', taxCode: 'STD', isAllotted: true },
    ],
  ]
  await setup.sync()
  for (const [command, args] of made) await must(setup, command, args)
  await setup.sync()
  return {
    hub,
    time,
    setup,
    company,
    branch,
    store,
    item,
    must,
    async enrol(signIn, { permissions = ['inventory.*', 'allotment.*', 'review.*'], ...more } = {}) {
      await must(setup, 'masters.setRole', { code: signIn, name: signIn, permissions, home: 'stock' })
      const person = { signInName: signIn, name: signIn, roles: [signIn], branch }
      await must(setup, 'masters.setUser', person)
      await setup.sync()
      await hub.account(keyId(tenant, 'masters.user', [signIn]), signIn)
      const device = await hub.device({ signIn, clock: time.clockOff(0), ...more })
      await device.sync()
      return device
    },
  }
}
