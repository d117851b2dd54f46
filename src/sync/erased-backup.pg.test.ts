// A hub on a backup from before an erasure: what was said in commands stays unreadable, rows are erased again before anybody is served, and
// what devices send again brings nothing back.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { catalogueOf } from '../kernel/catalogue.ts'
import { ERASED, ERASE_SUBJECT, pseudonymOf } from '../kernel/erasure.ts'
import { REVOKE_DEVICE } from '../kernel/revocation.ts'
import { withClient } from '../hub/postgres/open-database.ts'
import { crmModule } from '../modules/crm/module.ts'
import { mastersModule } from '../modules/masters/module.ts'
import { party } from '../modules/masters/party.ts'
import { privacyModule } from '../modules/privacy/module.ts'
import { HubLives } from '../testing/hub-lives.ts'
import type { Device } from './device/device.ts'
import { loggedPersonal } from './hub/command-log.ts'

const business = [mastersModule, crmModule]
const catalogue = catalogueOf([...business, privacyModule(business)])
const NAME = 'Qzelda Quillfeather'

let lives: HubLives
beforeAll(async () => {
  lives = await HubLives.begin(catalogue)
})
afterAll(() => lives.end())

async function must(device: Device, command: string, args: object): Promise<string> {
  const answer = await device.run(command, args as Readonly<Record<string, unknown>>)
  if (!answer.saved) throw new Error(`${command} was refused: ${JSON.stringify(answer.refusal)}`)
  return answer.inserted[party.name]?.[0] ?? ''
}

const rowsOf = <R extends object>(database: string, text: string, values: unknown[] = []): Promise<R[]> =>
  withClient({ ...lives.database.admin, database }, async (client) => (await client.query<R>(text, values)).rows)

test('[ERASE5] neither the backup nor what heals it brings an erased person back', async () => {
  const first = await lives.start()
  const [office, rep] = [await lives.device(first), await lives.device(first)]
  const customer = await must(rep, 'masters.createParty', { name: NAME, roles: ['customer'], territory: 'leeds' })
  const other = await must(rep, 'masters.createParty', {
    name: 'Bertram Quince',
    roles: ['customer'],
    territory: 'leeds',
  })
  for (const device of [rep, office]) await device.sync()
  await lives.stop(first)
  const backup = await lives.copy()

  const second = await lives.start()
  // After the backup: the device that made the party changes it, and heals the hub with both.
  await must(rep, 'masters.editParty', { party: customer, name: `${NAME} the Younger` })
  await rep.sync()
  await office.sync()
  await must(office, ERASE_SUBJECT, { table: party.name, subject: customer })
  for (const device of [office, rep, office, rep]) await device.sync()
  await lives.stop(second)

  // The thief of a backup has names in rows, and nothing that was said in commands, of anybody.
  const kept = await rowsOf<{ value: string; salt: string; dev: string; seq: number }>(
    backup,
    'SELECT value, salt, dev, seq::int FROM command_personal',
  )
  expect(kept.length).toBeGreaterThan(1)
  expect(JSON.stringify(kept)).not.toMatch(/Qzelda|Bertram/)

  await lives.setIncarnation(backup, 'another life')
  const third = await lives.start(backup)
  // Nobody was served yet, and it is done: also with the key store in its place the values of the erased person open no more.
  const rows = await rowsOf<{ id: string; name: string }>(
    backup,
    'SELECT id, name FROM masters_party ORDER BY name DESC',
  )
  expect(rows).toEqual([
    { id: customer, name: pseudonymOf(customer) },
    { id: other, name: 'Bertram Quince' },
  ])
  const { subjectKeys } = { subjectKeys: third.hub.pushContext.keys }
  const opened = await withClient({ ...lives.database.admin, database: backup }, (client) =>
    Promise.all(kept.map(({ dev, seq }) => loggedPersonal(client, third.hub.tenant, subjectKeys, { dev, ep: 1, seq }))),
  )
  expect(JSON.stringify(opened)).toContain('Bertram')
  expect(JSON.stringify(opened)).not.toContain('Qzelda')

  for (let round = 0; round < 3; round++) for (const device of [rep, office]) await device.sync()
  for (const device of [rep, office]) {
    expect(await device.status()).toMatchObject({ waiting: 0, needsYou: 0, fault: null })
    expect(device.replica.store.read(party, customer)?.['name']).toBe(pseudonymOf(customer))
  }
  for (const text of [
    'SELECT x::text AS t FROM masters_party x',
    'SELECT x::text AS t FROM kernel_review_item x',
    'SELECT x::text AS t FROM kernel_lost_value x',
  ])
    expect((await rowsOf<{ t: string }>(backup, text)).map(({ t }) => t).join()).not.toContain('Qzelda')
  const log = await rowsOf<{ type: string; outcome: string }>(
    backup,
    "SELECT type, outcome FROM command_log WHERE dev <> 'HUB' ORDER BY at",
  )
  expect(log.filter(({ type }) => type === ERASE_SUBJECT || type === 'masters.editParty')).toHaveLength(2)
  expect(log.every(({ outcome }) => outcome === 'accepted' || outcome === 'adjusted')).toBe(true)
}, 240_000)

test('[ERASE2] [ERASE5] what made an erased person and is parked when it comes again says nothing of them, whichever came first', async () => {
  const first = await lives.start()
  const [office, rep] = [await lives.device(first), await lives.device(first)]
  for (const device of [rep, office]) await device.sync()
  await lives.stop(first)
  const backup = await lives.copy()

  const second = await lives.start()
  const names = { before: 'Xwendolyn Xquirke', after: 'Ywinifred Yquarry', never: 'Zwilhelmina Zquint' }
  const made = Object.fromEntries(
    await Promise.all(
      Object.entries(names).map(async ([when, name]) => [
        when,
        await must(rep, 'masters.createParty', { name, roles: ['customer'], territory: 'leeds' }),
      ]),
    ),
  ) as Record<keyof typeof names, string>
  // One whose command names somebody who stays.
  const colleague = await rep.run('masters.addContact', {
    party: made.never,
    territory: 'leeds',
    name: 'Vxavier Vquist',
  })
  const [theirs = ''] = (colleague.saved && colleague.inserted['masters.contact']) || []
  for (const device of [rep, office]) await device.sync()
  await must(office, ERASE_SUBJECT, { table: party.name, subject: made.before })
  await must(office, ERASE_SUBJECT, { table: 'masters.contact', subject: theirs })
  await office.sync()
  // Not yet on its way when the hub goes back.
  await must(office, ERASE_SUBJECT, { table: party.name, subject: made.after })
  await lives.stop(second)

  await lives.setIncarnation(backup, 'a third life')
  const third = await lives.start(backup)
  const newcomer = await lives.device(third)
  const lost = rep.replica.identity()?.dev ?? ''
  await must(newcomer, REVOKE_DEVICE, { device: lost, isLost: true })
  await newcomer.sync()
  // As if no answer had ever come: a lost device is told nothing that would make it send again.
  rep.replica.db.run("UPDATE outbox SET state = 'sent', is_settled = 0")
  rep.replica.waiting.changed()
  await rep.sync().catch(() => undefined)
  await office.sync()

  const items = await rowsOf<{ args: { name: string }; reason: string; seq: number }>(
    backup,
    'SELECT args, reason, seq::int FROM kernel_review_item ORDER BY seq',
  )
  expect(items.map(({ reason }) => reason)).toEqual(Array(4).fill('sync.device-lost'))
  expect(items.map(({ args }) => args.name)).toEqual([ERASED, ERASED, names.never, ERASED])
  const kept = await rowsOf<{ seq: number }>(
    backup,
    'SELECT DISTINCT seq::int FROM command_personal p WHERE p.dev = $1',
    [lost],
  )
  expect(kept.map(({ seq }) => seq)).toEqual([items[2]?.seq])
}, 240_000)
