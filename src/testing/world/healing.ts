// How a plan ends. First, in the mode of liveness, some devices and the hub have nothing in their way any more while the others stay as
// they are for good: those must get through by their own schedule, with nobody's help. Then everybody heals, and all must be settled.
import type { Dice } from './dice.ts'
import { Insiders } from './insiders.ts'
import type { Mode } from './plan.ts'
import { DAY_MS, MINUTE_MS } from './population.ts'
import type { WorldDevice } from './world-device.ts'

/** After so many rounds of exchanges without faults, everything must be settled. */
const HEALING_ROUNDS_MAX = 8
/** People work on: some saves travel by themselves. */
const WORKING_MINUTES = 3
/** Longer than any device waits by itself: the poll interval and its jitter, the longest step back, a request that times out. */
const PATIENCE_MINUTES = 4

export abstract class Healing extends Insiders {
  protected abstract review(device: WorldDevice, dice: Dice): Promise<void>

  protected async end(mode: Mode): Promise<void> {
    if (mode === 'liveness') await this.goOnAlone()
    if (this.wrong.length === 0) await this.heal()
  }

  /** Who is able gets through, whatever becomes of the rest. [L4] */
  private async goOnAlone(): Promise<void> {
    const dice = this.dice.fork('liveness')
    await this.endUpdates()
    const able = this.devices.filter(
      (device) => device.excuse === null && device.device !== null && !this.personOf(device).isDisabled,
    )
    const lucky = able.filter(() => dice.isOneIn(2))
    const core = lucky.length > 0 ? lucky : able.slice(0, 1)
    if (core.length === 0) return
    this.trace.say(`from here on nothing is in the way of ${core.map(({ name }) => name).join(', ')}`)
    for (const device of core) this.mend(device)
    const rest = this.devices.filter((device) => !core.includes(device))
    for (const { link } of rest) {
      const fate = dice.pick(['as it is', 'none', 'up', 'flap'] as const)
      if (fate === 'flap') link.flap(DAY_MS)
      else if (fate !== 'as it is') link.turn(fate)
    }
    await this.raise()
    for (const device of core) await this.restartAs(device, 'automatic')
    await this.pass(WORKING_MINUTES, { rest, working: core }, dice)
    const w = await this.hub.hub.clock()
    await this.pass(PATIENCE_MINUTES, { rest, working: [] }, dice)
    for (const device of core) this.note([{ law: 'L4', wrong: await stuck(device, w) }])
    this.met('L4 alone')
    for (const device of core) await this.restartAs(device, 'by hand')
  }

  /** `rest` try as ever, and hold nobody up. */
  private async pass(
    minutes: number,
    { rest, working }: { readonly rest: readonly WorldDevice[]; readonly working: readonly WorldDevice[] },
    dice: Dice,
  ): Promise<void> {
    for (let left = minutes; left > 0; left--) {
      for (const device of [...rest, ...working])
        if (dice.isOneIn(2)) await this.work(device, dice.fork(device.name, this.time.now))
      for (const device of rest) this.sync(device)
      await this.time.runUntil(this.time.now + MINUTE_MS)
      await this.raise()
    }
  }

  private async restartAs(device: WorldDevice, how: 'automatic' | 'by hand'): Promise<void> {
    if (device.exchange !== null) await this.time.drive(device.exchange)
    device.isAutomatic = how === 'automatic'
    device.die(null)
    await device.start()
    // It has heard this life of the hub by itself.
    if (how === 'by hand') device.hubLife = this.hubLife
  }

  private mend(device: WorldDevice): void {
    const { link, disk } = device
    device.setClock('right')
    link.heal()
    disk.crashAtChange(Infinity)
    device.eat()
    disk.room()
  }

  /** Faults stop; within a bound everything must be settled. [L4] */
  private async heal(): Promise<void> {
    this.trace.say('the world heals')
    for (const person of this.people) if (person.isDisabled) await this.changeUser(person, 'enable')
    if (this.office !== null) await this.officeExchanges()
    await this.endUpdates()
    for (const device of this.devices) this.mend(device)
    // Of those that died since the last step.
    await this.raise()
    for (let round = 0; round < HEALING_ROUNDS_MAX; round++) {
      await this.exchangeAll()
      await this.time.runUntil(this.time.now + MINUTE_MS)
      if (round > 0 && this.isSettled()) break
      // Before the day ends somebody looks through what is parked, and two of them at once.
      if (round === 0) for (const device of this.devices) await this.review(device, this.dice.fork('last', device.name))
      if (round === 0) await this.takeUp()
    }
    // By then the hub's copies agree, and devices ask once more for the pictures that they sent. [BLOB6]
    if (!this.count.has('hub-failover')) return
    await this.time.runUntil(this.time.now + DAY_MS)
    await this.exchangeAll()
  }

  private async exchangeAll(): Promise<void> {
    for (const device of this.devices) {
      const { exchange } = device
      if (exchange !== null) await this.time.drive(exchange)
      await this.exchange(device)
    }
  }

  /** A moment to stop healing early; whether all is well is for the laws to say. */
  private isSettled(): boolean {
    const settling = this.devices.filter(({ excuse }) => excuse === null)
    // A copy that is shown last may have told the hub something that the others haven't heard.
    const latest = Math.max(...this.devices.map(({ device }) => device?.replica.watermark ?? 0))
    return (
      settling.every(({ device }) => device?.replica.watermark === latest) &&
      settling.every(
        ({ device }) => device?.replica.db.get('SELECT 1 FROM outbox WHERE is_settled = 0 LIMIT 1') === undefined,
      )
    )
  }
}

/** Its outbox is empty, and it has what the hub had when its people stopped. */
async function stuck({ name, device }: WorldDevice, w: number): Promise<string[]> {
  if (device === null) return [`${name} doesn't run.`]
  const { waiting, isOnline, fault } = await device.status()
  const { watermark } = device.replica
  return waiting === 0 && isOnline && fault === null && watermark >= w
    ? []
    : [
        `${name} has nothing in its way and is at @${watermark} of @${w}: ${JSON.stringify({ waiting, isOnline, fault })}.`,
      ]
}
