// What a device needs of the network: one request, one answer. Anything that isn't our hub's answer (no connection, a
// captive portal's page, a gateway's error) is "offline"; nothing here decides what a failure means for the work.

export interface HubRequest {
  readonly method: 'GET' | 'POST' | 'HEAD' | 'PUT'
  /** Below the hub's address: `/sync/push`. */
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array | null
}

export interface HubAnswer {
  readonly status: number
  /** `ndjson` or `json` when the hub itself answered, anything else otherwise. */
  readonly type: string
  /** Seconds to wait, from Retry-After. */
  readonly retryAfter: number | null
  readonly text: string
  /** Bytes on the wire as far as known. */
  readonly bytes: number
  /** What a HEAD asks: how much of an upload the hub holds, and whether that is the whole, checked and kept. */
  readonly upload?: { readonly offset: number; readonly isComplete: boolean } | null
}

export interface Transport {
  send(request: HubRequest): Promise<HubAnswer>
  /**
   * Asks for bytes: hands over each piece as it comes, also those before a cut, when the answer is exactly what was asked (200, or 206 for a
   * range); any other answer is told as by `send`.
   */
  receive(request: HubRequest, take: (piece: Uint8Array) => void): Promise<HubAnswer>
  gzip(text: string): Promise<Uint8Array>
  /** What gzip packed; throws on anything else. */
  gunzip(content: Uint8Array): Promise<string>
  /** Ends requests that are under way; later ones fail as offline. */
  stop?(): void
  /** Gives up what is under way as offline, because the network that it went over is gone; later requests go as ever. */
  giveUp?(): void
  /** Watches for the hub's hints (SSE): calls back with a watermark; returns how to stop. */
  hints(path: string, headers: () => Promise<Readonly<Record<string, string>>>, onHint: (w: number) => void): () => void
}

/** What the headers of an answer say of an upload; null for any other answer. */
export function uploadIn(header: (name: string) => string | null | undefined): NonNullable<HubAnswer['upload']> | null {
  const offset = header('upload-offset')
  if (offset == null || !/^\d{1,12}$/.test(offset)) return null
  return { offset: Number(offset), isComplete: header('upload-complete') === '?1' }
}

/** The hub can't be reached, or what answered is not the hub. */
export class OfflineError extends Error {
  override readonly name = 'OfflineError'
  /** Seconds to wait, when whoever answered said so. */
  readonly retryAfter: number | null
  constructor(message: string, retryAfter: number | null = null) {
    super(message)
    this.retryAfter = retryAfter
  }
}

/** The hub answered with an error of its own. */
export class HubError extends Error {
  override readonly name = 'HubError'
  readonly status: number
  readonly code: string
  readonly retryAfter: number | null
  constructor(status: number, code: string, retryAfter: number | null = null) {
    super(`The hub answered ${status}: ${code}`)
    this.status = status
    this.code = code
    this.retryAfter = retryAfter
  }
}

/** Null when the text is no JSON object: cut, or another program's. */
export function objectIn(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const value = JSON.parse(text) as unknown
    return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : null
  } catch {
    return null
  }
}
