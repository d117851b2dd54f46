// A network that goes wrong on purpose: stands in front of a hub and cuts, drops, delays, doubles, reorders or swallows
// requests, one fate a request, drawn from a seed. It never changes a byte that it lets through.
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

export const fates = [
  'cut-request',
  'cut-answer',
  'drop-answer',
  'delay',
  'duplicate',
  'reorder',
  'captive-portal',
  'one-way',
  'gateway-error',
] as const
export type Fate = (typeof fates)[number]

export interface ChaosProxy {
  readonly url: string
  /** How often each fate came to pass: one that never did proves nothing. */
  readonly fired: ReadonlyMap<Fate, number>
  /** From now on `chance` (0 to 1) of the requests meet a fate; 0 heals. `only` narrows the fates, `path` the requests to those below it. */
  chaos(chance: number, only?: readonly Fate[], path?: string): void
  stop(): Promise<void>
}

/** Numbers in [0, 1) that a seed gives again. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

const HOLD_MS = 15
const portal = '<!doctype html><title>Sign in to the Wi-Fi</title>'
const answers: Partial<Record<Fate, string>> = {
  'captive-portal': `HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: ${portal.length}\r\nconnection: close\r\n\r\n${portal}`,
  'gateway-error':
    'HTTP/1.1 503 Service Unavailable\r\ncontent-type: text/plain\r\ncontent-length: 4\r\nretry-after: 1\r\nconnection: close\r\n\r\nbusy',
}

export async function chaosProxy({
  port,
  seed,
}: {
  readonly port: number
  readonly seed: number
}): Promise<ChaosProxy> {
  const random = seededRandom(seed)
  const fired = new Map<Fate, number>()
  const sockets = new Set<Socket>()
  let chance = 0
  let mayMeet: readonly Fate[] = fates
  let below = '/'
  /** Requests that wait for another one to overtake them. */
  let overtaken: (() => void)[] = []

  const keep = (socket: Socket): Socket => {
    sockets.add(socket)
    // A reset by either end is what this program is for; 'close' follows it.
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket))
    return socket
  }
  const toHub = (): Socket => keep(connect({ port, host: '127.0.0.1' }))

  function forward(client: Socket, request: Buffer): void {
    const hub = toHub()
    hub.write(request)
    hub.on('data', (chunk) => client.write(chunk)).on('close', () => client.end())
    client.on('close', () => hub.destroy())
  }

  function letGo(): void {
    const waiting = overtaken
    overtaken = []
    for (const go of waiting) go()
  }

  function meet(fate: Fate, client: Socket, request: Buffer): void {
    fired.set(fate, (fired.get(fate) ?? 0) + 1)
    const canned = answers[fate]
    if (canned !== undefined) return void client.end(canned)
    if (fate === 'delay') return void setTimeout(() => forward(client, request), HOLD_MS * random())
    if (fate === 'one-way') return void setTimeout(() => client.destroy(), HOLD_MS)
    if (fate === 'reorder') {
      overtaken.push(() => forward(client, request))
      return void setTimeout(letGo, HOLD_MS)
    }
    if (fate === 'duplicate') {
      toHub().end(request).resume()
      return forward(client, request)
    }
    const hub = toHub()
    if (fate === 'cut-request') {
      hub.write(request.subarray(0, Math.floor(random() * request.length)), () =>
        setTimeout(() => (hub.destroy(), client.destroy()), 1),
      )
      return
    }
    hub.write(request)
    const chunks: Buffer[] = []
    hub
      .on('data', (chunk: Buffer) => chunks.push(chunk))
      .on('close', () => {
        // The hub has answered, so it has committed: now a part of the answer arrives, or nothing.
        const answer = Buffer.concat(chunks)
        if (fate === 'drop-answer') client.destroy()
        else client.write(answer.subarray(0, Math.floor(random() * answer.length)), () => client.destroy())
      })
  }

  const server = createServer((client) => {
    keep(client)
    let received: Buffer = Buffer.alloc(0)
    client.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk])
      const request = wholeRequest(received)
      if (request === null) return
      received = Buffer.alloc(0)
      const isMeant = request.subarray(0, 200).toString('latin1').split(' ')[1]?.startsWith(below) === true
      const fate = isMeant && random() < chance ? mayMeet[Math.floor(random() * mayMeet.length)] : undefined
      if (fate === undefined) forward(client, request)
      else meet(fate, client, request)
      if (fate !== 'reorder') letGo()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    fired,
    chaos(share, only = fates, path = '/') {
      chance = share
      below = path
      mayMeet = only
    },
    async stop() {
      for (const socket of sockets) socket.destroy()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}

/** One request with its body, asking the hub to close after it: one connection, one request, one fate. Null while it isn't whole. */
function wholeRequest(received: Buffer): Buffer | null {
  const end = received.indexOf('\r\n\r\n')
  if (end === -1) return null
  const head = received.subarray(0, end).toString('latin1')
  const length = Number(/^content-length: *(\d+)/im.exec(head)?.[1] ?? 0)
  if (received.length < end + 4 + length) return null
  const closing = `${head.replace(/\r\nconnection:[^\r]*/i, '')}\r\nconnection: close\r\n\r\n`
  return Buffer.concat([Buffer.from(closing, 'latin1'), received.subarray(end + 4, end + 4 + length)])
}
