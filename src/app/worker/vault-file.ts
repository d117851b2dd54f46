// The vault's file in the browser's private file system, beside the database's directory. It holds wrapped keys only; it is on the disk
// before the key that it wraps is used.
import { calibrate } from '../../store/vault/kdf.ts'
import { createVault, parseVault, type SlotSecret, type VaultFile } from '../../store/vault/vault.ts'
import { deleteOpfsDatabase } from './opfs-database.ts'

const fileName = 'vault.json'
/** Everything of this device lies below this directory. */
export const databaseDirectory = 'database'

/** The vault, or null when this browser has none. Throws VaultDamagedError, or SecurityError where there is no private storage. */
export async function readVault(): Promise<VaultFile | null> {
  const root = await navigator.storage.getDirectory()
  try {
    const handle = await root.getFileHandle(fileName)
    const text = await (await handle.getFile()).text()
    // A crash between making and writing the file leaves it empty: nothing was protected by it yet.
    return text === '' ? null : parseVault(text)
  } catch (error) {
    if ((error as { name?: unknown }).name === 'NotFoundError') return null
    throw error
  }
}

/** Makes a vault with one slot at a cost measured on this device, keeps it durably and returns the data key. */
export async function makeVault(first: SlotSecret): Promise<Uint8Array> {
  const { file, key } = await createVault(first, await calibrate())
  const root = await navigator.storage.getDirectory()
  const handle = await root.getFileHandle(fileName, { create: true })
  const access = await handle.createSyncAccessHandle()
  try {
    access.truncate(0)
    access.write(new TextEncoder().encode(JSON.stringify(file)))
    access.flush()
  } finally {
    access.close()
  }
  return key
}

/** Destroys the wrapped keys first, then the database's files: after the first step nothing can be read any more. */
export async function removeAll(): Promise<void> {
  const root = await navigator.storage.getDirectory()
  try {
    await root.removeEntry(fileName)
  } catch (error) {
    if ((error as { name?: unknown }).name !== 'NotFoundError') throw error
  }
  await deleteOpfsDatabase(databaseDirectory)
}
