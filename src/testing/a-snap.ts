// A photo for tests in a browser, made in the page itself.
import type { Page } from 'playwright-core'

/** A picture as a camera would give it: larger than what is kept, and like no other. */
export async function aSnap(page: Page, width: number, height: number): Promise<Buffer> {
  const base64 = await page.evaluate(
    async ([w, h]) => {
      interface Canvas {
        getContext(kind: '2d'): {
          fillStyle: string
          fillRect(x: number, y: number, w: number, h: number): void
        }
        convertToBlob(options: object): Promise<{ arrayBuffer(): Promise<ArrayBuffer> }>
      }
      const scope = globalThis as unknown as { OffscreenCanvas: new (w: number, h: number) => Canvas }
      const canvas = new scope.OffscreenCanvas(w, h)
      const context = canvas.getContext('2d')
      for (let at = 0; at < 4_000; at++) {
        context.fillStyle = `hsl(${Math.random() * 360} 60% ${20 + Math.random() * 60}%)`
        context.fillRect(Math.random() * w, Math.random() * h, Math.random() * 120, Math.random() * 120)
      }
      const blob = await canvas.convertToBlob({ type: 'image/png' })
      return btoa(Array.from(new Uint8Array(await blob.arrayBuffer()), (byte) => String.fromCharCode(byte)).join(''))
    },
    [width, height] as const,
  )
  return Buffer.from(base64, 'base64')
}
