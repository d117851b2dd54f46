// The endpoints of photos and files: how much the hub holds of one, a piece of it, and its bytes for whoever may read a row
// that names it. It checks sizes and who asks; whoever may not have one gets the answer of one that doesn't exist.
import type { Context, Hono } from 'hono'
import type { Logger } from 'pino'
import { isSha } from '../kernel/blob.ts'
import { heldOf, isNamedBy, putPiece, readBlob, sweepBlobs } from '../sync/hub/blobs.ts'
import { raiseHubFull } from '../sync/hub/raise-about-device.ts'
import { BLOB_PIECE_BYTES, type BlobAnswer } from '../sync/protocol.ts'
import { isShutOut } from './device-auth.ts'
import type { Hub } from './hub.ts'
import { bucketsOf, callerFrom, partOf, rangeStart, received, wrong } from './requests.ts'

const TOO_MANY_RETRY_S = 3_600
const SWEEP_EVERY_MS = 3_600_000
const EMPTY: ReadonlySet<string> = new Set()

const statusOf = {
  'blob.gap': 409,
  'blob.hub-full': 429,
  'blob.malformed': 400,
  'blob.over-quota': 429,
  'blob.too-large': 413,
  'blob.too-many': 429,
  'blob.unsupported': 415,
  'blob.wrong-content': 422,
} as const

/** Not even by mistake does a browser show it: nothing in it runs, and it is nothing but bytes. */
function guard(c: Context): void {
  c.header('x-content-type-options', 'nosniff')
  c.header('content-disposition', 'attachment')
  c.header('content-security-policy', "default-src 'none'; sandbox")
  c.header('cross-origin-resource-policy', 'same-origin')
}

const whole = (text: string | undefined): number | null =>
  text !== undefined && /^\d{1,10}$/.test(text) ? Number(text) : null

export function addBlobs(app: Hono, hub: Hub, log: Logger): void {
  let sweptAt = 0

  app.put('/sync/blob/:sha/:size/:at', async (c) => {
    const given = await received(c, hub, BLOB_PIECE_BYTES)
    if (given instanceof Response) return given
    const { caller, body: content } = given
    const [sha, size, at] = [c.req.param('sha'), whole(c.req.param('size')), whole(c.req.param('at'))]
    if (!isSha(sha) || size === null || at === null) return wrong(c, 400, 'blob.malformed')
    if ((await isShutOut(hub, caller)) && !(await isNamedBy(hub.blobContext, { dev: caller.dev, sha })))
      return wrong(c, 403, 'sync.revoked')
    // Each holds a connection, and the last a whole file in memory: commands must find both free.
    const leave = await hub.door.blobs.enter(1)
    try {
      const put = await putPiece(hub.blobContext, { dev: caller.dev, sha, size, at, content })
      if ('refusal' in put) {
        const status = put.refusal in statusOf ? statusOf[put.refusal as keyof typeof statusOf] : 400
        if (status === 429) c.header('retry-after', String(TOO_MANY_RETRY_S))
        if (put.refusal === 'blob.hub-full') {
          log.warn({ tenant: hub.tenant }, 'no room for photos is left')
          const { room } = hub.blobContext
          await raiseHubFull(hub.pushContext, { dev: caller.dev, roomBytes: room.quota.tenantBytes })
        }
        return wrong(c, status, put.refusal, put.offset === undefined ? undefined : { offset: put.offset })
      }
      if (put.isComplete && hub.now() - sweptAt > SWEEP_EVERY_MS) {
        sweptAt = hub.now()
        await sweepBlobs(hub.blobContext)
      }
      return c.json({ blob: 1, ...put } satisfies BlobAnswer)
    } finally {
      leave()
    }
  })

  // A HEAD comes here too.
  app.get('/sync/blob/:sha', async (c) => {
    const isAsked = c.req.method === 'HEAD'
    const caller = await callerFrom(c, hub, null, !isAsked)
    if (caller instanceof Response) return caller
    const sha = c.req.param('sha')
    const from = rangeStart(c.req.header('range'))
    guard(c)
    if (!isSha(sha)) return wrong(c, 404, 'blob.unknown')
    if (isAsked) {
      const buckets = async () => ((await isShutOut(hub, caller)) ? EMPTY : ((await bucketsOf(hub, caller)) ?? EMPTY))
      const held = await heldOf(hub.blobContext, { dev: caller.dev, sha, buckets })
      c.header('upload-offset', String(held.offset))
      c.header('upload-complete', held.isComplete ? '?1' : '?0')
      c.header('content-type', 'application/octet-stream')
      c.header('cache-control', 'no-store')
      return c.body(null, 200)
    }
    if (from === null) return wrong(c, 416, 'blob.malformed')
    const buckets = await bucketsOf(hub, caller)
    if (buckets === null) return wrong(c, 403, 'sync.revoked')
    const leave = await hub.door.blobs.enter(1)
    const part = await readBlob(hub.blobContext, { sha, from, buckets }).finally(leave)
    if (part === null) return wrong(c, 404, 'blob.unknown')
    if (from >= part.size) return wrong(c, 416, 'blob.malformed', { size: part.size })
    return partOf(c, part.content, from, part.size)
  })
}
