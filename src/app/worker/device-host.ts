// The device in the leading tab: vault, database, DeviceApi and drafts behind the calls of calls.ts. One call after the other changes the
// phase; work runs only while it is open. It never keeps a passphrase, and forgets the key when it is locked.
import { assert } from '../../kernel/assert.ts'
import type { DeviceApi } from '../../sync/device/api.ts'
import type { Sqlite } from '../../store/sqlite/engine.ts'
import { unlockVault, type VaultFile } from '../../store/vault/vault.ts'
import type {
  Ask,
  CallName,
  EnrolAgainCall,
  EnrolCall,
  EntryAnswer,
  HostCalls,
  HostEvent,
  HostPhase,
  HostState,
} from './calls.ts'
import { Drafts } from './drafts.ts'
import { entryProblem } from './entry-problem.ts'

/** What the host takes from the browser and from the composed device. */
export interface HostParts {
  readVault(): Promise<VaultFile | null>
  /** Makes and keeps a new vault; returns the data key. */
  makeVault(secret: { slot: string; passphrase: string }): Promise<Uint8Array>
  openDatabase(key: Uint8Array): Promise<Sqlite>
  /** Somebody is about to type a passphrase: whatever opening needs and the key doesn't decide is made ready beside. */
  prepare(): void
  /** Destroys vault and database: only for a setup that wasn't finished. */
  removeAll(): Promise<void>
  isEnrolled(database: Sqlite): boolean
  /** Asks the hub and keeps the identity in the database, durably. */
  enrol(database: Sqlite, call: EnrolCall): Promise<void>
  /** Begins the device's next life in its database, whole or not at all. */
  enrolAgain(database: Sqlite, call: EnrolAgainCall): Promise<void>
  openDevice(database: Sqlite): Promise<DeviceApi>
  tablesOf(view: string): readonly string[]
}

/** A call that needs the open device came while it is locked. */
export class LockedError extends Error {
  override readonly name = 'LockedError'
}

interface AtWork {
  readonly device: DeviceApi
  readonly drafts: Drafts
}

export class DeviceHost {
  private readonly parts: HostParts
  private readonly emit: (event: HostEvent) => void
  private vault: VaultFile | null = null
  private phase: HostPhase = 'locked'
  private notice: HostState['notice'] = null
  private atWork: AtWork | null = null
  private changing: Promise<unknown> = Promise.resolve()
  /** The data key while it is open; the leader shares it with the other tabs' workers. */
  key: Uint8Array | null = null

  constructor(parts: HostParts, emit: (event: HostEvent) => void) {
    this.parts = parts
    this.emit = emit
  }

  /** Begins: with a key shared by the former leader it opens at once, without one it waits for a passphrase. */
  async begin(key: Uint8Array | null): Promise<void> {
    this.vault = await this.parts.readVault()
    this.phase = this.vault === null ? 'fresh' : 'locked'
    if (key !== null && this.vault !== null) return void (await this.inTurn(() => this.open(key)))
    this.say()
    if (this.vault !== null) this.parts.prepare()
  }

  get state(): HostState {
    return { phase: this.phase, slots: this.vault?.slots.map(({ slot }) => slot) ?? [], notice: this.notice }
  }

  async answer(ask: Ask): Promise<HostCalls[CallName]['out']> {
    switch (ask.name) {
      case 'state':
        return this.state
      case 'enrol':
        return this.inTurn(() => this.enrol(ask.input))
      case 'enrolAgain':
        return this.inTurn(() => this.enrolAgain(ask.input))
      case 'rescue':
        return this.work().device.rescue(ask.input.passphrase)
      case 'unlock':
        return this.inTurn(() => this.unlock(ask.input.slot, ask.input.passphrase))
      case 'lock':
        return this.inTurn(() => this.lock(ask.input.isIdle))
      case 'run':
        return this.work().device.run(ask.input.command, ask.input.args, ask.input.options)
      case 'foresee':
        return this.work().device.foresee(ask.input.command, ask.input.args)
      case 'query':
        return {
          rows: await this.work().device.query(ask.input.view, ask.input.args),
          tables: this.parts.tablesOf(ask.input.view),
        }
      case 'signedIn':
        return this.work().device.signedIn()
      case 'status':
        return this.work().device.status()
      case 'outbox':
        return this.work().device.outbox()
      case 'office':
        return this.work().device.office(ask.input.question, ask.input.given)
      case 'acknowledge':
        await this.work().device.acknowledge(ask.input.seq)
        return null
      case 'take':
        return this.work().device.take(ask.input.content)
      case 'untake':
        await this.work().device.untake(ask.input.sha)
        return null
      case 'blob':
        return this.work().device.blob(ask.input.sha, ask.input.size)
      case 'blobsTaken':
        return this.work().device.blobsTaken()
      case 'sync':
        return this.work().device.sync()
      case 'wake':
        // Whoever unlocks it exchanges then.
        this.atWork?.device.wake(ask.input)
        return null
      case 'draftGet':
        return this.draft(ask.input.key)
      case 'draftSet':
        this.work().drafts.set(ask.input.key, ask.input.value, Date.now())
        return null
    }
  }

  private work(): AtWork {
    if (this.atWork === null) throw new LockedError('The device is locked: unlock it first.')
    return this.atWork
  }

  /** A draft is business content: it is kept at any time, and read only while the lease allows reading. */
  private draft(key: string): string | null {
    const { device, drafts } = this.work()
    return device.isPushOnly ? null : drafts.get(key)
  }

  /** Two tabs may press a button at the same time: changes of the phase wait for each other. */
  private inTurn<T>(change: () => Promise<T>): Promise<T> {
    const turn = this.changing.then(change, change)
    this.changing = turn.catch(() => null)
    return turn
  }

  private say(): void {
    this.emit({ event: 'state', state: this.state })
  }

  private enter(phase: HostPhase): void {
    this.phase = phase
    this.say()
  }

  private async enrol(call: EnrolCall): Promise<EntryAnswer> {
    if (this.phase !== 'fresh') return { ok: false, problem: 'other', reason: 'This device is set up already.' }
    this.notice = null
    let database: Sqlite | null = null
    try {
      // The vault and the encrypted file come first: an identity that the hub has given is never only in memory.
      const key = await this.parts.makeVault({ slot: call.signIn, passphrase: call.passphrase })
      database = await this.parts.openDatabase(key)
      await this.parts.enrol(database, call)
      this.vault = await this.parts.readVault()
      assert(this.vault !== null, 'The vault that was just kept cannot be found.')
      await this.start(database, key)
      return { ok: true }
    } catch (error) {
      database?.close()
      if (this.atWork === null) await this.forgetAll(null)
      return entryProblem(error)
    }
  }

  /** Refused or offline, the device goes on as it was. The database is opened anew, so that nothing exchanges meanwhile. */
  private async enrolAgain(call: EnrolAgainCall): Promise<EntryAnswer> {
    const { device } = this.work()
    const { key } = this
    assert(key !== null, 'A device at work has its key.')
    this.atWork = null
    let database: Sqlite | null = null
    try {
      await device.close()
      database = await this.parts.openDatabase(key)
      const answer = await this.parts.enrolAgain(database, call).then(() => ({ ok: true }) as const, entryProblem)
      await this.start(database, key)
      return answer
    } catch (error) {
      database?.close()
      this.enter('locked')
      return entryProblem(error)
    }
  }

  private async unlock(slot: string, passphrase: string): Promise<EntryAnswer> {
    if (this.phase === 'open') return { ok: true }
    if (this.vault === null) return { ok: false, problem: 'no-such-slot', reason: slot }
    const opened = await unlockVault(this.vault, { slot, passphrase })
    if (!opened.ok) {
      const problem = opened.refusal === 'vault.no-such-slot' ? 'no-such-slot' : 'wrong-passphrase'
      return { ok: false, problem, reason: opened.refusal }
    }
    return this.open(opened.value)
  }

  private async open(key: Uint8Array): Promise<EntryAnswer> {
    this.enter('opening')
    let database: Sqlite | null = null
    try {
      database = await this.parts.openDatabase(key)
      if (!this.parts.isEnrolled(database)) {
        database.close()
        await this.forgetAll('setup-unfinished')
        return { ok: true }
      }
      await this.start(database, key)
      return { ok: true }
    } catch (error) {
      database?.close()
      this.enter('locked')
      return entryProblem(error)
    }
  }

  private async start(database: Sqlite, key: Uint8Array): Promise<void> {
    const device = await this.parts.openDevice(database)
    this.atWork = { device, drafts: new Drafts(database) }
    this.key = key
    device.onStatus((status) => this.emit({ event: 'status', status }))
    device.onChange((tables) => this.emit({ event: 'change', tables: [...tables] }))
    this.enter('open')
  }

  private async forgetAll(notice: HostState['notice']): Promise<void> {
    await this.parts.removeAll()
    this.vault = null
    this.notice = notice
    this.enter('fresh')
  }

  /** Another worker takes the database over: what is under way ends first. The key stays with whoever was given it. */
  async stop(): Promise<void> {
    await this.inTurn(async () => {
      const { atWork } = this
      this.atWork = null
      await atWork?.device.close()
      this.key = null
    })
  }

  private async lock(isIdle: boolean): Promise<null> {
    const { atWork } = this
    this.atWork = null
    await atWork?.device.close()
    this.key?.fill(0)
    this.key = null
    this.phase = 'locked'
    this.emit({ event: 'locked', isIdle })
    return null
  }
}
