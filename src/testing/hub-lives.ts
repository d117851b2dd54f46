// A hub that is stopped, copied as a backup would be, and started again on any of its copies, while its devices keep
// knocking at the same address. Several processes' worth of it can run on one database at once.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Catalogue } from '../kernel/catalogue.ts'
import { FetchTransport, type Fetch } from '../device/fetch-transport.ts'
import { openDevice } from '../device/open-device.ts'
import { newEnrolmentCode, setAccount } from '../hub/enrolment.ts'
import { SETUP_USER } from '../hub/leases.ts'
import { withClient, type HubDatabase } from '../hub/postgres/open-database.ts'
import { serve, type ServedHub } from '../hub/serve.ts'
import { argon2Floor } from '../store/vault/kdf.ts'
import type { Device } from '../sync/device/device.ts'
import { asHubDatabase, freshDatabase, type FreshDatabase } from './fresh-database.ts'
import { wireCatalogue } from './wire-catalogue.ts'

const PASSWORD = 'correct horse battery'
/** What devices believe to be the hub's address. */
const ADDRESS = 'http://hub.test'

export class HubLives {
  readonly password = PASSWORD
  readonly root = mkdtempSync(join(tmpdir(), 'holdfast-lives-'))
  readonly database: FreshDatabase
  private readonly copies: string[] = []
  private readonly running = new Set<ServedHub>()
  private readonly devices = new Set<Device>()
  /** Where requests go: the port of the hub that is up, or null. */
  port: number | null = null
  now: () => number = Date.now

  private readonly catalogue: Catalogue

  private constructor(database: FreshDatabase, catalogue: Catalogue) {
    this.database = database
    this.catalogue = catalogue
  }

  static async begin(catalogue: Catalogue = wireCatalogue): Promise<HubLives> {
    return new HubLives(await freshDatabase(), catalogue)
  }

  /** The database's configuration as serve() takes it; a copy by its name. */
  databaseAs(name?: string): HubDatabase {
    return asHubDatabase(this.database, name)
  }

  /** Starts a hub on the database or on a copy of it; requests go to the one started last. `port`: the one it must have. */
  async start(copy?: string, port = 0): Promise<ServedHub> {
    const served = await serve({
      dataDir: this.root,
      port,
      catalogue: this.catalogue,
      database: this.databaseAs(copy),
      now: () => this.now(),
    })
    this.running.add(served)
    this.port = served.port
    await setAccount(served.hub, { user: SETUP_USER, signIn: SETUP_USER, password: PASSWORD })
    return served
  }

  async stop(served: ServedHub): Promise<void> {
    this.running.delete(served)
    this.port = null
    await served.stop()
  }

  /** A backup: the database as it is now, under another name. No hub may be running on it. */
  async copy(): Promise<string> {
    const { name, ownerRole, admin } = this.database
    const copy = `${name}_copy_${this.copies.length + 1}`
    await withClient({ ...admin, database: 'postgres' }, (client) =>
      client.query(`CREATE DATABASE ${copy} OWNER ${ownerRole} TEMPLATE ${name}`),
    )
    this.copies.push(copy)
    return copy
  }

  async setIncarnation(copy: string, incarnation: string): Promise<void> {
    await withClient({ ...this.database.owner, database: copy }, (client) =>
      client.query("UPDATE hub_meta SET value = $1 WHERE key = 'incarnation'", [incarnation]),
    )
  }

  /** A device whose requests go wherever the hub is; `port` pins it to one of several. */
  async device(
    served: ServedHub,
    directory = join(this.root, `device-${this.devices.size + 1}`),
    port?: () => number | null,
    isNextLife = false,
  ): Promise<Device> {
    const route: Fetch = (url, init) => {
      const at = port === undefined ? this.port : port()
      return at === null
        ? Promise.reject(new TypeError('The hub is down.'))
        : fetch(url.replace(ADDRESS, `http://127.0.0.1:${at}`), init)
    }
    const device = await openDevice({
      directory,
      hubUrl: ADDRESS,
      catalogue: this.catalogue,
      passphrase: 'a passphrase',
      kdf: argon2Floor,
      [isNextLife ? 'enrolAgain' : 'enrol']: {
        code: await newEnrolmentCode(served.hub, null),
        signIn: SETUP_USER,
        password: PASSWORD,
      },
      isAutomatic: false,
      transport: new FetchTransport(ADDRESS, route),
    })
    this.devices.add(device)
    return device
  }

  async end(): Promise<void> {
    for (const device of this.devices) await device.close()
    for (const served of this.running) await served.stop()
    for (const copy of this.copies)
      await withClient({ ...this.database.admin, database: 'postgres' }, (client) =>
        client.query(`DROP DATABASE IF EXISTS ${copy} WITH (FORCE)`),
      )
    await this.database.drop()
    rmSync(this.root, { recursive: true, force: true })
  }
}
