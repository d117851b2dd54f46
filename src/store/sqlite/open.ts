// Opens the device's encrypted database in the one order that was measured to be safe: VFS, encrypting VFS, cipher, key, exclusive
// lock, WAL, full synchronisation, a first read. It must never open a database that isn't encrypted, isn't in WAL mode, or would report
// a commit before the fsync.
/* oxlint-disable no-underscore-dangle -- the exports of the SQLite build are named so */
import { PAGE_BYTES } from './combined-writes.ts'
import { sqliteOver, type Sqlite } from './engine.ts'
import { SqliteError } from './sqlite-error.ts'
import { allocateText } from './text-codec.ts'
import { openFlag, rc, type SqliteModule, type SqliteVfs } from './wasm.ts'

/** What is opened: a fresh module, the VFS of the platform, the file's name within it, and the 256-bit data key. */
export interface EncryptedDatabase {
  readonly module: SqliteModule
  readonly vfs: SqliteVfs
  readonly name: string
  /** 32 bytes. */
  readonly key: Uint8Array
  /** Memory for pages, in KiB. */
  readonly cacheKib?: number
}

/** In `application_id` once a keyless open was seen to fail: 'HOLD' in ASCII. */
const provedEncrypted = 0x484f4c44
const cacheKibDefault = 16 * 1024
/**
 * Pages of 4 KiB in the log before a commit moves them into the database itself, and everybody waits: 16 MiB, a hundred sales. A device
 * does it before, while nobody waits; SQLite's own 1 000 would be every twentieth sale.
 */
const logPagesMax = 4000

/**
 * Opens or creates the database. Throws SqliteError: `wrong-key` (26) when the key doesn't fit, `not-wal` when the log can't be had,
 * `not-encrypted` when the file would be readable without the key; then nothing stays open.
 */
export function openEncrypted(database: EncryptedDatabase): Sqlite {
  const { module, vfs } = database
  if (database.key.byteLength !== 32)
    throw new TypeError(`The data key has ${database.key.byteLength} bytes: it must have 32.`)
  mustSucceed(module.vfs_register(vfs, true), 'The file system could not be registered.')
  // Without this call nothing is encrypted, and nothing says so.
  mustSucceed(
    module.ccall('sqlite3mc_vfs_create', 'number', ['string', 'number'], [vfs.name, 1]),
    'The encrypting file system could not be created.',
  )

  const opened = openKeyed(database)
  if (applicationId(opened) === provedEncrypted) return opened
  proveEncrypted(database, opened)
  const proved = openKeyed(database)
  proved.exec(`PRAGMA application_id=${provedEncrypted}`)
  return proved
}

function openKeyed(database: EncryptedDatabase): Sqlite {
  const sqlite = openFile(database)
  try {
    sqlite.exec("PRAGMA cipher='chacha20'")
    giveKey(sqlite, database.key)
    sqlite.exec('PRAGMA locking_mode=exclusive')
    // A wrong key shows here already, because the mode is read from the file.
    const mode = sqlite.get<{ journal_mode: string }>('PRAGMA journal_mode=WAL')?.journal_mode
    if (mode !== 'wal') {
      throw new SqliteError({
        extendedCode: rc.error,
        kind: 'not-wal',
        sql: '',
        message: `the journal mode is "${mode}" and not "wal"; in any other mode an encrypted database is torn by a crash, so it stays closed`,
      })
    }
    const pageBytes = sqlite.get<{ page_size: number }>('PRAGMA page_size')?.page_size
    if (pageBytes !== PAGE_BYTES)
      throw new TypeError(`The database has pages of ${pageBytes} bytes instead of ${PAGE_BYTES}.`)
    sqlite.exec('PRAGMA synchronous=FULL')
    sqlite.exec(`PRAGMA wal_autocheckpoint=${logPagesMax}`)
    sqlite.exec(`PRAGMA cache_size=-${database.cacheKib ?? cacheKibDefault}`)
    sqlite.exec('PRAGMA temp_store=memory')
    // What is deleted is gone from its page: an erased person's bytes don't wait for the page to be used again.
    sqlite.exec('PRAGMA secure_delete=ON')
    sqlite.exec('PRAGMA foreign_keys=ON')
    sqlite.get('SELECT count(*) AS tables FROM sqlite_schema')
    return sqlite
  } catch (error) {
    sqlite.close()
    throw error
  }
}

/** Closes `fresh`, so that all of it lies in the main file, and tries to read that file without a key. */
function proveEncrypted(database: EncryptedDatabase, fresh: Sqlite): void {
  // Page 1 must exist, or there would be nothing to fail on.
  fresh.exec('PRAGMA application_id=1')
  // Said aloud, because closing would swallow a full disk and leave a log that a keyless connection must not touch.
  fresh.get('PRAGMA wal_checkpoint(TRUNCATE)')
  fresh.close()
  const keyless = openFile(database)
  let refused = false
  try {
    // Without the exclusive lock a readable file in WAL mode would fail for want of shared memory, and look like a refusal.
    keyless.exec('PRAGMA locking_mode=exclusive')
    keyless.get('SELECT count(*) AS tables FROM sqlite_schema')
  } catch (error) {
    refused = error instanceof SqliteError && error.code === rc.notADatabase
    if (!refused) throw error
  } finally {
    keyless.close()
  }
  if (!refused) {
    throw new SqliteError({
      extendedCode: rc.error,
      kind: 'not-encrypted',
      sql: '',
      message:
        'the new database can be read without its key; it stays closed: this build of SQLite or its file system lost the encryption',
    })
  }
}

function openFile({ module, vfs, name }: EncryptedDatabase): Sqlite {
  const zName = allocateText(module, name)
  const pDb = module._malloc(4)
  const flags = openFlag.readWrite | openFlag.create
  const result = module.ccall(
    'sqlite3_open_v2',
    'number',
    ['number', 'number', 'number', 'number'],
    [zName, pDb, flags, 0],
  )
  const db = module.HEAP32[pDb >> 2] ?? 0
  module._free(pDb)
  module._free(zName)
  if (result !== rc.ok) {
    const message = db ? module.UTF8ToString(module._sqlite3_errmsg(db)) : 'out of memory'
    if (db) module._sqlite3_close(db)
    throw new SqliteError({ extendedCode: result, message, sql: '' })
  }
  return sqliteOver(module, db, () => vfs.forsakeUnsynced())
}

function giveKey(sqlite: Sqlite, key: Uint8Array): void {
  const hex = Array.from(key, (byte) => byte.toString(16).padStart(2, '0')).join('')
  try {
    sqlite.exec(`PRAGMA key="raw:${hex}"`)
  } catch (error) {
    // The statement holds the key, so the error is told again without it.
    if (error instanceof SqliteError) {
      throw new SqliteError({
        extendedCode: error.extendedCode,
        kind: 'not-encrypted',
        sql: '',
        message: 'the key was not taken; the database stays closed',
      })
    }
    throw error
  }
}

function applicationId(sqlite: Sqlite): number {
  return sqlite.get<{ application_id: number }>('PRAGMA application_id')?.application_id ?? 0
}

function mustSucceed(result: number, message: string): void {
  if (result !== rc.ok) throw new SqliteError({ extendedCode: result, message, sql: '' })
}
