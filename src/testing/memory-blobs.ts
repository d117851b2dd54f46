// A blob store in memory: the plainest one, which a simulated world owns. It passes the contract of all blob stores.
import type { BlobStore } from '../sync/hub/blobs.ts'

export class MemoryBlobs implements BlobStore {
  readonly held = new Map<string, Uint8Array>()

  async put(tenant: string, sha: string, content: Uint8Array): Promise<void> {
    this.held.set(`${tenant} ${sha}`, content.slice())
  }

  async size(tenant: string, sha: string): Promise<number | null> {
    return this.held.get(`${tenant} ${sha}`)?.length ?? null
  }

  async read(tenant: string, sha: string, from: number): Promise<Uint8Array> {
    const content = this.held.get(`${tenant} ${sha}`)
    if (content === undefined) throw new Error(`There is no blob ${sha}.`)
    return content.slice(from)
  }

  async remove(tenant: string, sha: string): Promise<void> {
    this.held.delete(`${tenant} ${sha}`)
  }
}
