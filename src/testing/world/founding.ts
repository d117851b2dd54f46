// How a simulated company comes to be: an office sets it up by commands, people are named, devices enrolled, once for each
// size and kind of company. The seeds begin where this ends, on copies of its rows and disks, because founding takes longer
// than most seeds' work. It must never depend on a seed.
import { founding, OFFICE, settingUser, userId, type Person } from './company.ts'
import { seedOf } from './dice.ts'
import { onPlatform } from './platform.ts'
import type { Plan } from './plan.ts'
import { Population, type Founded } from './population.ts'
import type { WorldDevice } from './world-device.ts'
import type { Ground } from './world-hub.ts'

const SETUP = 'setup'
/** So many companies of one size are enough: seeds differ in what people do. */
const COMPANIES = 4

const companies = new WeakMap<Ground, Map<string, Founded>>()

/** The company that a plan is played in; founded when it is asked for the first time. */
export async function companyFor(ground: Ground, { seed, devices }: Plan): Promise<Founded> {
  let known = companies.get(ground)
  if (known === undefined) companies.set(ground, (known = new Map()))
  const tenant = `c${devices}x${seed % COMPANIES}`
  let founded = known.get(tenant)
  if (founded === undefined) {
    const chance = seedOf('founding', tenant)
    founded = await onPlatform(chance, () => new Founder(ground, tenant, chance).found(devices))
    known.set(tenant, founded)
  }
  return founded
}

class Founder extends Population {
  async found(size: number): Promise<Founded> {
    const { ground, tenant, people, devices } = this
    await this.hub.found()
    await this.hub.addAccount(SETUP, SETUP)
    const office = await this.beginning(OFFICE, SETUP)
    this.office = office
    for (const asked of founding(this.company)) await this.ask(office, asked)
    for (let index = 0; index < size; index++) {
      const signIn = `person-${index}`
      const dice = this.dice.fork('person', index)
      const branch = dice.pick(this.company.branches)
      const person: Person = { signIn, branch, role: dice.isOneIn(4) ? 'everywhere' : 'field', isDisabled: false }
      people.push(person)
      await this.ask(office, settingUser(person))
      await this.hub.addAccount(userId(tenant, signIn), signIn)
    }
    await this.exchange(office)
    for (let index = 0; index < size; index++)
      devices.push(await this.beginning(String.fromCharCode(65 + index), `person-${index}`))
    await ground.database.keepFounded(tenant)
    const images = [office, ...devices].map((device) => device.enrolled())
    for (const { device } of [office, ...devices]) await device?.close()
    const [first, ...others] = images as [(typeof images)[0], ...typeof images]
    return { tenant, at: this.time.now, people, office: first, devices: others, keyFile: this.keyFile }
  }

  /** Enrolled, and its first download complete. */
  private async beginning(name: string, user: string): Promise<WorldDevice> {
    const device = this.device({ name, user, files: this.ground.empty })
    await this.enrol(device)
    await this.exchange(device)
    return device
  }
}
