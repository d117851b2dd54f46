// The network of a device through fetch, in a browser's worker and in Node alike. It reports what happened and decides
// nothing: whether an answer is the hub's and what a failure means belongs to the session.
import { OfflineError, uploadIn, type HubAnswer, type HubRequest, type Transport } from '../sync/device/transport.ts'

const TIMEOUT_MS = 60_000
/** Each tab of an app says that there is a network again: what began since goes over the new one. */
const GIVE_UP_MS_MIN = 1_000
const HINT_RETRY_MS_MIN = 2_000
const HINT_RETRY_MS_MAX = 120_000
const RETRY_AFTER_S_MAX = 3_600

export type Fetch = (url: string, init: RequestInit) => Promise<Response>

export class FetchTransport implements Transport {
  private readonly hubUrl: string
  private readonly fetch: Fetch
  private readonly timeoutMs: number
  private readonly stopped = new AbortController()
  private underWay = new AbortController()
  private gaveUpAt = Number.NEGATIVE_INFINITY

  /** `hubUrl` without a trailing slash; `timeoutMs` is what a whole request may take. */
  constructor(hubUrl: string, fetcher: Fetch = (url, init) => fetch(url, init), timeoutMs = TIMEOUT_MS) {
    this.hubUrl = hubUrl.replace(/\/$/, '')
    this.fetch = fetcher
    this.timeoutMs = timeoutMs
  }

  async send(request: HubRequest): Promise<HubAnswer> {
    return this.ask(request, async (response) => {
      const text = await response.text()
      return { text, bytes: Number(response.headers.get('content-length') ?? text.length) }
    })
  }

  async receive(request: HubRequest, take: (piece: Uint8Array) => void): Promise<HubAnswer> {
    const wanted = 'range' in request.headers ? 206 : 200
    return this.ask(request, async (response) => {
      if (response.status !== wanted || typeOf(response) !== BYTES || response.body === null) {
        const text = await response.text()
        return { text, bytes: text.length }
      }
      const reader = response.body.getReader()
      let bytes = 0
      for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
        bytes += piece.value.length
        take(piece.value)
      }
      return { text: '', bytes }
    })
  }

  private async ask(
    { method, path, headers, body }: HubRequest,
    read: (response: Response) => Promise<{ readonly text: string; readonly bytes: number }>,
  ): Promise<HubAnswer> {
    try {
      const response = await this.fetch(this.hubUrl + path, {
        method,
        headers,
        body: body === null ? null : (body as Uint8Array<ArrayBuffer>),
        redirect: 'error',
        signal: AbortSignal.any([AbortSignal.timeout(this.timeoutMs), this.stopped.signal, this.underWay.signal]),
      })
      const { text, bytes } = await read(response)
      return {
        status: response.status,
        type: typeOf(response),
        retryAfter: secondsIn(response.headers.get('retry-after')),
        text,
        bytes,
        upload: uploadIn((name) => response.headers.get(name)),
      }
    } catch (fault) {
      // fetch tells every failure of the network as TypeError or an abort; each of them is "offline".
      throw new OfflineError(fault instanceof Error ? fault.message : 'The hub could not be reached.')
    }
  }

  stop(): void {
    this.stopped.abort()
  }

  giveUp(): void {
    const now = performance.now()
    if (now - this.gaveUpAt < GIVE_UP_MS_MIN) return
    this.gaveUpAt = now
    this.underWay.abort()
    this.underWay = new AbortController()
  }

  async gzip(text: string): Promise<Uint8Array> {
    const stream = new Blob([text]).stream().pipeThrough(new CompressionStream('gzip'))
    return new Uint8Array(await new Response(stream).arrayBuffer())
  }

  async gunzip(content: Uint8Array): Promise<string> {
    const stream = new Blob([content as Uint8Array<ArrayBuffer>]).stream().pipeThrough(new DecompressionStream('gzip'))
    return new Response(stream).text()
  }

  hints(
    path: string,
    headers: () => Promise<Readonly<Record<string, string>>>,
    onHint: (w: number) => void,
  ): () => void {
    const stop = new AbortController()
    void this.listen(path, headers, onHint, stop.signal)
    return () => stop.abort()
  }

  /** Reads the hub's hints until stopped; a broken connection is opened again, later and later. Hints are never needed. */
  private async listen(
    path: string,
    headers: () => Promise<Readonly<Record<string, string>>>,
    onHint: (w: number) => void,
    signal: AbortSignal,
  ): Promise<void> {
    let wait = HINT_RETRY_MS_MIN
    while (!signal.aborted) {
      const { signal: underWay } = this.underWay
      const isOver = AbortSignal.any([signal, underWay])
      try {
        const response = await this.fetch(this.hubUrl + path, {
          headers: { ...(await headers()), accept: 'text/event-stream' },
          signal: isOver,
        })
        if (response.ok && response.body !== null) {
          wait = HINT_RETRY_MS_MIN
          await readEvents(response.body, onHint)
        }
      } catch {
        // Offline, refused or stopped: exchanges find out by themselves, this line only waits.
      }
      // Jitter, so that a thousand devices don't all come back in the second the hub does.
      await pause(wait * (0.5 + Math.random()), isOver)
      wait = underWay.aborted ? HINT_RETRY_MS_MIN : Math.min(HINT_RETRY_MS_MAX, wait * 2)
    }
  }
}

const BYTES = 'application/octet-stream'
const typeOf = (response: Response): string => (response.headers.get('content-type') ?? '').split(';')[0] ?? ''

/** Seconds of a Retry-After; null for a date (it would need a clock that is right) or nonsense. */
function secondsIn(header: string | null): number | null {
  return header !== null && /^\d{1,9}$/.test(header) ? Math.min(Number(header), RETRY_AFTER_S_MAX) : null
}

async function readEvents(body: ReadableStream<Uint8Array>, onHint: (w: number) => void): Promise<void> {
  const decoder = new TextDecoder()
  const reader = body.getReader()
  let text = ''
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return
    text += decoder.decode(value, { stream: true })
    const events = text.split('\n\n')
    text = events.pop() ?? ''
    for (const event of events) {
      const data = /^data: (\d+)$/m.exec(event)?.[1]
      if (data !== undefined) onHint(Number(data))
    }
  }
}

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) return resolve()
    const timer = setTimeout(resolve, ms)
    signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true })
  })
