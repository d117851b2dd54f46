// `holdfast quarantine` on the hub's own machine, beside a hub that serves: what a copy of a device did is shown, and taken in once.
import { cpSync } from 'node:fs'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { catalogue } from '../modules/all.ts'
import { party } from '../modules/masters/party.ts'
import { aBranchHub, type BranchHub } from '../testing/branch-hub.ts'
import { addressOf } from '../testing/fresh-database.ts'
import type { Device } from '../sync/device/device.ts'
import { runCommandLine } from './program.ts'

let branch: BranchHub
let said: string[]
let dev = ''
const devices: Device[] = []
beforeAll(async () => {
  branch = await aBranchHub(catalogue)
  const { host, port, user, password } = branch.hub.database.app
  const server = { host: String(host), port: Number(port) }
  const who = { user: String(user), password: String(password) }
  vi.stubEnv('DATABASE_URL', branch.hub.database.url)
  vi.stubEnv('DATABASE_APP_URL', addressOf(server, who, branch.hub.database.name))
})
beforeEach(() => {
  said = []
  for (const method of ['log', 'error'] as const)
    vi.spyOn(console, method).mockImplementation((text) => void said.push(String(text)))
})
afterEach(() => vi.restoreAllMocks())
afterAll(async () => {
  vi.unstubAllEnvs()
  for (const device of devices) await device.close()
  await branch.hub.end()
})

const quarantine = (...more: string[]): Promise<number> =>
  runCommandLine(['quarantine', dev, '--data', branch.hub.dataDir, ...more])
const names = (): Promise<unknown[]> =>
  branch.hub
    .rows<{ name: string }>(`SELECT name FROM ${party.sqlName} WHERE name LIKE 'Copy %' ORDER BY name`)
    .then((rows) => rows.map(({ name }) => name))

test('[FORK2] what a copy did is listed, counts for nothing, and is taken in by --take: once', async () => {
  const { hub, time, must, enrol } = branch
  await (await enrol('rep', { permissions: ['masters.createParty', 'crm.*'] })).close()
  const directory = hub.directory()
  const first = await hub.device({ signIn: 'rep', directory, clock: time.clockOff(0) })
  devices.push(first)
  dev = first.replica.identity()?.dev ?? ''
  await first.sync()
  await first.close()
  cpSync(directory, `${directory}-copy`, { recursive: true })
  const lives = [
    await hub.device({ signIn: 'rep', directory, clock: time.clockOff(0) }),
    await hub.device({ signIn: 'rep', directory: `${directory}-copy`, clock: time.clockOff(7) }),
  ]
  devices.push(...lives)
  const create = (device: Device, name: string) =>
    must(device, 'masters.createParty', { name, roles: ['customer'], territory: 'leeds' })
  const [original, copy] = lives as [Device, Device]
  await create(original, 'Original One')
  await original.sync()
  for (const name of ['Copy One', 'Copy Two']) await create(copy, name)
  expect(await copy.sync()).toMatchObject({ fault: 'fork' })

  expect(await quarantine()).toBe(0)
  expect(said.filter((line) => /^life 1 +\d+ .* masters\.createParty /.test(line))).toHaveLength(2)
  expect(said.at(-1)).toBe('2 kept. They count when the device goes on in its next life, or with --take.')
  expect(await names()).toEqual([])

  said = []
  expect(await quarantine('--take')).toBe(0)
  expect(said.at(-1)).toBe('2 accepted, 0 refused, 0 in review. What the hub had before counts once.')
  expect(await names()).toEqual(['Copy One', 'Copy Two'])

  for (const again of [['--take'], []]) {
    said = []
    expect(await quarantine(...again)).toBe(0)
    expect(said).toEqual([`Nothing of ${dev} is kept.`])
  }
  expect(await names()).toEqual(['Copy One', 'Copy Two'])
})
