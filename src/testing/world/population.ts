// The people, devices and office of a simulated company around their hub: enrolled, moved about, struck down and started
// again. How a company comes to be is founding.ts; what its people do and when is the plan's business (world.ts).
import { MemoryKeyFile } from '../memory-key-file.ts'
import { isDiskFull } from '../../store/sqlite/sqlite-error.ts'
import type { HubAnswer, HubRequest } from '../../sync/device/transport.ts'
import type { Outcome, PullHead, PushAnswer } from '../../sync/protocol.ts'
import { lawsOnDevice, type Finding } from '../laws.ts'
import { newCrashDisk } from '../crash-vfs.ts'
import { attackOn } from './attacks.ts'
import { companyOf, mayHold, OFFICE, outOfBounds, settingUser, type Asked, type Person } from './company.ts'
import { Dice, seedOf } from './dice.ts'
import { ERASE_SUBJECT } from '../../kernel/erasure.ts'
import { FaultCount } from './faults.ts'
import { bucketsIn, Link, type Answered } from './link.ts'
import { sentOutOfBounds } from './residency-law.ts'
import type { Release } from './sim-catalogue.ts'
import { person } from './sim-people.ts'
import { Trace } from './trace.ts'
import { VirtualTime } from './virtual-time.ts'
import { WorldDevice, type EnrolledImage } from './world-device.ts'
import { PASSWORD, WorldHub, type Ground } from './world-hub.ts'

const OVERHEARD_MAX = 24
const START = Date.UTC(2026, 10, 21, 9)
export const MINUTE_MS = 60_000
export const DAY_MS = 24 * 60 * MINUTE_MS

/** How a company stood when it was founded: its rows lie in the database beside the living ones. */
export interface Founded {
  readonly tenant: string
  readonly at: number
  readonly people: readonly Person[]
  readonly office: EnrolledImage
  readonly devices: readonly EnrolledImage[]
  readonly keyFile: MemoryKeyFile
}

const headOf = (text: string): PullHead => JSON.parse(text.slice(0, text.indexOf('\n'))) as PullHead

/** What an answer says became of its device's commands. */
function outcomesIn(path: string, text: string): readonly Outcome[] {
  if (path === '/sync/push') return (JSON.parse(text) as PushAnswer).outcomes
  if (path === '/sync/pull') return headOf(text).outcomes ?? []
  return []
}

/** Which life of the device asked, by its token: the answer may come when the device is in the next one. */
function epochOf({ headers }: HubRequest): number {
  const [, payload = ''] = (headers['authorization'] ?? '').split('.')
  return (JSON.parse(Buffer.from(payload, 'base64url').toString()) as { readonly ep: number }).ep
}

/** A life hears of its own work, and of lives that it goes on from as far as it does. [OUT4] */
function othersIn({ name, follows }: WorldDevice, request: HubRequest, outcomes: readonly Outcome[]): string[] {
  if (outcomes.length === 0) return []
  const ep = epochOf(request)
  return outcomes
    .filter((each) => each.ep > ep || (each.ep < ep && each.seq > (follows.get(ep) ?? 0)))
    .map((each) => `${name} in its epoch ${ep} was told of ${each.dev}/${each.ep}/${each.seq}.`)
}

export const hasUnsent = ({ device }: WorldDevice): boolean =>
  device?.replica.db.get("SELECT 1 FROM outbox WHERE state IN ('captured', 'sent')") !== undefined

export class Population {
  protected readonly ground: Ground
  protected readonly time = new VirtualTime(START)
  protected readonly dice: Dice
  protected readonly count = new FaultCount()
  protected readonly trace: Trace
  protected readonly hub: WorldHub
  protected readonly tenant: string
  protected readonly company: ReturnType<typeof companyOf>
  protected readonly devices: WorldDevice[] = []
  protected readonly people: Person[] = []
  protected readonly laws = new Map<string, number>()
  protected readonly wrong: string[] = []
  /** By commit number, in all lives of the hub: the seal that it was told of. */
  private readonly numbers = new Map<number, string>()
  /** What passed by on the network lately. */
  private readonly overheard: HubRequest[] = []
  /** People of whom nothing may be left. */
  protected readonly erased = new Set<string>()
  /** Started when somebody needs it. */
  protected office: WorldDevice | null = null
  protected officeRelease: Release = 'older'
  private officeImage: EnrolledImage | null = null
  /** Up by one whenever the hub comes back with less than it had. */
  protected hubLife = 1
  protected readonly keyFile: MemoryKeyFile
  /** The hub's people are about to change: nobody can say from outside which rights a pull meets. */
  protected isUnsure = false

  constructor(ground: Ground, tenant: string, seed: number, keyFile = new MemoryKeyFile()) {
    this.keyFile = keyFile
    this.ground = ground
    this.dice = new Dice(seedOf('world', seed))
    this.trace = new Trace(this.time)
    this.tenant = tenant
    this.company = companyOf(tenant)
    this.hub = new WorldHub({
      ground,
      tenant: this.tenant,
      time: this.time,
      dice: this.dice.fork('hub'),
      fired: (fault) => this.count.fired(fault),
      keyFile,
    })
  }

  /** A company of before, with the chance of this seed. */
  protected async begin(founded: Founded): Promise<void> {
    await this.ground.database.begin(this.tenant)
    this.time.now = founded.at
    for (const person of founded.people) this.people.push({ ...person })
    this.officeImage = founded.office
    for (const image of founded.devices) {
      const device = this.device(image)
      this.devices.push(device)
      await device.begin(image)
    }
  }

  private async theOffice(): Promise<WorldDevice> {
    const image = this.officeImage
    if (this.office !== null || image === null) return this.office as WorldDevice
    this.office = this.device(image)
    this.office.release = this.officeRelease
    await this.office.begin(image)
    return this.office
  }

  protected device({ name, user, files }: Omit<EnrolledImage, 'dev'>): WorldDevice {
    const { ground, time, tenant } = this
    const dice = this.dice.fork('device', name)
    const link = this.newLink(name, dice.fork('link'))
    const disk = newCrashDisk(dice.fork('disk').chance, files)
    return new WorldDevice({ name, tenant, user, releases: ground.releases, time, dice, link, disk })
  }

  protected async enrol(device: WorldDevice): Promise<void> {
    const code = await this.hub.newCode()
    await this.time.drive(device.enrol({ code, signIn: device.user, password: PASSWORD }))
    this.trace.say(`${device.name} is ${device.dev}`)
  }

  protected newLink(name: string, dice: Dice): Link {
    return new Link({
      time: this.time,
      dice,
      hub: (request, isAlive) => this.answer(name, request, isAlive),
      fired: (fault) => this.count.fired(fault),
      heard: (request, answer) => this.heard(name, request, answer),
    })
  }

  /** A whole exchange, with all the time that it takes. */
  protected async exchange(device: WorldDevice): Promise<void> {
    this.sync(device)
    if (device.exchange !== null) await this.time.drive(device.exchange)
  }

  protected async ask(office: WorldDevice, [command, args]: Asked): Promise<void> {
    const answer = await office.device?.run(command, args)
    if (answer?.saved !== true) throw new Error(`${command} was refused: ${JSON.stringify(answer)}`)
  }

  /** A request at the hub's door; what goes out again is looked at for rows that aren't the asker's, or may not come here. [L8] [L9] */
  protected async answer(name: string, request: HubRequest, isAlive: () => boolean): Promise<Answered | null> {
    this.overheard.push(request)
    if (this.overheard.length > OVERHEARD_MAX) this.overheard.shift()
    const answered = await this.hub.answer(request)
    this.noteErrors('')
    if (answered === null) return null
    if (answered.status >= 500) this.trace.say(`the hub answered ${name} ${answered.status}`)
    // What a dead process asked for it may have asked as another device: this one is new since.
    const isPage = request.path === '/sync/pull' && answered.status === 200
    if (isPage && name !== OFFICE && isAlive()) this.checkRights(name, answered)
    return answered
  }

  /** Whatever is asked of it, a hub has no errors of its own. */
  protected noteErrors(on: string): void {
    for (const error of this.hub.errors.splice(0)) this.wrong.push(`the hub failed${on}: ${error}`)
  }

  /** Somebody on the network tries what they can: nothing of it is taken, and nobody is any the worse for it. */
  protected async attack(dice: Dice): Promise<void> {
    for (let left = dice.between(2, 6); left > 0; left--) {
      const { request, mayBeAnswered } = attackOn(this.overheard, dice)
      const answered = await this.hub.answer(request)
      this.noteErrors(' on an attack')
      if (answered === null) continue
      this.count.fired('hostile-client')
      const { status } = answered
      const isTold = request.path === '/sync/session' || request.path === '/enrol'
      if (status === 200 && !mayBeAnswered && !isTold)
        this.wrong.push(`AUTH1 the hub answered ${request.method} ${request.path}, which nobody had proved.`)
    }
  }

  /** Nothing goes out that isn't of a bucket which the person may hold at this moment, whatever the device asked for. */
  protected checkRights(name: string, answered: Answered): void {
    const device = this.devices.find((each) => each.name === name)
    if (device === undefined) return
    if (this.isUnsure) return
    if (device.excuse === 'revoked')
      return this.note([{ law: 'L8', wrong: [`${name} is shut out and was sent rows.`] }])
    const at = { tenant: this.tenant, dev: device.dev, now: this.time.now }
    const allowed = mayHold(this.company, this.personOf(device), at)
    const leaked = bucketsIn(answered).filter((bucket) => !allowed.has(bucket))
    const given = { name, dev: device.dev, person: this.personOf(device) }
    const isIdle = outOfBounds(this.company, given.person.branch).length === 0
    this.note([
      { law: 'L9', wrong: sentOutOfBounds(answered, this.company, given), isIdle },
      { law: 'L8', wrong: leaked.map((bucket) => `${name} was sent ${bucket}.`) },
    ])
  }

  protected heard(name: string, request: HubRequest, answer: HubAnswer): void {
    this.trace.heard(name, request.path, answer)
    const device = this.devices.find((each) => each.name === name)
    if (answer.status !== 200 || device === undefined) return
    if (request.path === '/sync/pull') device.pulled = { hubLife: this.hubLife, w: headOf(answer.text).w }
    const outcomes = outcomesIn(request.path, answer.text)
    this.note([{ law: 'L2', wrong: outcomes.flatMap((each) => this.isNumberedTwice(each)) }])
    this.note([{ law: 'L8', wrong: othersIn(device, request, outcomes) }])
    for (const { seal, outcome } of outcomes) {
      const heard = device.heard.get(seal)
      if (heard === undefined) device.heard.set(seal, new Set([outcome]))
      else heard.add(outcome)
    }
    if (outcomes.some(({ seal }) => (device.told.get(seal)?.savedAt ?? Infinity) < this.time.now - 90 * DAY_MS))
      this.count.fired('backlog-90-days')
  }

  /** Each commit has a number of its own, whatever hubs lost and whoever took over. [CLOCK1] */
  private isNumberedTwice({ at, seal, dev, seq }: Outcome): string[] {
    const before = this.numbers.get(at)
    this.numbers.set(at, seal)
    return before === undefined || before === seal
      ? []
      : [`@${at} is told of ${dev}/${seq}, and was of another command.`]
  }

  protected met(law: string): void {
    this.laws.set(law, (this.laws.get(law) ?? 0) + 1)
  }

  protected at(index: number): WorldDevice {
    return this.devices[index % this.devices.length] as WorldDevice
  }

  protected personOf(device: WorldDevice): Person {
    return this.people.find(({ signIn }) => signIn === device.user) as Person
  }

  protected note(found: readonly Finding[]): void {
    for (const { law, wrong, isIdle = false } of found) {
      if (!isIdle) this.met(law)
      this.wrong.push(...wrong.map((each) => `${law} ${each}`))
    }
  }

  /** Begins an exchange and doesn't wait for it. */
  protected sync(device: WorldDevice): void {
    const running = device.device
    if (running === null || device.exchange !== null) return
    const life = this.hubLife
    const { clockChanges } = device
    const { answered } = device.link
    const exchange = running
      .sync()
      .then(
        ({ fault, isOnline }) => {
          if (isOnline && device.link.answered === answered && device.device === running)
            this.note([{ law: 'L13', wrong: [`${device.name} says that it is online, and heard nothing.`] }])
          if (fault === 'storage-full') this.count.fired('storage-full')
          const { hubLife, w } = device.pulled
          // Whole: what it heard last, in this life of the hub, is what it has.
          if (fault === null && isOnline && hubLife === life && running.replica.watermark === w) device.hubLife = life
          // Only a pull that is answered tells the time.
          if (fault === null && isOnline) device.heardTime(clockChanges)
          if (isOnline && device.release !== this.hub.release) this.count.fired('stale-schema')
        },
        (fault: unknown) => {
          if (device.device !== running || device.disk.crashed) return
          const { stack = String(fault) } = fault as Error
          this.wrong.push(`${device.name}: an exchange broke: ${stack}`)
        },
      )
      .finally(() => {
        if (device.exchange === exchange) device.exchange = null
        device.isDue = true
      })
    device.exchange = exchange
  }

  /** Devices whose disk died start again on what it left. */
  protected async raise(): Promise<void> {
    for (const device of this.devices) if (device.disk.crashed) await this.restart(device, device.crashes)
  }

  /** Whether it died again while it started. `begin`: what happens to its disk then. */
  protected async restart(
    device: WorldDevice,
    model: 'kill' | 'power-loss' | null,
    begin?: { readonly crashAt: number; readonly fullAt?: number },
  ): Promise<boolean> {
    if (model !== null) this.count.fired(model === 'kill' ? 'crash-kill' : 'crash-power-loss')
    device.die(model)
    this.trace.say(`${device.name} died (${model ?? 'kill'}) and starts again`)
    // Now and then it dies while it starts.
    if (begin !== undefined) device.disk.crashAtChange(begin.crashAt)
    else if (this.dice.isOneIn(3)) device.disk.crashAtChange(1 + this.dice.whole(12))
    if (begin?.fullAt !== undefined) device.disk.fullAtWrite(begin.fullAt)
    let hasDied = false
    while (!(await hasStarted(device))) {
      hasDied = device.disk.crashed
      device.die(device.crashes)
    }
    device.disk.crashAtChange(Infinity)
    device.isDue = true
    this.note(lawsOnDevice(device, this.hubLife))
    return hasDied
  }

  protected async officeExchanges(): Promise<void> {
    const office = await this.theOffice()
    // Its exchange may fail like anybody's, when the hub dies in it or an older process of it answers.
    let isDone = false
    while (!isDone) {
      await this.exchange(office)
      const isWaiting = office.device?.replica.db.get('SELECT 1 FROM outbox WHERE is_settled = 0') !== undefined
      const isOnline = (await office.device?.status())?.isOnline === true
      isDone = !isWaiting && isOnline && office.device?.isPushOnly === false
    }
    this.isUnsure = false
  }

  /** The office moves a person, gives them other rights, or ends and resumes their work. */
  protected async changeUser(person: Person, to: 'move' | 'rights' | 'disable' | 'enable'): Promise<void> {
    if (to === 'move') person.branch = this.company.branches.find((id) => id !== person.branch) ?? person.branch
    if (to === 'rights') person.role = person.role === 'field' ? 'everywhere' : 'field'
    if (to === 'disable' || to === 'enable') person.isDisabled = to === 'disable'
    if (this.devices.some((device) => device.user === person.signIn && hasUnsent(device)))
      this.count.fired('rights-changed-offline')
    if (to === 'move') this.count.fired('user-moved-branch')
    if (to === 'disable') this.count.fired('user-disabled')
    this.trace.say(`the office: ${person.signIn} ${to}`)
    this.isUnsure = true
    // Its own lease may be over, after weeks in which nobody moved.
    await this.officeExchanges()
    await this.officeDoes(settingUser(person))
  }

  /** The office erases whom it knows, whoever still has unsent work about them. */
  protected async eraseSomebody(dice: Dice): Promise<void> {
    await this.officeExchanges()
    const { device: office } = await this.theOffice()
    const known = office?.replica.db.all<{ id: string }>(`SELECT id FROM ${person.sqlName} ORDER BY id`) ?? []
    const left = known.map(({ id }) => id).filter((id) => !this.erased.has(id))
    if (left.length === 0) return
    const subject = dice.pick(left)
    this.trace.say(`the office erases ${subject}`)
    this.erased.add(subject)
    this.count.fired('person-erased')
    const isUnsent = ({ device }: WorldDevice): boolean =>
      device?.replica.db.get("SELECT 1 FROM outbox WHERE state IN ('captured', 'sent') AND instr(subjects, ?) > 0", [
        subject,
      ]) !== undefined
    if (this.devices.some((device) => device.excuse === null && isUnsent(device)))
      this.count.fired('erasure-with-unsent-edits')
    await this.officeDoes([ERASE_SUBJECT, { table: person.name, subject }])
  }

  protected async officeDoes(asked: Asked): Promise<void> {
    this.isUnsure = true
    await this.ask(await this.theOffice(), asked)
    await this.officeExchanges()
  }
}

/** Not where the disk went down or was full in its start; whatever the device made of it, its machine is down. */
async function hasStarted(device: WorldDevice): Promise<boolean> {
  try {
    await device.start()
    return !device.disk.crashed
  } catch (fault) {
    if (!device.disk.crashed && !isDiskFull(fault)) throw fault
    return false
  }
}
