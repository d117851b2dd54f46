// The hub of one simulated company: the real endpoints over the database of this process, one or two processes of it, and
// what can happen to them between two requests or in the middle of one. It decides nothing that a hub decides.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { hash } from '@node-rs/argon2'
import { pino } from 'pino'
import type { Catalogue } from '../../kernel/catalogue.ts'
import { beginClock, OlderHubError } from '../../sync/hub/tenant.ts'
import { bringRowsOver } from '../../sync/hub/reroute.ts'
import { newEnrolmentCode } from '../../hub/enrolment.ts'
import { hubApp } from '../../hub/http.ts'
import { Hub } from '../../hub/hub.ts'
import { openHubKeys, type HubKeys } from '../../hub/hub-keys.ts'
import { KeyRing } from '../../hub/subject-keys.ts'
import type { MemoryKeyFile } from '../memory-key-file.ts'
import type { HubRequest } from '../../sync/device/transport.ts'
import { MemoryBlobs } from '../memory-blobs.ts'
import type { Dice } from './dice.ts'
import type { Fault } from './faults.ts'
import type { Answered } from './link.ts'
import type { Release } from './sim-catalogue.ts'
import { emptyDatabase } from './world-disk.ts'
import { onPlatform } from './platform.ts'
import type { VirtualTime } from './virtual-time.ts'
import { ConnectionLost, type Break, type WorldDatabase } from './world-database.ts'

export const PASSWORD = 'of this world only'
/** A server that follows is never further behind. */
const COPY_AGE_MS_MAX = 6 * 3_600_000
const ADDRESS = 'http://hub.world'
/** Lock time is made up: at one hub every part is a command or two, at another a push is one part. */
const LOCK_TIMES_MS = [2, 12, 120]

/** What all companies of a process share: making it is slow. */
export interface Ground {
  readonly database: WorldDatabase
  readonly releases: Readonly<Record<Release, Catalogue>>
  readonly keys: HubKeys
  readonly passwordHash: string
  /** What a new device's disk holds, by the older release. */
  readonly empty: ReadonlyMap<string, Uint8Array>
}

export async function groundOver(database: WorldDatabase, releases: Ground['releases']): Promise<Ground> {
  const dataDir = mkdtempSync(join(tmpdir(), 'holdfast-world-'))
  try {
    const keys = await onPlatform(1, () => openHubKeys(dataDir))
    // As cheap as it can be: passwords are not what is tested here, and each device signs in once.
    const passwordHash = await hash(PASSWORD, { memoryCost: 8, timeCost: 1, parallelism: 1 })
    const empty = await onPlatform(1, () => emptyDatabase(releases.older))
    return { database, releases, keys, passwordHash, empty }
  } finally {
    rmSync(dataDir, { recursive: true, force: true })
  }
}

/** A copy of the database, and since when it was made. */
interface Copy {
  readonly at: number
  readonly newerFrom: number
}

interface Process {
  readonly hub: Hub
  readonly fetch: (request: Request) => Response | Promise<Response>
}

export interface WorldHubParts {
  readonly ground: Ground
  readonly tenant: string
  readonly time: VirtualTime
  readonly dice: Dice
  readonly fired: (fault: Fault) => void
  /** The keys of people, beside the database. */
  readonly keyFile: MemoryKeyFile
}

export class WorldHub {
  readonly tenant: string
  /** What the hub's own log calls an error, apart from connections that this world broke. */
  readonly errors: string[] = []
  /** Photos and files: a disk that all processes share. */
  private readonly blobs = new MemoryBlobs()
  /** Requests that came to it so far: between two of them its log stays what it is. */
  requests = 0
  private readonly parts: WorldHubParts
  private processes: Process[] = []
  private life = 1
  private ticks = 0
  private dying: Break | null = null
  private backup: Copy | null = null
  private follower: (Copy & { readonly after: number }) | null = null
  /** What its newest processes run. */
  release: Release = 'older'
  private oldestSchema: number | undefined
  private isRolling = false
  /** Behind this value of the clock the newer release decides: rows move there first. */
  private newerFrom = Infinity

  constructor(parts: WorldHubParts) {
    this.parts = parts
    this.tenant = parts.tenant
    this.start(1)
  }

  get hub(): Hub {
    return (this.processes[0] as Process).hub
  }

  /** Begins the tenant: a hub knows it before the first device does. */
  async found(): Promise<void> {
    await this.parts.ground.database.asOwner((client) => beginClock(client, this.tenant))
    await this.bringOver()
  }

  isOlderAt(at: number): boolean {
    return at <= this.newerFrom
  }

  /** As each process does before it serves anybody. [BKT3] [VER5] */
  private async bringOver(): Promise<void> {
    const { tenant } = this
    const { database, releases } = this.parts.ground
    const clockOf = 'SELECT seq, schema FROM tenant_clock WHERE tenant_id = $1'
    type Clock = { readonly seq: number; readonly schema: number }
    await database.asOwner(async (client) => {
      const { rows: before } = await client.query<Clock>(clockOf, [tenant])
      await client.query('BEGIN')
      await bringRowsOver(client, { tenant, catalogue: releases[this.release] })
      await client.query('COMMIT')
      const { rows: after } = await client.query<Clock>(clockOf, [tenant])
      if (this.release === 'newer' && before[0]?.schema !== after[0]?.schema) this.newerFrom = before[0]?.seq ?? 0
    })
  }

  /** `isRolling`: a process of the release before stays a while. `isDemanded`: apps before it begin nothing new. */
  async update({
    isRolling,
    isDemanded,
  }: {
    readonly isRolling: boolean
    readonly isDemanded: boolean
  }): Promise<void> {
    const before = this.processes
    this.release = 'newer'
    if (isDemanded) this.oldestSchema = this.parts.ground.releases.newer.schema
    await this.bringOver()
    this.start(1)
    this.isRolling = isRolling
    if (isRolling) this.processes.push(...before.slice(0, 1))
  }

  /** Whoever runs it looks: a process of the release before is ended. */
  endRolling(): void {
    if (this.isRolling) this.start(1)
  }

  /** New processes, which remember nothing of the ones before. */
  start(count: number): void {
    this.isRolling = false
    this.processes = Array.from({ length: count }, () => this.process())
  }

  private process(): Process {
    const { ground, time, dice } = this.parts
    const chance = dice.fork('lock time')
    const slowest = chance.pick(LOCK_TIMES_MS)
    const hub = new Hub(
      {
        catalogue: ground.releases[this.release],
        keys: ground.keys,
        tenant: this.tenant,
        subjectKeys: new KeyRing(this.parts.keyFile),
        blobs: this.blobs,
        now: () => time.now,
        monotonic: () => (this.ticks += chance.whole(slowest)),
        ...(this.oldestSchema !== undefined && { oldestSchema: this.oldestSchema }),
      },
      ground.database.pool,
      `life-${this.life}`,
    )
    const log = pino({ level: 'error' }, { write: (line) => this.note(line) })
    return { hub, fetch: hubApp(hub, log).fetch }
  }

  private note(line: string): void {
    const { err } = JSON.parse(line) as { err?: { type?: string; code?: string; message?: string; stack?: string } }
    if (err?.type === OlderHubError.name && this.isRolling) return this.parts.fired('older-hub-process')
    if (err?.code !== new ConnectionLost('').code) this.errors.push(err?.stack ?? line)
  }

  dieAt(next: Break): void {
    this.dying = next
  }

  async answer(request: HubRequest): Promise<Answered | null> {
    const { database } = this.parts.ground
    const process = this.parts.dice.pick(this.processes)
    this.requests += 1
    if (this.processes.length > 1) this.parts.fired('two-hub-processes')
    let hasDied = false
    if (this.dying !== null && request.path === '/sync/push') {
      const { isDone } = this.dying
      database.breakAt(this.dying, () => {
        hasDied = true
        this.parts.fired(isDone ? 'hub-dies-after-statement' : 'hub-dies-before-statement')
      })
      this.dying = null
    }
    const response = await process.fetch(
      new Request(ADDRESS + request.path, {
        method: request.method,
        headers: { ...request.headers, 'accept-encoding': 'gzip' },
        body: request.body === null ? null : (request.body as Uint8Array<ArrayBuffer>),
      }),
    )
    database.mend()
    // Whoever looked while it was under way hasn't seen what became of it.
    this.requests += 1
    const body = new Uint8Array(await response.arrayBuffer())
    if (hasDied && this.parts.dice.isOneIn(2)) {
      // Not the connection only: the whole process is gone, and the next one knows nothing.
      this.start(this.processes.length)
      return null
    }
    return { status: response.status, headers: Object.fromEntries(response.headers), body }
  }

  newCode(): Promise<string> {
    return newEnrolmentCode(this.hub, null)
  }

  async addAccount(user: string, signIn: string): Promise<void> {
    await this.parts.ground.database.asOwner((client) =>
      client.query('INSERT INTO account (tenant_id, user_id, sign_in, password_hash) VALUES ($1, $2, $3, $4)', [
        this.tenant,
        user,
        signIn,
        this.parts.ground.passwordHash,
      ]),
    )
  }

  async backUp(): Promise<void> {
    await this.parts.ground.database.backUp(this.tenant)
    this.backup = { at: this.parts.time.now, newerFrom: this.newerFrom }
  }

  /** When the backup that would be restored was made. */
  get backupAt(): number | null {
    return this.backup?.at ?? null
  }

  async restore(): Promise<void> {
    await this.parts.ground.database.restore(this.tenant, this.parts.time.now)
    // What a copy had that was made of what is no more, is no more either.
    this.follower = null
    this.newerFrom = this.backup?.newerFrom ?? Infinity
    await this.bringOver()
    this.life += 1
    this.start(this.processes.length)
    await this.hub.eraseAgain()
  }

  /** A server that follows this one has it all now; what comes after may be lost with this one. */
  async copy(): Promise<void> {
    const { requests: after, newerFrom, follower } = this
    if (follower?.after !== after || follower.newerFrom !== newerFrom)
      await this.parts.ground.database.copyAside(this.tenant)
    this.follower = { at: this.parts.time.now, newerFrom, after }
  }

  get mayFailOver(): boolean {
    return this.follower !== null && this.parts.time.now - this.follower.at < COPY_AGE_MS_MAX
  }

  /** The server dies and the one that follows it takes over: nobody tells devices that it is another life. */
  async failOver(): Promise<void> {
    await this.parts.ground.database.takeOver(this.tenant, this.parts.time.now)
    this.newerFrom = this.follower?.newerFrom ?? Infinity
    await this.bringOver()
    this.start(this.processes.length)
    await this.hub.eraseAgain()
  }
}
