// What only people do to a device: a lost one is shut out, a disk is copied, an old image comes back, a browser throws everything
// away; and how such a device goes on in its next life. It excuses a device from settling until then, and never its work.
import { hasUnsent, Population } from './population.ts'
import { PASSWORD } from './world-hub.ts'
import type { Revocation } from './revocations.ts'
import type { Dice } from './dice.ts'
import type { WorldDevice } from './world-device.ts'

const TRIES_MAX = 4

export abstract class Accidents extends Population {
  protected readonly revocations: Revocation[] = []

  protected abstract work(device: WorldDevice, dice: Dice): Promise<void>

  /** Who is left must still be able to show that the others settle. */
  protected get isEnoughLeft(): boolean {
    return this.devices.filter(({ excuse }) => excuse === null).length >= 3
  }

  /** The office shuts it out by the product's own command, often while its person goes on working. */
  protected async revoke(device: WorldDevice, dice: Dice): Promise<void> {
    if (device.excuse !== null || device.device === null || !this.isEnoughLeft) return
    if (dice.isOneIn(2)) await this.work(device, dice)
    const isLost = dice.isOneIn(3)
    this.trace.say(`${device.name} revoke${isLost ? ', lost' : ''}`)
    this.count.fired('device-revoked')
    // All lives that it has by then, those of a copy too.
    const lives = this.devices.filter(({ dev }) => dev === device.dev)
    if (lives.some(hasUnsent)) this.count.fired('revoked-with-unsent-work')
    await this.officeExchanges()
    const ep = Math.max(...lives.map((life) => life.ep))
    this.revocations.push({ dev: device.dev, ep, at: this.time.now, isLost })
    await this.officeDoes(['masters.revokeDevice', { device: device.dev, isLost }])
    for (const life of lives) life.excuse = 'revoked'
  }

  protected async strike(device: WorldDevice, how: 'clone' | 'image' | 'restore-image'): Promise<void> {
    if (device.excuse !== null || device.device === null) return
    if (how === 'image') return device.takeImage()
    if (!this.isEnoughLeft || (how === 'restore-image' && device.image === null)) return
    this.trace.say(`${device.name} ${how}`)
    if (how === 'restore-image') {
      this.count.fired('device-restored')
      device.restoreImage(device.image as NonNullable<typeof device.image>)
      return device.start()
    }
    this.count.fired('device-cloned')
    const name = `${device.name.slice(0, 1)}${this.devices.length}`
    const clone = device.clone(name, this.newLink(name, this.dice.fork('link', name)))
    this.devices.push(clone)
    return clone.start()
  }

  /** Its person enrols it again, and it goes on in its next epoch with all that it holds; refused or offline, as it was. [LIFE4] */
  protected async enrolAgain(device: WorldDevice): Promise<void> {
    if (device.excuse === null || device.device === null || this.personOf(device).isDisabled || this.isUnsure) return
    const { excuse, ep } = device
    const code = await this.hub.newCode()
    await this.time.drive(device.enrolAgain({ code, signIn: device.user, password: PASSWORD }))
    await this.raise()
    if (device.ep === ep) return this.trace.say(`${device.name} isn't enrolled again`)
    this.trace.say(`${device.name} is ${device.dev} in its epoch ${device.ep}`)
    this.count.fired(excuse === 'revoked' ? 'revoked-enrolled-again' : 'copy-enrolled-again')
  }

  /** Before the day ends most of those that had an accident are taken up again; of some nobody knows where they are. */
  protected async takeUp(): Promise<void> {
    for (const device of this.devices) {
      if (this.dice.fork('found', device.name).isOneIn(4)) continue
      for (let left = TRIES_MAX; device.excuse !== null && left > 0; left--) await this.enrolAgain(device)
    }
  }

  /** Whose permission is over looks at the clock, then for a network or for the office. */
  protected async lookForLease(device: WorldDevice, dice: Dice): Promise<void> {
    this.count.fired('lease-expired')
    const person = this.personOf(device)
    if (device.clock !== 'right' && dice.isOneIn(3)) return device.setClock('right')
    if (person.isDisabled && dice.isOneIn(8)) return this.changeUser(person, 'enable')
    if (dice.isOneIn(4)) device.link.direction = 'both'
    this.sync(device)
  }

  /** What the dead tab asked is still on its way, and its answers find nobody. */
  protected async takeOver(device: WorldDevice, dice: Dice): Promise<void> {
    this.sync(device)
    await this.time.runUntil(this.time.now + dice.whole(900))
    if (device.exchange === null || device.disk.crashed) return
    this.count.fired('leader-died-in-exchange')
    await this.restart(device, null, { crashAt: Infinity })
    this.sync(device)
  }

  /** The storage is gone; its person enrols what is left as another device. */
  protected async evict(device: WorldDevice): Promise<void> {
    const person = this.personOf(device)
    if (device.excuse !== null || device.device === null || person.isDisabled || this.isUnsure) return
    this.trace.say(`${device.name} is evicted`)
    this.count.fired('storage-evicted')
    device.evict(this.ground.empty)
    // The app comes anew from the hub.
    device.release = this.hub.release
    device.link.heal()
    await this.enrol(device)
  }
}
