// A disk in memory that dies on command: at the n-th change it stops answering, and afterwards shows what a killed process or a power
// loss would have left. A sync makes a file's content durable; names are durable at once, as NodeDisk syncs its directory.
// It must stay more hostile than a real disk: each unsynced 512-byte piece is kept or lost by itself.
import { DiskFullError, type Disk, type DiskFile } from '../store/sqlite/disk-vfs.ts'

/** `kill`: everything written survives. `power-loss`: what was synced, and a random part of the rest. */
export type CrashModel = 'kill' | 'power-loss'

/** A number in [0, 1), the same sequence for the same seed. */
export type Chance = () => number

export interface CrashDisk extends Disk {
  /** Changes so far: creations, removals, writes, truncations, syncs. */
  readonly changes: number
  /** The writes among them. */
  readonly writes: number
  readonly crashed: boolean
  /** Dies at that change (counted from now, 1 = the next one). A write may be done in part. */
  crashAtChange(n: number): void
  /** From that write on (1 = the next one) there is no room, until `room` is called. */
  fullAtWrite(n: number, refused?: () => void): void
  room(): void
  /** The disk as the next start finds it. The old one answers nothing any more. */
  afterCrash(model: CrashModel): CrashDisk
  /** Everything on the disk now, to look for what must not be there. */
  contents(): Uint8Array[]
  /** The same by name: an image from which another disk begins (a clone, a backup). */
  files(): ReadonlyMap<string, Uint8Array>
}

const sectorBytes = 512

/** A small seeded generator (mulberry32): enough for choosing crash points, never for keys. */
export function chanceOf(seed: number): Chance {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** An empty disk, or one with these contents, whose accidents follow `chance`. */
export function newCrashDisk(chance: Chance, contents: ReadonlyMap<string, Uint8Array> = new Map()): CrashDisk {
  return new MemoryDisk(chance, contents)
}

/** What happened since the last sync, with what it takes to undo it: the file's size and the bytes that were there. */
type Unsynced = { readonly sizeBefore: number; readonly before: Uint8Array } & (
  | { readonly at: number; readonly bytes: Uint8Array }
  | { readonly truncateTo: number }
)

/** A file's bytes now, and what happened to it since its last sync. A sync must cost nothing: it happens at every commit. */
class Content {
  now: Bytes
  unsynced: Unsynced[] = []

  constructor(initial: Uint8Array) {
    this.now = new Bytes(initial)
  }

  write(bytes: Uint8Array, at: number): void {
    const before = this.now.slice(at, at + bytes.byteLength)
    this.unsynced.push({ sizeBefore: this.now.size, before, at, bytes: bytes.slice() })
    this.now.write(bytes, at)
  }

  truncate(size: number): void {
    const before = this.now.slice(size, this.now.size)
    this.unsynced.push({ sizeBefore: this.now.size, before, truncateTo: size })
    this.now.truncate(size)
  }

  sync(): void {
    this.unsynced = []
  }

  private synced(): Bytes {
    const bytes = new Bytes(this.now.copy())
    for (const step of this.unsynced.toReversed()) {
      bytes.write(step.before, 'at' in step ? step.at : step.truncateTo)
      bytes.truncate(step.sizeBefore)
    }
    return bytes
  }

  /** The synced bytes with a random choice of what came later, in its order, piece by piece. */
  afterPowerLoss(chance: Chance): Uint8Array {
    const left = this.synced()
    const share = chance()
    for (const step of this.unsynced) {
      if ('truncateTo' in step) {
        if (chance() < share) left.truncate(step.truncateTo)
        continue
      }
      for (let from = 0; from < step.bytes.byteLength;) {
        const sectorEnd = (Math.floor((step.at + from) / sectorBytes) + 1) * sectorBytes - step.at
        const to = Math.min(sectorEnd, step.bytes.byteLength)
        if (chance() < share) left.write(step.bytes.subarray(from, to), step.at + from)
        from = to
      }
    }
    return left.copy()
  }
}

/** A growing array of bytes; a hole reads as zeros. */
class Bytes {
  #bytes: Uint8Array
  size: number

  constructor(initial: Uint8Array) {
    this.#bytes = initial.slice()
    this.size = initial.byteLength
  }

  write(bytes: Uint8Array, at: number): void {
    const end = at + bytes.byteLength
    if (end > this.#bytes.byteLength) {
      const larger = new Uint8Array(Math.max(end, this.#bytes.byteLength * 2))
      larger.set(this.#bytes.subarray(0, this.size))
      this.#bytes = larger
    }
    this.#bytes.set(bytes, at)
    this.size = Math.max(this.size, end)
  }

  truncate(size: number): void {
    if (size < this.size) this.#bytes.fill(0, size, this.size)
    this.size = Math.min(this.size, size)
  }

  read(into: Uint8Array, at: number): number {
    const found = this.#bytes.subarray(Math.min(at, this.size), Math.min(at + into.byteLength, this.size))
    into.set(found)
    return found.byteLength
  }

  copy(): Uint8Array {
    return this.#bytes.slice(0, this.size)
  }

  /** What the file has there: fewer bytes at its end. */
  slice(from: number, to: number): Uint8Array {
    return this.#bytes.slice(Math.min(from, this.size), Math.min(to, this.size))
  }
}

class MemoryDisk implements CrashDisk {
  changes = 0
  crashed = false
  readonly #chance: Chance
  readonly #files = new Map<string, Content>()
  #crashAt = Infinity
  writes = 0
  #fullAt = Infinity
  #refused: () => void = () => undefined

  constructor(chance: Chance, contents: ReadonlyMap<string, Uint8Array>) {
    this.#chance = chance
    for (const [name, bytes] of contents) this.#files.set(name, new Content(bytes))
  }

  crashAtChange(n: number): void {
    this.#crashAt = this.changes + n
  }

  fullAtWrite(n: number, refused: () => void = () => undefined): void {
    this.#fullAt = this.writes + n
    this.#refused = refused
  }

  room(): void {
    this.#fullAt = Infinity
  }

  afterCrash(model: CrashModel): CrashDisk {
    this.crashed = true
    const left = new Map<string, Uint8Array>()
    for (const [name, file] of this.#files)
      left.set(name, model === 'kill' ? file.now.copy() : file.afterPowerLoss(this.#chance))
    return new MemoryDisk(this.#chance, left)
  }

  contents(): Uint8Array[] {
    return [...this.files().values()]
  }

  files(): ReadonlyMap<string, Uint8Array> {
    return new Map([...this.#files].map(([name, file]) => [name, file.now.copy()]))
  }

  open(name: string, create: boolean): DiskFile | undefined {
    this.#mustLive()
    let content = this.#files.get(name)
    if (!content) {
      if (!create) return undefined
      this.#change(() => {})
      content = new Content(new Uint8Array())
      this.#files.set(name, content)
    }
    return this.#fileOver(content)
  }

  exists(name: string): boolean {
    this.#mustLive()
    return this.#files.has(name)
  }

  remove(name: string): void {
    this.#change(() => {})
    this.#files.delete(name)
  }

  #fileOver(content: Content): DiskFile {
    return {
      read: (bytes, offset) => {
        this.#mustLive()
        return content.now.read(bytes, offset)
      },
      write: (bytes, offset) => {
        if (++this.writes >= this.#fullAt) {
          this.#refused()
          throw new DiskFullError('The disk of this test is full.')
        }
        this.#change(() => {
          // The write in which the process dies is done up to some sector.
          const done = Math.floor(this.#chance() * (bytes.byteLength / sectorBytes + 1)) * sectorBytes
          if (done > 0) content.write(bytes.subarray(0, Math.min(done, bytes.byteLength)), offset)
        })
        content.write(bytes, offset)
      },
      truncate: (size) => {
        this.#change(() => {})
        content.truncate(size)
      },
      sync: () => {
        this.#change(() => {})
        content.sync()
      },
      size: () => {
        this.#mustLive()
        return content.now.size
      },
      close: () => {},
    }
  }

  #change(dying: () => void): void {
    this.#mustLive()
    if (++this.changes < this.#crashAt) return
    dying()
    this.crashed = true
    this.#mustLive()
  }

  #mustLive(): void {
    if (this.crashed) throw new Error('The machine is down.')
  }
}
