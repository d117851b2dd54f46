// The simulated world: devices, a network, a hub and people, all from one seed and under one virtual clock. It carries
// out a plan step by step, counts what went wrong, lets everything heal, and asks the laws. It never decides what is
// right: laws.ts does, from what was told, what was logged and what lies in the databases.
import { createHash } from 'node:crypto'
import { isProved, lawsAtRest, lawsOnDevice, type Evidence } from '../laws.ts'
import { outOfBounds } from './company.ts'
import { Dice, seedOf } from './dice.ts'
import type { Fault } from './faults.ts'
import { companyFor } from './founding.ts'
import { Posted, wrongOnDevice, wrongOnHub } from './books-law.ts'
import { Oracle } from './oracle.ts'
import { onPlatform } from './platform.ts'
import type { Clock, Plan, Step } from './plan.ts'
import { DAY_MS, MINUTE_MS, type Founded } from './population.ts'
import { wrongDate, wrongLease } from './screen-law.ts'
import type { RunAnswer, RunOptions } from '../../sync/device/api.ts'
import { aPicture } from '../album-catalogue.ts'
import { lostPictures } from './picture-law.ts'
import { keptOutOfBounds } from './residency-law.ts'
import { decisionOf, type ReviewKind } from './reviewing.ts'
import { aboutPeople, person } from './sim-people.ts'
import { Healing } from './healing.ts'
import { intentOf, type Intent, type WorkKind } from './work.ts'
import type { WorldDevice } from './world-device.ts'
import type { Ground } from './world-hub.ts'

/** A page of some kilobytes takes longer than anybody waits. */
const SLOW_BYTES_PER_S = 60
/** All that the hub ever posted is read then: more often takes longer than all else. */
const REQUESTS_BETWEEN_LOOKS = 100
const BACKUP_AGE_MS_MAX = 25 * DAY_MS
const clockFaults: Readonly<Partial<Record<Clock, Fault>>> = {
  forward: 'clock-forward-10-years',
  back: 'clock-back-10-years',
  frozen: 'clock-frozen',
}

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
export async function runPlan(ground: Ground, plan: Plan): Promise<WorldReport> {
  const company = await companyFor(ground, plan)
  return onPlatform(seedOf('platform', plan.seed), () => new World(ground, company, plan).run())
}

class World extends Healing {
  private readonly founded: Founded
  private readonly plan: Plan
  private readonly oracle: Oracle
  private readonly posted = new Posted()
  private lookedAfter = 0
  private readonly known = new Map<string, string[]>()
  /** By name: the bytes that were taken. */
  private readonly pictures = new Map<string, Uint8Array>()
  private tried = 0

  constructor(ground: Ground, founded: Founded, plan: Plan) {
    super(ground, founded.tenant, plan.seed, founded.keyFile.copy())
    this.founded = founded
    this.plan = plan
    this.oracle = new Oracle({
      database: ground.database,
      tenant: founded.tenant,
      isOlderAt: (at) => this.hub.isOlderAt(at),
      told: (seal) => this.devices.find(({ told }) => told.has(seal))?.told.get(seal) ?? this.forged.get(seal),
      revocations: this.revocations,
      requests: () => this.hub.requests,
      erased: this.erased,
    })
  }

  async run(): Promise<WorldReport> {
    try {
      await this.live()
    } catch (fault) {
      // Not a law, but nothing that may happen either: it is found, shown and made short like a broken law.
      this.wrong.push(`broken: ${(fault as Error).stack ?? String(fault)}`)
    }
    return this.report()
  }

  private async live(): Promise<void> {
    await this.begin(this.founded)
    for (const step of this.plan.steps) {
      await this.time.runUntil(this.time.now + step.after)
      await this.raise()
      await this.perform(step)
      await this.time.settle()
      await this.raise()
      await this.look()
      if (this.wrong.length > 0) break
    }
    if (this.wrong.length === 0) await this.end(this.plan.mode ?? 'safety')
    await this.look()
    if (this.wrong.length === 0) await this.judge()
  }

  /** Devices to which something happened show the truth, and nothing that was posted is another one. */
  private async look(): Promise<void> {
    for (const device of this.devices) {
      if (!device.isDue || device.device === null) continue
      device.isDue = false
      // Until its next whole exchange a device shows what an earlier life of the hub said.
      if (device.hubLife === this.hubLife) this.note(await this.oracle.look(device))
      const { replica } = device.device
      this.note([{ law: 'L5', wrong: this.posted.onDevice(device.name, replica) }])
      if (isProved(replica)) this.note([{ law: 'L5', wrong: wrongOnDevice(device.name, replica) }])
    }
    await this.lookAtBooks({ isDue: false })
  }

  /** The hub's, now and then, before it goes back, and at rest. */
  private async lookAtBooks({ isDue }: { readonly isDue: boolean }): Promise<void> {
    const { requests, hub } = this.hub
    if (!isDue && requests - this.lookedAfter < REQUESTS_BETWEEN_LOOKS) return
    this.lookedAfter = requests
    this.note([{ law: 'L5', wrong: [...(await wrongOnHub(hub)), ...(await this.posted.onHub(hub))] }])
  }

  private async report(): Promise<WorldReport> {
    // One that is in the middle of an exchange would wait for time that passes no more.
    for (const device of [...this.devices, this.office]) if (device?.exchange === null) await device.device?.close()
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

  private async perform(step: Step): Promise<void> {
    switch (step.do) {
      case 'work':
        return this.work(this.at(step.device), new Dice(step.seed), step.kind)
      case 'sync': {
        const device = this.at(step.device)
        device.link.expect(step.fates)
        device.link.pushesLeft = step.pushesMax ?? Infinity
        device.link.expectUploads(step.badUploads ?? 0)
        device.hunger()
        return this.sync(device)
      }
      case 'review':
        return this.review(this.at(step.device), new Dice(step.seed), step.how)
      case 'wait':
        return
      case 'network': {
        const { link, name } = this.at(step.device)
        this.trace.say(`${name} network ${step.to}`)
        if (step.to === 'flap') link.flap(5 * MINUTE_MS)
        else if (step.to === 'slow') link.throttle(SLOW_BYTES_PER_S)
        else link.turn(step.to)
        // The server that follows the hub's catches up as seldom as networks change.
        return this.hub.copy()
      }
      case 'crash': {
        const device = this.at(step.device)
        device.crashes = step.model
        device.disk.crashAtChange(step.atChange)
        return
      }
      case 'restart':
        await this.restart(this.at(step.device), null)
        return
      case 'take-over':
        return this.takeOver(this.at(step.device), new Dice(step.seed))
      case 'full':
        return this.at(step.device).disk.fullAtWrite(step.atWrite)
      case 'starve':
        return this.at(step.device).starve(() => this.count.fired('storage-full-at-each-write'))
      case 'hostile':
        return this.attack(new Dice(step.seed))
      case 'insider':
        return this.insider(this.at(step.device), new Dice(step.seed))
      case 'room':
        return this.at(step.device).disk.room()
      case 'clock':
        this.trace.say(`${this.at(step.device).name} clock ${step.to}`)
        return this.at(step.device).setClock(step.to)
      case 'sleep':
        return this.sleep(this.at(step.device), step.forMs)
      case 'user':
        return this.changeUser(this.personOf(this.at(step.device)), step.to)
      case 'revoke':
        return this.revoke(this.at(step.device), new Dice(step.seed))
      case 'clone':
      case 'image':
      case 'restore-image':
        return this.strike(this.at(step.device), step.do)
      case 'enrol-again':
        return this.enrolAgain(this.at(step.device))
      case 'region':
        return this.changeBounds(new Dice(step.seed))
      case 'people':
        return this.writeAboutPeople(this.at(step.device), new Dice(step.seed))
      case 'erase':
        return this.eraseSomebody(new Dice(step.seed))
      case 'release':
        return this.updateHub(step)
      case 'update':
        return this.update(this.at(step.device), new Dice(step.seed), step.fullAt)
      case 'evict':
        return this.evict(this.at(step.device))
      case 'hub':
        return this.changeHub(step.to)
      case 'hub-dies':
        return this.hub.dieAt(step)
      default:
        return
    }
  }

  private async sleep(device: WorldDevice, forMs: number): Promise<void> {
    if (device.device === null) return
    this.trace.say(`${device.name} sleeps`)
    await device.sleep(() => this.time.runUntil(this.time.now + forMs))
    this.count.fired('machine-slept')
  }

  protected async work(device: WorldDevice, dice: Dice, kind?: WorkKind): Promise<void> {
    if (device.device === null) return
    if (this.isHeldBack(device)) return this.tryHeldBack(device, dice)
    const { replica } = device.device
    const { branches } = this.company
    const branch = this.personOf(device).branch
    this.tried += 1
    const shareholders = [device.dev, ...this.devices.map(({ dev }) => dev)]
    const isNewer = device.release === 'newer'
    const sight = { replica, dice, branches, branch, shareholders, isNewer, now: this.time.now, known: this.known }
    return this.try(device, dice, intentOf(sight, kind))
  }

  /** The tab that had the device died over a save: another one has it now and asks once more, in the same words. [CMD5] */
  private async askAgain(device: WorldDevice, intent: Intent, options: RunOptions): Promise<RunAnswer | null> {
    await this.raise()
    const { recovered } = device
    const answer = await device.run(intent, options)
    this.count.fired('leader-died-in-save')
    if (answer?.saved === true && recovered !== null && answer.seq !== recovered)
      this.wrong.push(`L2 ${device.name}:c${recovered} was saved again as c${answer.seq}.`)
    return answer
  }

  /** What a camera took lies on the device before a command names it. */
  private async withPicture(device: WorldDevice, intent: Intent): Promise<Intent | null> {
    const { picture } = intent
    if (picture === undefined) return intent
    const content = aPicture(picture.seed, picture.bytes)
    const taken = await device.take(content)
    if (taken?.taken !== true) return null
    this.pictures.set(taken.blob.sha, content)
    return { ...intent, args: { ...intent.args, picture: taken.blob } }
  }

  private async writeAboutPeople(device: WorldDevice, dice: Dice): Promise<void> {
    if (device.device === null) return
    return this.try(device, dice, aboutPeople(dice, device.device.replica, this.known.get(person.name) ?? []))
  }

  /** Somebody decides about what is parked, wherever they are. */
  protected async review(device: WorldDevice, dice: Dice, how?: ReviewKind): Promise<void> {
    for (let left = dice.between(1, 3); left > 0; left--) {
      if (device.device === null || device.disk.crashed) return
      const intent = decisionOf(device.device.replica, dice, how)
      if (intent !== null) await this.try(device, dice, intent)
    }
  }

  private async try(device: WorldDevice, dice: Dice, wish: Intent): Promise<void> {
    device.hunger()
    const intent = await this.withPicture(device, wish)
    if (intent === null) return
    const { command, args, seen } = intent
    const [table, id] = command === 'sim.editPerson' ? [person.name, args['person']] : ['sim.note', args['note']]
    const base = seen === null ? {} : { base: { [table]: { [String(id)]: seen } } }
    const requestKey = `tab of ${device.name} ${dice.whole(1_000_000_000)}`
    const options = { overrides: ['sim.too-little'], requestKey, ...base }
    const answer = (await device.run(intent, options)) ?? (await this.askAgain(device, intent, options))
    if (answer === null) return
    if (answer.saved) device.eat()
    const isSentAway = !answer.saved && answer.refusal.code === 'sync.lease-expired'
    if (answer.saved || isSentAway) this.note([{ law: 'L13', wrong: wrongLease(device, this.time.now, isSentAway) }])
    if (!answer.saved) {
      const { code } = answer.refusal
      this.trace.say(`${device.name} can't ${command}: ${code}`)
      if (code === 'sync.lease-expired') await this.lookForLease(device, dice)
      if (code === 'device.update-needed') await this.refusedAsOlder(device, dice)
      if (code === 'device.storage-full') {
        this.count.fired('storage-full')
        // Somebody deletes their photos.
        if (dice.isOneIn(6)) device.disk.room()
      }
      if (code !== 'sync.lease-expired' || device.clock !== 'forward') return
    }
    const lie = clockFaults[device.clock]
    if (lie !== undefined) this.count.fired(lie)
    if (!answer.saved) return
    this.note([{ law: 'L13', wrong: wrongDate(device, this.time.now) }])
    this.trace.saved(device.name, answer.seq, command)
    for (const [table, ids] of Object.entries(answer.inserted)) {
      const known = this.known.get(table) ?? []
      this.known.set(table, [...known, ...ids])
    }
    if (dice.isOneIn(8)) device.isDue = true
    if (dice.isOneIn(4)) this.note(lawsOnDevice(device, this.hubLife))
  }

  private async changeHub(to: Extract<Step, { do: 'hub' }>['to']): Promise<void> {
    if (to === 'fail-over') {
      if (!this.hub.mayFailOver) return
      await this.lookAtBooks({ isDue: true })
      this.trace.say('the hub fails over to a copy that lacks the last commits')
      this.count.fired('hub-failover')
      await this.hub.failOver()
      return this.wentBack()
    }
    if (to === 'restore') {
      const at = this.hub.backupAt
      if (at === null || this.time.now - at > BACKUP_AGE_MS_MAX) return
      await this.lookAtBooks({ isDue: true })
      this.trace.say('the hub is restored from its backup')
      this.count.fired('hub-restored')
      await this.hub.restore()
      return this.wentBack()
    }
    this.trace.say(`the hub: ${to}`)
    if (to === 'back-up') return this.hub.backUp()
    this.count.fired('hub-restart')
    this.hub.start(to === 'two' ? 2 : 1)
  }

  /** The hub knows less than it did. */
  private async wentBack(): Promise<void> {
    this.oracle.restored()
    this.posted.wentBack()
    this.hubLife += 1
    // What the office did since comes back with its next exchange; until then rights are those of the copy.
    this.isUnsure = true
    return this.officeExchanges()
  }

  private async judge(): Promise<void> {
    await this.lookAtBooks({ isDue: true })
    const evidence: Evidence = {
      hub: this.hub.hub,
      isOlderAt: (at) => this.hub.isOlderAt(at),
      devices: this.devices,
      forged: [...this.forged.values()],
      revocations: this.revocations,
      erased: this.erased,
      hasFailedOver: this.count.has('hub-failover'),
    }
    const { found, digests, met } = await lawsAtRest(evidence)
    this.note(found)
    for (const fault of met) this.count.fired(fault)
    for (const line of digests) this.trace.say(line)
    this.note([
      {
        law: 'L9',
        wrong: keptOutOfBounds(this.devices, this.company, this.people),
        isIdle: this.people.every(({ branch }) => outOfBounds(this.company, branch).length === 0),
      },
      { law: 'BLOB', wrong: await lostPictures(this.devices, this.pictures, (read) => this.time.drive(read)) },
    ])
  }
}
