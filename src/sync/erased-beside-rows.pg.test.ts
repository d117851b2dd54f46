// What an erasure takes away beside rows and commands: ready-made downloads with the person in them, halves of these on a device, and what
// the hub keeps of a copied device, whose values lie under nobody's key.
import { cpSync } from 'node:fs'
import { constants, gunzipSync } from 'node:zlib'
import { Client } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { catalogueOf } from '../kernel/catalogue.ts'
import { completeRow } from '../kernel/effects.ts'
import { ERASE_SUBJECT, pseudonymOf } from '../kernel/erasure.ts'
import { crmModule } from '../modules/crm/module.ts'
import { mastersModule } from '../modules/masters/module.ts'
import { party } from '../modules/masters/party.ts'
import { privacyModule } from '../modules/privacy/module.ts'
import { aHub, type HubUnderTest } from '../testing/hub-with-devices.ts'
import { hubText } from '../testing/hub-text.ts'
import { plainBytesOf } from '../testing/plain-bytes.ts'
import { writeHubRows } from '../testing/write-hub-rows.ts'
import type { Device } from './device/device.ts'
import { CHUNKED_FROM_ROWS } from './hub/chunks.ts'
import { keptOf } from './hub/quarantine.ts'
import { takeQuarantined } from './hub/rescue.ts'
import { inTenant } from './hub/tenant.ts'

const business = [mastersModule, crmModule]
const catalogue = catalogueOf([...business, privacyModule(business)])
const [NAME, OTHER] = ['Qzelda Quillfeather', 'Bertram Quince']

let hub: HubUnderTest
let database: Client
beforeAll(async () => {
  hub = await aHub(catalogue)
  database = new Client(hub.database.admin)
  await database.connect()
})
afterAll(async () => {
  await database.end()
  await hub.end()
})

async function must(device: Device, command: string, args: object): Promise<string> {
  const answer = await device.run(command, args as Readonly<Record<string, unknown>>)
  if (!answer.saved) throw new Error(`${command} was refused: ${JSON.stringify(answer.refusal)}`)
  return answer.inserted[party.name]?.[0] ?? ''
}
const aCustomer = (device: Device, name: string): Promise<string> =>
  must(device, 'masters.createParty', { name, roles: ['customer'], territory: 'leeds' })

async function erase(subject: string): Promise<void> {
  const office = await hub.device()
  await office.sync()
  await must(office, ERASE_SUBJECT, { table: party.name, subject })
  await office.sync()
  await office.close()
}

/** What a person with the key of the database reads out of the halves of downloads that lie there. */
const readable = (device: Device): string =>
  device.replica.db
    .all<{ content: Uint8Array }>('SELECT content FROM piece WHERE at = 0')
    .map(({ content }) => gunzipSync(content, { finishFlush: constants.Z_SYNC_FLUSH }).toString())
    .join('\n')

test('[ERASE1] [ERASE4] a ready-made download with an erased person in it is gone from the hub, and its half from a device', async () => {
  const first = await hub.device()
  const customer = await aCustomer(first, NAME)
  await first.sync()
  const crowd = Array.from({ length: CHUNKED_FROM_ROWS }, (_, at) => {
    const values = { name: `Crowd ${(at * 7919) % 10_007}`, roles: ['customer'], territory: 'leeds' }
    return { table: party, row: completeRow(party, `party-${at}`, values) }
  })
  await writeHubRows(hub.hub, crowd)

  const directory = hub.directory()
  let mayFetch = true
  const late = await hub.device({
    directory,
    fetch: async (url, init) => {
      if (!url.includes('/sync/chunk/')) return fetch(url, init)
      if (!mayFetch) throw new TypeError('no connection')
      const answer = await fetch(url, init)
      const whole = new Uint8Array(await answer.arrayBuffer())
      let isSent = false
      const cut = new ReadableStream<Uint8Array>({
        pull(stream) {
          if (isSent) stream.error(new TypeError('cut'))
          else stream.enqueue(whole.subarray(0, whole.length - 1))
          isSent = true
        },
      })
      return new Response(cut, { status: answer.status, headers: answer.headers })
    },
  })
  await late.sync()
  mayFetch = false
  expect(readable(late)).toContain(NAME)
  const half = late.replica.db.get<{ content: Uint8Array }>('SELECT content FROM piece')?.content ?? new Uint8Array()
  expect(await database.query('SELECT 1 FROM chunk').then(({ rowCount }) => rowCount)).toBeGreaterThan(0)

  await erase(customer)
  expect(await hubText(database)).not.toContain('Qzelda')
  // The news comes by a pull, while the rest of that download can't be fetched.
  await late.sync()
  expect(late.replica.db.all('SELECT subject FROM forgotten')).toEqual([{ subject: customer }])
  expect(readable(late)).toBe('')
  await late.close()
  const telling = Buffer.from(half.subarray(1000, 1050)).toString('latin1')
  expect(telling).toHaveLength(50)
  expect(await plainBytesOf(directory, 'a passphrase')).not.toContain(telling)

  const again = await hub.device({ directory })
  for (let round = 0; round < 2; round++) await again.sync()
  expect(await again.status()).toMatchObject({ isReady: true, download: null, incidents: 0 })
  expect(again.replica.store.read(party, customer)).toMatchObject({ name: pseudonymOf(customer) })
}, 240_000)

test('[ERASE1] what the hub keeps of a copied device says nothing of an erased person, and of others what it said', async () => {
  const directory = hub.directory()
  const original = await hub.device({ directory })
  const [customer, other] = [await aCustomer(original, NAME), await aCustomer(original, OTHER)]
  await original.sync()
  await original.close()
  cpSync(directory, `${directory}-copy`, { recursive: true })
  const [one, copy] = [await hub.device({ directory }), await hub.device({ directory: `${directory}-copy` })]
  await aCustomer(one, 'Charles Quirk')
  await one.sync()
  for (const [whom, text] of [
    [customer, `${NAME} is allergic to bees`],
    [other, `${OTHER} likes them`],
  ] as const)
    await must(copy, 'crm.addNote', { party: whom, businessDate: '2026-11-20', text })
  expect(await copy.sync()).toMatchObject({ fault: 'fork', waiting: 2 })

  const dev = String(one.replica.identity()?.dev)
  const { tenant, pool, pushContext } = hub.hub
  const kept = async () =>
    (await inTenant(pool, tenant, (client) => keptOf(client, pushContext, dev))).map((each) => each.pd)
  const [before, others] = await kept()
  expect([before, others]).toEqual([expect.stringContaining('bees'), expect.stringContaining('likes')])

  await erase(customer)
  expect(await kept()).toEqual([null, others])
  const { outcomes } = await takeQuarantined(pushContext, dev)
  expect(outcomes.map(({ outcome, reason }) => [outcome, reason ?? null])).toEqual([
    ['adjusted', 'sync.subject-erased'],
    ['accepted', null],
  ])
}, 240_000)
