// Erasure of a person over the whole way: real hub, real PostgreSQL, real encrypted device files. What must be gone is looked for in raw
// bytes: every table of the hub as text, its files, each device's database without its cipher.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Client } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ERASE_SUBJECT, pseudonymOf } from '../kernel/erasure.ts'
import { catalogue } from '../modules/all.ts'
import { party } from '../modules/masters/party.ts'
import { aBranchHub, type BranchHub } from '../testing/branch-hub.ts'
import { aPicture, asBlob, shaOf } from '../testing/album-catalogue.ts'
import { hubText } from '../testing/hub-text.ts'
import { plainBytesOf } from '../testing/plain-bytes.ts'
import type { Device } from './device/device.ts'
import { sweepBlobs } from './hub/blobs.ts'
import { sealOf, textHash } from './seal.ts'

const DAY = '2026-11-20'
const PASSPHRASE = 'a passphrase'
const MINUTES_A_MONTH = 32 * 24 * 60
/** Each begins like no other: the search index writes what words share only once. */
const said = {
  name: 'Qzelda Quillfeather',
  phone: 'xqphone-0113-496',
  street: 'yqstreet of the mill',
  note: 'zqnote allergic to bees',
  newName: 'Vwilma Vquagmire',
  lateNote: 'jqnote late, and plain',
  blockedNote: 'kqnote kquaint kquiver',
  blockedName: 'Uxanthe Uquirk',
  contact: 'Bqertram Bquince',
  printed: 'Gqzelda at the desk',
  draft: 'wqdraft half-a-thought',
}

let branch: BranchHub
let database: Client
let office: Device
let rep: Device
/** Its pushes can be held up while it still pulls. */
let van: Device
let isBlocked = false
const directories = { rep: '', van: '' }
let customer = ''
let photo: Uint8Array = new Uint8Array(0)

beforeAll(async () => {
  branch = await aBranchHub(catalogue)
  const { hub, setup, time, must } = branch
  database = new Client(hub.database.admin)
  await database.connect()
  office = setup
  const permissions = ['crm.*', 'masters.createParty', 'masters.editParty', 'sales.*', 'review.*']
  await (await branch.enrol('rep', { permissions })).close()
  directories.rep = hub.directory()
  directories.van = hub.directory()
  const clock = time.clockOff(0)
  rep = await hub.device({ signIn: 'rep', directory: directories.rep, clock })
  van = await hub.device({
    signIn: 'rep',
    directory: directories.van,
    clock,
    fetch: async (url, init) => {
      if (isBlocked && url.endsWith('/sync/push')) throw new TypeError('blocked')
      return fetch(url, init)
    },
  })
  await rep.sync()
  await van.sync()
  const ids = await must(
    rep,
    'masters.createParty',
    {
      name: said.name,
      roles: ['customer'],
      territory: 'leeds',
      phone: said.phone,
      addresses: [{ label: 'billing', lines: [said.street], country: 'GB' }],
    },
    party.name,
  )
  customer = ids[0] ?? ''
  photo = aPicture(7, 9000)
  await rep.take(photo)
  const [visit = ''] = await must(
    rep,
    'crm.planVisit',
    { party: customer, territory: 'leeds', plannedOn: DAY },
    'crm.visit',
  )
  const seen = { visit, party: customer, businessDate: DAY, outcome: 'information' }
  await must(rep, 'crm.completeVisit', { ...seen, note: said.note, photos: [asBlob(photo)] })
  await must(rep, 'masters.addContact', { party: customer, territory: 'leeds', name: said.contact })
  await must(rep, 'payments.receive', {
    party: customer,
    partyName: said.printed,
    territory: 'leeds',
    businessDate: DAY,
    currency: 'GBP',
    amount: 1200,
    method: 'cash',
    methodKind: 'cash',
  })
  rep.replica.db.run('INSERT INTO draft (key, value, at) VALUES (?, ?, 0)', ['note', `${said.draft} of ${said.name}`])
  for (const device of [rep, rep, van, office]) await device.sync()
}, 240_000)
afterAll(async () => {
  await database.end()
  await branch.hub.end()
})

async function asked<R extends object>(text: string, values: unknown[] = []): Promise<R[]> {
  return (await database.query<R>(text, values)).rows
}

const tracesIn = (text: string): string[] =>
  Object.entries(said)
    .filter(([, value]) =>
      value.split(' ').some((word) => word.length > 5 && text.toLowerCase().includes(word.toLowerCase())),
    )
    .map(([key]) => key)

function filesBelow(directory: string): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
}

const receipts = () =>
  asked<{ device: string; commands: number }>(
    'SELECT device, commands FROM kernel_erasure_receipt WHERE subject = $1 ORDER BY device',
    [customer],
  )

test('before, everything is where it will be looked for, and kept values of commands lie under keys', async () => {
  expect(tracesIn(await hubText(database)).sort()).toEqual(['contact', 'name', 'note', 'phone', 'printed', 'street'])
  const kept = await asked<{ value: string; salt: string; subject: string }>(
    'SELECT value, salt, subject FROM command_personal',
  )
  expect(kept.filter(({ subject }) => subject === customer).length).toBeGreaterThan(4)
  // [ERASE1] Not one of them can be read from the database.
  expect(tracesIn(JSON.stringify(kept))).toEqual([])
  expect(filesBelow(join(branch.hub.dataDir, 'blobs')).map((path) => path.split('/').at(-1))).toContain(shaOf(photo))
})

test('[ERASE1] what would go is counted before, by the command itself; nothing is written by asking, and not everybody may', async () => {
  const whom = { table: party.name, subject: customer }
  const held = await hubText(database)
  const answer = await office.office('erasure', whom)
  expect(await hubText(database)).toBe(held)
  if (!answer.ok) throw new Error(answer.reason)
  const { tables, devices, commands, ...rest } = answer.value
  expect(rest).toEqual({
    pseudonym: pseudonymOf(customer),
    isErased: false,
    others: 1,
    photos: 1,
    lost: 0,
    parked: 0,
  })
  expect(tables.toSorted((a, b) => (a.table < b.table ? -1 : 1))).toEqual([
    { table: 'crm.note', rows: 1, fields: ['photos', 'text'] },
    { table: 'masters.contact', rows: 1, fields: ['name'] },
    { table: 'masters.party', rows: 1, fields: ['addresses', 'name', 'phone'] },
    { table: 'payments.payment', rows: 1, fields: ['partyName'] },
  ])
  expect(devices.filter(({ isShut }) => !isShut).length).toBeGreaterThan(2)
  const [kept] = await asked<{ n: number }>(
    'SELECT count(DISTINCT (dev, ep, seq))::int AS n FROM command_personal WHERE subject = $1 OR subject IN (SELECT id FROM masters_contact)',
    [customer],
  )
  expect(commands).toBe(kept?.n)
  expect(await office.office('erasure', { ...whom, subject: 'nobody' })).toEqual({
    ok: false,
    reason: 'office.unknown-subject',
  })
  expect(await rep.office('erasure', whom)).toEqual({ ok: false, reason: 'office.not-permitted' })
})

test('[ERASE1] [ERASE2] [ERASE4] nothing of an erased person is left, on the hub or on any device, and what they did stands', async () => {
  const before = (await asked<Record<string, unknown>>('SELECT * FROM payments_payment'))[0] ?? {}
  // Offline, without knowing: one pushes before it hears of it, the other hears of it before it can push.
  await branch.must(rep, 'masters.editParty', { party: customer, name: said.newName })
  await branch.must(rep, 'crm.addNote', { party: customer, businessDate: DAY, text: said.lateNote })
  await branch.must(van, 'masters.editParty', { party: customer, name: said.blockedName, visitFrequencyDays: 14 })
  await branch.must(van, 'crm.addNote', { party: customer, businessDate: DAY, text: said.blockedNote })
  await branch.must(office, ERASE_SUBJECT, { table: party.name, subject: customer })
  for (let round = 0; round < 2; round++) await office.sync()
  for (let round = 0; round < 2; round++) await rep.sync()
  isBlocked = true
  await van.sync()
  const waiting = van.replica.db.all<{ pd: string | null }>("SELECT pd FROM outbox WHERE state IN ('captured', 'sent')")
  expect(waiting.map(({ pd }) => pd)).toEqual([null, null])
  isBlocked = false
  for (let round = 0; round < 2; round++) for (const device of [van, office, rep]) await device.sync()

  const pseudonym = pseudonymOf(customer)
  for (const device of [office, rep, van]) {
    expect(device.replica.store.read(party, customer)).toMatchObject({ name: pseudonym, phone: null, addresses: [] })
    expect(await device.status()).toMatchObject({ waiting: 0, incidents: 0, fault: null })
  }
  // The other things of those commands stand.
  expect(van.replica.store.read(party, customer)).toMatchObject({ visitFrequencyDays: 14, territory: 'leeds' })
  const notes = await asked<{ text: string; photos: unknown }>('SELECT text, photos FROM crm_note')
  expect(notes).toEqual([1, 2, 3].map(() => ({ text: pseudonym, photos: null })))
  const [people] = await asked<{ name: string }>('SELECT name FROM masters_contact')
  expect(people?.name).toMatch(/^\[erased [0-9A-F]{6}\]$/)
  // A document keeps all of itself but the name that was printed.
  const [after] = await asked<Record<string, unknown>>('SELECT * FROM payments_payment')
  expect(after).toEqual({ ...before, party_name: pseudonym })

  const again = await office.office('erasure', { table: party.name, subject: customer })
  expect(again).toMatchObject({ ok: true, value: { isErased: true, tables: [], commands: 0 } })

  // Their authors are told.
  const told = [...(await rep.outbox()), ...(await van.outbox())].filter(
    ({ command, at }) => at > 0 && (command === 'masters.editParty' || command === 'crm.addNote'),
  )
  expect(told.map(({ state, reason }) => `${state} ${reason}`)).toEqual(told.map(() => 'adjusted sync.subject-erased'))
  expect(told).toHaveLength(4)

  // Raw bytes, everywhere.
  await sweepBlobs(branch.hub.hub.blobContext)
  expect(tracesIn(await hubText(database))).toEqual([])
  for (const path of filesBelow(join(branch.hub.dataDir, 'blobs'))) expect(path).not.toContain(shaOf(photo))
  expect(tracesIn(readFileSync(join(branch.hub.dataDir, 'subject-keys'), 'utf8'))).toEqual([])
  await rep.close()
  await van.close()
  for (const directory of Object.values(directories)) {
    const plain = await plainBytesOf(directory, PASSPHRASE)
    expect(plain.length).toBeGreaterThan(100_000)
    expect(tracesIn(plain)).toEqual([])
    expect(plain.includes(Buffer.from(photo.slice(100, 200)).toString('latin1'))).toBe(false)
  }
})

test('[ERASE4] every device has said that it forgot, once, under its seal', async () => {
  expect(await receipts()).toHaveLength(3)
  expect((await receipts()).reduce((sum, { commands }) => sum + commands, 0)).toBeGreaterThan(5)
})

test('[ERASE1] the log verifies from the first line to the last, with nothing left to open its commitments', async () => {
  const lines = await asked<{ dev: string; ep: number; seq: number; seal: string; prev: string; line: string }>(
    'SELECT dev, ep::int, seq::int, seal, prev, line FROM command_log ORDER BY dev, ep, seq',
  )
  const certificates = await asked<{ dev: string; ep: number; certificate: string }>(
    'SELECT dev, ep::int, certificate FROM device',
  )
  const last = new Map(certificates.map(({ dev, ep, certificate }) => [`${dev}/${ep}`, textHash(certificate)]))
  for (const { dev, ep, seq, seal, prev, line } of lines) {
    expect(prev, `${dev}:c${seq}`).toBe(last.get(`${dev}/${ep}`))
    expect(sealOf(prev, line), `${dev}:c${seq}`).toBe(seal)
    last.set(`${dev}/${ep}`, seal)
  }
  expect(lines.length).toBeGreaterThan(15)
  expect(await asked('SELECT 1 FROM command_personal WHERE subject = $1', [customer])).toEqual([])
})

test('[ERASE2] a device never begins anything about an erased person, and one that was put away a month finds nothing to bring back', async () => {
  const refused = await office.run('masters.editParty', { party: customer, name: said.newName })
  expect(refused).toMatchObject({ saved: false, refusal: { code: 'kernel.subject-erased' } })
  // Without a word about them work goes on.
  expect(await office.run('masters.editParty', { party: customer, visitFrequencyDays: 30 })).toMatchObject({
    saved: true,
  })
  branch.time.pass(MINUTES_A_MONTH)
  await office.sync()
  expect(tracesIn(await hubText(database))).toEqual([])
})

test('[ERASE3] a value that is missing for no such reason parks its command as ever', async () => {
  const ids = await branch.must(
    office,
    'masters.createParty',
    { name: 'Ida', roles: ['customer'], territory: 'leeds' },
    party.name,
  )
  await office.sync()
  await branch.must(office, 'crm.addNote', { party: ids[0], businessDate: DAY, text: 'something' })
  const { seq } = office.replica
  office.replica.db.run('UPDATE outbox SET pd = NULL WHERE seq = ?', [seq])
  await office.sync()
  const entry = (await office.outbox()).find((each) => each.seq === seq)
  expect(entry).toMatchObject({ state: 'parked', reason: 'sync.personal-mismatch' })
})
