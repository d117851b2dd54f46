// Photos and files in a bucket of S3, or of anything that speaks its protocol: an object each, named by its SHA-256, which
// is also the body's hash in the signature, so that the store itself refuses other bytes. It decides nothing about rights.
import { assert } from '../kernel/assert.ts'
import { isSha } from '../kernel/blob.ts'
import type { BlobStore } from '../sync/hub/blobs.ts'
import { EMPTY_SHA, signedHeaders, type S3Keys } from './s3-sign.ts'

/** Below what a transaction may hang (hub.ts). */
const TIMEOUT_MS = 20_000
const NONE = 404

/** The store can't be reached or refused: the device hears "again", and nothing was confirmed. */
export class S3Fault extends Error {
  override readonly name = 'S3Fault'
}

/** A setting that can't be right, in a sentence. */
export class S3SettingFault extends Error {
  override readonly name = 'S3SettingFault'
}

export class S3Blobs implements BlobStore {
  private readonly base: URL
  private readonly keys: S3Keys
  private readonly now: () => number

  /** `base`: `https://endpoint/bucket` or `https://endpoint/bucket/prefix`. */
  constructor(base: URL, keys: S3Keys, now: () => number) {
    this.base = base
    this.keys = keys
    this.now = now
  }

  async put(tenant: string, sha: string, content: Uint8Array): Promise<void> {
    const answer = await this.ask('PUT', tenant, sha, { content })
    await drained(answer)
    if (answer.status !== 200) throw refused('PUT', answer)
  }

  async size(tenant: string, sha: string): Promise<number | null> {
    const answer = await this.ask('HEAD', tenant, sha)
    if (answer.status === NONE) return null
    const length = answer.headers.get('content-length')
    if (answer.status !== 200 || length === null) throw refused('HEAD', answer)
    return Number(length)
  }

  async read(tenant: string, sha: string, from: number): Promise<Uint8Array> {
    const answer = await this.ask('GET', tenant, sha, from === 0 ? {} : { range: `bytes=${from}-` })
    const content = new Uint8Array(await answer.arrayBuffer())
    if (answer.status !== (from === 0 ? 200 : 206)) throw refused('GET', answer)
    return content
  }

  async remove(tenant: string, sha: string): Promise<void> {
    const answer = await this.ask('DELETE', tenant, sha)
    await drained(answer)
    if (answer.status !== 204 && answer.status !== 200 && answer.status !== NONE) throw refused('DELETE', answer)
  }

  private async ask(
    method: string,
    tenant: string,
    sha: string,
    more: { readonly content?: Uint8Array; readonly range?: string } = {},
  ): Promise<Response> {
    assert(isSha(sha) && /^[\w-]{1,64}$/.test(tenant), 'A blob is named by its SHA-256 and nothing else.')
    const url = new URL(`${this.base.pathname.replace(/\/$/, '')}/${tenant}/${sha.slice(0, 2)}/${sha}`, this.base)
    const headers: Record<string, string> = more.range === undefined ? {} : { range: more.range }
    const bodySha = more.content === undefined ? EMPTY_SHA : sha
    try {
      return await fetch(url, {
        method,
        headers: signedHeaders({ method, url, headers, bodySha }, this.keys, this.now()),
        body: (more.content ?? null) as Uint8Array<ArrayBuffer> | null,
        redirect: 'error',
        signal: AbortSignal.timeout(TIMEOUT_MS),
      })
    } catch (fault) {
      throw new S3Fault(`The blob store can't be reached: ${fault instanceof Error ? fault.message : String(fault)}`)
    }
  }
}

/** A body that nobody reads would keep its connection. */
const drained = (answer: Response): Promise<unknown> => answer.arrayBuffer()

/** The store's sentence may hold names and keys: its status says enough. */
const refused = (method: string, { status }: Response): S3Fault =>
  new S3Fault(`The blob store answered ${status} to a ${method}.`)

/** The store that a setting names, with the keys of the environment. Throws S3SettingFault with what is missing. */
export function s3BlobsFrom(
  setting: string,
  environment: Readonly<Record<string, string | undefined>>,
  now: () => number,
): S3Blobs {
  let base: URL
  try {
    base = new URL(setting)
  } catch {
    throw new S3SettingFault('The S3 setting must look like https://endpoint/bucket.')
  }
  const isLocal = ['localhost', '127.0.0.1', '[::1]'].includes(base.hostname)
  if (base.protocol !== 'https:' && !(base.protocol === 'http:' && isLocal))
    throw new S3SettingFault('The S3 endpoint must be https: photos would travel in clear.')
  if (base.pathname === '/' || base.search !== '' || base.username !== '' || base.password !== '')
    throw new S3SettingFault(
      'The S3 setting is an address with a bucket and nothing else; keys come from the environment.',
    )
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = environment
  if (accessKeyId === undefined || secretAccessKey === undefined)
    throw new S3SettingFault('For S3 set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.')
  const region = environment['AWS_REGION'] ?? 'us-east-1'
  const sessionToken = environment['AWS_SESSION_TOKEN']
  return new S3Blobs(
    base,
    { accessKeyId, secretAccessKey, region, ...(sessionToken !== undefined && { sessionToken }) },
    now,
  )
}
