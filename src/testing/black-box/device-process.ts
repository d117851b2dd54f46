// A device in a process of its own, that can be killed at any moment: it works by itself and writes into its journal what it
// was told, each line on the disk before the next thing happens. It is the only witness of what a person would have seen.
import { closeSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs'
import { FetchTransport } from '../../device/fetch-transport.ts'
import { openDevice } from '../../device/open-device.ts'
import { argon2Floor } from '../../store/vault/kdf.ts'
import { seededRandom } from '../chaos-proxy.ts'
import { wireCatalogue } from '../wire-catalogue.ts'
import type { Told } from './journal.ts'

export interface DeviceProcessOptions {
  readonly directory: string
  readonly journal: string
  readonly hubUrl: string
  readonly seed: number
  readonly code: string
  readonly signIn: string
  readonly password: string
  /** What a request may take. */
  readonly timeoutMs: number
  /**
   * While this file is there the device works. It goes away when the network is back: the device is told so, as a browser would, settles
   * what it has by itself, says so and ends.
   */
  readonly workingFlag: string
}

const UNIT = 1_000_000
const options = JSON.parse(process.argv[2] ?? '{}') as DeviceProcessOptions
const random = seededRandom(options.seed)
const whole = (max: number): number => 1 + Math.floor(random() * max)
const journal = openSync(options.journal, 'a')
function tell(told: Told): void {
  writeSync(journal, `${JSON.stringify(told)}\n`)
  fsyncSync(journal)
}
const isWorking = (): boolean => {
  try {
    return readFileSync(options.workingFlag, 'utf8') !== ''
  } catch {
    return false
  }
}

const device = await openDevice({
  directory: options.directory,
  hubUrl: options.hubUrl,
  catalogue: wireCatalogue,
  passphrase: 'a passphrase',
  kdf: argon2Floor,
  enrol: { code: options.code, signIn: options.signIn, password: options.password },
  pollIntervalMs: 100,
  transport: new FetchTransport(options.hubUrl, undefined, options.timeoutMs),
})
const dev = (await device.status()).device
tell({ told: 'open', dev })
const answered = new Set<number>()
/** A screen looks again when it is told that something changed: looking all the time would leave no time for work. */
let mayHaveChanged = true
device.onStatus(() => (mayHaveChanged = true))

/** Outcomes that the screen would show now and didn't before. */
async function tellOutcomes(): Promise<void> {
  if (!mayHaveChanged) return
  mayHaveChanged = false
  for (const { seq, state } of await device.outbox()) {
    if (state === 'captured' || state === 'sent' || answered.has(seq)) continue
    answered.add(seq)
    tell({ told: 'outcome', seq, outcome: state })
  }
}

/** Nobody does more in a few seconds; a backlog of thousands has a campaign of its own. */
const WAITING_MAX = 60

async function work(): Promise<void> {
  if ((await device.status()).waiting >= WAITING_MAX) return
  const items = (await device.query<{ id: string }>('wire.items')).map(({ id }) => id)
  const item = items[whole(Math.max(items.length, 1)) - 1]
  const [command, args] = aCommand(item)
  const answer = await device.run(command, args, { overrides: ['wire.no-stock'] })
  if (answer.saved) tell({ told: 'saved', seq: answer.seq, command, args })
}

function aCommand(item: string | undefined): [command: string, args: Record<string, string | number | string[]>] {
  const kind = whole(6)
  if (item === undefined || kind === 1) return ['wire.addItem', { name: `item ${whole(1000)} of ${dev}` }]
  if (kind === 2) return ['wire.rename', { item, name: `name ${whole(1000)}`, tags: [`tag ${whole(4)}`] }]
  if (kind === 3) return ['wire.receive', { item, quantity: whole(9) * UNIT }]
  if (kind === 4) return ['wire.openOrder', { place: 'company', rank: whole(20), total: 0, lines: [] }]
  if (kind === 5) return ['wire.payOldest', { place: 'company' }]
  return ['wire.sell', { item, day: `day ${whole(3)}`, quantity: whole(5) * UNIT }]
}

const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20))
while (isWorking()) {
  await work()
  // A person presses "Sync now" and doesn't wait: without that a device in this network would soon ask only every few seconds.
  if (whole(4) === 1) void device.sync()
  await tellOutcomes()
  await pause()
}
device.wake('network')
for (let isSettled = false; !isSettled; await pause()) {
  const { waiting, isOnline, watermark } = await device.status()
  isSettled = waiting === 0 && isOnline
  await tellOutcomes()
  if (isSettled) tell({ told: 'settled', watermark })
}
// A last look, when the others have settled too: the parent tells by closing our input.
await new Promise<void>((resolve) => process.stdin.on('end', resolve).resume())
while (!(await device.sync()).isOnline) await pause()
const items = await device.query<{ id: string; name: string; stock: number }>('wire.items')
tell({ told: 'holds', items: items.map(({ id, name, stock }) => [id, name, stock]) })
await device.close()
closeSync(journal)
