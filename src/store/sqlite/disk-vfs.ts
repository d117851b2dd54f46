// A VFS of SQLite over a `Disk`: five operations on whole files and five on an open one. It turns pointers into byte views and thrown
// errors into SQLite's result codes, and must never let an error pass through the WebAssembly frames: that would tear a transaction.
import { CombinedWrites } from './combined-writes.ts'
import { openFlag, rc, type SqliteModule, type SqliteVfs } from './wasm.ts'

declare const crypto: { getRandomValues(bytes: Uint8Array): Uint8Array }

/** An open file. Offsets and sizes in bytes. Every method may throw; see `Disk`. */
export interface DiskFile {
  /** Fills `bytes` from `offset`; returns how many bytes the file had there. */
  read(bytes: Uint8Array, offset: number): number
  write(bytes: Uint8Array, offset: number): void
  truncate(size: number): void
  /** Returns when everything written is durable. */
  sync(): void
  size(): number
  close(): void
}

/** A flat directory of files. `open` and `remove` are durable when they return. Throw `DiskFullError` when there is no room. */
export interface Disk {
  /** Returns undefined when the file doesn't exist and `create` is false. */
  open(name: string, create: boolean): DiskFile | undefined
  exists(name: string): boolean
  remove(name: string): void
}

/** Thrown by a disk that has no room left; SQLite reports it as FULL. */
export class DiskFullError extends Error {
  override readonly name = 'DiskFullError'
}

const sectorBytes = 4096
/** 1970-01-01 in milliseconds of the Julian day, as SQLite counts time. */
const unixEpochMs = 210866760000000n

interface OpenFile {
  readonly name: string
  readonly file: DiskFile
  readonly writes: CombinedWrites
  readonly deleteOnClose: boolean
  readonly isLog: boolean
}

/** Register it as the default VFS, then create the encrypting VFS above it. One instance serves one module. */
export class DiskVfs implements SqliteVfs {
  readonly name = 'disk'
  readonly mxPathname = 256
  /** What the disk threw last; SQLite itself only keeps a number. */
  lastError: unknown
  readonly #module: SqliteModule
  readonly #disk: Disk
  readonly #files = new Map<number, OpenFile>()
  #temporary = 0

  constructor(module: SqliteModule, disk: Disk) {
    this.#module = module
    this.#disk = disk
  }

  hasAsyncMethod(): boolean {
    return false
  }

  /** Closes the files that a crash of the connection left open. */
  close(): void {
    for (const { file } of this.#files.values()) file.close()
    this.#files.clear()
  }

  forsakeUnsynced(): void {
    for (const { file, writes, isLog } of this.#files.values()) {
      const cut = isLog ? writes.forsakeFrames(file.size()) : null
      if (cut === null) continue
      file.truncate(cut)
      file.sync()
    }
  }

  xOpen(_vfs: number, zName: number, pFile: number, flags: number, pOutFlags: number): number {
    return this.#guard(rc.cantOpen, () => {
      const name = zName ? this.#module.UTF8ToString(zName) : `temporary-${this.#temporary++}`
      const file = this.#disk.open(name, (flags & openFlag.create) !== 0)
      if (!file) return rc.cantOpen
      const writes = new CombinedWrites((bytes, offset) => file.write(bytes, offset))
      const has = (flag: number): boolean => (flags & flag) !== 0
      const [deleteOnClose, isLog] = [has(openFlag.deleteOnClose), has(openFlag.writeAheadLog)]
      this.#files.set(pFile, { name, file, writes, deleteOnClose, isLog })
      this.#setInt32(pOutFlags, flags)
      return rc.ok
    })
  }

  xDelete(_vfs: number, zName: number, _syncDirectory: number): number {
    return this.#guard(rc.ioErrorDelete, () => {
      this.#disk.remove(this.#module.UTF8ToString(zName))
      return rc.ok
    })
  }

  xAccess(_vfs: number, zName: number, _flags: number, pResult: number): number {
    return this.#guard(rc.ioErrorAccess, () => {
      this.#setInt32(pResult, this.#disk.exists(this.#module.UTF8ToString(zName)) ? 1 : 0)
      return rc.ok
    })
  }

  xFullPathname(_vfs: number, zName: number, bytes: number, pOut: number): number {
    // Names are flat: the path is the name.
    const heap = this.#module.HEAPU8
    const end = heap.indexOf(0, zName)
    if (end - zName + 1 > bytes) return rc.cantOpen
    heap.copyWithin(pOut, zName, end + 1)
    return rc.ok
  }

  /** The page nonces of the cipher come from here: it must be the platform's secure source. */
  xRandomness(_vfs: number, bytes: number, pOut: number): number {
    this.#module.HEAPU8.set(crypto.getRandomValues(new Uint8Array(bytes)), pOut)
    return bytes
  }

  xCurrentTimeInt64(_vfs: number, pTime: number): number {
    const view = new DataView(this.#module.HEAPU8.buffer)
    view.setBigInt64(pTime, unixEpochMs + BigInt(Date.now()), true)
    return rc.ok
  }

  xGetLastError(): number {
    return rc.ok
  }

  xClose(pFile: number): number {
    return this.#guard(rc.ioErrorClose, () => {
      const open = this.#files.get(pFile)
      if (!open) return rc.ok
      this.#files.delete(pFile)
      try {
        open.writes.settle()
      } finally {
        open.file.close()
      }
      if (open.deleteOnClose) this.#disk.remove(open.name)
      return rc.ok
    })
  }

  xRead(pFile: number, pData: number, bytes: number, low: number, high: number): number {
    return this.#guard(rc.ioErrorRead, () => {
      const data = this.#module.HEAPU8.subarray(pData, pData + bytes)
      const { file, writes } = this.#open(pFile)
      const offset = toOffset(low, high)
      const read = writes.over(data, offset, file.read(data, offset))
      if (read === bytes) return rc.ok
      data.fill(0, read)
      return rc.ioErrorShortRead
    })
  }

  xWrite(pFile: number, pData: number, bytes: number, low: number, high: number): number {
    return this.#guard(rc.ioErrorWrite, () => {
      this.#open(pFile).writes.add(this.#module.HEAPU8.subarray(pData, pData + bytes), toOffset(low, high))
      return rc.ok
    })
  }

  xTruncate(pFile: number, low: number, high: number): number {
    return this.#guard(rc.ioErrorTruncate, () => {
      this.#settled(pFile).truncate(toOffset(low, high))
      return rc.ok
    })
  }

  xSync(pFile: number, _flags: number): number {
    return this.#guard(rc.ioErrorFsync, () => {
      this.#settled(pFile).sync()
      this.#open(pFile).writes.synced()
      return rc.ok
    })
  }

  xFileSize(pFile: number, pSize: number): number {
    return this.#guard(rc.ioErrorFstat, () => {
      const { file, writes } = this.#open(pFile)
      const size = Math.max(file.size(), writes.end)
      new DataView(this.#module.HEAPU8.buffer).setBigInt64(pSize, BigInt(size), true)
      return rc.ok
    })
  }

  // One connection owns the directory (a lock file, a Web Lock), so SQLite's own locks always succeed.
  xLock(): number {
    return rc.ok
  }

  xUnlock(): number {
    return rc.ok
  }

  xCheckReservedLock(_file: number, pResult: number): number {
    this.#setInt32(pResult, 0)
    return rc.ok
  }

  xFileControl(): number {
    return rc.notFound
  }

  xSectorSize(): number {
    return sectorBytes
  }

  // Nothing is promised, so that SQLite pads the log to whole sectors before it syncs.
  xDeviceCharacteristics(): number {
    return 0
  }

  #open(pFile: number): OpenFile {
    const open = this.#files.get(pFile)
    if (!open) throw new Error('SQLite used a file that is not open.')
    return open
  }

  /** The file with everything in it that SQLite wrote. */
  #settled(pFile: number): DiskFile {
    const { file, writes } = this.#open(pFile)
    writes.settle()
    return file
  }

  #setInt32(pointer: number, value: number): void {
    new DataView(this.#module.HEAPU8.buffer).setInt32(pointer, value, true)
  }

  #guard(otherwise: number, operation: () => number): number {
    try {
      return operation()
    } catch (error) {
      this.lastError = error
      return error instanceof DiskFullError ? rc.full : otherwise
    }
  }
}

function toOffset(low: number, high: number): number {
  return high * 2 ** 32 + (low >>> 0)
}
