// Whom a count and an ended share wait for, where a device is more than one life with one lease: copies, next lives, people who moved, tills that
// were closed. Each is said to be complete only once everything that could count for it is here, and waits for nobody who is gone.
import { cpSync } from 'node:fs'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Fetch } from '../device/fetch-transport.ts'
import { revokeDevice, revokePerson } from '../hub/revoke-device.ts'
import { keyId } from '../kernel/hash.ts'
import { catalogue } from '../modules/all.ts'
import { branchGoods, codeOf, pieces, type BranchGoods } from '../testing/branch-goods.ts'
import { aBranchHub, type BranchHub } from '../testing/branch-hub.ts'
import type { Device } from './device/device.ts'

const HOUR = 60
const MINUTE_MS = 60_000
const COMPLETE = { state: 'complete', missing: [] }

let place: BranchHub
let goods: BranchGoods
/** Counts, and always reports. */
let counter: Device
beforeEach(async () => {
  place = await aBranchHub(catalogue)
  goods = branchGoods(place)
  counter = await place.enrol('cleo', { permissions: ['*'] })
  await goods.receive(counter, 20)
  await counter.sync()
})
afterEach(() => place.hub.end())

const waitsFor = (...devices: readonly Device[]) => ({ state: 'provisional', missing: devices.map(codeOf).toSorted() })
/** Counts a little later, tells the hub, and comes back to hear what it concluded. */
async function counted(found: number, by = counter): Promise<string> {
  place.time.pass(10)
  const id = await goods.count(by, found)
  await by.sync()
  place.time.pass(10)
  await by.sync()
  return id
}
const expectCut = async (count: string, cut: object): Promise<void> => expect(await goods.cutOf(count)).toEqual(cut)

/** A way to the hub on which some requests fail: they never come there, or their answer is lost. */
class BadWay {
  fails = ''
  isHeard = false
  readonly fetch: Fetch = async (url, init) => {
    if (this.fails === '' || !url.includes(this.fails)) return fetch(url, init)
    if (this.isHeard) await (await fetch(url, init)).arrayBuffer()
    return new Response('{"error":"hub.try-again"}', { status: 503, headers: { 'content-type': 'application/json' } })
  }
}

/** Another device that works in the branch alone, idle. Its files can be copied. */
async function aDevice(signIn = 'amir') {
  const permissions = ['inventory.*', 'allotment.*', 'pos.*']
  const way = new BadWay()
  const directory = place.hub.directory()
  const device = await place.enrol(signIn, { permissions, fetch: way.fetch, directory })
  await device.sync()
  return { device, way, directory }
}
function again(directory: string, isNextLife: boolean): Promise<Device> {
  return place.hub.device({ signIn: 'amir', directory, clock: place.time.clockOff(0), isNextLife })
}
/** Two copies of a closed device that know nothing of each other. */
function copies(directory: string): readonly [string, string] {
  const copy = place.hub.directory()
  cpSync(directory, copy, { recursive: true })
  return [directory, copy]
}

/** To another branch than the store's; where it is. */
async function moveAway(signIn: string): Promise<string> {
  const { setup, company } = place
  const { tenant } = place.hub.hub
  await place.must(setup, 'masters.saveBranch', {
    company,
    code: 'WHI',
    name: 'Whitby',
    tz: 'Europe/London',
    territory: 'whitby',
  })
  const branch = keyId(tenant, 'masters.branch', [company, 'WHI'])
  await place.must(setup, 'masters.setUser', { signInName: signIn, name: signIn, roles: [signIn], branch })
  await setup.sync()
  return branch
}
const branchOf = ({ replica }: Device): string | undefined => replica.lease()?.lease.branch

test('[DONE2] a till’s close answers for what lies before it, and for nothing that it may have done since', async () => {
  const { device: till, way } = await aDevice()
  const code = { branch: place.branch, warehouse: place.store, code: 'T1', name: 'Till 1' }
  await place.must(place.setup, 'masters.saveTill', { ...code, methods: [{ code: 'cash', kind: 'cash' }] })
  for (const device of [place.setup, till]) await device.sync()
  const id = keyId(place.hub.hub.tenant, 'masters.till', [place.branch, 'T1'])
  const day = { businessDate: '2026-11-20' }
  const [shift = ''] = await place.must(
    till,
    'pos.openShift',
    { till: id, ...day, currency: 'GBP', float: 0 },
    'pos.shift',
  )
  place.time.pass(10)
  const evening = await goods.count(counter, 20)
  place.time.pass(10)
  await place.must(till, 'pos.closeShift', { shift, ...day, minorDigits: 2, counts: [], documents: [] })
  // The close is sent; then it is switched off before it said more.
  way.fails = '/sync/pull'
  await till.sync()
  way.fails = ''
  await counter.sync()
  await expectCut(evening, COMPLETE)
  place.time.pass(14 * HOUR)
  await goods.issue(till, 3)
  const count = await counted(17)
  await expectCut(count, waitsFor(till))
  await till.sync()
  await expectCut(count, COMPLETE)
})

test('[DONE2] work from after the moment says that all before it is here where the report itself was lost; work from before says nothing', async () => {
  const { device, way } = await aDevice()
  place.time.pass(10)
  await goods.issue(device, 3)
  way.fails = '/sync/pull'
  const count = await counted(17)
  await device.sync()
  await counter.sync()
  await expectCut(count, waitsFor(device))
  await goods.issue(device, 1)
  await device.sync()
  // Who counts again reports, and the hub looks for whom it waits.
  const second = await goods.count(counter, 16)
  place.time.pass(10)
  await goods.issue(device, 1)
  await device.sync()
  await counter.sync()
  await expectCut(second, COMPLETE)
})

test('[DONE2] each copy of a device answers for itself, also where the other one counted', async () => {
  const { device, directory } = await aDevice()
  await device.close()
  const [one, two] = copies(directory)
  const [a, b] = [await again(one, true), await again(two, true)]
  for (const copy of [a, b]) await copy.sync()
  place.time.pass(10)
  await goods.issue(a, 3)
  const [count, own] = [await counted(17), await counted(17, b)]
  await counter.sync()
  await expectCut(count, waitsFor(a))
  await expectCut(own, waitsFor(a))
  await a.sync()
  await expectCut(count, COMPLETE)
  await expectCut(own, COMPLETE)
})

test('[ALLOT2] what is left of a share goes back once every copy of its holder has reported past its end', async () => {
  const { device, directory } = await aDevice()
  await place.must(device, 'allotment.grantShare', {
    kind: 'stock',
    scope: place.store,
    resource: place.item,
    quantity: pieces(8),
    expiresAt: place.time.now + 30 * MINUTE_MS,
  })
  for (let round = 0; round < 2; round++) await device.sync()
  await device.close()
  const [one, two] = copies(directory)
  const [a, b] = [await again(one, true), await again(two, true)]
  for (const copy of [a, b]) await copy.sync()
  place.time.pass(5)
  await goods.issue(a, 3)
  place.time.pass(HOUR)
  const share = () => place.hub.rows('SELECT granted, used FROM kernel_allotment')
  await b.sync()
  expect(await share()).toEqual([{ granted: pieces(8), used: 0 }])
  await a.sync()
  expect(await share()).toEqual([{ granted: pieces(3), used: pieces(3) }])
})

test('[DONE2] [FORK1] a forked life is waited for until both went on from it: one says nothing of the other', async () => {
  const { device, directory } = await aDevice()
  await device.close()
  const [one, two] = copies(directory)
  const [a, b] = [await again(one, false), await again(two, false)]
  place.time.pass(10)
  await goods.issue(a, 1)
  await goods.issue(b, 2)
  await a.sync()
  expect(await b.sync()).toMatchObject({ fault: 'fork' })
  await goods.issue(a, 1)
  await b.close()
  const next = await again(two, true)
  await next.sync()
  const count = await counted(17)
  await next.sync()
  await expectCut(count, waitsFor(a))
  await a.close()
  const last = await again(one, true)
  await last.sync()
  await expectCut(count, COMPLETE)
})

test('[DONE2] [FORK2] while work that a copy brought too late is kept and doesn’t count, its device is named', async () => {
  const { device, directory } = await aDevice()
  await device.close()
  const [one, two] = copies(directory)
  const next = await again(one, true)
  await next.sync()
  const copy = await again(two, false)
  place.time.pass(10)
  await goods.issue(copy, 3)
  expect(await copy.sync()).toMatchObject({ waiting: 1 })
  const count = await counted(17)
  await next.sync()
  await expectCut(count, waitsFor(copy))
  await copy.close()
  await (await again(two, true)).sync()
  await expectCut(count, COMPLETE)
})

test('[DONE2] whoever was moved is waited for where they worked, until what they did there is here, and no longer', async () => {
  const { device, way } = await aDevice()
  place.time.pass(10)
  way.fails = '/sync/push'
  await goods.issue(device, 3)
  const whitby = await moveAway('amir')
  await device.sync()
  expect(branchOf(device)).toBe(whitby)
  const count = await counted(17)
  await expectCut(count, waitsFor(device))
  way.fails = ''
  await device.sync()
  await expectCut(count, COMPLETE)
  // It works elsewhere now: the lease of before isn't over, and nothing more is done under it.
  await expectCut(await counted(17), COMPLETE)
})

test('[DONE1] [DONE2] whoever was moved with all their work sent isn’t waited for: the hub writes down at once which lease they hold', async () => {
  const { device } = await aDevice()
  place.time.pass(10)
  const whitby = await moveAway('amir')
  await device.sync()
  expect(branchOf(device)).toBe(whitby)
  await expectCut(await counted(20), COMPLETE)
})

test('[DONE2] a lease that a device never received ends nothing, whatever it reports', async () => {
  const { device, way } = await aDevice()
  place.time.pass(10)
  await moveAway('amir')
  way.fails = '/sync/pull'
  way.isHeard = true
  for (let round = 0; round < 2; round++) {
    await device.sync()
    place.time.pass(10)
  }
  expect(branchOf(device)).toBe(place.branch)
  expect((await place.hub.rows('SELECT 1 FROM lease WHERE dev = $1', [codeOf(device)])).length).toBe(2)
  await goods.issue(device, 3)
  const count = await counted(17)
  await expectCut(count, waitsFor(device))
  way.fails = ''
  await device.sync()
  await expectCut(count, COMPLETE)
})

test('[DONE2] [LIFE4] a next life that hasn’t reported is waited for wherever an earlier one worked', async () => {
  const { device, directory } = await aDevice()
  place.time.pass(10)
  await goods.issue(device, 3)
  await device.close()
  const whitby = await moveAway('amir')
  const next = await again(directory, true)
  expect(branchOf(next)).toBe(whitby)
  const count = await counted(17)
  await expectCut(count, waitsFor(next))
  await next.sync()
  await expectCut(count, COMPLETE)
})

test('[DONE2] [REVOKE1] nobody waits for who was shut out, device or person, nor for who came after the moment', async () => {
  const { device } = await aDevice()
  const { device: other } = await aDevice('bea')
  const count = await counted(20)
  await expectCut(count, waitsFor(device, other))
  await place.enrol('late')
  place.time.pass(10)
  await revokeDevice(place.hub.hub, { dev: codeOf(device), isLost: true })
  await counter.sync()
  await expectCut(count, waitsFor(other))
  await revokePerson(place.hub.hub, 'bea')
  place.time.pass(10)
  await counter.sync()
  await expectCut(count, COMPLETE)
})
