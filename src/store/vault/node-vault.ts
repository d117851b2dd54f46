// Keeps the vault's file in a directory of Node: written whole or not at all, durable when the call returns. The database's directory
// must be locked by its owner while this writes.
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { syncDirectory } from '../sqlite/node-vfs.ts'
import { parseVault, type VaultFile } from './vault.ts'

const vaultName = 'vault.json'

/** The vault, or undefined when the directory has none. Throws VaultDamagedError. */
export function readVaultFile(directory: string): VaultFile | undefined {
  try {
    return parseVault(readFileSync(join(directory, vaultName), 'utf8'))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

/** Replaces the vault. A crash leaves the old or the new one. */
export function writeVaultFile(directory: string, file: VaultFile): void {
  const path = join(directory, vaultName)
  const draft = `${path}.new`
  const bytes = Buffer.from(`${JSON.stringify(file, undefined, 2)}\n`)
  const descriptor = openSync(draft, 'w', 0o600)
  try {
    for (let done = 0; done < bytes.byteLength;) done += writeSync(descriptor, bytes, done)
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
  renameSync(draft, path)
  syncDirectory(directory)
}
