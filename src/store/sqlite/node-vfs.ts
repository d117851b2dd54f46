// The device's database in Node: a disk of real files with real fsync (also of the directory when a file comes or goes), and how to open
// it. It must never answer a sync before the operating system has.
import {
  closeSync,
  existsSync,
  fsyncSync,
  fstatSync,
  ftruncateSync,
  openSync,
  readSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { DiskFullError, DiskVfs, type Disk, type DiskFile } from './disk-vfs.ts'
import type { Sqlite } from './engine.ts'
import { lockDirectory } from './node-lock.ts'
import { newSqliteModule } from './node-module.ts'
import { openEncrypted } from './open.ts'

/**
 * Opens or creates `name` in `directory` with the 32-byte `key`, and locks the directory until the database is closed.
 * Throws DirectoryInUseError, or SqliteError (see openEncrypted); then nothing stays locked.
 */
export async function openNodeDatabase(options: {
  directory: string
  name: string
  key: Uint8Array
  cacheKib?: number
}): Promise<Sqlite> {
  const { directory, name, key, cacheKib } = options
  const unlock = lockDirectory(directory)
  let vfs: DiskVfs | undefined
  try {
    const module = await newSqliteModule()
    vfs = new DiskVfs(module, new NodeDisk(directory))
    const sqlite = openEncrypted({ module, vfs, name, key, ...(cacheKib === undefined ? {} : { cacheKib }) })
    sqlite.onClose(unlock)
    return sqlite
  } catch (error) {
    vfs?.close()
    unlock()
    throw error
  }
}

/** The files of one directory. */
export class NodeDisk implements Disk {
  readonly #directory: string

  constructor(directory: string) {
    this.#directory = directory
  }

  open(name: string, create: boolean): DiskFile | undefined {
    const path = join(this.#directory, name)
    const isNew = !existsSync(path)
    if (isNew && !create) return undefined
    return orDiskFull(() => {
      const descriptor = openSync(path, isNew ? 'wx+' : 'r+', 0o600)
      if (isNew) syncDirectory(this.#directory)
      return new NodeFile(descriptor)
    })
  }

  exists(name: string): boolean {
    return existsSync(join(this.#directory, name))
  }

  remove(name: string): void {
    rmSync(join(this.#directory, name), { force: true })
    syncDirectory(this.#directory)
  }
}

class NodeFile implements DiskFile {
  readonly #descriptor: number

  constructor(descriptor: number) {
    this.#descriptor = descriptor
  }

  read(bytes: Uint8Array, offset: number): number {
    let done = 0
    while (done < bytes.byteLength) {
      const read = readSync(this.#descriptor, bytes, done, bytes.byteLength - done, offset + done)
      if (read === 0) break
      done += read
    }
    return done
  }

  write(bytes: Uint8Array, offset: number): void {
    orDiskFull(() => {
      for (let done = 0; done < bytes.byteLength;) {
        done += writeSync(this.#descriptor, bytes, done, bytes.byteLength - done, offset + done)
      }
    })
  }

  truncate(size: number): void {
    orDiskFull(() => ftruncateSync(this.#descriptor, size))
  }

  sync(): void {
    orDiskFull(() => fsyncSync(this.#descriptor))
  }

  size(): number {
    return fstatSync(this.#descriptor).size
  }

  close(): void {
    closeSync(this.#descriptor)
  }
}

/** Makes a created or removed name durable. Windows has no such call: there NTFS journals the directory itself. */
export function syncDirectory(directory: string): void {
  if (process.platform === 'win32') return
  const descriptor = openSync(directory, 'r')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

function orDiskFull<Result>(operation: () => Result): Result {
  try {
    return operation()
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    if (code === 'ENOSPC' || code === 'EDQUOT') throw new DiskFullError('No room left on the device.', { cause: error })
    throw error
  }
}
