// The device's database in a browser: a pool of OPFS files, inside a dedicated worker of the tab that holds the Web Lock. It must never
// run in two tabs at once, and never let a full quota tear a transaction.
// oxlint-disable-next-line typescript/triple-slash-reference -- a file of foreign module types can't be imported
/// <reference path="../../store/sqlite/wa-sqlite.d.ts" />
import factory from '@journeyapps/wa-sqlite/dist/mc-wa-sqlite.mjs'
import wasmUrl from '@journeyapps/wa-sqlite/dist/mc-wa-sqlite.wasm?url'
import { AccessHandlePoolVFS } from '@journeyapps/wa-sqlite/src/examples/AccessHandlePoolVFS.js'
import { CombinedWrites } from '../../store/sqlite/combined-writes.ts'
import type { Sqlite } from '../../store/sqlite/engine.ts'
import { openEncrypted } from '../../store/sqlite/open.ts'
import { openFlag, rc, type SqliteModule } from '../../store/sqlite/wasm.ts'

const databaseName = 'device.db'
/** How long a tab waits for the files of the one that it succeeds; a fail-over took 0.3 s in Chromium 156. */
const takeOverMsMax = 2500
const takeOverPauseMs = 100

/** Thrown when the files stay locked: another tab or a dying one still has the database. */
export class DatabaseInUseError extends Error {
  override readonly name = 'DatabaseInUseError'
}

let ahead: Promise<SqliteModule> | null = null

const newModule = (): Promise<SqliteModule> => factory({ locateFile: () => wasmUrl })

/** Begins to load what the next opening needs, without touching a file: compiling SQLite takes as long as opening. */
export function prepareOpfsDatabase(): void {
  ahead ??= newModule()
  // A failure is heard by whoever opens.
  ahead.catch(() => undefined)
}

/** An instance serves one database. */
function takeModule(): Promise<SqliteModule> {
  const taken = ahead ?? newModule()
  ahead = null
  return taken
}

/**
 * Opens or creates the database in the OPFS directory (a path like `devices/4711`) with the 32-byte key.
 * Throws DatabaseInUseError after 2.5 s of waiting, or SqliteError (see openEncrypted); then nothing stays open.
 */
export async function openOpfsDatabase(options: { directory: string; key: Uint8Array }): Promise<Sqlite> {
  const module = await takeModule()
  const pool = await takeOver(options.directory, module)
  try {
    const sqlite = openEncrypted({ module, vfs: pool, name: databaseName, key: options.key })
    // The release of access handles is synchronous, though the package says otherwise.
    sqlite.onClose(() => void pool.close())
    return sqlite
  } catch (error) {
    await pool.close()
    throw error
  }
}

/** Destroys the database's files: cut to nothing, then removed. The database must be closed. No directory, nothing to do. */
export async function deleteOpfsDatabase(directory: string): Promise<void> {
  const names = directory.split('/').filter((name) => name !== '')
  const last = names.pop()
  if (last === undefined)
    throw new TypeError('The directory of the database is missing: the whole storage is never removed.')
  try {
    let parent = await navigator.storage.getDirectory()
    for (const name of names) parent = await parent.getDirectoryHandle(name)
    const target = await parent.getDirectoryHandle(last)
    for await (const handle of target.values()) if (handle.kind === 'file') await cutToNothing(handle)
    await parent.removeEntry(last, { recursive: true })
  } catch (error) {
    if (nameOf(error) !== 'NotFoundError') throw error
  }
}

async function cutToNothing(file: FileSystemFileHandle): Promise<void> {
  const handle = await file.createSyncAccessHandle()
  handle.truncate(0)
  handle.flush()
  handle.close()
}

/** A tab that just died may hold its files for a moment. */
async function takeOver(directory: string, module: SqliteModule): Promise<GuardedPool> {
  const giveUpAt = performance.now() + takeOverMsMax
  for (;;) {
    const pool = new GuardedPool(directory, module)
    try {
      await pool.isReady()
      return pool
    } catch (error) {
      if (nameOf(error) !== 'NoModificationAllowedError') throw error
      // Files that it got before the failure, and those that it was still getting, would lock out our own next try.
      await pool.close()
      await new Promise((resolve) => setTimeout(resolve, takeOverPauseMs))
      await pool.close()
      if (performance.now() > giveUpAt) {
        throw new DatabaseInUseError(
          'The database of this device is open in another tab: close that tab, or work there.',
          { cause: error },
        )
      }
    }
  }
}

/** A write that the file didn't take in whole. */
class ShortWriteError extends Error {
  override readonly name = 'ShortWriteError'
}

/**
 * The pool, with the writes of a commit put together, and with what its file handles throw turned into result codes: an exception
 * through SQLite's frames would leave it in pieces.
 */
class GuardedPool extends AccessHandlePoolVFS {
  readonly #writes = new Map<number, CombinedWrites>()
  readonly #logs = new Set<number>()

  override jOpen(name: string | null, file: number, flags: number, outFlags: DataView): number {
    const opened = super.jOpen(name, file, flags, outFlags)
    if (opened === rc.ok && (flags & openFlag.writeAheadLog) !== 0) this.#logs.add(file)
    return opened
  }

  forsakeUnsynced(): void {
    for (const file of this.#logs) {
      const cut = this.#writesOf(file).forsakeFrames(this.#storedSize(file))
      if (cut === null) continue
      mustBeOk(super.jTruncate(file, cut))
      mustBeOk(super.jSync(file, 0))
    }
  }

  /** Looks through what is held: what is saved can be read while there is no room for more. [STO1] */
  override jRead(file: number, data: { subarray(): Uint8Array }, offset: number): number {
    return guard(rc.ioErrorRead, () => {
      const result = super.jRead(file, data, offset)
      if (result !== rc.ok && result !== rc.ioErrorShortRead) return result
      const bytes = data.subarray()
      const had = result === rc.ok ? bytes.byteLength : Math.max(0, this.#storedSize(file) - offset)
      const read = this.#writesOf(file).over(bytes, offset, Math.min(had, bytes.byteLength))
      return read === bytes.byteLength ? rc.ok : rc.ioErrorShortRead
    })
  }

  override jWrite(file: number, data: { subarray(): Uint8Array }, offset: number): number {
    return guard(rc.ioErrorWrite, () => {
      this.#writesOf(file).add(data.subarray(), offset)
      return rc.ok
    })
  }

  override jTruncate(file: number, size: number): number {
    return this.#guard(rc.ioErrorTruncate, file, () => super.jTruncate(file, size))
  }

  override jSync(file: number, flags: number): number {
    return this.#guard(rc.ioErrorFsync, file, () => {
      const synced = super.jSync(file, flags)
      if (synced === rc.ok) this.#writesOf(file).synced()
      return synced
    })
  }

  override jFileSize(file: number, size: DataView): number {
    return guard(rc.ioErrorFstat, () => {
      size.setBigInt64(0, BigInt(Math.max(this.#storedSize(file), this.#writesOf(file).end)), true)
      return rc.ok
    })
  }

  override jClose(file: number): number {
    const settled = guard(rc.ioErrorClose, () => (this.#settle(file), rc.ok))
    this.#writes.delete(file)
    this.#logs.delete(file)
    const closed = guard(rc.ioErrorClose, () => super.jClose(file))
    return settled === rc.ok ? closed : settled
  }

  override jDelete(name: string, syncDirectory: number): number {
    return guard(rc.ioErrorDelete, () => super.jDelete(name, syncDirectory))
  }

  #writesOf(file: number): CombinedWrites {
    let writes = this.#writes.get(file)
    if (writes === undefined) {
      writes = new CombinedWrites((bytes, offset) => {
        if (super.jWrite(file, bytes, offset) !== rc.ok)
          throw new ShortWriteError('The file took a part of a write only.')
      })
      this.#writes.set(file, writes)
    }
    return writes
  }

  /** Bytes that the file itself has. */
  #storedSize(file: number): number {
    const size = new DataView(new ArrayBuffer(8))
    super.jFileSize(file, size)
    return Number(size.getBigInt64(0, true))
  }

  #settle(file: number): void {
    this.#writes.get(file)?.settle()
  }

  /** A file is cut, or made durable, with everything in it that SQLite wrote. */
  #guard(otherwise: number, file: number, operation: () => number): number {
    return guard(otherwise, () => {
      this.#settle(file)
      return operation()
    })
  }
}

function mustBeOk(result: number): void {
  if (result !== rc.ok) throw new ShortWriteError('The file could not be cut.')
}

function guard(otherwise: number, operation: () => number): number {
  try {
    return operation()
  } catch (error) {
    return nameOf(error) === 'QuotaExceededError' ? rc.full : otherwise
  }
}

function nameOf(error: unknown): unknown {
  return (error as { name?: unknown } | null)?.name
}
