// What a device fetches that is too large for a page: the ready-made chunks of a first download. It checks who asks and
// what their lease holds today, and answers bytes from any place on, so that nothing is fetched twice.
import type { Context, Hono } from 'hono'
import * as z from 'zod/mini'
import { chunkPart, manifestOf } from '../sync/hub/chunks.ts'
import { inTenant } from '../sync/hub/tenant.ts'
import type { Hub } from './hub.ts'
import { currentLease, type LeaseFor } from './leases.ts'
import { callerFrom, JSON_BYTES_MAX, noNul, parsed, received, wrong } from './requests.ts'

const BUCKETS_MAX = 2000
const manifestBody = z.object({
  buckets: z.array(z.string().check(z.maxLength(200), noNul)).check(z.maxLength(BUCKETS_MAX)),
})
const SHA = /^[0-9a-f]{64}$/

/** The buckets of today's lease; null for a person who may not work any more. */
async function bucketsOf(hub: Hub, caller: LeaseFor): Promise<ReadonlySet<string> | null> {
  const lease = await inTenant(hub.pool, hub.tenant, (client) => currentLease(client, hub, caller))
  return lease === null ? null : new Set(lease.lease.buckets)
}

/** Where `bytes=N-` begins, 0 without a range; null for any other range: nobody of ours asks for one. */
export function rangeStart(header: string | undefined): number | null {
  if (header === undefined) return 0
  const digits = /^bytes=(\d{1,9})-$/.exec(header)?.[1]
  return digits === undefined ? null : Number(digits)
}

/** The rest of some content from `from` on. */
export function partOf(c: Context, content: Uint8Array, from: number, size: number): Response {
  c.header('content-type', 'application/octet-stream')
  c.header('content-length', String(content.length))
  // What it is named by says what it holds, but who may have it is asked each time.
  c.header('cache-control', 'no-store')
  if (c.req.header('range') !== undefined) c.header('content-range', `bytes ${from}-${size - 1}/${size}`)
  return c.body(content as Uint8Array<ArrayBuffer>, c.req.header('range') === undefined ? 200 : 206)
}

export function addDownloads(app: Hono, hub: Hub): void {
  app.post('/sync/manifest', async (c) => {
    const given = await received(c, hub, JSON_BYTES_MAX, true)
    if (given instanceof Response) return given
    const { caller, body } = given
    const request = parsed(Buffer.from(body).toString('utf8'), manifestBody)
    if (request === null) return wrong(c, 400, 'manifest.malformed')
    const allowed = await bucketsOf(hub, caller)
    if (allowed === null) return wrong(c, 403, 'sync.revoked')
    return c.json(await manifestOf(hub.chunkContext, request.buckets, allowed))
  })

  app.get('/sync/chunk/:sha', async (c) => {
    const caller = await callerFrom(c, hub, null)
    if (caller instanceof Response) return caller
    const sha = c.req.param('sha')
    const from = rangeStart(c.req.header('range'))
    if (!SHA.test(sha)) return wrong(c, 404, 'chunk.unknown')
    if (from === null) return wrong(c, 416, 'chunk.bad-range')
    const allowed = await bucketsOf(hub, caller)
    if (allowed === null) return wrong(c, 403, 'sync.revoked')
    const leave = await hub.door.readers.enter(1)
    const part = await chunkPart(hub.chunkContext, sha, from, allowed).finally(leave)
    if (part === 'chunk.unknown') return wrong(c, 404, part)
    if (part === 'chunk.not-yours') return wrong(c, 403, part)
    if (from >= part.size) return wrong(c, 416, 'chunk.bad-range', { size: part.size })
    return partOf(c, part.content, from, part.size)
  })
}
