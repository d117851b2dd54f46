// A small server of the S3 protocol for tests: it works out each signature by its own code from the bytes that arrived,
// hashes each body, and keeps objects in memory. It shares nothing with the signer that it checks.
import * as crypto from 'node:crypto'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface S3Server {
  readonly url: string
  readonly objects: Map<string, Buffer>
  /** Why requests were refused, in order. */
  readonly refusals: string[]
  /** Answers the next requests with this status, as a store in trouble does. */
  fail(status: number, times: number): void
  stop(): Promise<void>
}

export interface S3Account {
  readonly id: string
  readonly secret: string
  readonly region: string
}

const MINUTES_OFF_MAX = 15

/** Null when the request is rightly signed. Follows the published steps, one by one. */
function flawOf(request: IncomingMessage, body: Buffer, account: S3Account): string | null {
  const given =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, ?SignedHeaders=([a-z0-9;-]+), ?Signature=([0-9a-f]{64})$/.exec(
      request.headers.authorization ?? '',
    )
  if (given === null) return 'no signature'
  const [, id, day = '', region = '', signedNames = '', signature] = given
  if (id !== account.id) return 'another account'
  if (region !== account.region) return 'another region'
  const stamp = String(request.headers['x-amz-date'])
  const [, y, m, d, h, min, s] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(stamp) ?? []
  const minutesOff =
    Math.abs(Date.UTC(Number(y), Number(m) - 1, Number(d), Number(h), Number(min), Number(s)) - Date.now()) / 60_000
  if (!(minutesOff <= MINUTES_OFF_MAX) || !stamp.startsWith(day)) return 'another time'
  const claimed = String(request.headers['x-amz-content-sha256'])
  if (crypto.createHash('sha256').update(body).digest('hex') !== claimed) return 'another body'
  for (const must of ['host', 'x-amz-content-sha256', 'x-amz-date'])
    if (!signedNames.split(';').includes(must)) return `${must} is not signed`
  let step1 = `${request.method}\n${request.url}\n\n`
  for (const name of signedNames.split(';')) step1 += `${name}:${String(request.headers[name] ?? '')}\n`
  step1 += `\n${signedNames}\n${claimed}`
  const digest = crypto.createHash('sha256').update(step1, 'utf8').digest('hex')
  const step2 = `AWS4-HMAC-SHA256\n${stamp}\n${day}/${region}/s3/aws4_request\n${digest}`
  const mac = (key: crypto.BinaryLike, data: string) => crypto.createHmac('sha256', key).update(data, 'utf8').digest()
  const ofDay = mac(Buffer.from(`AWS4${account.secret}`, 'utf8'), day)
  const ofService = mac(mac(ofDay, region), 's3')
  const mine = mac(mac(ofService, 'aws4_request'), step2).toString('hex')
  return mine === signature ? null : 'another signature'
}

export async function s3Server(account: S3Account): Promise<S3Server> {
  const objects = new Map<string, Buffer>()
  const refusals: string[] = []
  let failing = { status: 0, times: 0 }
  const server: Server = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      const body = Buffer.concat(parts)
      const end = (status: number, headers: Record<string, string | number> = {}, content: Buffer | null = null) =>
        response.writeHead(status, headers).end(content)
      if (failing.times > 0) {
        failing = { ...failing, times: failing.times - 1 }
        return end(failing.status)
      }
      const flaw = flawOf(request, body, account)
      if (flaw !== null) {
        refusals.push(flaw)
        return end(
          403,
          { 'content-type': 'application/xml' },
          Buffer.from('<Error><Code>SignatureDoesNotMatch</Code></Error>'),
        )
      }
      const key = request.url ?? ''
      const object = objects.get(key)
      if (request.method === 'PUT') {
        objects.set(key, body)
        return end(200)
      }
      if (request.method === 'DELETE') {
        objects.delete(key)
        return end(204)
      }
      if (object === undefined) return end(404, {}, Buffer.from('<Error><Code>NoSuchKey</Code></Error>'))
      const from = /^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1]
      const content = object.subarray(Number(from ?? 0))
      const headers = { 'content-length': content.length }
      return request.method === 'HEAD' ? end(200, headers) : end(from === undefined ? 200 : 206, headers, content)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    objects,
    refusals,
    fail: (status, times) => (failing = { status, times }),
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  }
}
