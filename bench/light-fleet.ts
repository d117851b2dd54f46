// A thousand devices in one process: real keys, seals and signatures over the real wire, without a database each, so that what is
// measured is the hub. Each does what a device does that comes back: opens a session, sends what waits, pulls until nothing is left.
import { gzipSync } from 'node:zlib'
import type { Identity } from '../src/sync/device/replica.ts'
import { challengeText } from '../src/sync/device/session.ts'
import type { PullHead, PushAnswer } from '../src/sync/protocol.ts'
import { HostileClient, type Said } from '../src/testing/hostile-client.ts'

/** What the hub's process made for one device. */
export interface Enrolled {
  readonly identity: Identity
  readonly held: {
    readonly hash: string
    readonly lease: { readonly user: string; readonly buckets: readonly string[] }
  }
  /** Bucket of the orders of its branch. */
  readonly place: string
}

const UNIT = 1_000_000
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

export class LightDevice {
  private readonly client: HostileClient
  private readonly enrolled: Enrolled
  private body: Uint8Array = new Uint8Array(0)
  private commands = 0
  /** Times the hub asked for patience. */
  waits = 0

  constructor(url: string, enrolled: Enrolled) {
    this.enrolled = enrolled
    this.client = new HostileClient(url, enrolled.identity, enrolled.held)
  }

  /** Captures orders of three lines each, sealed and packed, ready to go. */
  async work(orders: number, items: readonly string[]): Promise<void> {
    const { client, enrolled } = this
    const lines = Array.from({ length: orders }, (_, index) => {
      const seq = client.next + index
      const of = [1, 7, 31].map((step) => ({
        item: items[(seq * step + step) % items.length] ?? '',
        quantity: UNIT,
        price: 199 + step,
      }))
      const total = of.reduce((sum, { price }) => sum + price, 0)
      const args = { place: enrolled.place, rank: seq, total, lines: of }
      return { line: client.envelope('wire.openOrder', args, { seq, nos: { 'O-26': [seq] } }) }
    })
    this.body = gzipSync(await client.body(lines))
    this.commands = orders
    client.wentThrough(lines)
  }

  /** From the first request until a pulled watermark covers everything it did. */
  async settle(after: number): Promise<void> {
    const token = await this.session()
    const as = { token }
    const gz = { 'content-encoding': 'gzip', 'content-type': 'application/x-ndjson' }
    const pushed = JSON.parse(
      (await this.patient(() => this.client.request('/sync/push', this.body, gz, as))).text,
    ) as PushAnswer
    const isWhole = pushed.problems.length === 0 && pushed.outcomes.length === this.commands
    if (!isWhole || pushed.outcomes.some(({ outcome }) => outcome === 'parked'))
      throw new Error(`A push was not taken: ${JSON.stringify(pushed.problems)} ${JSON.stringify(pushed.outcomes[0])}`)
    let cursor = after
    for (;;) {
      const head = await this.pull(cursor, as)
      cursor = head.upto
      if (!head.more) break
    }
    if (cursor < pushed.w) throw new Error('The pull ended before what was pushed.')
  }

  private async pull(after: number, as: { token: string }): Promise<PullHead> {
    const { held } = this.enrolled
    const request = {
      incarnation: this.enrolled.identity.incarnation,
      sv: 1,
      buckets: held.lease.buckets.map((name) => ({ name, after, generation: 0 })),
      limit: 5000,
      lease: held.hash,
      integrity: [100, 100, 0],
    }
    const body = Buffer.from(JSON.stringify(request))
    const json = { 'content-type': 'application/json' }
    const said = await this.patient(() => this.client.request('/sync/pull', body, json, as))
    return JSON.parse(said.text.slice(0, said.text.indexOf('\n'))) as PullHead
  }

  private async session(): Promise<string> {
    const { tenant, dev, ep } = this.enrolled.identity
    const asked = { tenant, dev, ep }
    const { challenge } = JSON.parse((await this.patient(() => this.client.json('/sync/session', asked))).text) as {
      challenge: string
    }
    const signature = await this.client.signText(challengeText(challenge))
    const opened = await this.patient(() => this.client.json('/sync/session', { ...asked, challenge, signature }))
    return (JSON.parse(opened.text) as { token: string }).token
  }

  /** 429 and 5xx mean "again", later and by chance; everything else but 200 ends the bench. */
  private async patient(ask: () => Promise<Said>): Promise<Said> {
    for (;;) {
      const said = await ask()
      if (said.status === 200) return said
      if (said.status !== 429 && said.status < 500) throw new Error(`The hub answered ${said.status} ${said.error}.`)
      this.waits += 1
      await pause(Number(said.headers.get('retry-after') ?? 1) * 1000 * (1 + Math.random()))
    }
  }
}
