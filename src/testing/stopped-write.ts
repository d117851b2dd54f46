// The device worker of a real tab stands still in the middle of a write of its files, so that a kill comes there and nowhere else. It counts
// what is written from `watchWrites` on; the app itself knows nothing of it.
import type { Page } from 'playwright-core'
import { expect } from 'vitest'

/** The parts of a worker that are touched, typed by hand: this file is checked without the DOM's types. */
interface WorkerScope {
  writes: number[]
  postMessage(message: unknown): void
  FileSystemSyncAccessHandle: { prototype: { write(bytes: Uint8Array, options?: object): number } }
}

interface PageWorker {
  addEventListener(type: 'message', hear: (event: { readonly data: { readonly standsStill?: true } }) => void): void
}

/** From now on the tab's worker keeps the length of each write of its files; the one of this number it writes by this share, and never ends. */
export async function watchWrites(page: Page, stop?: { readonly at: number; readonly share: number }): Promise<void> {
  await expect.poll(() => page.workers().length).toBeGreaterThan(0)
  for (const worker of page.workers())
    await worker.evaluate((given) => {
      const scope = globalThis as unknown as WorkerScope
      scope.writes = []
      const handle = scope.FileSystemSyncAccessHandle.prototype
      const write = Reflect.get(handle, 'write')
      handle.write = function stopping(this: object, bytes, options) {
        if (scope.writes.push(bytes.byteLength) !== given?.at) return Reflect.apply(write, this, [bytes, options])
        Reflect.apply(write, this, [bytes.subarray(0, Math.floor(bytes.byteLength * given.share)), options])
        // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker, not a window: it has no origin to name
        scope.postMessage({ standsStill: true })
        for (;;);
      }
    }, stop)
}

/** How many bytes each write had. */
export async function writesOf(page: Page): Promise<readonly number[]> {
  const all = await Promise.all(
    page.workers().map((worker) => worker.evaluate(() => (globalThis as unknown as WorkerScope).writes)),
  )
  return all.flat()
}

/** Resolves when the tab's worker stands still; to be asked for before it can. */
export const standsStill = (page: Page): Promise<null> =>
  page.evaluate(
    () =>
      new Promise<null>((resolve) => {
        const { deviceWorker } = globalThis as unknown as { deviceWorker: PageWorker }
        deviceWorker.addEventListener('message', ({ data }) => {
          if (data.standsStill) resolve(null)
        })
      }),
  )
