// The retailer's company on a hub of its own: one branch, one warehouse, a till for each device, and the people who work
// them. Devices are real headless ones with encrypted files; the network between them and the hub can be cut.
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { FetchTransport } from '../../src/device/fetch-transport.ts'
import { openDevice } from '../../src/device/open-device.ts'
import { setAccount } from '../../src/hub/enrolment.ts'
import { SETUP_USER } from '../../src/hub/leases.ts'
import type { ServedHub } from '../../src/hub/serve.ts'
import type { Catalogue } from '../../src/kernel/catalogue.ts'
import { argon2Floor } from '../../src/store/vault/kdf.ts'
import type { Device } from '../../src/sync/device/device.ts'
import { deviceName } from './result.ts'

export interface Network {
  isUp: boolean
}

export interface TillDevice {
  readonly name: string
  /** The code the hub gave it. */
  readonly code: string
  readonly device: Device
  readonly till: string
  readonly network: Network
}

export interface RetailCompany {
  readonly office: Device
  readonly tills: readonly TillDevice[]
  readonly company: string
  readonly branch: string
  readonly warehouse: string
}

export interface Place {
  readonly served: ServedHub
  readonly catalogue: Catalogue
  /** Where the devices' files lie. */
  readonly directory: string
}

export const currency = 'GBP'
export const minorDigits = 2
export const territory = 'all'
export const stockUnit = 'each'
export const taxCode = 'outside'
/** Customers pay on account, the nameless by the web shop. */
export const methods = [
  { code: 'account', kind: 'account' },
  { code: 'web', kind: 'other' },
] as const
const tz = 'Europe/London'

type Args = Readonly<Record<string, unknown>>

/** Runs a command that must go through; returns the id it made in `table`. */
export async function must(device: Device, command: string, args: Args, table = ''): Promise<string> {
  const answer = await device.run(command, args)
  if (!answer.saved) throw new Error(`${command} was refused: ${JSON.stringify(answer.refusal)}`)
  return answer.inserted[table]?.[0] ?? ''
}

async function enrolled({ served, catalogue, directory }: Place, name: string, signIn: string, password: string): Promise<{ device: Device; network: Network }> {
  const network: Network = { isUp: true }
  const device = await openDevice({
    directory: join(directory, name),
    hubUrl: served.url,
    catalogue,
    passphrase: randomUUID(),
    kdf: argon2Floor,
    enrol: { code: await served.newCode(null), signIn, password },
    isAutomatic: false,
    transport: new FetchTransport(served.url, (url, init) => (network.isUp ? fetch(url, init) : Promise.reject(new TypeError('The network is cut.')))),
  })
  await device.sync()
  return { device, network }
}

/** Makes the company through commands of a set-up device, then a person and a device for the office and for each till. */
export async function openCompany(place: Place, devices: number): Promise<RetailCompany> {
  const { hub } = place.served
  const password = randomUUID()
  await setAccount(hub, { user: SETUP_USER, signIn: SETUP_USER, password })
  const setup = (await enrolled(place, 'setup', SETUP_USER, password)).device
  const company = await must(setup, 'masters.saveCompany', { code: 'retail', name: 'Online Retail', currency, minorDigits, country: 'GB', tz, stockPolicy: 'warn' }, 'masters.company')
  const branch = await must(setup, 'masters.saveBranch', { company, code: 'main', name: 'Main', tz, territory }, 'masters.branch')
  const warehouse = await must(setup, 'masters.saveWarehouse', { branch, code: 'main', name: 'Main' }, 'masters.warehouse')
  await must(setup, 'masters.saveUnit', { code: stockUnit, name: 'Each', decimals: 6 })
  await must(setup, 'masters.saveTaxCode', { code: taxCode, name: 'Outside the scope', treatment: 'outside-scope' })
  await must(setup, 'masters.setRole', { code: 'everything', name: 'Everything', permissions: ['*'], home: 'overview' })
  const names = Array.from({ length: devices }, (_, at) => deviceName(at))
  const tills: string[] = []
  const users = new Map<string, string>()
  for (const name of ['office', ...names]) users.set(name, await must(setup, 'masters.setUser', { signInName: name, name, roles: ['everything'], branch }, 'masters.user'))
  for (const code of names) tills.push(await must(setup, 'masters.saveTill', { branch, code, name: code, warehouse, methods, isOnAccountAllowed: true }, 'masters.till'))
  await setup.sync()
  await setup.close()
  for (const [signIn, user] of users) await setAccount(hub, { user, signIn, password })
  const office = (await enrolled(place, 'office', 'office', password)).device
  const opened: TillDevice[] = []
  for (const [at, name] of names.entries()) {
    const { device, network } = await enrolled(place, name, name, password)
    opened.push({ name, code: (await device.status()).device, device, till: tills[at] ?? '', network })
  }
  return { office, tills: opened, company, branch, warehouse }
}
