// A device's database without its cipher, page by page as it lies in the file: free pages, indexes and leftovers of deleted rows included.
// For tests that look for what must be gone; the device itself must be closed.
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openNodeDatabase } from '../store/sqlite/node-vfs.ts'
import { readVaultFile } from '../store/vault/node-vault.ts'
import { unlockVault } from '../store/vault/vault.ts'

const [NAME, SLOT] = ['holdfast.db', 'device']

/** As one character a byte, in Latin letters. */
export async function plainBytesOf(directory: string, passphrase: string): Promise<string> {
  const copy = mkdtempSync(join(tmpdir(), 'holdfast-plain-'))
  try {
    cpSync(directory, copy, { recursive: true })
    rmSync(join(copy, 'device.lock'), { force: true })
    const vault = readVaultFile(copy)
    const opened = vault === undefined ? null : await unlockVault(vault, { slot: SLOT, passphrase })
    if (opened?.ok !== true) throw new Error('The passphrase does not open this device.')
    const db = await openNodeDatabase({ directory: copy, name: NAME, key: opened.value })
    // Each page is written anew without the cipher, whether it is in use or free; nothing is moved.
    db.get('PRAGMA journal_mode=DELETE')
    db.exec("PRAGMA rekey=''")
    db.close()
    const text = readFileSync(join(copy, NAME)).toString('latin1')
    if (!text.startsWith('SQLite format 3')) throw new Error('The database is not plain.')
    return text
  } finally {
    rmSync(copy, { recursive: true, force: true })
  }
}
