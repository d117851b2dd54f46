// The hub over the browser's fetch: one request, one whole answer, gzip upwards, hints as a stream that is opened again when it breaks.
// What isn't an answer of a server is an OfflineError; it never decides what an answer means.
import { OfflineError, type HubAnswer, type HubRequest, type Transport } from '../../sync/device/transport.ts'

/** A hub that accepted the connection and says nothing is as good as none. */
const answerMsMax = 60_000
const hintPauseMsMin = 2000
const hintPauseMsMax = 60_000

export class HubTransport implements Transport {
  private readonly origin: string

  /** `hubUrl` is the hub's origin, without a path. */
  constructor(hubUrl: string) {
    this.origin = new URL(hubUrl).origin
  }

  async send({ method, path, headers, body }: HubRequest): Promise<HubAnswer> {
    try {
      const answer = await fetch(this.origin + path, {
        method,
        headers,
        body: body as BodyInit | null,
        credentials: 'omit',
        cache: 'no-store',
        redirect: 'error', // a captive portal redirects
        signal: AbortSignal.timeout(answerMsMax),
      })
      const text = await answer.text()
      const retryAfter = Number(answer.headers.get('retry-after') ?? Number.NaN)
      return {
        status: answer.status,
        type: mediaType(answer),
        retryAfter: Number.isFinite(retryAfter) ? retryAfter : null,
        text,
        bytes: Number(answer.headers.get('content-length') ?? text.length),
      }
    } catch (error) {
      throw Object.assign(new OfflineError(`The hub at ${this.origin} can't be reached.`), { cause: error })
    }
  }

  async gzip(text: string): Promise<Uint8Array> {
    const stream = new Blob([text]).stream().pipeThrough(new CompressionStream('gzip'))
    return new Uint8Array(await new Response(stream).arrayBuffer())
  }

  hints(path: string, headers: () => Promise<Readonly<Record<string, string>>>, onHint: (w: number) => void): () => void {
    const ended = new AbortController()
    void this.listen(path, headers, onHint, ended.signal)
    return () => ended.abort()
  }

  private async listen(
    path: string,
    headers: () => Promise<Readonly<Record<string, string>>>,
    onHint: (w: number) => void,
    signal: AbortSignal,
  ): Promise<void> {
    let pauseMs = hintPauseMsMin
    while (!signal.aborted) {
      try {
        const answer = await fetch(this.origin + path, {
          headers: { ...(await headers()), accept: 'text/event-stream' },
          credentials: 'omit',
          cache: 'no-store',
          signal,
        })
        if (answer.ok && answer.body !== null && mediaType(answer) === 'text/event-stream') {
          pauseMs = hintPauseMsMin
          for await (const w of watermarksOf(answer.body)) onHint(w)
        } else await answer.body?.cancel()
      } catch {
        // Without hints the poll finds the news a little later; the next round tries again.
      }
      await pause(pauseMs, signal)
      pauseMs = Math.min(hintPauseMsMax, pauseMs * 2)
    }
  }
}

const mediaType = (answer: Response): string => (answer.headers.get('content-type') ?? '').split(';')[0]?.trim() ?? ''

/** The watermarks of an event stream: lines like `data: 42`. */
async function* watermarksOf(body: ReadableStream<Uint8Array<ArrayBuffer>>): AsyncGenerator<number> {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader()
  let rest = ''
  for (;;) {
    const { value, done } = await reader.read()
    if (done) return
    const lines = (rest + value).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) {
      const w = /^data:\s*(\d+)\s*$/.exec(line)?.[1]
      if (w !== undefined) yield Number(w)
    }
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms)
    signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true })
  })
}
