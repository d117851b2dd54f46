// What a device fetches that is too large for a page: the ready-made chunks of a first download. It checks who asks and
// what their lease holds today, and answers bytes from any place on, so that nothing is fetched twice.
import type { Hono } from 'hono'
import * as z from 'zod/mini'
import { chunkPart, manifestOf } from '../sync/hub/chunks.ts'
import type { Hub } from './hub.ts'
import {
  bucketsOf,
  callerFrom,
  JSON_BYTES_MAX,
  noNul,
  parsed,
  partOf,
  rangeStart,
  received,
  wrong,
} from './requests.ts'

const BUCKETS_MAX = 2000
const manifestBody = z.object({
  buckets: z.array(z.string().check(z.maxLength(200), noNul)).check(z.maxLength(BUCKETS_MAX)),
})
const SHA = /^[0-9a-f]{64}$/

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
