// The device composed for a browser: OPFS, the vault's file, fetch, the modules' catalogue. The one place of the app that knows all of them.
import { assert } from '../../kernel/assert.ts'
import { catalogueOf } from '../../kernel/catalogue.ts'
import { modules } from '../../modules/all.ts'
import { FetchTransport } from '../../device/fetch-transport.ts'
import { systemClock } from '../../device/system-clock.ts'
import type { Sqlite } from '../../store/sqlite/engine.ts'
import { Device } from '../../sync/device/device.ts'
import { enrolAgain, enrolDevice } from '../../sync/device/enrol.ts'
import { Replica } from '../../sync/device/replica.ts'
import { printOf } from '../../sync/device/upgrade.ts'
import { appVersion } from '../version.ts'
import type { HostParts } from './device-host.ts'
import { openOpfsDatabase, prepareOpfsDatabase } from './opfs-database.ts'
import { shellModule } from './shell-views.ts'
import { adoptWasmSha256 } from './wasm-sha256.ts'
import { databaseDirectory, makeVault, readVault, removeAll } from './vault-file.ts'

const catalogue = catalogueOf([...modules, shellModule])
const replicas = new WeakMap<Sqlite, Replica>()

/** Browsers that don't tell are taken for not metered. */
const isMetered = (): boolean =>
  (navigator as { readonly connection?: { readonly type?: string } }).connection?.type === 'cellular'

function replicaOf(database: Sqlite): Replica {
  const made = replicas.get(database) ?? new Replica(database, catalogue)
  replicas.set(database, made)
  return made
}

export const browserParts: HostParts = {
  readVault,
  makeVault,
  removeAll,
  prepare() {
    prepareOpfsDatabase()
    // Nobody waits for it here; where it can't be had, opening says so.
    void adoptWasmSha256().then(
      () => printOf(catalogue),
      () => undefined,
    )
  },
  async openDatabase(key) {
    const [database] = await Promise.all([openOpfsDatabase({ directory: databaseDirectory, key }), adoptWasmSha256()])
    return database
  },
  isEnrolled: (database) => replicaOf(database).identity() !== null,
  async enrol(database, call) {
    await enrolDevice(replicaOf(database), new FetchTransport(call.hubUrl), call, Date.now())
  },
  async enrolAgain(database, call) {
    await enrolAgain(replicaOf(database), new FetchTransport(call.hubUrl), call, Date.now())
  },
  async openDevice(database) {
    const replica = replicaOf(database)
    const identity = replica.identity()
    assert(identity !== null, 'A device is opened only after it was enrolled.')
    const transport = new FetchTransport(identity.hubUrl)
    return new Device({ replica, identity, transport, clock: systemClock, app: appVersion, isMetered })
  },
  tablesOf: (name) => catalogue.views.get(name)?.tables.map((table) => table.name) ?? [],
}
