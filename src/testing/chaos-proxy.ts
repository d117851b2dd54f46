// A network that goes wrong on purpose: stands in front of a hub and cuts, drops, delays, doubles, reorders or swallows
// requests, one fate a request, drawn from a seed; a one-way partition swallows all of them for a while. It never changes
// a byte that it lets through.
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

export const fates = [
  'cut-request',
  'cut-answer',
  'drop-answer',
  'delay',
  /** So long that its device may have given it up and asked again. */
  'long-delay',
  'duplicate',
  'reorder',
  'captive-portal',
  /** For a while all that devices send arrives and is done, and nothing comes back. */
  'one-way-up',
  /** For a while connections are taken, and nothing reaches the hub. */
  'one-way-down',
  'gateway-error',
] as const
export type Fate = (typeof fates)[number]

export interface ChaosProxy {
  readonly url: string
  /** How often each fate came to pass, counted where it did and not where it was drawn: one that never did proves nothing. */
  readonly fired: ReadonlyMap<Fate, number>
  /** From now on `chance` (0 to 1) of the requests meet a fate; 0 heals. `only` narrows the fates, `path` the requests to those below it. */
  chaos(chance: number, only?: readonly Fate[], path?: string): void
  stop(): Promise<void>
}

export interface ChaosOptions {
  readonly port: number
  readonly seed: number
  /** How long a delay or a partition may last. The default suits tests that do one thing after the other. */
  readonly longestMs?: number
  /** Some connections stay open and silent for ever behind a partition, as where a router forgot them: for devices that give up by themselves. */
  readonly mayForget?: boolean
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
/** Of the fates that hold things up for long so many are drawn anew: they would leave no room for the others. */
const LONG_AGAIN = 0.7
const portal = '<!doctype html><title>Sign in to the Wi-Fi</title>'
const answers: Partial<Record<Fate, string>> = {
  'captive-portal': `HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: ${portal.length}\r\nconnection: close\r\n\r\n${portal}`,
  'gateway-error':
    'HTTP/1.1 503 Service Unavailable\r\ncontent-type: text/plain\r\ncontent-length: 4\r\nretry-after: 1\r\nconnection: close\r\n\r\nbusy',
}
type OneWay = 'one-way-up' | 'one-way-down'
const isOneWay = (fate: Fate | undefined): fate is OneWay => fate === 'one-way-up' || fate === 'one-way-down'
const isLong = (fate: Fate | undefined): boolean => fate === 'long-delay' || isOneWay(fate)

export async function chaosProxy(options: ChaosOptions): Promise<ChaosProxy> {
  const chaos = new Chaos(options)
  const server = createServer((client) => chaos.met(client))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    fired: chaos.fired,
    chaos: (chance, only = fates, path = '/') => chaos.set(chance, only, path),
    async stop() {
      chaos.stop()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}

class Chaos {
  readonly fired = new Map<Fate, number>()
  private readonly random: () => number
  private readonly port: number
  private readonly longestMs: number
  private readonly mayForget: boolean
  private readonly sockets = new Set<Socket>()
  private chance = 0
  private mayMeet: readonly Fate[] = fates
  private below = '/'
  /** What happens later, and at once when all heals. */
  private readonly later = new Map<ReturnType<typeof setTimeout>, () => void>()
  /** Requests that wait for another one to overtake them. */
  private overtaken: (() => void)[] = []
  private partition: OneWay | null = null
  /** What didn't get through, by connection. */
  private held = new Map<Socket, (() => void)[]>()
  private readonly forgotten = new WeakSet<Socket>()

  constructor({ port, seed, longestMs = 4 * HOLD_MS, mayForget = false }: ChaosOptions) {
    this.random = seededRandom(seed)
    this.port = port
    this.longestMs = longestMs
    this.mayForget = mayForget
  }

  set(chance: number, only: readonly Fate[], path: string): void {
    this.chance = chance
    this.mayMeet = only
    this.below = path
    if (chance > 0) return
    const late = [...this.later]
    this.later.clear()
    for (const [timer, go] of late) {
      clearTimeout(timer)
      go()
    }
  }

  stop(): void {
    for (const timer of this.later.keys()) clearTimeout(timer)
    for (const socket of this.sockets) socket.destroy()
  }

  met(client: Socket): void {
    this.keep(client)
    let received: Buffer = Buffer.alloc(0)
    client.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk])
      const request = wholeRequest(received)
      if (request === null) return
      received = Buffer.alloc(0)
      const isMeant = request.subarray(0, 200).toString('latin1').split(' ')[1]?.startsWith(this.below) === true
      const fate = isMeant && this.random() < this.chance ? this.draw() : undefined
      if (isOneWay(fate)) this.part(fate)
      if (this.partition !== null || fate === undefined || isOneWay(fate)) this.forward(client, request)
      else this.meet(fate, client, request)
      if (fate !== 'reorder') this.letGo(true)
    })
  }

  private count(fate: Fate): void {
    this.fired.set(fate, (this.fired.get(fate) ?? 0) + 1)
  }

  private draw(): Fate | undefined {
    const one = (): Fate | undefined => this.mayMeet[Math.floor(this.random() * this.mayMeet.length)]
    const fate = one()
    return isLong(fate) && this.random() < LONG_AGAIN ? one() : fate
  }

  /** From a tenth of the longest up to it, the longer the rarer. */
  private long(): number {
    return this.longestMs * (0.1 + 0.9 * this.random() ** 2)
  }

  private after(ms: number, go: () => void): void {
    const timer = setTimeout(() => {
      this.later.delete(timer)
      go()
    }, ms)
    this.later.set(timer, go)
  }

  private keep(socket: Socket): Socket {
    this.sockets.add(socket)
    // A reset by either end is what this program is for; 'close' follows it.
    return socket.on('error', () => undefined).on('close', () => this.sockets.delete(socket))
  }

  private toHub(): Socket {
    return this.keep(connect({ port: this.port, host: '127.0.0.1' }))
  }

  /** Of a device that gave up meanwhile the request arrives all the same, and nobody hears the answer. */
  private forward(client: Socket, request: Buffer): void {
    if (this.partition === 'one-way-down') {
      this.count('one-way-down')
      this.held.set(client, [() => client.destroyed || this.forward(client, request)])
      return
    }
    const hub = this.toHub()
    hub.write(request)
    hub
      .on('data', (chunk) => this.back(client, () => client.write(chunk), true))
      .on('close', () => this.back(client, () => client.end()))
    // That a device closed is something it says, too: it reaches the hub when anything does.
    client.on('close', () => {
      if (this.partition === 'one-way-down') this.held.set(client, [() => hub.destroy()])
      else hub.destroy()
    })
  }

  /** Something comes back to a device, if it gets through. */
  private back(client: Socket, go: () => void, isAnswer = false): void {
    if (this.forgotten.has(client)) return
    if (this.partition !== 'one-way-up') return go()
    const waiting = this.held.get(client) ?? []
    if (isAnswer && waiting.length === 0) this.count('one-way-up')
    this.held.set(client, [...waiting, go])
  }

  private part(way: OneWay): void {
    if (this.partition !== null) return
    this.partition = way
    this.after(this.long(), () => this.join())
  }

  /** Both ways are open again: what was on its way comes late, or its connection is cut, or nobody knows of it any more. */
  private join(): void {
    this.partition = null
    const { held } = this
    this.held = new Map()
    for (const [client, waiting] of held) {
      const end = this.random()
      if (end < 0.5) for (const go of waiting) go()
      else if (end < 0.85 || !this.mayForget || client.destroyed) client.destroy()
      else this.forgotten.add(client)
    }
  }

  private letGo(isOvertaken: boolean): void {
    const waiting = this.overtaken
    this.overtaken = []
    for (const go of waiting) {
      if (isOvertaken) this.count('reorder')
      go()
    }
  }

  private meet(fate: Exclude<Fate, OneWay>, client: Socket, request: Buffer): void {
    const canned = answers[fate]
    if (canned !== undefined) {
      this.count(fate)
      return void client.end(canned)
    }
    if (fate === 'delay' || fate === 'long-delay')
      return this.after(fate === 'delay' ? HOLD_MS * this.random() : this.long(), () => {
        this.count(fate)
        this.forward(client, request)
      })
    if (fate === 'reorder') {
      this.overtaken.push(() => this.forward(client, request))
      // No sooner than others have had their chance, and not for ever.
      return this.after(this.longestMs / 4, () => this.letGo(false))
    }
    if (fate === 'duplicate') {
      // Left open: a hub doesn't answer who has closed already.
      const second = this.toHub()
      second.once('data', () => this.count(fate)).resume()
      second.write(request)
      return this.forward(client, request)
    }
    if (fate === 'cut-request') return this.cutRequest(client, request)
    this.cutAnswer(client, request, fate === 'drop-answer' ? fate : 'cut-answer')
  }

  private cutRequest(client: Socket, request: Buffer): void {
    const hub = this.toHub()
    hub.write(request.subarray(0, Math.floor(this.random() * request.length)), () =>
      this.after(1, () => {
        this.count('cut-request')
        hub.destroy()
        client.destroy()
      }),
    )
  }

  private cutAnswer(client: Socket, request: Buffer, fate: 'cut-answer' | 'drop-answer'): void {
    const hub = this.toHub()
    hub.write(request)
    const chunks: Buffer[] = []
    hub
      .on('data', (chunk: Buffer) => {
        chunks.push(chunk)
        // A line of hints never ends by itself.
        if (chunk.includes('text/event-stream')) hub.destroy()
      })
      .on('close', () => {
        // The hub has answered, so it has committed: now a part of the answer arrives, or nothing.
        const answer = Buffer.concat(chunks)
        this.back(client, () => {
          if (answer.length > 0 && !client.destroyed) this.count(fate)
          if (fate === 'drop-answer') client.destroy()
          else client.write(answer.subarray(0, Math.floor(this.random() * answer.length)), () => client.destroy())
        })
      })
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
