// The next release comes to the simulated company: first to its hub, with rows that go elsewhere and now and then a process of before that
// still runs; then to one device after the other, in the midst of whatever it does, over the database that it has. Who isn't updated goes on
// with the release of before. [VER3] [VER4] [VER5] [VER6]
import { Bounds } from './bounds.ts'
import type { Dice } from './dice.ts'
import { hasUnsent } from './population.ts'
import type { Step } from './plan.ts'
import type { WorldDevice } from './world-device.ts'

/** Of changes of the disk that bringing a database over takes. */
const CHANGES_MAX = 120

export abstract class Updates extends Bounds {
  protected isDemanded = false

  protected async updateHub(to: Extract<Step, { do: 'release' }>): Promise<void> {
    if (this.hub.release === 'newer') return
    this.trace.say(`the hub is updated${to.isRolling ? ', and a process of before still runs' : ''}`)
    this.count.fired('hub-updated')
    this.isDemanded = to.isDemanded
    await this.hub.update(to)
    // Whoever demands it has done it: the office couldn't work else.
    if (!to.isDemanded && to.seed % 2 === 0) return
    this.officeRelease = 'newer'
    const { office } = this
    if (office === null) return
    office.die(null)
    office.release = 'newer'
    await office.start()
  }

  /** The app comes from the hub; whatever the device is doing ends there. `fullAt`: the write for which its disk has no room. */
  protected async update(device: WorldDevice, dice: Dice, fullAt?: number): Promise<void> {
    if (this.hub.release === 'older' || device.release === 'newer' || device.device === null) return
    if (dice.isOneIn(2)) {
      this.sync(device)
      await this.time.runUntil(this.time.now + dice.whole(700))
    }
    if (device.disk.crashed || device.device === null) return
    this.trace.say(`${device.name} is updated${device.exchange === null ? '' : ' in the middle of an exchange'}`)
    if (device.exchange !== null) this.count.fired('app-updated-mid-sync')
    if (hasUnsent(device)) this.count.fired('updated-with-unsent-work')
    device.release = 'newer'
    const crashAt = dice.isOneIn(3) ? 1 + dice.skewed(CHANGES_MAX) : Infinity
    const hasDied = await this.restart(device, null, fullAt === undefined ? { crashAt } : { crashAt: Infinity, fullAt })
    if (hasDied) this.count.fired('died-in-update')
    if (this.isHeldBack(device)) this.count.fired('update-held-back')
    device.isDue = true
  }

  protected isHeldBack({ device }: WorldDevice): boolean {
    return device?.replica.isHeldBack === true
  }

  /** What waits is sent all the same, and nothing new begins, until its person made room and opens it again. */
  protected async tryHeldBack(device: WorldDevice, dice: Dice): Promise<void> {
    const answer = await device.device?.run('sim.countShelves', { branch: this.personOf(device).branch })
    if (answer?.saved === true || answer?.refusal.code !== 'device.not-updated')
      this.wrong.push(`VER3 ${device.name} isn't updated and says to new work: ${JSON.stringify(answer)}.`)
    if (dice.isOneIn(3)) await this.tryAgain(device)
  }

  protected async tryAgain(device: WorldDevice): Promise<void> {
    this.trace.say(`${device.name} has room to be updated`)
    device.disk.room()
    await this.restart(device, null)
    device.isDue = true
  }

  /** New work was refused because of the app's release: only where the hub says so, and to the older one. [VER6] */
  protected async refusedAsOlder(device: WorldDevice, dice: Dice): Promise<void> {
    this.count.fired('update-demanded')
    if (!this.isDemanded || device.release === 'newer')
      this.wrong.push(`L13 ${device.name} is told to update, and nobody demands it.`)
    if (dice.isOneIn(3)) await this.update(device, dice)
  }

  /** Before the day ends nothing of the release before is in anybody's way; who may go on with it does. */
  protected async endUpdates(): Promise<void> {
    this.hub.endRolling()
    for (const device of this.devices) {
      if (this.isHeldBack(device)) await this.tryAgain(device)
      if (this.isDemanded) await this.update(device, this.dice.fork('updated', device.name))
    }
  }
}
