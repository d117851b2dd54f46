// AWS Signature Version 4 for whole requests without a query, which is all that the blob store asks. It reads no clock and
// no environment, and keeps no secret: everything is handed in.
import { createHash, createHmac } from 'node:crypto'

export interface S3Keys {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  /** Of temporary credentials. */
  readonly sessionToken?: string
  readonly region: string
}

export interface Unsigned {
  readonly method: string
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  /** SHA-256 of the body, hex: the store refuses a body that has another. */
  readonly bodySha: string
}

/** SHA-256 of nothing. */
export const EMPTY_SHA = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'

const ALGORITHM = 'AWS4-HMAC-SHA256'
const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest()

/** The headers to send. `at`: ms since 1970; the store takes what is at most fifteen minutes off. */
export function signedHeaders(
  { method, url, headers, bodySha }: Unsigned,
  keys: S3Keys,
  at: number,
): Record<string, string> {
  const stamp = new Date(at).toISOString().replaceAll(/[-:]|\.\d{3}/g, '')
  const day = stamp.slice(0, 8)
  const all: Record<string, string> = {
    ...Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value.trim()])),
    host: url.host,
    'x-amz-content-sha256': bodySha,
    'x-amz-date': stamp,
    ...(keys.sessionToken !== undefined && { 'x-amz-security-token': keys.sessionToken }),
  }
  const names = Object.keys(all).sort()
  const signed = names.join(';')
  const lines = names.map((name) => `${name}:${all[name] ?? ''}\n`).join('')
  const canonical = [method, url.pathname, '', lines, signed, bodySha].join('\n')
  const scope = `${day}/${keys.region}/s3/aws4_request`
  const text = [ALGORITHM, stamp, scope, createHash('sha256').update(canonical).digest('hex')].join('\n')
  const key = [day, keys.region, 's3', 'aws4_request'].reduce<string | Buffer>(hmac, `AWS4${keys.secretAccessKey}`)
  const signature = hmac(key, text).toString('hex')
  const { host: _, ...sent } = all
  return {
    ...sent,
    authorization: `${ALGORITHM} Credential=${keys.accessKeyId}/${scope},SignedHeaders=${signed},Signature=${signature}`,
  }
}
