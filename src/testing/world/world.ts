// The simulated world: devices, a network, a hub and people, all from one seed and under one virtual clock. It carries
// out a plan step by step, counts what went wrong, lets everything heal, and asks the laws. It never decides what is
// right: laws.ts does, from what was told, what was logged and what lies in the databases.
import { createHash } from 'node:crypto'
import type { HubAnswer, HubRequest } from '../../sync/device/transport.ts'
import { lawsAtRest, lawsOnDevice, type Evidence } from '../laws.ts'
import { newCrashDisk } from '../crash-vfs.ts'
import { companyOf, founding, mayHold, OFFICE, settingUser, userId, type Asked, type Person } from './company.ts'
import { Dice, seedOf } from './dice.ts'
import { FaultCount } from './faults.ts'
import { bucketsIn, Link, type Answered } from './link.ts'
import { onPlatform } from './platform.ts'
import type { Plan, Step } from './plan.ts'
import { Trace } from './trace.ts'
import { VirtualTime } from './virtual-time.ts'
import { intentOf } from './work.ts'
import { WorldDevice } from './world-device.ts'
import { PASSWORD, WorldHub, type Ground } from './world-hub.ts'

const START = Date.UTC(2026, 10, 21, 9)
const SETUP = 'setup'
const MINUTE_MS = 60_000
const DAY_MS = 24 * 60 * MINUTE_MS
/** After so many rounds of exchanges without faults, everything must be settled. */
const HEALING_ROUNDS_MAX = 8
const BACKUP_AGE_MS_MAX = 25 * DAY_MS

export interface WorldReport {
  readonly tried: number
  readonly saved: number
  readonly faults: Readonly<Record<string, number>>
  readonly laws: Readonly<Record<string, number>>
  /** What is wrong, in sentences; empty when all laws hold. */
  readonly wrong: readonly string[]
  readonly trace: readonly string[]
  readonly traceHash: string
}

/** Runs a plan from the beginning. The same plan gives the same trace, byte by byte. */
export function runPlan(ground: Ground, plan: Plan): Promise<WorldReport> {
  return onPlatform(seedOf('platform', plan.seed), async () => {
    const world = new World(ground, plan)
    return world.run()
  })
}

class World {
  private readonly ground: Ground
  private readonly plan: Plan
  private readonly time = new VirtualTime(START)
  private readonly dice: Dice
  private readonly count = new FaultCount()
  private readonly trace: Trace
  private readonly hub: WorldHub
  private readonly tenant: string
  private readonly company: ReturnType<typeof companyOf>
  private readonly devices: WorldDevice[] = []
  private readonly people: Person[] = []
  private readonly known = new Map<string, string[]>()
  private readonly laws = new Map<string, number>()
  private readonly wrong: string[] = []
  private office: WorldDevice | null = null
  private tried = 0

  constructor(ground: Ground, plan: Plan) {
    this.ground = ground
    this.plan = plan
    this.dice = new Dice(seedOf('world', plan.seed))
    this.trace = new Trace(this.time)
    this.tenant = `s${plan.seed}`
    this.company = companyOf(this.tenant)
    this.hub = new WorldHub({
      ground,
      tenant: this.tenant,
      time: this.time,
      dice: this.dice.fork('hub'),
      fired: (fault) => this.count.fired(fault),
    })
  }

  async run(): Promise<WorldReport> {
    await this.ground.database.forget(this.tenant)
    await this.found()
    for (const step of this.plan.steps) {
      await this.time.runUntil(this.time.now + step.after)
      await this.raise()
      await this.perform(step)
      await this.time.settle()
      await this.raise()
      if (this.wrong.length > 0) break
    }
    if (this.wrong.length === 0) await this.heal()
    if (this.wrong.length === 0) await this.judge()
    for (const device of [...this.devices, this.office]) await device?.device?.close()
    const { lines } = this.trace
    return {
      tried: this.tried,
      saved: this.devices.reduce((sum, device) => sum + device.told.size, 0),
      faults: this.count.toRecord(),
      laws: Object.fromEntries(this.laws),
      wrong: this.wrong,
      trace: lines,
      traceHash: createHash('sha256').update(lines.join('\n')).digest('hex'),
    }
  }

  private async found(): Promise<void> {
    await this.hub.found()
    await this.hub.addAccount(SETUP, SETUP)
    const office = await this.newDevice(OFFICE, SETUP)
    this.office = office
    await this.exchange(office)
    for (const asked of founding(this.company)) await this.ask(office, asked)
    for (let index = 0; index < this.plan.devices; index++) {
      const signIn = `person-${index}`
      const dice = this.dice.fork('person', index)
      const branch = dice.pick(this.company.branches)
      this.people.push({ signIn, branch, role: dice.isOneIn(4) ? 'everywhere' : 'field', isDisabled: false })
      await this.ask(office, settingUser(this.people[index] as Person))
      await this.hub.addAccount(userId(this.tenant, signIn), signIn)
    }
    await this.exchange(office)
    for (let index = 0; index < this.plan.devices; index++) {
      const device = await this.newDevice(String.fromCharCode(65 + index), `person-${index}`)
      this.devices.push(device)
      await this.exchange(device)
    }
  }

  private async newDevice(name: string, signIn: string): Promise<WorldDevice> {
    const dice = this.dice.fork('device', name)
    const link = new Link(name, {
      time: this.time,
      dice: dice.fork('link'),
      hub: (request) => this.answer(name, request),
      fired: (fault) => this.count.fired(fault),
      heard: (request, answer) => this.heard(name, request, answer),
    })
    const disk = newCrashDisk(dice.fork('disk').chance, this.ground.empty)
    const parts = { name, tenant: this.tenant, user: signIn, catalogue: this.ground.catalogue, time: this.time }
    const device = new WorldDevice({ ...parts, dice, link, disk })
    const code = await this.hub.newCode()
    await this.time.drive(device.enrol({ code, signIn, password: PASSWORD }))
    this.trace.say(`${name} is ${device.dev}`)
    return device
  }

  /** A whole exchange, with all the time that it takes. */
  private async exchange(device: WorldDevice): Promise<void> {
    this.sync(device)
    if (device.exchange !== null) await this.time.drive(device.exchange)
  }

  private async ask(office: WorldDevice, [command, args]: Asked): Promise<void> {
    const answer = await office.device?.run(command, args)
    if (answer?.saved !== true) throw new Error(`${command} was refused: ${JSON.stringify(answer)}`)
  }

  /** A request at the hub's door; what goes out again is looked at for rows that aren't the asker's. [L8] */
  private async answer(name: string, request: HubRequest): Promise<Answered | null> {
    const answered = await this.hub.answer(request)
    for (const error of this.hub.errors.splice(0)) this.wrong.push(`the hub failed: ${error}`)
    if (answered === null) return null
    if (answered.status >= 500) this.trace.say(`the hub answered ${name} ${answered.status}`)
    if (request.path === '/sync/pull' && answered.status === 200 && name !== OFFICE) this.checkRights(name, answered)
    return answered
  }

  /** Nothing goes out that isn't of a bucket which the person may hold at this moment, whatever the device asked for. */
  private checkRights(name: string, answered: Answered): void {
    const device = this.devices.find((each) => each.name === name)
    if (device === undefined) return
    const allowed = mayHold(this.company, this.personOf(device), this.tenant, this.time.now)
    const leaked = bucketsIn(answered).filter((bucket) => !allowed.has(bucket))
    this.note([{ law: 'L8', wrong: leaked.map((bucket) => `${name} was sent ${bucket}.`) }])
  }

  private heard(name: string, request: HubRequest, answer: HubAnswer): void {
    this.trace.heard(name, request.path, answer)
  }

  private met(law: string): void {
    this.laws.set(law, (this.laws.get(law) ?? 0) + 1)
  }

  private async perform(step: Step): Promise<void> {
    switch (step.do) {
      case 'work':
        return this.work(this.at(step.device), new Dice(step.seed))
      case 'sync': {
        const device = this.at(step.device)
        device.link.expect(step.fates)
        return this.sync(device)
      }
      case 'wait':
        return
      case 'network': {
        const { link, name } = this.at(step.device)
        this.trace.say(`${name} network ${step.to}`)
        if (step.to === 'flap') link.flap(5 * MINUTE_MS)
        else link.direction = step.to
        return
      }
      case 'crash': {
        const device = this.at(step.device)
        device.crashes = step.model
        device.disk.crashAtChange(step.atChange)
        return
      }
      case 'restart':
        return this.restart(this.at(step.device), null)
      case 'hub':
        return this.changeHub(step.to)
      case 'hub-dies':
        return this.hub.dieAt(step)
      default:
        return
    }
  }

  private at(index: number): WorldDevice {
    return this.devices[index % this.devices.length] as WorldDevice
  }

  private personOf(device: WorldDevice): Person {
    return this.people.find(({ signIn }) => signIn === device.user) as Person
  }

  private async work(device: WorldDevice, dice: Dice): Promise<void> {
    if (device.device === null) return
    const { replica } = device.device
    const { branches } = this.company
    const branch = this.personOf(device).branch
    this.tried += 1
    const { command, args, seen } = intentOf({
      replica,
      dice,
      branches,
      branch,
      now: this.time.now,
      known: this.known,
    })
    const base = seen === null ? {} : { base: { 'sim.note': { [String(args['note'])]: seen } } }
    const answer = await device.run(command, args, seen, { overrides: ['sim.too-little'], ...base })
    if (answer === null) return
    if (!answer.saved) {
      this.trace.say(`${device.name} can't ${command}: ${answer.refusal.code}`)
      return
    }
    this.trace.saved(device.name, answer.seq, command)
    for (const [table, ids] of Object.entries(answer.inserted)) {
      const known = this.known.get(table) ?? []
      this.known.set(table, [...known, ...ids])
    }
    this.note(lawsOnDevice(device))
  }

  private note(found: { readonly law: string; readonly wrong: readonly string[] }[]): void {
    for (const { law, wrong } of found) {
      this.met(law)
      this.wrong.push(...wrong.map((each) => `${law} ${each}`))
    }
  }

  /** Begins an exchange and doesn't wait for it. */
  private sync(device: WorldDevice): void {
    const running = device.device
    if (running === null || device.exchange !== null) return
    const exchange = running
      .sync()
      .then(
        () => undefined,
        (fault: unknown) => {
          if (device.device !== running || device.disk.crashed) return
          const { stack = String(fault) } = fault as Error
          this.wrong.push(`${device.name}: an exchange broke: ${stack}`)
        },
      )
      .finally(() => {
        if (device.exchange === exchange) device.exchange = null
      })
    device.exchange = exchange
  }

  /** Devices whose disk died start again on what it left. */
  private async raise(): Promise<void> {
    for (const device of this.devices) if (device.disk.crashed) await this.restart(device, device.crashes)
  }

  private async restart(device: WorldDevice, model: 'kill' | 'power-loss' | null): Promise<void> {
    if (model !== null) this.count.fired(model === 'kill' ? 'crash-kill' : 'crash-power-loss')
    device.die(model)
    this.trace.say(`${device.name} died (${model ?? 'kill'}) and starts again`)
    await device.start()
    this.note(lawsOnDevice(device))
  }

  private async changeHub(to: 'restart' | 'two' | 'one' | 'back-up' | 'restore'): Promise<void> {
    if (to === 'restore') {
      const at = this.hub.backupAt
      if (at === null || this.time.now - at > BACKUP_AGE_MS_MAX) return
      this.trace.say('the hub is restored from its backup')
      this.count.fired('hub-restored')
      return this.hub.restore()
    }
    this.trace.say(`the hub: ${to}`)
    if (to === 'back-up') return this.hub.backUp()
    this.count.fired('hub-restart')
    this.hub.start(to === 'two' ? 2 : 1)
  }

  /** Faults stop; within a bound everything must be settled. [L4] */
  private async heal(): Promise<void> {
    this.trace.say('the world heals')
    for (const { link, disk } of this.devices) {
      link.heal()
      disk.crashAtChange(Infinity)
      disk.room()
    }
    const all = [this.office as WorldDevice, ...this.devices]
    for (let round = 0; round < HEALING_ROUNDS_MAX; round++) {
      for (const device of all) {
        const { exchange } = device
        if (exchange !== null) await this.time.drive(exchange)
        await this.exchange(device)
      }
      await this.time.runUntil(this.time.now + MINUTE_MS)
    }
  }

  private async judge(): Promise<void> {
    const evidence: Evidence = {
      hub: this.hub.hub,
      catalogue: this.ground.catalogue,
      devices: this.devices,
      office: this.office as WorldDevice,
    }
    const { found, digests } = await lawsAtRest(evidence)
    this.note(found)
    for (const line of digests) this.trace.say(line)
  }
}
