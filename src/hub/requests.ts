// What every endpoint does with a request: reads who asks and what they say, and refuses in the protocol's own shape.
// It decides nothing about business and answers nothing but refusals.
import type { Context } from 'hono'
import * as z from 'zod/mini'
import type { WireError } from '../sync/protocol.ts'
import type { WireErrorCode } from '../sync/refusals.ts'
import { callerOf, type DeviceCaller } from './device-auth.ts'
import type { Hub } from './hub.ts'

// PostgreSQL has no text with a NUL in it: what can't be stored can't be ours.
export const noNul = z.refine<string>((value) => !value.includes('\u0000'))
export const JSON_BYTES_MAX = 256 * 1024

type Status = 400 | 401 | 403 | 404 | 409 | 413 | 415 | 416 | 422 | 429 | 503

export const wrong = (c: Context, status: Status, error: WireErrorCode, facts?: WireError['facts']): Response =>
  c.json({ error, ...(facts && { facts }) } satisfies WireError, status)

export async function callerFrom(c: Context, hub: Hub, body: Uint8Array | null): Promise<DeviceCaller | Response> {
  const caller = await callerOf(hub, {
    method: c.req.method,
    path: c.req.path,
    authorization: c.req.header('authorization'),
    proof: c.req.header('x-holdfast-proof'),
    body,
  })
  if (typeof caller !== 'string') return caller
  return wrong(c, caller === 'sync.revoked' ? 403 : 401, caller)
}

export function parsed<T extends z.ZodMiniType>(text: string, schema: T): z.output<T> | null {
  try {
    const result = z.safeParse(schema, JSON.parse(text))
    return result.success ? result.data : null
  } catch {
    return null
  }
}
