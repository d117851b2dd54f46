// Photos and files on the hub's own disk: a file each, named by its SHA-256. A file appears by a rename, after its bytes
// were synced, read back and found right; what a crash leaves is never under a name. It decides nothing about rights.
import { randomBytes } from 'node:crypto'
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { assert } from '../kernel/assert.ts'
import { isSha } from '../kernel/blob.ts'
import { hex } from '../kernel/bytes.ts'
import { sha256 } from '../kernel/hash.ts'
import type { BlobStore } from '../sync/hub/blobs.ts'
import { codeOf } from './postgres/fault.ts'

const OPEN_FOR_READING = 'r'

export class DiskBlobs implements BlobStore {
  private readonly root: string

  /** `root` is made when it is missing, and belongs to the hub alone. */
  constructor(root: string) {
    this.root = root
  }

  async put(tenant: string, sha: string, content: Uint8Array): Promise<void> {
    const path = this.pathOf(tenant, sha)
    if ((await this.size(tenant, sha)) === content.length && (await holds(path, sha))) return
    await makeDirectories(dirname(path))
    const unfinished = `${path}.${randomBytes(6).toString('hex')}.new`
    try {
      const file = await open(unfinished, 'wx', 0o600)
      try {
        await file.writeFile(content)
        await file.sync()
      } finally {
        await file.close()
      }
      if (!(await holds(unfinished, sha))) throw new Error('The disk gave back other bytes than it was given.')
      await rename(unfinished, path)
    } catch (fault) {
      await rm(unfinished, { force: true })
      throw fault
    }
    await syncDirectory(dirname(path))
  }

  async size(tenant: string, sha: string): Promise<number | null> {
    try {
      return (await stat(this.pathOf(tenant, sha))).size
    } catch (fault) {
      if (codeOf(fault) === 'ENOENT') return null
      throw fault
    }
  }

  async read(tenant: string, sha: string, from: number): Promise<Uint8Array> {
    const file = await open(this.pathOf(tenant, sha), OPEN_FOR_READING)
    try {
      const size = (await file.stat()).size
      const content = new Uint8Array(Math.max(0, size - from))
      let at = 0
      while (at < content.length) {
        const { bytesRead } = await file.read(content, at, content.length - at, from + at)
        if (bytesRead === 0) break
        at += bytesRead
      }
      return content.subarray(0, at)
    } finally {
      await file.close()
    }
  }

  async remove(tenant: string, sha: string): Promise<void> {
    const path = this.pathOf(tenant, sha)
    const directory = dirname(path)
    await rm(path, { force: true })
    // What crashes left of it.
    const left = await readdir(directory).catch((fault: unknown) => {
      if (codeOf(fault) === 'ENOENT') return []
      throw fault
    })
    for (const name of left) if (name.startsWith(`${sha}.`)) await rm(join(directory, name), { force: true })
    if (left.length > 0) await syncDirectory(directory)
  }

  private pathOf(tenant: string, sha: string): string {
    assert(isSha(sha) && /^[\w-]{1,64}$/.test(tenant), 'A blob is named by its SHA-256 and nothing else.')
    return join(this.root, tenant, sha.slice(0, 2), sha)
  }
}

async function holds(path: string, sha: string): Promise<boolean> {
  const file = await open(path, OPEN_FOR_READING)
  try {
    return hex(sha256(await file.readFile())) === sha
  } finally {
    await file.close()
  }
}

/** Each new directory is in its parent for good before anything is put into it. */
async function makeDirectories(path: string): Promise<void> {
  const first = await mkdir(path, { recursive: true, mode: 0o700 })
  if (first === undefined) return
  for (let at = path; at.length >= first.length; at = dirname(at)) await syncDirectory(dirname(at))
}

async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, OPEN_FOR_READING)
  try {
    await directory.sync()
  } finally {
    await directory.close()
  }
}
