// Request bodies with a cap on what arrives and on what it inflates to: a bomb is refused while it is read, never after.
import { promisify } from 'node:util'
import { gunzip, gunzipSync } from 'node:zlib'
import type { CodesOf } from '../sync/refusals.ts'

export type BodyFault = CodesOf<'body'>

/** The body's exact bytes, or a refusal when more than `bytesMax` arrive. */
export async function readBody(request: Request, bytesMax: number): Promise<Uint8Array | BodyFault> {
  if (Number(request.headers.get('content-length') ?? 0) > bytesMax) return 'body.too-large'
  if (request.body === null) return new Uint8Array(0)
  const chunks: Uint8Array[] = []
  let size = 0
  const reader = request.body.getReader()
  for (;;) {
    const { done, value } = await reader.read()
    if (done) break
    size += value.length
    if (size > bytesMax) {
      await reader.cancel()
      return 'body.too-large'
    }
    chunks.push(value)
  }
  return Buffer.concat(chunks)
}

/** What the body opens to, as its own last four bytes say: more than that is never read, so this is the room that it takes. */
export function openBytesOf(body: Uint8Array, encoding: string | undefined): number {
  if (encoding !== 'gzip' || body.length < 4) return body.length
  return new DataView(body.buffer, body.byteOffset + body.length - 4).getUint32(0, true)
}

const SMALL_BYTES = 32 * 1024

/** Inflates gzip up to `bytesMax`; other encodings (brotli bombs reach 600 000 : 1) are refused. */
export async function inflate(
  body: Uint8Array,
  encoding: string | undefined,
  bytesMax: number,
): Promise<{ readonly text: string } | BodyFault> {
  if (encoding === undefined || encoding === 'identity')
    return body.length > bytesMax ? 'body.too-large' : { text: Buffer.from(body).toString('utf8') }
  if (encoding !== 'gzip') return 'body.bad-encoding'
  // Beyond what it says of itself it is no honest gzip; beyond what may be nobody reads on.
  const capacity = Math.min(bytesMax, openBytesOf(body, encoding))
  const limit = { maxOutputLength: Math.max(1, capacity) }
  try {
    // What is small is open before a thread would have taken it up.
    const opened = capacity <= SMALL_BYTES ? gunzipSync(body, limit) : await promisify(gunzip)(body, limit)
    return { text: opened.toString('utf8') }
  } catch (fault) {
    const isTooLarge = fault instanceof RangeError && capacity === bytesMax
    return isTooLarge ? 'body.too-large' : 'body.bad-encoding'
  }
}
