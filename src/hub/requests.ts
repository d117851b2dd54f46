// What every endpoint does with a request: lets it in, reads who asks and what they say, and refuses in the protocol's own
// shape. It decides nothing about business and answers nothing but refusals.
import type { Context, MiddlewareHandler } from 'hono'
import * as z from 'zod/mini'
import type { WireError } from '../sync/protocol.ts'
import type { WireErrorCode } from '../sync/refusals.ts'
import { inTenant } from '../sync/hub/tenant.ts'
import { readBody } from './body.ts'
import { callerOf, type DeviceCaller } from './device-auth.ts'
import type { Hub } from './hub.ts'
import { currentLease, type LeaseFor } from './leases.ts'

// PostgreSQL has no text with a NUL in it: what can't be stored can't be ours.
export const noNul = z.refine<string>((value) => !value.includes('\u0000'))
export const JSON_BYTES_MAX = 256 * 1024

type Status = 400 | 401 | 403 | 404 | 409 | 413 | 415 | 416 | 422 | 429 | 503

export const wrong = (c: Context, status: Status, error: WireErrorCode, facts?: WireError['facts']): Response =>
  c.json({ error, ...(facts && { facts }) } satisfies WireError, status)

/** A request that says nothing of its length may be as long as any. */
const UNSAID_BYTES = 2 * 1024 * 1024

/** Before anything is read: not too often, and not more than there is room for. The others come again. [LIMIT1] */
export const admission =
  (hub: Hub): MiddlewareHandler =>
  async (c, next) => {
    const session = await hub.devices.session(c.req.header('authorization'))
    const hasBody = c.req.method !== 'GET' && c.req.method !== 'HEAD'
    const bytes = hasBody ? Number(c.req.header('content-length') ?? UNSAID_BYTES) : 0
    const place = hub.door.come(session?.dev ?? null, Number.isFinite(bytes) ? bytes : UNSAID_BYTES)
    if ('retryAfterS' in place) return later(c, place.retryAfterS)
    try {
      return await next()
    } finally {
      place.leave()
    }
  }

/** In a while: the device waits at least so long. */
export function later(c: Context, seconds: number): Response {
  c.header('retry-after', String(seconds))
  return wrong(c, 429, 'hub.busy')
}

interface Received {
  readonly caller: DeviceCaller
  readonly body: Uint8Array
}

/**
 * The device that asks and its whole body; of somebody without a session nothing is read. `asksState`: whether it was shut out, which
 * endpoints that look at its lease see there.
 */
export async function received(
  c: Context,
  hub: Hub,
  bytesMax: number,
  asksState = false,
): Promise<Received | Response> {
  if ((await hub.devices.session(c.req.header('authorization'))) === null)
    return wrong(c, 401, c.req.header('x-holdfast-proof') === undefined ? 'auth.no-token' : 'auth.token-over')
  const body = await readBody(c.req.raw, bytesMax)
  if (typeof body === 'string') return wrong(c, 413, body, { bytesMax })
  const caller = await callerFrom(c, hub, body, asksState)
  return caller instanceof Response ? caller : { caller, body }
}

export async function callerFrom(
  c: Context,
  hub: Hub,
  body: Uint8Array | null,
  asksState = true,
): Promise<DeviceCaller | Response> {
  const request = {
    method: c.req.method,
    path: c.req.path,
    authorization: c.req.header('authorization'),
    proof: c.req.header('x-holdfast-proof'),
    body,
  }
  const caller = await callerOf(hub, request, asksState)
  if (typeof caller !== 'string') return caller
  return wrong(c, caller === 'sync.revoked' ? 403 : 401, caller)
}

/** The buckets of today's lease; null for a person who may not work any more. */
export async function bucketsOf(hub: Hub, caller: LeaseFor): Promise<ReadonlySet<string> | null> {
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

export function parsed<T extends z.ZodMiniType>(text: string, schema: T): z.output<T> | null {
  try {
    const result = z.safeParse(schema, JSON.parse(text))
    return result.success ? result.data : null
  } catch {
    return null
  }
}
