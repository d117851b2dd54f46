// A headless device in Node over the same code and the same database as the browser's: for tests, load, kiosks and
// integrations. One directory is one device identity; the lock in it keeps a second process out.
import './native-sha256.ts'
import { mkdirSync } from 'node:fs'
import type { Catalogue } from '../kernel/catalogue.ts'
import { openNodeDatabase } from '../store/sqlite/node-vfs.ts'
import { readVaultFile, writeVaultFile } from '../store/vault/node-vault.ts'
import { createVault, unlockVault } from '../store/vault/vault.ts'
import type { EnrolmentRequest } from '../sync/device/api.ts'
import type { DeviceClock } from '../sync/device/clock.ts'
import { Device } from '../sync/device/device.ts'
import { enrolAgain, enrolDevice } from '../sync/device/enrol.ts'
import { Replica } from '../sync/device/replica.ts'
import type { Transport } from '../sync/device/transport.ts'
import { FetchTransport } from './fetch-transport.ts'
import { systemClock } from './system-clock.ts'

const SLOT = 'device'
const APP = 'headless'

type EnrolGiven = Omit<EnrolmentRequest, 'hubUrl'>

export interface OpenDeviceOptions {
  /** Made if absent; holds vault and database. */
  readonly directory: string
  readonly hubUrl: string
  readonly catalogue: Catalogue
  /** Opens the vault; the one chosen at the first opening. */
  readonly passphrase: string
  /** Needed the first time: a code and the sign-in that it enrols. */
  readonly enrol?: EnrolGiven
  /** Begins a new life of an enrolled device that was copied, restored or shut out; its unsent work comes along. */
  readonly enrolAgain?: EnrolGiven
  /** false: exchanges only when `sync()` is called. */
  readonly isAutomatic?: boolean
  readonly pollIntervalMs?: number
  readonly transport?: Transport
  readonly clock?: DeviceClock
  /** Cost of the passphrase slot; default as calibrated for people, tests may take the floor. */
  readonly kdf?: { readonly memoryKib: number; readonly iterations: number }
}

/** Opens the device of a directory, enrolling it first when it is new. Throws with a sentence on a wrong passphrase or a refused code. */
export async function openDevice(options: OpenDeviceOptions): Promise<Device> {
  const { directory, hubUrl, catalogue } = options
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  const key = await dataKey(options)
  const db = await openNodeDatabase({ directory, name: 'holdfast.db', key })
  try {
    const transport = options.transport ?? new FetchTransport(hubUrl)
    const clock = options.clock ?? systemClock
    const replica = new Replica(db, catalogue)
    let identity = replica.identity()
    if (identity === null) {
      if (options.enrol === undefined)
        throw new Error('This device is not enrolled yet: give an enrolment code, a sign-in name and a password.')
      identity = await enrolDevice(replica, transport, { hubUrl, ...options.enrol }, clock.now())
    } else if (options.enrolAgain !== undefined) {
      identity = await enrolAgain(replica, transport, { hubUrl, ...options.enrolAgain }, clock.now())
    }
    const { isAutomatic, pollIntervalMs } = options
    return new Device({
      replica,
      identity,
      transport,
      clock,
      app: APP,
      ...(isAutomatic !== undefined && { isAutomatic }),
      ...(pollIntervalMs !== undefined && { pollIntervalMs }),
    })
  } catch (fault) {
    db.close()
    throw fault
  }
}

async function dataKey({ directory, passphrase, kdf }: OpenDeviceOptions): Promise<Uint8Array> {
  const vault = readVaultFile(directory)
  if (vault === undefined) {
    const made = await createVault({ slot: SLOT, passphrase }, kdf)
    writeVaultFile(directory, made.file)
    return made.key
  }
  const opened = await unlockVault(vault, { slot: SLOT, passphrase })
  if (!opened.ok)
    throw new Error('The passphrase does not open this device. Check it and try again; nothing was changed.')
  return opened.value
}
