// A device that was in a drawer for nine months, end to end: its outbox holds what a released version sealed, byte for byte. It is pushed
// through a hub of today, whose upcasters read it; what comes down is mapped to the tables that the device knows; all of it is settled, and
// the hub's log holds the very lines.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { pino } from 'pino'
import { afterEach, expect, test } from 'vitest'
import { FetchTransport } from '../device/fetch-transport.ts'
import { DiskBlobs } from '../hub/blob-disk.ts'
import { openHubKeys } from '../hub/hub-keys.ts'
import { KeyRing, keyFileIn } from '../hub/subject-keys.ts'
import { hubApp } from '../hub/http.ts'
import { Hub } from '../hub/hub.ts'
import { SETUP_USER } from '../hub/leases.ts'
import { fieldsIn, FIRST_SCHEMA } from '../kernel/table.ts'
import type { Catalogue } from '../kernel/catalogue.ts'
import { catalogue } from '../modules/all.ts'
import { shopIds } from '../modules/pos/till-builders.ts'
import { openNodeDatabase } from '../store/sqlite/node-vfs.ts'
import { asHubDatabase, freshDatabase } from '../testing/fresh-database.ts'
import type { GoldenDay } from '../testing/golden-day.ts'
import { NOON } from '../testing/lone-device.ts'
import { ManualClock } from '../testing/manual-clock.ts'
import { aLease } from '../testing/two-sides.ts'
import { Device } from './device/device.ts'
import { Replica, type Identity } from './device/replica.ts'
import { parseEnvelope } from './envelope.ts'
import { inTenant } from './hub/tenant.ts'
import { newDeviceKeys, textHash } from './seal.ts'

const golden = fileURLToPath(new URL('./golden/', import.meta.url))
const files = readdirSync(golden).filter((name) => /^\d.*\.json$/.test(name))
const TENANT = 't1'
const NINE_MONTHS_MS = 270 * 86_400_000
const root = mkdtempSync(join(tmpdir(), 'holdfast-nine-months-'))
const endings: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const end of endings.splice(0).toReversed()) await end()
  rmSync(root, { recursive: true, force: true })
})

/** The tables and columns of an older schema; its code is today's, and with it the tables that this code itself reads. */
function asOf({ tables, ...rest }: Catalogue, schema: number): Catalogue {
  const known = [...tables.values()].flatMap((table) => {
    const fieldNames = fieldsIn(table, schema)
    if (table.name.startsWith('kernel.')) return [table]
    return fieldNames === null ? [] : [{ ...table, fieldNames }]
  })
  return { ...rest, schema, tables: new Map(known.map((table) => [table.name, table])) }
}

async function aHubOfToday(): Promise<Hub> {
  const database = await freshDatabase()
  const hub = await Hub.open({
    database: asHubDatabase(database),
    catalogue,
    keys: await openHubKeys(root),
    tenant: TENANT,
    subjectKeys: new KeyRing(keyFileIn(root)),
    blobs: new DiskBlobs(join(root, 'blobs')),
    now: () => NOON + NINE_MONTHS_MS,
  })
  endings.push(async () => {
    await hub.close()
    await database.drop()
  })
  return hub
}

/** The device as it was put away, known to the hub: nothing of it was ever sent. */
async function fromTheDrawer(hub: Hub, day: GoldenDay): Promise<Replica> {
  const first = parseEnvelope(day.commands[0]?.line ?? '')
  if (first === null) throw new Error('The first line is no envelope any more.')
  const { dev, ep } = first
  const keys = await newDeviceKeys()
  const ids = shopIds(TENANT)
  const lease = aLease({ company: ids.company, branch: ids.branch, policy: { stockPolicy: 'warn' }, dev, ep })
  const certificate = 'a certificate'
  expect(textHash(certificate)).toBe(day.prev)
  await inTenant(hub.pool, TENANT, async (client) => {
    await client.query(
      'INSERT INTO device (tenant_id, dev, ep, user_id, public_key, certificate, last_seal, enrolled_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)',
      [TENANT, dev, ep, SETUP_USER, JSON.stringify(keys.publicKey), certificate, day.prev, NOON],
    )
    await client.query(
      'INSERT INTO lease (tenant_id, hash, dev, ep, user_id, body, jws, issued_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)',
      [TENANT, textHash('a lease'), dev, ep, lease.user, JSON.stringify(lease), 'a lease', NOON],
    )
  })
  const directory = mkdtempSync(join(tmpdir(), 'holdfast-drawer-'))
  endings.push(async () => rmSync(directory, { recursive: true, force: true }))
  const db = await openNodeDatabase({ directory, name: 'holdfast.db', key: new Uint8Array(32).fill(7) })
  const replica = new Replica(db, asOf(catalogue, FIRST_SCHEMA))
  const identity: Identity = {
    hubUrl: 'http://hub',
    tenant: TENANT,
    dev,
    ep,
    keys,
    certificate,
    hubKeys: hub.keys.publicKeys,
    incarnation: hub.incarnation,
  }
  replica.meta.set('identity', JSON.stringify(identity))
  replica.keepLease({ jws: 'a lease', hash: textHash('a lease'), lease })
  for (const { line, pd, seal } of day.commands) {
    const envelope = parseEnvelope(line)
    if (envelope === null) throw new Error(`No envelope any more: ${line}`)
    db.run(
      "INSERT INTO outbox (seq, epoch, type, line, pd, seal, predicted, state, about, at, user) VALUES (?, ?, ?, ?, ?, ?, ?, 'captured', '{}', ?, ?)",
      [envelope.seq, ep, envelope.type, line, pd && JSON.stringify(pd), seal, envelope.eff, envelope.at, envelope.user],
    )
  }
  replica.waiting.changed()
  return replica
}

test.each(files)(
  '[VER1] what %s sealed goes through a hub of today nine months later, and nothing of it is lost',
  async (file) => {
    const day = JSON.parse(readFileSync(golden + file, 'utf8')) as GoldenDay
    const hub = await aHubOfToday()
    const replica = await fromTheDrawer(hub, day)
    const identity = replica.identity()
    if (identity === null) throw new Error('It forgot who it is.')
    const app = hubApp(hub, pino({ level: 'warn' }))
    const transport = new FetchTransport('http://hub', async (url, init) => app.fetch(new Request(url, init)))
    const clock = new ManualClock(NOON + NINE_MONTHS_MS)
    const device = new Device({ replica, identity, transport, clock, app: '0.1.0', isAutomatic: false })
    endings.push(() => device.close())

    const status = await device.sync()
    expect(status).toMatchObject({ waiting: 0, fault: null, isOnline: true, setAside: 0 })
    expect(status.integrity.rowsVerified).toBe(status.integrity.rowsHeld)
    expect(replica.db.all('SELECT kind, detail FROM incident')).toEqual([])
    const outbox = replica.db.all<{ state: string; is_settled: number }>('SELECT state, is_settled FROM outbox')
    expect(outbox).toHaveLength(day.commands.length)
    for (const { state, is_settled } of outbox) {
      expect(['accepted', 'adjusted']).toContain(state)
      expect(is_settled).toBe(1)
    }
    const log = await inTenant(hub.pool, TENANT, (client) =>
      client.query<{ line: string; seal: string }>('SELECT line, seal FROM command_log WHERE dev = $1 ORDER BY seq', [
        identity.dev,
      ]),
    )
    expect(log.rows).toEqual(day.commands.map(({ line, seal }) => ({ line, seal })))
    // What it sold is on the books, at the price on the receipt.
    const sold = await inTenant(hub.pool, TENANT, (client) => client.query('SELECT number FROM pos_sale'))
    expect(sold.rowCount).toBe(1)
  },
)
