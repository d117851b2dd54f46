// Requests of an enrolled device: a short-lived token bound to the device's key, and a proof of that key over each
// request's exact bytes. No clock of the device is involved: the hub counts the token's time on its own.
import { textOf } from '../../kernel/text-of.ts'
import { hex } from '../../kernel/bytes.ts'
import { sha256 } from '../../kernel/hash.ts'
import { makeSigner } from '../seal.ts'
import type { Identity } from './replica.ts'
import { HubError, objectIn, OfflineError, type HubAnswer, type HubRequest, type Transport } from './transport.ts'

const HUB_TYPES = new Set(['application/json', 'application/x-ndjson', 'application/octet-stream'])

export const proofText = (method: string, path: string, token: string, bodyHash: string): string =>
  `holdfast-request-1\n${method}\n${path}\n${token}\n${bodyHash}`
export const challengeText = (challenge: string): string => `holdfast-session-1\n${challenge}`
export const bodyHashOf = (body: Uint8Array | null): string => hex(sha256(body ?? new Uint8Array(0)))

export class HubSession {
  private readonly transport: Transport
  private readonly identity: Identity
  private token: string | null = null
  private sign: ((text: string) => Promise<string>) | null = null
  bytesSent = 0
  bytesReceived = 0
  isStopped = false

  private readonly heldLease: () => string
  private readonly send = (request: HubRequest): Promise<HubAnswer> => this.transport.send(request)

  /** `heldLease` is the signed lease that the device works under now. */
  constructor(transport: Transport, identity: Identity, heldLease: () => string) {
    this.transport = transport
    this.identity = identity
    this.heldLease = heldLease
  }

  /** The hub answered this session before; says nothing about now. */
  get isOpen(): boolean {
    return this.token !== null
  }

  /** Ends what is under way; every later request is offline. */
  stop(): void {
    this.isStopped = true
    this.transport.stop?.()
  }

  /** What is under way is offline; what comes next is not. */
  giveUp(): void {
    this.transport.giveUp?.()
  }

  async signText(text: string): Promise<string> {
    this.sign ??= await makeSigner(this.identity.keys.privateKey)
    return this.sign(text)
  }

  /** Sends one signed request; a token that ran out is renewed once. Throws OfflineError or HubError. [AUTH1] */
  async request(path: string, body: Uint8Array, headers: Readonly<Record<string, string>> = {}): Promise<HubAnswer> {
    return this.signed({ method: 'POST', path, headers, body }, this.send)
  }

  /** How much of an upload the hub holds. */
  async head(path: string): Promise<{ readonly offset: number; readonly isComplete: boolean }> {
    const { upload } = await this.signed({ method: 'HEAD', path, headers: {}, body: null }, this.send)
    if (upload == null) throw new OfflineError('The answer to a HEAD was cut.')
    return upload
  }

  /** Puts bytes under `path`; the same again changes nothing. */
  async put(path: string, body: Uint8Array): Promise<Readonly<Record<string, unknown>>> {
    const headers = { 'content-type': 'application/octet-stream' }
    const answer = objectIn((await this.signed({ method: 'PUT', path, headers, body }, this.send)).text)
    if (answer === null) throw new OfflineError('The answer to an upload was cut.')
    return answer
  }

  /** Asks for the bytes of `path` from `from` on; each piece is handed over as it comes, also those before a cut. */
  async download(path: string, from: number, take: (piece: Uint8Array) => void): Promise<void> {
    const headers: Record<string, string> = from === 0 ? {} : { range: `bytes=${from}-` }
    await this.signed({ method: 'GET', path, headers, body: null }, (request) => this.transport.receive(request, take))
  }

  private async signed(request: HubRequest, send: (request: HubRequest) => Promise<HubAnswer>): Promise<HubAnswer> {
    const { method, path, body } = request
    for (let attempt = 0; ; attempt++) {
      const headers = { ...request.headers, ...(await this.proof(method, path, body)) }
      const answer = await this.checked({ ...request, headers }, send)
      if (answer.status === 401 && attempt === 0) {
        this.token = null
        continue
      }
      if (answer.status >= 300) throw new HubError(answer.status, errorCode(answer.text), answer.retryAfter)
      return answer
    }
  }

  async proof(method: HubRequest['method'], path: string, body: Uint8Array | null): Promise<Record<string, string>> {
    const token = (this.token ??= await this.open())
    const signature = await this.signText(proofText(method, path, token, bodyHashOf(body)))
    return { authorization: `Holdfast ${token}`, 'x-holdfast-proof': signature }
  }

  /** A hub restored from an older backup doesn't know this device: shown its own signatures it takes it back. [LIFE3] */
  private async open(): Promise<string> {
    const { tenant, dev, ep, certificate } = this.identity
    const first = await this.json('/sync/session', { tenant, dev, ep })
    const challenge = textOf(first['challenge'])
    const answer = { tenant, dev, ep, challenge, signature: await this.signText(challengeText(challenge)) }
    try {
      return tokenIn(await this.json('/sync/session', answer))
    } catch (fault) {
      if (!(fault instanceof HubError) || fault.code !== 'session.unknown-device') throw fault
      return tokenIn(await this.json('/sync/session', { ...answer, papers: { certificate, lease: this.heldLease() } }))
    }
  }

  private async json(path: string, value: object): Promise<Readonly<Record<string, unknown>>> {
    const body = new TextEncoder().encode(JSON.stringify(value))
    const headers = { 'content-type': 'application/json' }
    const answer = await this.checked({ method: 'POST', path, headers, body }, this.send)
    if (answer.status !== 200) throw new HubError(answer.status, errorCode(answer.text), answer.retryAfter)
    const parsed = objectIn(answer.text)
    if (parsed === null) throw new OfflineError('The answer to a session was cut.')
    return parsed
  }

  private async checked(request: HubRequest, send: (request: HubRequest) => Promise<HubAnswer>): Promise<HubAnswer> {
    this.bytesSent += request.body?.length ?? 0
    const answer = await send(request)
    this.bytesReceived += answer.bytes
    const { status, type, retryAfter } = answer
    if (!HUB_TYPES.has(type))
      throw new OfflineError(`Something else than the hub answered (${status}, ${type || 'no type'}).`, retryAfter)
    if (status >= 500) throw new OfflineError(`The hub can't answer now (${status}).`, retryAfter)
    return answer
  }
}

declare class TextEncoder {
  encode(text: string): Uint8Array
}

const tokenIn = (answer: Readonly<Record<string, unknown>>): string => textOf(answer['token'])

const errorCode = (text: string): string => textOf(objectIn(text)?.['error'], 'unknown')
