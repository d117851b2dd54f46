// The retailer's company on a hub of its own: one branch, one warehouse, a till for each device, and the people who work
// them. It is made through commands of a set-up device, like any company's first day.
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { FetchTransport } from '../../src/device/fetch-transport.ts'
import { openDevice } from '../../src/device/open-device.ts'
import { setAccount } from '../../src/hub/enrolment.ts'
import { SETUP_USER } from '../../src/hub/leases.ts'
import type { ServedHub } from '../../src/hub/serve.ts'
import { catalogue } from '../../src/modules/all.ts'
import { argon2Floor } from '../../src/store/vault/kdf.ts'
import type { Device } from '../../src/sync/device/device.ts'
import { deviceName } from './result.ts'

/** The network between a device and the hub: up, or cut. */
export interface Network {
  isUp: boolean
}

/** What a device needs to enrol: passed to whichever process works it. */
export interface Enrolment {
  readonly hubUrl: string
  readonly directory: string
  readonly code: string
  readonly signIn: string
  readonly password: string
}

export interface TillPlace {
  readonly name: string
  /** Position among the devices. */
  readonly index: number
  readonly till: string
  readonly warehouse: string
  readonly enrolment: Enrolment
}

export interface RetailCompany {
  readonly office: Device
  readonly tills: readonly TillPlace[]
}

export interface Place {
  readonly served: ServedHub
  /** Where the devices' files lie. */
  readonly directory: string
}

export const currency = 'GBP'
export const minorDigits = 2
export const territory = 'all'
export const stockUnit = 'each'
export const taxCode = 'outside'
/** Customers pay on account, the nameless by the web shop. */
const methods = [
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

/** A real headless device with encrypted files; the network between it and the hub can be cut. */
export async function enrolDevice({
  hubUrl,
  directory,
  ...enrol
}: Enrolment): Promise<{ device: Device; network: Network }> {
  const network: Network = { isUp: true }
  const device = await openDevice({
    directory,
    hubUrl,
    catalogue,
    passphrase: randomUUID(),
    kdf: argon2Floor,
    enrol,
    isAutomatic: false,
    transport: new FetchTransport(hubUrl, (url, init) =>
      network.isUp ? fetch(url, init) : Promise.reject(new TypeError('The network is cut.')),
    ),
  })
  await exchangeAll(device)
  return { device, network }
}

const TRIES = 5

/** Exchanges until nothing waits; a device that can't is a fault of the world, told with its status. */
export async function exchangeAll(device: Device): Promise<void> {
  let status = await device.sync()
  for (let tries = 0; tries < TRIES && (status.waiting > 0 || !status.isOnline); tries++) status = await device.sync()
  if (status.waiting > 0 || !status.isOnline || status.fault !== null || !status.isReady)
    throw new Error(`The device ${status.device} could not exchange with the hub: ${JSON.stringify(status)}`)
}

/** Makes the company, then a person for the office and for each till; the tills' devices are enrolled by who works them. */
export async function openCompany({ served, directory }: Place, devices: number): Promise<RetailCompany> {
  const { hub, url: hubUrl } = served
  const password = randomUUID()
  const enrolment = async (name: string, signIn: string): Promise<Enrolment> => ({
    hubUrl,
    directory: join(directory, name),
    code: await served.newCode(null),
    signIn,
    password,
  })
  await setAccount(hub, { user: SETUP_USER, signIn: SETUP_USER, password })
  const setup = (await enrolDevice(await enrolment('setup', SETUP_USER))).device
  const company = await must(
    setup,
    'masters.saveCompany',
    { code: 'retail', name: 'Online Retail', currency, minorDigits, country: 'GB', tz, stockPolicy: 'warn' },
    'masters.company',
  )
  const branch = await must(
    setup,
    'masters.saveBranch',
    { company, code: 'main', name: 'Main', tz, territory },
    'masters.branch',
  )
  const warehouse = await must(
    setup,
    'masters.saveWarehouse',
    { branch, code: 'main', name: 'Main' },
    'masters.warehouse',
  )
  await must(setup, 'masters.saveUnit', { code: stockUnit, name: 'Each', decimals: 6 })
  await must(setup, 'masters.saveTaxCode', { code: taxCode, name: 'Outside the scope', treatment: 'outside-scope' })
  await must(setup, 'masters.setRole', { code: 'everything', name: 'Everything', permissions: ['*'], home: 'overview' })
  const names = Array.from({ length: devices }, (_, at) => deviceName(at))
  const tills: TillPlace[] = []
  const users = new Map<string, string>()
  for (const name of ['office', ...names])
    users.set(
      name,
      await must(setup, 'masters.setUser', { signInName: name, name, roles: ['everything'], branch }, 'masters.user'),
    )
  for (const [index, name] of names.entries()) {
    const till = await must(
      setup,
      'masters.saveTill',
      { branch, code: name, name, warehouse, methods, isOnAccountAllowed: true },
      'masters.till',
    )
    tills.push({ name, index, till, warehouse, enrolment: await enrolment(name, name) })
  }
  await exchangeAll(setup)
  await setup.close()
  for (const [signIn, user] of users) await setAccount(hub, { user, signIn, password })
  return { office: (await enrolDevice(await enrolment('office', 'office'))).device, tills }
}
