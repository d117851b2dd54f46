// Who may decide what, offline (documents.md §19), where only the whole product can show it: signed leases, legal numbers,
// two lives of a device, and the commit order of a real PostgreSQL. One test a row, named by the row's words.
import { cpSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { amountMinor } from '../kernel/amount.ts'
import type { AnyCommand, ArgsFor } from '../kernel/command.ts'
import { reviewItem } from '../kernel/kernel-tables.ts'
import type { AnyTable } from '../kernel/table.ts'
import { parseEnvelope } from '../sync/envelope.ts'
import type { Device } from '../sync/device/device.ts'
import { aHub, type HubUnderTest } from '../testing/hub-with-devices.ts'
import { disagreements } from '../testing/replica-truth.ts'
import { catalogue } from './all.ts'
import { receiveGoods } from './inventory/receive-goods.ts'
import { serial } from './masters/batch.ts'
import { setRole } from './masters/set-role.ts'
import { user as userTable } from './masters/people.ts'
import { setUser } from './masters/set-user.ts'
import { standardRoles } from './masters/standard-roles.ts'
import { completeSale } from './pos/complete-sale.ts'
import { openShift } from './pos/open-shift.ts'
import { saleLine, sale } from './pos/sale.ts'
import { shift } from './pos/shift.ts'
import { aLine, aSale, openShop, pieces, priceOf, shopIds } from './pos/till-builders.ts'
import { closeException } from './review/close-exception.ts'

const ids = shopIds('main')
const today = new Date().toISOString().slice(0, 10)
let hub: HubUnderTest
let office: Device

/** Saves and answers the id of the row inserted in `table`. */
async function save<C extends AnyCommand>(
  device: Device,
  command: C,
  args: ArgsFor<C>,
  table?: AnyTable,
  overrides: string[] = [],
): Promise<string> {
  const answer = await device.run(command.name, args, { overrides })
  if (!answer.saved) throw new Error(`${command.name} was refused: ${JSON.stringify(answer.refusal)}`)
  return table === undefined ? '' : (answer.inserted[table.name]?.[0] ?? '')
}
const rows = (device: Device, table: AnyTable) =>
  device.replica.db.all<{ id: string }>(`SELECT id FROM ${table.sqlName} WHERE gone_at IS NULL`)
const devOf = (device: Device): string => device.replica.identity()?.dev ?? ''

/** A person of a standard role with a device of their own. */
async function personOf(role: string, signIn: string, directory = hub.directory()): Promise<Device> {
  const user = await save(
    office,
    setUser,
    { signInName: signIn, name: signIn, roles: [role], branch: ids.branch },
    userTable,
  )
  expect(await office.sync()).toMatchObject({ waiting: 0, fault: null })
  await hub.account(user, signIn)
  const device = await hub.device({ signIn, directory })
  expect(await device.sync()).toMatchObject({ waiting: 0, fault: null })
  return device
}
const opening = (till: string) => ({ till, businessDate: today, currency: 'GBP', float: amountMinor(0) })
const sealant = (of: string) => aSale({ shift: of, businessDate: today, lines: [aLine(ids.sealant, 1, 4.8)] })

beforeAll(async () => {
  hub = await aHub(catalogue)
  const setup = (office = await hub.device())
  await setup.sync()
  const steps: ((by: Device) => Promise<unknown>)[] = []
  openShop((command, args) => steps.push((by) => save(by, command, args)), 'main')
  // The first device makes company and branch, roles and the first person, who makes the rest.
  for (const step of steps.splice(0, 2)) await step(setup)
  for (const role of standardRoles) await save(setup, setRole, role)
  office = await personOf('admin', 'ada')
  for (const step of steps) await step(office)
})
afterAll(() => hub.end())

test('serial twice: the first commit decides, both tills hold the same, and the stock controller closes it', async () => {
  const [first, second] = [await personOf('cashier', 'ben'), await personOf('cashier', 'cleo')]
  const store = await personOf('storekeeper', 'olu')
  const line = { item: ids.pump, unit: 'each', accepted: pieces(1), rate: priceOf(40), serials: ['P-1'] }
  await save(office, receiveGoods, { warehouse: ids.warehouse, businessDate: today, lines: [line] })
  await office.sync()
  const sold = new Map<Device, string>()
  for (const [device, till] of [
    [first, ids.till1],
    [second, ids.till2],
  ] as const) {
    await device.sync()
    const of = await save(device, openShift, opening(till), shift)
    const pump = aSale({ shift: of, businessDate: today, lines: [aLine(ids.pump, 1, 90, { serials: ['P-1'] })] })
    sold.set(device, await save(device, completeSale, pump, sale))
    // A rule yields to an override only where the lease allows one: a cashier's doesn't.
    const again = await device.run(completeSale.name, pump, { overrides: ['masters.serial-not-in-stock'] })
    expect(again).toMatchObject({ saved: false, refusal: { code: 'masters.serial-not-in-stock' } })
  }
  for (const device of [second, first, second, office, store]) await device.sync()
  const all = [first, second, office, store]
  expect(await disagreements(hub.hub, catalogue, all)).toEqual([])
  const held = first.replica.db.get<{ documentId: string }>(`SELECT document_id AS documentId FROM ${serial.sqlName}`)
  expect(held?.documentId).toBe(sold.get(second))
  const lines = first.replica.db.all<{ document: string; open: string }>(
    `SELECT document, unconfirmed_serials AS open FROM ${saleLine.sqlName} ORDER BY open DESC`,
  )
  expect(lines).toEqual([
    { document: sold.get(second), open: '[]' },
    { document: sold.get(first), open: '["P-1"]' },
  ])
  // [OWN1] It reaches who owns it and who did it, not the other till.
  const seenBy = async (device: Device): Promise<string[]> =>
    (await device.query<{ code: string }>('review.exceptionList', { duties: ['stockController'] })).map(
      ({ code }) => code,
    )
  expect(await seenBy(store)).toEqual(['SERIAL_TWICE'])
  expect(await seenBy(first)).toEqual(['SERIAL_TWICE'])
  expect(await seenBy(second)).toEqual([])
  expect(rows(store, reviewItem)).toEqual([])
  const raised = await store.query<{ id: string; code: string }>('review.exceptionList', {})
  const closing = {
    exception: raised.find(({ code }) => code === 'SERIAL_TWICE')?.id ?? '',
    remark: 'the box said P-2',
  }
  expect(await first.run(closeException.name, closing)).toMatchObject({
    saved: false,
    refusal: { code: 'kernel.not-permitted' },
  })
  const quality = await personOf('inspector', 'ines')
  await save(quality, closeException, closing)
  await save(store, closeException, closing)
  for (const device of [quality, store]) await device.sync()
  expect((await quality.outbox())[0]).toMatchObject({ state: 'refused', reason: 'review.not-your-duty' })
  expect((await store.outbox())[0]).toMatchObject({ state: 'accepted' })
  expect(await seenBy(store)).toEqual([])
})

test('number: a till’s own series; a gap goes to finance, a second life of the device to IT', async () => {
  const directory = hub.directory()
  const till = await personOf('manager', 'dora', directory)
  const of = await save(till, openShift, opening(ids.till1), shift, [
    'pos.till-open-elsewhere',
    'pos.shift-already-open',
  ])
  await save(till, completeSale, sealant(of), sale)
  till.replica.db.run("UPDATE number_counter SET last = last + 2 WHERE series LIKE 'S-%'")
  await save(till, completeSale, sealant(of), sale)
  expect(await till.sync()).toMatchObject({ waiting: 0, fault: null })
  const dev = devOf(till)
  const told = (code: string) =>
    hub.rows('SELECT facts, owner, is_urgent FROM kernel_exception WHERE code = $1 AND dev = $2', [code, dev])
  expect(await told('NUMBER_GAP')).toMatchObject([
    { facts: { series: expect.stringMatching(/^S-/), expected: 2, drawn: 4 }, owner: 'finance' },
  ])
  await till.close()
  cpSync(directory, `${directory}-copy`, { recursive: true })
  const lives = [await hub.device({ directory }), await hub.device({ directory: `${directory}-copy` })]
  for (const life of lives) await save(life, completeSale, sealant(of), sale)
  expect(await lives[0]?.sync()).toMatchObject({ waiting: 0, fault: null })
  expect(await lives[1]?.sync()).toMatchObject({ waiting: 1, fault: 'fork' })
  expect(await told('FORK')).toMatchObject([{ facts: { forked: dev }, owner: 'it', is_urgent: true }])
  // The accountant's own device has the gap, the office's has both.
  const accountant = await personOf('accountant', 'ana')
  const codes = async (device: Device, duties: string[]): Promise<string[]> =>
    (await device.query<{ code: string }>('review.exceptionList', { duties })).map(({ code }) => code)
  await office.sync()
  expect(await codes(accountant, ['finance'])).toEqual(['NUMBER_GAP'])
  expect(await codes(office, ['finance', 'it'])).toEqual(['FORK', 'NUMBER_GAP'])
})

test('user revoked meanwhile: what was done before stands, what was done after waits for people', async () => {
  const till = await personOf('manager', 'gus')
  const of = await save(till, openShift, opening(ids.till2), shift, [
    'pos.till-open-elsewhere',
    'pos.shift-already-open',
  ])
  const before = await save(till, completeSale, sealant(of), sale)
  // Withdrawn in the moment that the hub dates the sale by: that is still before.
  const line = till.replica.db.get<{ line: string }>('SELECT line FROM outbox ORDER BY seq DESC LIMIT 1')?.line ?? ''
  const envelope = parseEnvelope(line)
  const at = envelope?.at ?? 0
  await hub.rows("UPDATE account SET revoked_at = $1 WHERE sign_in = 'gus'", [at + (envelope?.off?.[0] ?? 0)])
  // Both clocks go on by themselves.
  while (Date.now() <= at) await new Promise((resolve) => void setImmediate(resolve))
  // The lease lasts: the person works on, offline.
  const after = await save(till, completeSale, sealant(of), sale)
  await till.sync()
  const found = await hub.rows<{ id: string }>('SELECT id FROM pos_sale WHERE id = ANY ($1)', [[before, after]])
  expect(found).toEqual([{ id: before }])
  expect((await till.outbox()).slice(0, 2)).toMatchObject([
    { state: 'parked', reason: 'AFTER_REVOCATION' },
    { state: expect.stringMatching(/accepted|adjusted/) },
  ])
  expect(
    await hub.rows("SELECT DISTINCT owner FROM kernel_exception WHERE code = 'LATE_AUTHORITY' AND dev = $1", [
      devOf(till),
    ]),
  ).toEqual([{ owner: 'branchManager' }])
  expect(await hub.rows('SELECT reason, state FROM kernel_review_item WHERE dev = $1', [devOf(till)])).toEqual([
    { reason: 'AFTER_REVOCATION', state: 'open' },
  ])
})
