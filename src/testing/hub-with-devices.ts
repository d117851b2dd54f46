// A real hub on a real database and real headless devices with encrypted files, for tests that cross every layer. The
// network between them is a fetch that a test may cut.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Catalogue } from '../kernel/catalogue.ts'
import { openDevice } from '../device/open-device.ts'
import { FetchTransport, type Fetch } from '../device/fetch-transport.ts'
import { setAccount } from '../hub/enrolment.ts'
import { standardLimits, type Limits } from '../hub/door.ts'
import { SETUP_USER } from '../hub/leases.ts'
import { serve, type ServedHub } from '../hub/serve.ts'
import { argon2Floor } from '../store/vault/kdf.ts'
import type { DeviceClock } from '../sync/device/clock.ts'
import type { Device } from '../sync/device/device.ts'
import type { BlobStore } from '../sync/hub/blobs.ts'
import { inTenant } from '../sync/hub/tenant.ts'
import { asHubDatabase, freshDatabase, type FreshDatabase } from './fresh-database.ts'

export interface HubUnderTest extends ServedHub {
  readonly database: FreshDatabase
  /** Enrols and opens a device for a sign-in; a directory given again opens the same device. */
  device(options?: {
    signIn?: string
    directory?: string
    fetch?: Fetch
    isAutomatic?: boolean
    clock?: DeviceClock
    /** Another release of the app than the hub's. */
    catalogue?: Catalogue
    /** What is remembered of a life whose storage is gone. */
    lost?: { readonly dev: string; readonly ep: number; readonly seq: number }
    /** Begins the next life of the directory's device. */
    isNextLife?: boolean
  }): Promise<Device>
  directory(): string
  readonly dataDir: string
  account(user: string, signIn: string): Promise<void>
  /** Rows of its database, as the hub itself sees them. */
  rows<R extends object>(text: string, values?: readonly unknown[]): Promise<R[]>
  end(): Promise<void>
}

export const PASSWORD = 'correct horse battery'

export async function aHub(
  catalogue: Catalogue,
  options: { now?: () => number; limits?: Limits; blobs?: BlobStore; oldestSchema?: number } = {},
): Promise<HubUnderTest> {
  const database = await freshDatabase()
  const root = mkdtempSync(join(tmpdir(), 'holdfast-test-'))
  const served = await serve({
    dataDir: root,
    port: 0,
    catalogue,
    database: asHubDatabase(database),
    // Tests knock a thousand times in a second; those of the limits set them.
    limits: { ...standardLimits, device: standardLimits.tenant },
    ...options,
  })
  const devices: Device[] = []
  let directories = 0
  const directory = (): string => join(root, `device-${(directories += 1)}`)
  const account = (user: string, signIn: string): Promise<void> =>
    setAccount(served.hub, { user, signIn, password: PASSWORD })
  await account(SETUP_USER, SETUP_USER)
  return {
    ...served,
    database,
    directory,
    dataDir: root,
    account,
    rows: <R extends object>(text: string, values: readonly unknown[] = []) =>
      inTenant(served.hub.pool, served.hub.tenant, async (client) => (await client.query<R>(text, [...values])).rows),
    async device({
      signIn = SETUP_USER,
      directory: given,
      fetch: fetcher,
      isAutomatic = false,
      clock,
      catalogue: release = catalogue,
      lost,
      isNextLife = false,
    } = {}) {
      const device = await openDevice({
        directory: given ?? directory(),
        hubUrl: served.url,
        catalogue: release,
        passphrase: 'a passphrase',
        kdf: argon2Floor,
        [isNextLife ? 'enrolAgain' : 'enrol']: { code: await served.newCode(null), signIn, password: PASSWORD, lost },
        isAutomatic,
        ...(clock !== undefined && { clock }),
        transport: new FetchTransport(served.url, fetcher),
      })
      devices.push(device)
      return device
    },
    async end() {
      for (const device of devices) await device.close()
      await served.stop()
      await database.drop()
      rmSync(root, { recursive: true, force: true })
    },
  }
}
