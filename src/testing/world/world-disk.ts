// The database of a simulated device: the real encrypted engine over a disk in memory that dies on command. The build is
// compiled once a process, and a new device begins on a copy of an empty database, so that a thousand devices are cheap.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import factory from '@journeyapps/wa-sqlite/dist/mc-wa-sqlite.mjs'
import type { Catalogue } from '../../kernel/catalogue.ts'
import { DiskVfs } from '../../store/sqlite/disk-vfs.ts'
import type { Sqlite } from '../../store/sqlite/engine.ts'
import { openEncrypted } from '../../store/sqlite/open.ts'
import type { SqliteModule } from '../../store/sqlite/wasm.ts'
import { Replica } from '../../sync/device/replica.ts'
import { newCrashDisk, type CrashDisk } from '../crash-vfs.ts'

const KEY = new Uint8Array(32).fill(7)
const NAME = 'holdfast.db'

/** WebAssembly as the platform has it, typed by hand because this world has no types of it. */
interface Compiler {
  readonly Module: new (bytes: Uint8Array) => object
  readonly Instance: new (module: object, imports: object) => object
}
const { Module, Instance } = (globalThis as unknown as { WebAssembly: Compiler }).WebAssembly

let compiled: object | undefined

function newModule(): Promise<SqliteModule> {
  const module = (compiled ??= new Module(
    readFileSync(createRequire(import.meta.url).resolve('@journeyapps/wa-sqlite/dist/mc-wa-sqlite.wasm')),
  ))
  // The loader takes this beside its published options: it saves compiling the same bytes for each device.
  const instantiateWasm = (imports: object, done: (instance: object, module: object) => void): object => {
    done(new Instance(module, imports), module)
    return {}
  }
  return factory({ instantiateWasm } as Parameters<typeof factory>[0])
}

/** Opens what the disk holds. Throws what a device would hear: a disk that dies in the middle, or is full. */
export async function openOn(disk: CrashDisk): Promise<Sqlite> {
  const module = await newModule()
  return openEncrypted({ module, vfs: new DiskVfs(module, disk), name: NAME, key: KEY, cacheKib: 2048 })
}

/** The files of an empty database of this catalogue: each new device begins on a copy. */
export async function emptyDatabase(catalogue: Catalogue): Promise<ReadonlyMap<string, Uint8Array>> {
  const disk = newCrashDisk(() => 0)
  const db = await openOn(disk)
  new Replica(db, catalogue).db.close()
  return disk.files()
}
