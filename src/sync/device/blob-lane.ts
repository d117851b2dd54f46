// Sends what waits for the hub, one photo after the other, piece by piece from where the hub says it is, and fetches those
// of others that somebody wants to see. Commands never wait for it and it never waits for them; one photo that can't be
// sent waits behind the others. Bytes leave this device only after the hub has said twice that it has them.
import { BLOB_PIECE_BYTES } from '../protocol.ts'
import { noteIncident } from './incident.ts'
import type { DeviceClock } from './clock.ts'
import { PUT_OFF_MS_MAX, type KeptBlob, type KeptBlobs } from './kept-blobs.ts'
import { WrongContentError } from './pieces.ts'
import type { Replica } from './replica.ts'
import type { HubSession } from './session.ts'
import { HubError, OfflineError } from './transport.ts'

export interface BlobLaneParts {
  readonly replica: Replica
  readonly session: HubSession
  readonly clock: Pick<DeviceClock, 'now' | 'monotonic' | 'chance'>
}

const RETRY_MS_MIN = 30_000
/** Half to one and a half of it, by chance. */
const RETRY_MS_MAX = PUT_OFF_MS_MAX / 1.5
const LOOK_AFTER_MS = 3_600_000
const nothingSent = { offset: 0, isComplete: false }
const NO_ROOM: ReadonlySet<string> = new Set(['blob.hub-full', 'blob.over-quota'])
/** The hub will never take it: the person is told, and the bytes stay here. */
const FOR_EVER: ReadonlySet<string> = new Set(['blob.too-large', 'blob.unsupported'])

export class BlobLane {
  private readonly parts: BlobLaneParts
  private readonly kept: KeptBlobs
  /** On the clock that never goes back. */
  private lookedAfterAt = Number.NEGATIVE_INFINITY
  private readonly reading = new Map<string, Promise<Uint8Array | null | 'offline'>>()

  constructor(parts: BlobLaneParts) {
    this.parts = parts
    this.kept = parts.replica.blobs
  }

  get isWaiting(): boolean {
    if (this.kept.isEmpty) return false
    const { clock } = this.parts
    return this.kept.next(clock.now()) !== null || clock.monotonic() - this.lookedAfterAt >= LOOK_AFTER_MS
  }

  /** Sends the next one; false when none is due. Throws OfflineError or HubError when the hub can't be asked at all. [BLOB4] */
  async step(): Promise<boolean> {
    const next = this.kept.next(this.parts.clock.now())
    if (next === null) {
      await this.lookAfter()
      return false
    }
    const incarnation = this.kept.incarnation()
    try {
      await this.send(next)
      this.kept.confirm(next.sha, incarnation, this.parts.clock.now())
    } catch (fault) {
      this.failed(next, fault)
    }
    return true
  }

  private async send({ sha, size, isBegun }: KeptBlob): Promise<void> {
    const { session } = this.parts
    let { offset, isComplete } = isBegun ? await session.head(`/sync/blob/${sha}`) : nothingSent
    // What fits into one piece is sent again whole: to ask first would cost as much.
    if (!isBegun && size > BLOB_PIECE_BYTES) this.kept.begin(sha)
    while (!isComplete) {
      const piece = this.kept.pieces.piece(sha, offset).subarray(0, BLOB_PIECE_BYTES)
      const answer = await session.put(`/sync/blob/${sha}/${size}/${offset}`, piece)
      const held = answer['offset']
      if (typeof held !== 'number') throw new OfflineError('The answer to an upload was cut.')
      isComplete = answer['isComplete'] === true
      // A hub that takes pieces and holds no more of them than before is asked again later, not for ever.
      if (!isComplete && held <= offset) throw new HubError(409, 'blob.gap')
      offset = held
    }
  }

  /** What says something about this one alone lets the others pass. [BLOB5] */
  private failed({ sha, tries }: KeptBlob, fault: unknown): void {
    const { replica, clock } = this.parts
    // Of a hub that has no room for it: all of them wait, here, until it has.
    if (fault instanceof HubError && NO_ROOM.has(fault.code)) {
      noteIncident(replica.db, clock.now(), 'blob-no-room', fault.code)
      this.kept.withoutRoom(sha, fault.code)
    }
    if (!(fault instanceof HubError) || !fault.code.startsWith('blob.') || fault.status === 429) throw fault
    const isDamaged = fault.code === 'blob.wrong-content' && this.kept.isDamaged(sha)
    if (isDamaged || FOR_EVER.has(fault.code)) {
      noteIncident(replica.db, clock.now(), 'blob-refused', `${fault.code} ${sha}`)
      this.kept.refuse(sha, isDamaged ? 'damaged' : fault.code)
      return
    }
    const wait = Math.min(RETRY_MS_MAX, RETRY_MS_MIN * 2 ** tries) * (0.5 + clock.chance())
    this.kept.putOff(sha, clock.now() + Math.round(wait), fault.code)
  }

  /** What may leave leaves when the hub says again that it has it; it may have been restored from a backup, or failed over, meanwhile. [BLOB6] */
  private async lookAfter(): Promise<void> {
    const { session, clock } = this.parts
    if (clock.monotonic() - this.lookedAfterAt < LOOK_AFTER_MS) return
    this.lookedAfterAt = clock.monotonic()
    const now = clock.now()
    this.kept.forgetUnused(now)
    const leaving = new Set(this.kept.due(now))
    for (const sha of new Set([...leaving, ...this.kept.toLookAt(now)])) {
      const { isComplete } = await session.head(`/sync/blob/${sha}`)
      if (!isComplete) this.kept.unconfirm(sha)
      else if (leaving.has(sha)) this.kept.leave(sha)
      else this.kept.lookedAt(sha)
    }
  }

  /** The bytes, from here or from the hub; null when this person may not have it or the hub doesn't. [BLOB7] */
  async read(sha: string, size: number): Promise<Uint8Array | null | 'offline'> {
    if (this.kept.isWhole(sha)) return this.kept.pieces.read(sha)
    const reading = this.reading.get(sha) ?? this.fetch(sha, size).finally(() => this.reading.delete(sha))
    this.reading.set(sha, reading)
    return reading
  }

  private async fetch(sha: string, size: number): Promise<Uint8Array | null | 'offline'> {
    const { replica, session, clock } = this.parts
    this.kept.beginFetching(sha, size, clock.now())
    try {
      const content = await this.kept.pieces.fetch(session, `/sync/blob/${sha}`, { sha, bytes: size })
      this.kept.endFetching(sha)
      return content
    } catch (fault) {
      if (fault instanceof WrongContentError) noteIncident(replica.db, clock.now(), 'wrong-content', sha)
      if (fault instanceof OfflineError) return 'offline'
      const isNone = fault instanceof WrongContentError || fault instanceof HubError
      if (!isNone) throw fault
      this.kept.endFetching(sha)
      return null
    }
  }
}
