// Fills an empty hub with the demo company, through the same way as everybody's work: headless devices, one a person,
// capture its commands and send them. Its sign-ins get a password made here; nothing about it is fixed in the code.
import { randomBytes } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brightwater, type DemoStep } from '../../demo/brightwater/brightwater.ts'
import { people } from '../../demo/brightwater/places.ts'
import { openDevice } from '../device/open-device.ts'
import { setAccount } from '../hub/enrolment.ts'
import { SETUP_USER } from '../hub/leases.ts'
import type { ServedHub } from '../hub/serve.ts'
import { base32Encode } from '../kernel/bytes.ts'
import { keyId } from '../kernel/hash.ts'
import { catalogue } from '../modules/all.ts'
import { argon2Floor } from '../store/vault/kdf.ts'
import type { Device } from '../sync/device/device.ts'

/** Who can sign in to the demo company, kept beside the hub's data so that every start can print it. */
export interface DemoSignIns {
  readonly password: string
  readonly people: readonly { readonly signIn: string; readonly name: string; readonly role: string }[]
}

const FILE = 'demo.json'
const PASSWORD_BYTES = 5 // 8 letters: a demo company on one's own machine

const newPassword = (): string => base32Encode(randomBytes(PASSWORD_BYTES)).toLowerCase()

/** The demo's sign-ins, or null when this hub has no demo company. */
export function demoSignIns(dataDir: string): DemoSignIns | null {
  const path = join(dataDir, FILE)
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as DemoSignIns) : null
}

/** Fills the hub. `tell` hears how far it is. Throws when a step is refused: then the demo data and the rules disagree. */
export async function fillDemoCompany(
  served: ServedHub,
  dataDir: string,
  tell: (done: number, total: number) => void,
): Promise<DemoSignIns> {
  const today = new Date().toISOString().slice(0, 10)
  const tenant = served.hub.tenant
  const steps = [...brightwater({ tenant, today })]
  const lastPerson = steps.findLastIndex(({ command }) => command.name === 'masters.setUser')
  const password = newPassword()
  const root = mkdtempSync(join(tmpdir(), 'holdfast-demo-'))
  let done = 0
  const play = async (device: Device, own: readonly DemoStep[]): Promise<void> => {
    for (const { command, args, by } of own) {
      const answer = await device.run(command.name, args as Readonly<Record<string, unknown>>)
      if (!answer.saved)
        throw new Error(`The demo's ${command.name} by ${by} was refused: ${JSON.stringify(answer.refusal)}`)
      done += 1
      if (done % 20 === 0) tell(done, steps.length)
    }
    await device.sync()
  }
  const open = async (signIn: string, secret: string): Promise<Device> => {
    const enrol = { code: await served.newCode(null), signIn, password: secret }
    const device = await openDevice({
      directory: join(root, signIn),
      hubUrl: served.url,
      catalogue,
      passphrase: newPassword(),
      kdf: argon2Floor,
      enrol,
      isAutomatic: false,
    })
    await device.sync()
    return device
  }
  try {
    const setupPassword = newPassword()
    await setAccount(served.hub, { user: SETUP_USER, signIn: SETUP_USER, password: setupPassword })
    const setup = await open(SETUP_USER, setupPassword)
    await play(setup, steps.slice(0, lastPerson + 1))
    await setup.close()
    for (const [signIn] of people)
      await setAccount(served.hub, { user: keyId(tenant, 'masters.user', [signIn]), signIn, password })
    for (const run of runsOf(steps.slice(lastPerson + 1))) {
      const device = await open(run.by, password)
      await play(device, run.steps)
      await device.close()
      rmSync(join(root, run.by), { recursive: true, force: true })
    }
  } finally {
    rmSync(root, { recursive: true, force: true })
  }
  const signIns: DemoSignIns = {
    password,
    people: people.map(([signIn, name, role]) => ({ signIn, name, role })),
  }
  writeFileSync(join(dataDir, FILE), `${JSON.stringify(signIns, undefined, 2)}\n`, { mode: 0o600 })
  return signIns
}

/** Steps in order, cut where the person changes. */
function runsOf(steps: readonly DemoStep[]): { by: string; steps: DemoStep[] }[] {
  const runs: { by: string; steps: DemoStep[] }[] = []
  for (const step of steps) {
    const last = runs.at(-1)
    if (last?.by === step.by) last.steps.push(step)
    else runs.push({ by: step.by, steps: [step] })
  }
  return runs
}
