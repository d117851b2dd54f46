// The hub's endpoints: enrolment, sessions, push, pull, hints, health. It checks sizes and who is asking, answers in the
// protocol's own shapes and never with a stack; what a command may do is decided where it is applied.
import { gzipSync } from 'node:zlib'
import type { HttpBindings } from '@hono/node-server'
import { Hono, type Context } from 'hono'
import { streamSSE, type SSEStreamingApi } from 'hono/streaming'
import type { Logger } from 'pino'
import * as z from 'zod/mini'
import { receivePush } from '../sync/hub/push.ts'
import { toLines } from '../sync/ndjson.ts'
import { addBlobs } from './blobs-http.ts'
import { COMMANDS_PER_PUSH_MAX, INFLATED_BYTES_MAX, PROTOCOL, PUSH_BYTES_MAX } from '../sync/protocol.ts'
import { inflate, openBytesOf, readBody } from './body.ts'
import { newChallenge, openSession } from './device-auth.ts'
import { addDownloads } from './downloads.ts'
import { enrol } from './enrolment.ts'
import type { Hub } from './hub.ts'
import { integrityOfDevices } from './integrity.ts'
import { pulled } from './pulled.ts'
import { admission, callerFrom, JSON_BYTES_MAX, noNul, parsed, received, wrong } from './requests.ts'
import { addOffice } from './office.ts'

/** A connection without hints says that it is there, so that both ends notice one that died. */
const HINT_ALIVE_MS = 30_000
/** What a device waits after a fault of the hub, beside its own jitter. */
const RETRY_AFTER_S = 5

const sessionBody = z.object({
  tenant: z.string().check(z.maxLength(64)),
  dev: z.string().check(z.maxLength(16), noNul),
  ep: z.int(),
  challenge: z.optional(z.string().check(z.maxLength(2000))),
  signature: z.optional(z.string().check(z.maxLength(200))),
  papers: z.optional(
    z.object({ certificate: z.string().check(z.maxLength(10_000)), lease: z.string().check(z.maxLength(200_000)) }),
  ),
})
const short = z.string().check(z.maxLength(200), noNul)
const enrolBody = z.object({
  code: short,
  signIn: short,
  password: short,
  publicKey: z.object({ kty: short, crv: short, x: short, y: short }),
  lost: z.optional(z.object({ dev: short, ep: z.int().check(z.minimum(1)), seq: z.int().check(z.minimum(0)) })),
  again: z.optional(
    z.object({
      certificate: z.string().check(z.maxLength(10_000)),
      firstSeq: z.int().check(z.minimum(1)),
      signature: short,
    }),
  ),
})
const leaves = z.record(z.string().check(z.maxLength(4), noNul), z.tuple([z.int(), short]))
const pullBody = z.object({
  incarnation: short,
  sv: z.int(),
  buckets: z
    .array(
      z.object({
        name: short,
        after: z.int(),
        generation: z.int(),
        sv: z.optional(z.int()),
        learned: z.optional(z.int()),
        leaves: z.optional(leaves),
      }),
    )
    .check(z.maxLength(2000)),
  limit: z.int(),
  lease: z.optional(short),
  integrity: z.optional(z.tuple([z.int(), z.int(), z.int()])),
  aside: z.optional(
    z.array(z.tuple([short, short, z.string().check(z.maxLength(1000), noNul)])).check(z.maxLength(100)),
  ),
  incidents: z.optional(z.tuple([z.int(), z.array(z.tuple([z.int(), short])).check(z.maxLength(20))])),
  report: z.optional(z.object({ seq: z.int(), seal: short, at: z.int() })),
  unanswered: z.optional(z.tuple([z.int(), z.int()])),
})

export function hubApp(hub: Hub, log: Logger): Hono {
  const app = new Hono()
  app.onError((fault, c) => {
    // A caller that went away in the middle is the network's doing and hears nothing of this answer.
    if ('code' in fault && fault.code === 'ECONNRESET') log.debug({ path: c.req.path }, 'a caller went away')
    else log.error({ err: fault, path: c.req.path }, 'a request failed')
    c.header('retry-after', String(RETRY_AFTER_S))
    return wrong(c, 503, 'hub.try-again')
  })
  app.notFound((c) => wrong(c, 404, 'hub.no-such-path'))

  app.get('/health', async (c) => {
    const [w, integrity] = [await hub.clock(), await integrityOfDevices(hub)]
    return c.json({ ok: true, protocol: PROTOCOL, incarnation: hub.incarnation, w, integrity })
  })

  app.use('/enrol', admission(hub))
  app.use('/sync/*', admission(hub))

  app.post('/enrol', async (c) => {
    const given = await jsonOf(c, enrolBody)
    if (given === null) return wrong(c, 400, 'enrol.malformed')
    const result = await enrol(hub, given)
    return 'refusal' in result ? wrong(c, 403, result.refusal) : c.json(result)
  })

  app.post('/sync/session', async (c) => {
    const given = await jsonOf(c, sessionBody)
    if (given === null || given.tenant !== hub.tenant) return wrong(c, 400, 'session.malformed')
    if (given.challenge === undefined || given.signature === undefined)
      return c.json({ challenge: await newChallenge(hub, given.dev, given.ep) })
    const opened = await openSession(hub, { ...given, challenge: given.challenge, signature: given.signature })
    if (typeof opened !== 'string') return c.json(opened)
    return wrong(c, opened === 'sync.revoked' ? 403 : 401, opened)
  })

  app.post('/sync/push', async (c) => {
    const given = await received(c, hub, PUSH_BYTES_MAX + 64 * 1024)
    if (given instanceof Response) return given
    const { caller, body } = given
    const encoding = c.req.header('content-encoding')
    // What waits for its turn is still packed. [LIMIT1]
    const leave = await hub.door.pushes.enter(body.length, openBytesOf(body, encoding))
    try {
      const inflated = await inflate(body, encoding, INFLATED_BYTES_MAX)
      if (inflated === 'body.too-large') return wrong(c, 413, inflated, { bytesMax: INFLATED_BYTES_MAX })
      if (inflated === 'body.bad-encoding') return wrong(c, 415, inflated)
      const started = performance.now()
      const answer = await receivePush(hub.pushContext, inflated.text, caller)
      if (typeof answer === 'string')
        return answer === 'push.too-many'
          ? wrong(c, 413, answer, { commandsMax: COMMANDS_PER_PUSH_MAX })
          : wrong(c, 400, answer)
      const { outcomes, problems } = answer
      const ms = Math.round(performance.now() - started)
      log.info({ dev: caller.dev, outcomes: outcomes.length, problems, ms }, 'push')
      return lines(c, hub, [answer])
    } finally {
      leave()
    }
  })

  app.post('/sync/pull', async (c) => {
    const given = await received(c, hub, JSON_BYTES_MAX)
    if (given instanceof Response) return given
    const { caller, body } = given
    const request = parsed(Buffer.from(body).toString('utf8'), pullBody)
    if (request === null) return wrong(c, 400, 'pull.malformed')
    const leave = await hub.door.readers.enter(1)
    try {
      const answer = await pulled(hub, caller, request)
      return answer === 'sync.revoked' ? wrong(c, 403, answer) : lines(c, hub, answer)
    } finally {
      leave()
    }
  })

  app.get('/sync/hint', async (c) => {
    const caller = await callerFrom(c, hub, null)
    if (caller instanceof Response) return caller
    return streamSSE(c, async (stream) => {
      try {
        await tellHints(stream, hub)
      } catch (fault) {
        // The hub stops, or its database is away: nothing needs hints, and whoever listens comes again.
        log.info({ reason: fault instanceof Error ? fault.message : String(fault) }, 'a line of hints ended')
      }
    })
  })
  addDownloads(app, hub)
  addBlobs(app, hub, log)
  addOffice(app, hub)
  // Never the app's page: a device would take it for a captive portal.
  app.all('/sync/*', (c) => wrong(c, 404, 'hub.no-such-path'))
  return app
}

/** Until whoever listens is gone. */
async function tellHints(stream: SSEStreamingApi, hub: Hub): Promise<void> {
  const ended = new Promise<void>((resolve) => stream.onAbort(resolve))
  let [newest, told, isTelling] = [-1, -1, false]
  const tell = async (): Promise<void> => {
    if (isTelling) return
    isTelling = true
    // A connection that takes nothing is told the newest clock only, once it takes something again.
    while (told < newest && !stream.aborted) await stream.writeSSE({ data: String((told = newest)) })
    isTelling = false
  }
  const stop = await hub.hints.watch((w) => {
    newest = w
    void tell()
  })
  const alive = setInterval(() => void stream.write(':\n\n'), HINT_ALIVE_MS)
  if (!stream.aborted) await ended
  clearInterval(alive)
  stop()
}

async function jsonOf<T extends z.ZodMiniType>(c: Context, schema: T): Promise<z.output<T> | null> {
  const body = await readBody(c.req.raw, JSON_BYTES_MAX)
  return typeof body === 'string' ? null : parsed(Buffer.from(body).toString('utf8'), schema)
}

const GZIP_FROM_BYTES = 1024

function lines(c: Context, hub: Hub, values: readonly unknown[]): Response {
  const text = toLines(values)
  const headers: Record<string, string> = { 'content-type': 'application/x-ndjson', 'cache-control': 'no-store' }
  const accepts = (c.req.header('accept-encoding') ?? '').includes('gzip')
  if (!accepts || text.length < GZIP_FROM_BYTES) return c.body(text, 200, headers)
  const packed = gzipSync(text, { level: 4 })
  // Until its caller has taken it, an answer stays in memory.
  const { outgoing } = (c.env ?? {}) as Partial<HttpBindings>
  if (outgoing?.closed === false) outgoing.once('close', hub.door.answering(packed.length))
  return c.body(packed, 200, { ...headers, 'content-encoding': 'gzip', 'content-length': String(packed.length) })
}
