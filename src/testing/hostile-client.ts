// A program that speaks the protocol by hand with a real device's keys, to say what no device of ours would: any line,
// any order, any byte. It computes its own seals and signatures and remembers every status it was answered.
import { textOf } from '../kernel/text-of.ts'
import { gzipSync } from 'node:zlib'
import { createHash } from 'node:crypto'
import { canonical } from '../kernel/canonical.ts'
import { bodyHashOf, challengeText, proofText } from '../sync/device/session.ts'
import type { Identity } from '../sync/device/replica.ts'
import type {
  Envelope,
  Outcome,
  Personal,
  PushAnswer,
  PullHead,
  StreamHeader,
  StreamProblem,
} from '../sync/protocol.ts'
import { makeSigner, sealOf, textHash } from '../sync/seal.ts'

export interface Said {
  readonly status: number
  readonly error: string
  readonly text: string
  readonly headers: Headers
}

export interface RawCommand {
  readonly line: string
  readonly pd?: Personal | string
}

/** Statuses of every answer to every client: none may be 5xx. */
export const statuses = new Map<number, number>()

export class HostileClient {
  readonly url: string
  readonly identity: Identity
  readonly lease: string
  readonly user: string
  private sign: ((text: string) => Promise<string>) | null = null
  private token: string | null = null
  private seq = 0
  private seal: string

  constructor(
    url: string,
    identity: Identity,
    held: { readonly hash: string; readonly lease: { readonly user: string } },
  ) {
    this.url = url
    this.identity = identity
    this.lease = held.hash
    this.user = held.lease.user
    this.seal = textHash(identity.certificate)
  }

  /** The sequence of the next command. */
  get next(): number {
    return this.seq + 1
  }

  async signText(text: string): Promise<string> {
    this.sign ??= await makeSigner(this.identity.keys.privateKey)
    return this.sign(text)
  }

  async raw(
    method: string,
    path: string,
    body: Uint8Array | null,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Said> {
    const response = await fetch(this.url + path, { method, headers, body: body as Uint8Array<ArrayBuffer> | null })
    const text = await response.text()
    statuses.set(response.status, (statuses.get(response.status) ?? 0) + 1)
    return { status: response.status, error: errorIn(text), text, headers: response.headers }
  }

  json(path: string, value: unknown): Promise<Said> {
    return this.raw('POST', path, Buffer.from(JSON.stringify(value)), { 'content-type': 'application/json' })
  }

  async openSession(): Promise<string> {
    const { tenant, dev, ep } = this.identity
    const { challenge } = JSON.parse((await this.json('/sync/session', { tenant, dev, ep })).text) as {
      challenge: string
    }
    const answer = await this.json('/sync/session', {
      tenant,
      dev,
      ep,
      challenge,
      signature: await this.signText(challengeText(challenge)),
    })
    return (JSON.parse(answer.text) as { token: string }).token
  }

  /** Signed request. `as` exchanges token or signer for those of another. */
  async request(
    path: string,
    body: Uint8Array,
    headers: Readonly<Record<string, string>> = {},
    as: { token?: string; sign?: (text: string) => Promise<string>; method?: 'GET' | 'HEAD' | 'PUT' } = {},
  ): Promise<Said> {
    const method = as.method ?? 'POST'
    const sent = method === 'GET' || method === 'HEAD' ? null : body
    const token = as.token ?? (this.token ??= await this.openSession())
    const proof = await (as.sign ?? ((text: string) => this.signText(text)))(
      proofText(method, path, token, bodyHashOf(sent)),
    )
    return this.raw(method, path, sent, { authorization: `Holdfast ${token}`, 'x-holdfast-proof': proof, ...headers })
  }

  get(path: string, headers: Readonly<Record<string, string>> = {}): Promise<Said> {
    return this.request(path, new Uint8Array(0), headers, { method: 'GET' })
  }

  /** The next line of this device, as an honest one would write it but for `more`. */
  envelope(type: string, args: unknown, more: Partial<Record<keyof Envelope, unknown>> = {}): string {
    const { dev, ep } = this.identity
    const at = Date.now()
    const value = {
      p: 1,
      dev,
      ep,
      seq: this.seq + 1,
      type,
      tv: 1,
      args,
      seen: 0,
      user: this.user,
      lease: this.lease,
      at,
      tz: 'UTC',
      mono: 0,
      app: 'hostile',
      eff: '0'.repeat(16),
      ...more,
    }
    return canonical(value)
  }

  /** A stream of lines behind what this client has pushed; `header` overwrites fields after signing. */
  async stream(commands: readonly RawCommand[], header: Partial<StreamHeader> = {}): Promise<string> {
    let seal = this.seal
    for (const { line } of commands) seal = sealOf(seal, line)
    const { tenant, dev, ep } = this.identity
    const named = {
      tenant,
      dev,
      ep,
      firstSeq: this.seq + 1,
      lastSeq: this.seq + commands.length,
      lastSeal: seal,
      ...header,
    }
    const signature = await this.signText(
      `holdfast-push-1\n${named.tenant}\n${named.dev}\n${named.ep}\n${named.firstSeq}\n${named.lastSeq}\n${named.lastSeal}`,
    )
    const lines = commands.flatMap(({ line, pd }) =>
      pd === undefined ? [line] : [line, typeof pd === 'string' ? pd : `["pd",${JSON.stringify(pd)}]`],
    )
    return [JSON.stringify({ stream: { prev: this.seal, signature, ...named, ...header } }), ...lines].join('\n')
  }

  async body(commands: readonly RawCommand[], header: Partial<StreamHeader> = {}): Promise<string> {
    return `${JSON.stringify({ push: 1, protocol: 1, incarnation: this.identity.incarnation, streams: 1 })}\n${await this.stream(commands, header)}\n`
  }

  async send(body: string): Promise<Said> {
    return this.request('/sync/push', gzipSync(body), {
      'content-encoding': 'gzip',
      'content-type': 'application/x-ndjson',
    })
  }

  /** Pushes lines and, when the hub took them, goes on behind them. */
  async push(
    commands: readonly RawCommand[],
  ): Promise<{ outcomes: readonly Outcome[]; problems: readonly StreamProblem[] }> {
    const said = await this.send(await this.body(commands))
    if (said.status !== 200) throw new Error(`The hub answered ${said.status} ${said.error}`)
    const answer = JSON.parse(said.text) as PushAnswer
    if (answer.problems.length === 0) this.wentThrough(commands)
    return answer
  }

  /** From now on later lines follow these. */
  wentThrough(commands: readonly RawCommand[]): void {
    for (const { line } of commands) {
      this.seal = sealOf(this.seal, line)
      this.seq += 1
    }
  }

  async command(
    type: string,
    args: unknown,
    more: Partial<Record<keyof Envelope, unknown>> = {},
    pd?: RawCommand['pd'],
  ): Promise<Outcome> {
    const { outcomes, problems } = await this.push([
      { line: this.envelope(type, args, more), ...(pd !== undefined && { pd }) },
    ])
    if (outcomes[0] === undefined) throw new Error(`No outcome: ${JSON.stringify(problems)}`)
    return outcomes[0]
  }

  async pull(more: object = {}): Promise<Said & { head: PullHead }> {
    const request = {
      incarnation: '',
      sv: 1,
      buckets: [{ name: 'company', after: 0, generation: 0 }],
      limit: 1000,
      ...more,
    }
    const said = await this.request('/sync/pull', Buffer.from(JSON.stringify(request)), {
      'content-type': 'application/json',
    })
    return { ...said, head: (said.status === 200 ? JSON.parse(said.text.split('\n')[0] ?? '') : {}) as PullHead }
  }
}

/** A commitment as a device makes it. */
export const committed = (salt: string, value: unknown): { $pd: string } => ({
  $pd: createHash('sha256')
    .update(`${salt}${canonical(value)}`)
    .digest('hex'),
})

function errorIn(text: string): string {
  try {
    return textOf((JSON.parse(text) as { error?: unknown }).error)
  } catch {
    return ''
  }
}
