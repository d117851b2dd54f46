// Writes of one open file that lie side by side, held back until the file is synced and then given to the platform as one: a commit
// writes two pieces for each page, and in a browser every single write costs as much as the page. Nothing that is held is durable,
// so a sync or a cut must settle it first, and a failure is told to the operation that ran into it. A read or a size looks through it
// and never fails for it: what is saved can be read from a disk that is full. It knows from where on nothing was synced, so that a
// transaction that failed can be taken out of the log again.

/** Of every database of ours; open.ts makes sure of it. */
export const PAGE_BYTES = 4096
const bytesAtFirst = 64 * 1024
/** Of a write-ahead log, and of each page in it with the head before it (https://sqlite.org/fileformat2.html#walformat). */
const logHeaderBytes = 32
const logFrameBytes = 24 + PAGE_BYTES
/** Beyond this there is nothing left to win by waiting. */
const bytesMax = 1024 * 1024

export class CombinedWrites {
  readonly #put: (bytes: Uint8Array, offset: number) => void
  #held = new Uint8Array(bytesAtFirst)
  #from = 0
  #length = 0
  /** The lowest offset written or held since the last sync. */
  #unsyncedFrom = Infinity

  /** `put` writes to the file, or throws. */
  constructor(put: (bytes: Uint8Array, offset: number) => void) {
    this.#put = put
  }

  /** Takes a copy. Throws what the file throws when something held before had to go first; then the new piece was not taken. */
  add(bytes: Uint8Array, offset: number): void {
    const isNext = offset === this.#from + this.#length && this.#length + bytes.byteLength <= bytesMax
    if (!isNext) this.settle()
    this.#unsyncedFrom = Math.min(this.#unsyncedFrom, offset)
    if (this.#length === 0) this.#from = offset
    this.#room(this.#length + bytes.byteLength)
    this.#held.set(bytes, this.#length)
    this.#length += bytes.byteLength
  }

  /** Gives what is held to the file. When that throws it stays held: it is tried again before anything else of this file. */
  settle(): void {
    if (this.#length === 0) return
    this.#put(this.#held.subarray(0, this.#length), this.#from)
    this.#length = 0
  }

  /** The file was synced with all that was settled. */
  synced(): void {
    this.#unsyncedFrom = Infinity
  }

  /**
   * Of a write-ahead log: drops the frames that are held and were not synced. Returns where the file, of `size` bytes, must be cut to
   * have none of them; null when it has none. SQLite writes the end of a frame that it pads with behind the sync of its commit: that frame stays.
   */
  forsakeFrames(size: number): number | null {
    const from = this.#unsyncedFrom
    if (from === Infinity) return null
    const cut =
      from < logHeaderBytes ? 0 : logHeaderBytes + Math.ceil((from - logHeaderBytes) / logFrameBytes) * logFrameBytes
    this.#length = Math.max(0, Math.min(this.#length, cut - this.#from))
    this.#unsyncedFrom = this.#length > 0 ? this.#from : Infinity
    return size > cut ? cut : null
  }

  /** Puts what is held over bytes just read at `offset`, `read` of which the file had; returns how many there are now. */
  over(bytes: Uint8Array, offset: number, read: number): number {
    const from = Math.max(offset, this.#from)
    const to = Math.min(offset + bytes.byteLength, this.end)
    if (from >= to) return read
    if (from - offset > read) bytes.fill(0, read, from - offset)
    bytes.set(this.#held.subarray(from - this.#from, to - this.#from), from - offset)
    return Math.max(read, to - offset)
  }

  /** Where what is held ends; 0 when nothing is. */
  get end(): number {
    return this.#length === 0 ? 0 : this.#from + this.#length
  }

  #room(bytes: number): void {
    if (bytes <= this.#held.byteLength) return
    const larger = new Uint8Array(Math.max(bytes, this.#held.byteLength * 2))
    larger.set(this.#held.subarray(0, this.#length))
    this.#held = larger
  }
}
