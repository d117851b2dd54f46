// One simulated device through its lives: the real Device over a disk that dies, a clock that lies and a network that
// fails. It writes down what it was told, because that is what nobody may take back.
import type { Catalogue } from '../../kernel/catalogue.ts'
import { CONFIRM_ERASURE } from '../../kernel/erasure.ts'
import type { Facts } from '../../kernel/refusal.ts'
import { isDiskFull } from '../../store/sqlite/sqlite-error.ts'
import type { RunAnswer, RunOptions, Taken } from '../../sync/device/api.ts'
import type { DeviceClock } from '../../sync/device/clock.ts'
import { Device } from '../../sync/device/device.ts'
import { enrolAgain, enrolDevice } from '../../sync/device/enrol.ts'
import { Replica } from '../../sync/device/replica.ts'
import { HubError, OfflineError, type Transport } from '../../sync/device/transport.ts'
import { newCrashDisk, type CrashDisk, type CrashModel } from '../crash-vfs.ts'
import type { Dice } from './dice.ts'
import { onPaper, type Kept } from './kept.ts'
import type { Link } from './link.ts'
import { originOf } from './model.ts'
import type { Intent } from './work.ts'
import type { Clock } from './plan.ts'
import type { VirtualTime } from './virtual-time.ts'
import { rowsMadeBy } from './made-rows.ts'
import type { Release } from './sim-catalogue.ts'
import { openOn } from './world-disk.ts'

const TEN_YEARS_MS = 3_652 * 24 * 3_600_000

/** Why a device is no longer expected to settle: its work stays with it, and that is right. */
export type Excuse = 'revoked' | 'cloned' | 'restored'

/** A device that was enrolled, as it lies on its disk. */
export interface EnrolledImage {
  readonly name: string
  readonly user: string
  readonly dev: string
  readonly files: ReadonlyMap<string, Uint8Array>
}

interface Image {
  readonly files: ReadonlyMap<string, Uint8Array>
  readonly lastSeq: number
  readonly ep: number
}

export interface WorldDeviceParts {
  /** A letter for traces. */
  readonly name: string
  readonly tenant: string
  readonly user: string
  readonly releases: Readonly<Record<Release, Catalogue>>
  readonly time: VirtualTime
  readonly dice: Dice
  readonly link: Link
  readonly disk: CrashDisk
}

export class WorldDevice {
  readonly name: string
  readonly user: string
  readonly link: Link
  /** By seal: two lives of a device may use one number twice. */
  readonly told = new Map<string, Kept>()
  /** What hubs ever answered to a command, by seal. */
  readonly heard = new Map<string, Set<string>>()
  /** The hub's life that its last whole exchange was with. */
  hubLife = 1
  /** The last page of a pull that it heard, and in which life of the hub. */
  pulled = { hubLife: 0, w: -1 }
  /** Something happened since the oracle looked. */
  isDue = false
  /** The last number that this disk must know. */
  lastSeq = 0
  /** The watermark shown last, and which of the hub's lives it was heard in; 0 is none. */
  seen = { hubLife: 0, watermark: 0 }
  excuse: Excuse | null = null
  /** There were two of it, or an older image: what both lives did shows as a fork. */
  hasForked = false
  /** What its owner threw away by putting an older image on it, by the seal of its first life. */
  readonly forsaken = new Set<string>()
  /** The sequence that each of its lives begins behind. */
  readonly follows = new Map<number, number>()
  /** What its disk does when it dies. */
  crashes: CrashModel = 'kill'
  disk: CrashDisk
  device: Device | null = null
  /** Of its app. */
  release: Release = 'older'
  dev = ''
  ep = 1
  clock: Clock = 'right'
  clockChanges = 0
  /** While its disk is nearly full: writes that still fit in. */
  private writesLeft: number | null = null
  private refused: () => void = () => undefined
  /** The number under which a command was found whose process died before it could say that it is saved. */
  recovered: number | null = null
  /** Saved or not: the process died before it could say. */
  doubtful: Omit<Kept, 'seq' | 'seal' | 'made' | 'number' | 'amount' | 'dev' | 'ep'> | null = null
  /** When its process began, in virtual time. */
  startedAt = 0
  /** Its processes exchange by themselves; else only when the plan says so. */
  isAutomatic = false
  /** An exchange that is under way. */
  exchange: Promise<void> | null = null
  image: Image | null = null
  private readonly parts: WorldDeviceParts
  private life = 0
  private clockHeard = 0
  private frozenAt = 0
  private driftingSince = 0
  private asleepSince: number | null = null
  /** What its process slept through, ms. */
  private slept = 0

  constructor(parts: WorldDeviceParts) {
    this.parts = parts
    this.name = parts.name
    this.user = parts.user
    this.link = parts.link
    this.disk = parts.disk
  }

  /** What its owner's clock shows. */
  get now(): number {
    const { now } = this.parts.time
    if (this.clock === 'forward') return now + TEN_YEARS_MS
    if (this.clock === 'back') return now - TEN_YEARS_MS
    if (this.clock === 'frozen') return this.frozenAt
    // Twenty minutes a day.
    return this.clock === 'drifting' ? now - Math.floor((now - this.driftingSince) / 72) : now
  }

  setClock(to: Clock): void {
    this.frozenAt = this.now
    this.driftingSince = this.parts.time.now
    this.clock = to
    this.clockChanges += 1
  }

  /** Its machine sleeps through `night`, and the monotonic clock with it. */
  async sleep(night: () => Promise<void>): Promise<void> {
    this.asleepSince = this.parts.time.now
    await night()
    this.slept += this.parts.time.now - this.asleepSince
    this.asleepSince = null
  }

  /** Its clock is right, and the hub has heard so. */
  get isClockSure(): boolean {
    return this.clock === 'right' && this.clockHeard === this.clockChanges
  }

  private get catalogue(): Catalogue {
    return this.parts.releases[this.release]
  }

  /** A whole exchange is over that began after so many changes of its clock. */
  heardTime(changes: number): void {
    this.clockHeard = changes
  }

  /** Of the process whose transport was made last; what a dead one planned never happens. */
  private deviceClock(): DeviceClock {
    const { time, dice } = this.parts
    const startedAt = (this.startedAt = time.now)
    const { life } = this
    this.slept = 0
    return {
      now: () => this.now,
      monotonic: () => (this.asleepSince ?? time.now) - startedAt - this.slept,
      timeZone: () => 'Europe/London',
      after: (ms, work) => time.after(ms, () => (life === this.life ? work() : undefined)),
      chance: () => dice.chance(),
    }
  }

  private transport(): Transport {
    const life = ++this.life
    return this.link.transport(() => life === this.life)
  }

  async enrol(given: { readonly code: string; readonly signIn: string; readonly password: string }): Promise<void> {
    const db = await openOn(this.disk)
    const replica = new Replica(db, this.catalogue)
    const transport = this.transport()
    const identity = await enrolDevice(replica, transport, { hubUrl: 'world', ...given }, this.now)
    this.dev = identity.dev
    this.ep = identity.ep
    this.device = new Device({
      replica,
      identity,
      transport,
      clock: this.deviceClock(),
      app: 'world',
      isAutomatic: this.isAutomatic,
    })
  }

  /** What another life may begin with. */
  enrolled(): EnrolledImage {
    return { name: this.name, user: this.user, dev: this.dev, files: this.disk.files() }
  }

  /** Begins where the image ends; its disk holds the image's files. */
  begin({ dev }: EnrolledImage): Promise<void> {
    this.dev = dev
    return this.start()
  }

  /** Starts on what the disk holds. Dies again when the disk does. */
  async start(): Promise<void> {
    const db = await openOn(this.disk)
    this.goOn(new Replica(db, this.catalogue), this.transport())
  }

  private goOn(replica: Replica, transport: Transport): void {
    const identity = replica.identity()
    if (identity === null) throw new Error(`${this.name} forgot who it is.`)
    const clock = this.deviceClock()
    const { isAutomatic } = this
    this.device = new Device({ replica, identity, transport, clock, app: 'world', isAutomatic })
    this.resolveDoubt(replica)
    if (identity.ep !== this.ep) this.beginLife(replica, identity)
  }

  /** Whatever became of the request: it goes on in the life that its disk knows of. */
  async enrolAgain(given: {
    readonly code: string
    readonly signIn: string
    readonly password: string
  }): Promise<void> {
    this.die(null)
    const replica = new Replica(await openOn(this.disk), this.catalogue)
    const transport = this.transport()
    try {
      await enrolAgain(replica, transport, { hubUrl: 'world', ...given }, this.now)
    } catch (fault) {
      const isOfTheWorld = fault instanceof OfflineError || fault instanceof HubError
      if (!isOfTheWorld && !this.disk.crashed && !isDiskFull(fault)) throw fault
    }
    if (!this.disk.crashed) this.goOn(replica, transport)
  }

  /** What had no outcome was captured again: it is told under another seal, and is the same work. */
  private beginLife({ db }: Replica, { ep, after }: { readonly ep: number; readonly after?: number }): void {
    this.ep = ep
    this.excuse = null
    this.follows.set(ep, after ?? 0)
    const byOrigin = new Map([...this.told.values()].map((kept) => [originOf(kept), kept]))
    for (const { seq, seal, line } of db.all<{ seq: number; seal: string; line: string }>(
      'SELECT seq, seal, line FROM outbox WHERE epoch = ? ORDER BY seq',
      [ep],
    )) {
      const { was, type } = JSON.parse(line) as Pick<Kept, 'was'> & { readonly type: string }
      // What it says by itself nobody was told of.
      if (type === CONFIRM_ERASURE) continue
      const kept = was === undefined ? undefined : byOrigin.get(was.seal)
      if (was === undefined || kept === undefined)
        throw new Error(`${this.name}:c${seq} was captured again, and never before.`)
      this.told.set(seal, { ...kept, ep, seq, seal, was })
    }
  }

  /** A command whose process died while it was saved is there or isn't; from now on it stays so. */
  private resolveDoubt(replica: Replica): void {
    const { doubtful } = this
    this.doubtful = null
    if (doubtful === null) return
    const last = replica.seq
    this.recovered = null
    if (last <= this.lastSeq) return
    const stored = replica.db.get<{ type: string }>('SELECT type FROM outbox WHERE seq = ?', [last])
    // The last may be what the device says by itself.
    if (stored?.type !== doubtful.command) return
    this.recovered = last
    const by = { tenant: this.parts.tenant, dev: this.dev, ep: this.ep, seq: last, at: doubtful.at }
    const made = rowsMadeBy(by, doubtful.command, doubtful.args)
    // Nobody saw the receipt: what it would have said counts from now on.
    const about = replica.db.get<{ about: string }>('SELECT about FROM outbox WHERE seq = ?', [last])?.about ?? '{}'
    this.keep(replica, last, { ...doubtful, made, ...onPaper(JSON.parse(about) as Facts) })
  }

  private keep({ db }: Replica, seq: number, rest: Omit<Kept, 'seq' | 'seal' | 'dev' | 'ep'>): void {
    const seal = db.get<{ seal: string }>('SELECT seal FROM outbox WHERE seq = ?', [seq])?.seal
    if (seal === undefined) throw new Error(`${this.name}:c${seq} was saved and is not in the outbox.`)
    this.told.set(seal, { ...rest, dev: this.dev, ep: this.ep, seq, seal })
    this.lastSeq = seq
  }

  /** Captures, and writes down what the device said. Null: the process died over it. */
  async run({ command, args, seen, item = null }: Intent, options: RunOptions): Promise<RunAnswer | null> {
    const running = this.device as Device
    const branch = running.replica.lease()?.lease.branch ?? ''
    const { isClockSure } = this
    const isOlder = this.release === 'older'
    const told = { command, args, seen, item, branch, isClockSure, isOlder }
    const about = { ...told, at: this.now, savedAt: this.parts.time.now }
    this.doubtful = about
    try {
      const answer = await running.run(command, args, options)
      this.doubtful = null
      if (answer.saved)
        this.keep(running.replica, answer.seq, {
          ...about,
          made: answer.inserted,
          ...onPaper(answer.about),
        })
      return answer
    } catch (fault) {
      if (!this.disk.crashed) throw fault
      return null
    }
  }

  /** A picture on the device, for a command to name; null: it isn't, for want of room or of a process. */
  async take(content: Uint8Array): Promise<Taken | null> {
    try {
      return await (this.device as Device).take(content)
    } catch (fault) {
      if (!this.disk.crashed) throw fault
      return null
    }
  }

  /** From now on there is room for no write, then for one, then for two. `refused` hears of the first one that finds none. */
  starve(refused: () => void): void {
    this.writesLeft = 0
    this.refused = refused
  }

  /** Room for one more write than the last time something was tried. */
  hunger(): void {
    if (this.writesLeft === null) return
    this.writesLeft += 1
    this.disk.fullAtWrite(this.writesLeft, () => {
      this.refused()
      this.refused = () => undefined
    })
  }

  eat(): void {
    if (this.writesLeft === null) return
    this.writesLeft = null
    this.disk.room()
  }

  /** The process is gone, with whatever it was doing; the disk is what the accident left of it. */
  die(model: CrashModel | null): void {
    this.life += 1
    this.device = null
    this.exchange = null
    this.disk = this.disk.afterCrash(model ?? 'kill')
  }

  /** Its platform threw the storage away, with whatever hadn't been sent; `files` are those of a new device. */
  evict(files: ReadonlyMap<string, Uint8Array>): void {
    this.die(null)
    this.doubtful = null
    this.image = null
    this.lastSeq = 0
    this.seen = { hubLife: 0, watermark: 0 }
    this.disk = newCrashDisk(this.parts.dice.chance, files)
  }

  takeImage(): void {
    this.image = { files: this.disk.files(), lastSeq: this.lastSeq, ep: this.ep }
  }

  /** Its owner puts an older image on the disk: what was done since is lost by their hand. */
  restoreImage({ files, lastSeq, ep }: Image): void {
    this.die(null)
    this.excuse = 'restored'
    this.hasForked = true
    for (const kept of this.told.values())
      if (kept.seq > lastSeq && kept.dev === this.dev) this.forsaken.add(originOf(kept))
    this.doubtful = null
    this.lastSeq = lastSeq
    this.ep = ep
    this.seen = { hubLife: 0, watermark: 0 }
    this.disk = newCrashDisk(this.parts.dice.chance, files)
  }

  /** Somebody copies the disk into another machine: two lives of one device. */
  clone(name: string, link: Link): WorldDevice {
    const dice = this.parts.dice.fork('clone')
    const disk = newCrashDisk(dice.chance, this.disk.files())
    const clone = new WorldDevice({ ...this.parts, name, link, dice, disk })
    for (const [seal, kept] of this.told) clone.told.set(seal, kept)
    for (const [seal, outcomes] of this.heard) clone.heard.set(seal, new Set(outcomes))
    for (const origin of this.forsaken) clone.forsaken.add(origin)
    for (const [ep, after] of this.follows) clone.follows.set(ep, after)
    clone.release = this.release
    clone.dev = this.dev
    clone.ep = this.ep
    clone.lastSeq = this.lastSeq
    clone.hubLife = this.hubLife
    this.excuse = clone.excuse = 'cloned'
    this.hasForked = clone.hasForked = true
    return clone
  }
}
