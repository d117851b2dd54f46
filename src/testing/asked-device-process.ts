// A device in a process of its own that does what it is asked, one line of JSON at a time, and whose machine's clock is in a tamperer's hands:
// Date is set before anything else of the program looks at it. What it answers is all that a person there would know.
import { createInterface } from 'node:readline'

/** The machine's clock: how far off it is, and where it stands still. */
export interface MachineClock {
  readonly offMs: number
  /** Wall time at which it stands; null: it goes. */
  readonly frozenAt: number | null
}

export interface AskedDeviceOptions {
  readonly directory: string
  readonly hubUrl: string
  readonly clock: MachineClock
  readonly enrol?: { readonly code: string; readonly signIn: string; readonly password: string }
}

export interface Asks {
  run: { readonly in: readonly [command: string, args: Readonly<Record<string, unknown>>]; readonly out: RunAnswer }
  sync: { readonly in: null; readonly out: DeviceStatus }
  status: { readonly in: null; readonly out: DeviceStatus }
  outbox: { readonly in: null; readonly out: readonly OutboxEntry[] }
  items: { readonly in: null; readonly out: readonly { readonly id: string; readonly name: string }[] | string }
  /** Kinds of incidents. */
  incidents: { readonly in: null; readonly out: readonly string[] }
  clock: { readonly in: MachineClock; readonly out: null }
}

const options = JSON.parse(process.argv[2] ?? '{}') as AskedDeviceOptions
let machine = options.clock
const TrueDate = Date
const wall = (): number => machine.frozenAt ?? TrueDate.now() + machine.offMs
globalThis.Date = class extends TrueDate {
  constructor(...given: readonly unknown[]) {
    super(...((given.length === 0 ? [wall()] : given) as [number]))
  }
  static override now(): number {
    return wall()
  }
} as DateConstructor

// Only now: the program finds no other clock.
const [{ openDevice }, { argon2Floor }, { wireCatalogue }] = await Promise.all([
  import('../device/open-device.ts'),
  import('../store/vault/kdf.ts'),
  import('./wire-catalogue.ts'),
])
import type { DeviceStatus, OutboxEntry, RunAnswer } from '../sync/device/api.ts'

const device = await openDevice({
  directory: options.directory,
  hubUrl: options.hubUrl,
  catalogue: wireCatalogue,
  passphrase: 'a passphrase',
  kdf: argon2Floor,
  isAutomatic: false,
  ...(options.enrol !== undefined && { enrol: options.enrol }),
})

const answers: { readonly [A in keyof Asks]: (given: Asks[A]['in']) => Promise<Asks[A]['out']> } = {
  run: ([command, args]) => device.run(command, args),
  sync: () => device.sync(),
  status: () => device.status(),
  outbox: () => device.outbox(),
  items: () =>
    device
      .query<{ id: string; name: string }>('wire.items')
      .catch((fault: Error & { readonly code?: string }) => fault.code ?? fault.message),
  incidents: () =>
    Promise.resolve(device.replica.db.all<{ kind: string }>('SELECT kind FROM incident').map(({ kind }) => kind)),
  clock(given) {
    machine = given
    return Promise.resolve(null)
  },
}

const say = (value: unknown): boolean => process.stdout.write(`${JSON.stringify(value)}\n`)
say({ dev: (await device.status()).device })
for await (const line of createInterface({ input: process.stdin })) {
  const [name, given] = JSON.parse(line) as [keyof Asks, never]
  say(await (answers[name] as (given: never) => Promise<unknown>)(given))
}
await device.close()
