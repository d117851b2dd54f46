// What somebody with a device's keys tries in the simulated world (insider.ts), and what must come of it: nothing at all; or, where they say
// the next thing that the device would have said, a line that waits for people under the name of nobody else, and a device with two lives.
import { createHash } from 'node:crypto'
import { OfflineError, type HubAnswer, type HubRequest } from '../../sync/device/transport.ts'
import { userId } from './company.ts'
import type { Dice } from './dice.ts'
import { Insider } from './insider.ts'
import { asHeard } from './link.ts'
import { rowsMadeBy } from './made-rows.ts'
import { Updates } from './updates.ts'
import type { Kept } from './kept.ts'
import type { WorldDevice } from './world-device.ts'

interface ChainEnd {
  readonly dev: string
  readonly ep: number
  readonly last_seq: number
  readonly last_seal: string
  readonly state: string
}

/** What it says. */
interface Goods {
  readonly type: string
  readonly args: { readonly branch: string; readonly item: string; readonly quantity: number }
  readonly at: number
  readonly user: string
}

const attempts = { pull: 3, gap: 2, other: 2, 'next-life': 1, 'life-before': 1, tenant: 1, author: 2, past: 2 }

export abstract class Insiders extends Updates {
  /** By seal: what no honest person said, and stands in the hub's log. */
  protected readonly forged = new Map<string, Kept>()

  protected async insider(device: WorldDevice, dice: Dice): Promise<void> {
    const replica = device.device?.replica
    const [identity, lease] = [replica?.identity() ?? null, replica?.lease() ?? null]
    if (identity === null || lease === null || device.excuse !== null || this.isUnsure) return
    const insider = new Insider(identity, lease, (request) => this.reached(device, request))
    const end = (await this.endsOf(device.dev)).find(({ ep }) => ep === device.ep)
    if (end?.state !== 'active') return
    const how = dice.pickOf(attempts)
    this.trace.say(`somebody has the keys of ${device.name}: ${how}`)
    if (how === 'pull') {
      const { branches } = this.company
      const others = this.devices.flatMap(({ dev, user }) => [`device:${dev}`, `user:${userId(this.tenant, user)}`])
      const theirs = branches.flatMap((id) => [`stock:${id}`, `links:${id}`, `review:${id}`])
      // What comes down is looked at like what the device itself gets. [L8]
      const names = await insider.pull(['company', 'parties', 'parties:lds', 'parties:yrk', ...others, ...theirs])
      if (names !== null) this.count.fired('insider-refused')
    } else if (how === 'author' || how === 'past') await this.writeOver(device, { insider, end, how }, dice)
    else await this.refused(device, { insider, end, how }, dice)
  }

  private async reached(device: WorldDevice, request: HubRequest): Promise<HubAnswer> {
    const answered = await this.hub.answer(request)
    this.noteErrors(' on an insider')
    if (answered === null) throw new OfflineError('The hub died.')
    if (request.path === '/sync/pull' && answered.status === 200) this.checkRights(device.name, answered)
    return asHeard(answered, null)
  }

  /** Where the hub's chains of a device end. */
  private async endsOf(dev: string): Promise<readonly ChainEnd[]> {
    const { rows } = await this.ground.database.asOwner((client) =>
      client.query<ChainEnd>(
        'SELECT dev, ep, last_seq, last_seal, state FROM device WHERE tenant_id = $1 AND dev = $2 ORDER BY ep',
        [this.tenant, dev],
      ),
    )
    return rows
  }

  /** Of what it isn't, or out of turn, nothing is taken: no line, no outcome, no mark on anybody's life. [PUSH1] [LIFE4] */
  private async refused(
    device: WorldDevice,
    { insider, end, how }: { readonly insider: Insider; readonly end: ChainEnd; readonly how: keyof typeof attempts },
    dice: Dice,
  ): Promise<void> {
    const victim = how === 'other' ? dice.pick(this.devices) : device
    if (how === 'other' && victim.dev === device.dev) return
    const [its = end] = (await this.endsOf(victim.dev)).filter(({ ep }) => ep === victim.ep)
    const ep = victim.ep + (how === 'next-life' ? 1 : how === 'life-before' ? -1 : 0)
    if (ep < 1) return
    const seq = its.last_seq + (how === 'gap' ? 2 + dice.whole(3) : 1)
    const line = insider.line(its.last_seal, { ...this.goods(device, dice), dev: victim.dev, ep, seq })
    const before = JSON.stringify(await this.endsOf(victim.dev))
    const claims = how === 'tenant' ? { tenant: `${this.tenant}0` } : {}
    const answer = await insider.push(its.last_seal, line, claims)
    if (answer === null) return
    this.count.fired('insider-refused')
    const after = JSON.stringify(await this.endsOf(victim.dev))
    if (answer.outcomes.length > 0 || answer.problems.length === 0 || before !== after)
      this.wrong.push(`L7 the hub took what somebody with the keys of ${device.name} said (${how}).`)
  }

  private goods(device: WorldDevice, dice: Dice): Goods {
    const args = { branch: this.personOf(device).branch, item: 'gold', quantity: dice.between(1, 9) }
    return { type: 'sim.receive', args, at: this.time.now, user: userId(this.tenant, device.user) }
  }

  /** Another person's work behind what the device said last, or other work in its place: the device has two lives from then on. [FORK1] */
  private async writeOver(
    device: WorldDevice,
    { insider, end, how }: { readonly insider: Insider; readonly end: ChainEnd; readonly how: 'author' | 'past' },
    dice: Dice,
  ): Promise<void> {
    if (!this.isEnoughLeft || (how === 'past' && end.last_seq === 0)) return
    const other = this.people.find(({ signIn }) => signIn !== device.user)
    const said = {
      ...this.goods(device, dice),
      ...(how === 'author' && { user: userId(this.tenant, other?.signIn ?? '') }),
    }
    const { dev, ep, name } = device
    const seq = how === 'past' ? end.last_seq : end.last_seq + 1
    const prev = how === 'past' ? createHash('sha256').update(name).digest('hex') : end.last_seal
    const line = insider.line(prev, { ...said, seq })
    const answer = await insider.push(prev, line)
    const now = (await this.endsOf(dev)).find((each) => each.ep === ep)
    const isTaken = now?.last_seal === line.seal
    if (isTaken) {
      const { type: command, args, at } = said
      const made = rowsMadeBy({ tenant: this.tenant, dev, ep, seq, at }, command, args)
      const { branch = '' } = device.device?.replica.lease()?.lease ?? {}
      const told = { dev, ep, seq, seal: line.seal, at, command, args, made, branch, seen: null, item: null }
      const unsaid = { number: null, amount: null, isOlder: true, isClockSure: true, isForged: true }
      this.forged.set(line.seal, { ...told, ...unsaid, savedAt: at })
    }
    if (!isTaken && now?.state !== 'forked') return
    for (const life of this.devices.filter((each) => each.dev === dev && each.ep === ep)) {
      life.excuse ??= 'cloned'
      life.hasForked = true
    }
    this.count.fired('insider-wrote-over')
    const outcome = answer?.outcomes[0]?.outcome ?? 'parked'
    if (how === 'past' ? isTaken : outcome !== 'parked')
      this.wrong.push(`L8 what somebody with the keys of ${name} said is ${outcome} (${how}).`)
  }
}
