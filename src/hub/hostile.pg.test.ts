// What the hub's door answers to programs that mean harm: every refusal has its code, and nothing makes the hub fail.
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { INFLATED_BYTES_MAX, PUSH_BYTES_MAX } from '../sync/protocol.ts'
import { newDeviceKeys } from '../sync/seal.ts'
import { HostileClient, statuses } from '../testing/hostile-client.ts'
import { aHub, PASSWORD, type HubUnderTest } from '../testing/hub-with-devices.ts'
import { wireCatalogue } from '../testing/wire-catalogue.ts'
import { SETUP_USER } from './leases.ts'

let hub: HubUnderTest
let now = Date.UTC(2026, 10, 21, 9)
beforeAll(async () => (hub = await aHub(wireCatalogue, { now: () => now })))
afterAll(async () => {
  await hub.end()
  expect([...statuses.keys()].filter((status) => status >= 500)).toEqual([])
})

async function aClient(): Promise<HostileClient> {
  const { replica } = await hub.device()
  const [identity, lease] = [replica.identity(), replica.lease()]
  if (identity === null || lease === null) throw new Error('The device was not enrolled.')
  return new HostileClient(hub.url, identity, lease)
}

const gz = { 'content-encoding': 'gzip', 'content-type': 'application/x-ndjson' }

test('bodies: too large, bombs, brotli and broken gzip are refused before they cost anything', async () => {
  const client = await aClient()
  const tooLarge = await client.request('/sync/push', Buffer.alloc(PUSH_BYTES_MAX + 65 * 1024), gz)
  expect([tooLarge.status, tooLarge.error]).toEqual([413, 'body.too-large'])
  const before = process.memoryUsage().rss
  const bomb = await client.request('/sync/push', gzipSync(Buffer.alloc(900 * 1024 * 1024)), gz)
  expect([bomb.status, bomb.error]).toEqual([413, 'body.too-large'])
  // The bomb itself was made in this process: what is looked at is that nothing near its size stays.
  expect(process.memoryUsage().rss - before).toBeLessThan(1_000 * 1024 * 1024)
  const brotli = await client.request('/sync/push', brotliCompressSync('{}'), { ...gz, 'content-encoding': 'br' })
  expect([brotli.status, brotli.error]).toEqual([415, 'body.bad-encoding'])
  const broken = await client.request('/sync/push', gzipSync('{}\n').subarray(0, 12), gz)
  expect([broken.status, broken.error]).toEqual([415, 'body.bad-encoding'])
  const plain = await client.request('/sync/push', Buffer.from('{}\n'))
  expect([plain.status, plain.error]).toEqual([400, 'push.malformed'])
  const wide = await client.request('/sync/push', gzipSync('x'.repeat(INFLATED_BYTES_MAX + 1)), gz)
  expect([wide.status, wide.error]).toEqual([413, 'body.too-large'])
  for (const path of ['/enrol', '/sync/session', '/sync/pull'])
    expect(
      (await client.raw('POST', path, Buffer.alloc(300 * 1024), { 'content-type': 'application/json' })).status,
    ).toBeLessThan(500)
})

test('bodies that are no push say so with a code', async () => {
  const client = await aClient()
  const head = JSON.stringify({ push: 1, protocol: 1, incarnation: '', streams: 1 })
  const stream = await client.stream([{ line: client.envelope('wire.addItem', { name: 'x' }) }])
  const bodies: [string, string][] = [
    ['', 'push.malformed'],
    ['\n', 'push.malformed'],
    ['null\n', 'push.malformed'],
    ['[]\n', 'push.malformed'],
    [`${head}\n{}\n`, 'push.malformed'],
    [`${head}\n${stream}`, 'push.malformed'],
    [`${head}\n{"stream":null}\n`, 'push.malformed'],
    [`${JSON.stringify({ push: 1, protocol: 2, incarnation: '', streams: 1 })}\n${stream}\n`, 'push.other-protocol'],
    [`${'[1'.repeat(200_000)}\n`, 'push.malformed'],
  ]
  for (const [body, code] of bodies)
    expect([body.slice(0, 40), (await client.send(body)).error]).toEqual([body.slice(0, 40), code])
  const many = Array.from({ length: 501 }, (_, index) => ({
    line: client.envelope('wire.addItem', { name: 'x' }, { seq: index + 1 }),
  }))
  const said = await client.send(await client.body(many))
  expect([said.status, said.error]).toEqual([413, 'push.too-many'])
})

test('[AUTH3] a token is worth nothing without the key, without its body, or after its time', async () => {
  const client = await aClient()
  const other = await aClient()
  const body = Buffer.from('{}\n')
  const codeOf = async (said: Promise<{ status: number; error: string }>): Promise<string> => {
    const { status, error } = await said
    return `${status} ${error}`
  }
  const token = await client.openSession()
  expect(await codeOf(client.request('/sync/push', body, {}, { token }))).toBe('400 push.malformed')
  expect(await codeOf(other.request('/sync/push', body, {}, { token }))).toBe('401 auth.wrong-proof')
  expect(await codeOf(client.raw('POST', '/sync/push', body))).toBe('401 auth.no-token')
  for (const proof of ['', 'A', '!', 'A'.repeat(86), 'A'.repeat(85), 'a'.repeat(4000)]) {
    expect(await codeOf(client.request('/sync/push', body, { 'x-holdfast-proof': proof }, { token }))).toMatch(
      /^401 auth\.(wrong-proof|no-token)$/,
    )
  }
  for (const bad of ['x', 'a.b.c', client.identity.certificate, '..', token.slice(0, -2)]) {
    expect(await codeOf(client.request('/sync/push', body, {}, { token: bad }))).toBe('401 auth.token-over')
  }
  const elsewhere = await client.raw('POST', '/sync/pull', body, {
    authorization: `Holdfast ${token}`,
    'x-holdfast-proof': await client.signText(`holdfast-request-1\nPOST\n/sync/push\n${token}\n00`),
  })
  expect(elsewhere.error).toBe('auth.wrong-proof')
  now += 600_001
  expect(await codeOf(client.request('/sync/push', body, {}, { token }))).toBe('401 auth.token-over')
})

test('[AUTH4] sessions open only for the device’s own key and a fresh challenge', async () => {
  const client = await aClient()
  const other = await aClient()
  const { tenant, dev, ep } = client.identity
  const open = async (more: object): Promise<string> => {
    const said = await client.json('/sync/session', { tenant, dev, ep, ...more })
    return said.error
  }
  const challengeOf = async (given: object): Promise<string> =>
    (JSON.parse((await client.json('/sync/session', { tenant, dev, ep, ...given })).text) as { challenge: string })
      .challenge
  const challenge = await challengeOf({})
  expect(await open({ challenge, signature: await other.signText(`holdfast-session-1\n${challenge}`) })).toBe(
    'session.wrong-signature',
  )
  expect(await open({ challenge, signature: 'A' })).toBe('session.wrong-signature')
  expect(await open({ challenge: client.identity.certificate, signature: 'AAAA' })).toBe('session.challenge-over')
  const unknown = await challengeOf({ dev: 'ZZZZ' })
  expect(await open({ dev: 'ZZZZ', challenge: unknown, signature: 'AAAA' })).toBe('session.unknown-device')
  // Papers of another device, or none of the hub's, bring nobody in.
  const papers = { certificate: client.identity.certificate, lease: client.identity.certificate }
  expect(await open({ dev: 'ZZZZ', challenge: unknown, signature: 'AAAA', papers })).toBe('session.unknown-device')
  expect(await open({ tenant: 'other' })).toBe('session.malformed')
  for (const bad of ['\u0000', 'x'.repeat(50), 7, null, '\ud800'])
    expect([400, 401, 200]).toContain((await client.json('/sync/session', { tenant, dev: bad, ep })).status)
  const signature = await client.signText(`holdfast-session-1\n${challenge}`)
  now += 120_001
  expect(await open({ challenge, signature })).toBe('session.challenge-over')
})

test('[ID2] codes: unknown, expired, used, tried five times; nothing is enrolled by any of them', async () => {
  const client = await aClient()
  const { publicKey } = await newDeviceKeys()
  const good = { signIn: SETUP_USER, password: PASSWORD, publicKey }
  const enrol = async (given: object): Promise<string> => {
    const said = await client.json('/enrol', { ...good, ...given })
    return said.status === 200 ? 'enrolled' : said.error
  }
  expect(await enrol({ code: 'AAAAAAAAAA' })).toBe('enrol.unknown-code')
  const late = await hub.newCode(null, 10)
  now += 600_001
  expect(await enrol({ code: late })).toBe('enrol.code-expired')
  const code = await hub.newCode(null)
  expect(await enrol({ code, publicKey: { kty: 'EC', crv: 'P-256', x: 'AAAA', y: 'AAAA' } })).toBe('enrol.bad-key')
  expect(await enrol({ code, publicKey: { kty: 'RSA', crv: '', x: '', y: '' } })).toBe('enrol.bad-key')
  expect(await enrol({ code, signIn: '\u0000' })).toBe('enrol.malformed')
  expect(await enrol({ code })).toBe('enrolled')
  expect(await enrol({ code })).toBe('enrol.code-used')
  const tried = await hub.newCode(null)
  for (let attempt = 0; attempt < 5; attempt++)
    expect(await enrol({ code: tried, password: `wrong ${attempt}` })).toBe('enrol.wrong-sign-in')
  expect(await enrol({ code: tried })).toBe('enrol.too-many-tries')
  const mine = await hub.newCode('somebody-else')
  expect(await enrol({ code: mine })).toBe('enrol.wrong-sign-in')
  for (const body of [
    '',
    'null',
    '[]',
    '{}',
    '{"code":1}',
    '{"code":"\\ud800","signIn":"a","password":"b","publicKey":{"kty":"EC","crv":"P-256","x":"","y":""}}',
  ]) {
    const said = await client.raw('POST', '/enrol', Buffer.from(body), { 'content-type': 'application/json' })
    expect([400, 403]).toContain(said.status)
  }
})

test('[PULL3] a pull asks in vain for what its lease doesn’t carry, and nonsense is refused', async () => {
  const client = await aClient()
  const answer = await client.pull({
    buckets: [
      { name: 'elsewhere', after: 0, generation: 0 },
      { name: 'company', after: 0, generation: 0 },
    ],
  })
  expect(answer.head.names).toEqual(['company'])
  const beyond = await client.pull({ buckets: [{ name: 'company', after: 2 ** 50, generation: 7 }], limit: -4 })
  expect(beyond.head.resets).toEqual([{ name: 'company', generation: 0 }])
  const wrong = [
    { buckets: 'all' },
    { limit: 'x' },
    { buckets: [{ name: 'company' }] },
    { buckets: [{ name: '\u0000', after: 0, generation: 0 }] },
    { sv: 1.5 },
  ]
  for (const more of wrong)
    expect([JSON.stringify(more), (await client.pull(more)).error]).toEqual([JSON.stringify(more), 'pull.malformed'])
  expect((await client.raw('GET', '/sync/nothing', null)).error).toBe('hub.no-such-path')
  expect((await client.raw('DELETE', '/sync/push', null)).status).toBe(404)
})
