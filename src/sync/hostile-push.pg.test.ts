// Pushes that no device of ours would make, signed with a real device's key: the hub refuses the stream or parks the one
// command, the ones behind it go on, and nothing makes it fail.
import { cpSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { SETUP_USER } from '../hub/leases.ts'
import { committed, HostileClient, statuses } from '../testing/hostile-client.ts'
import { aHub, type HubUnderTest } from '../testing/hub-with-devices.ts'
import { wireCatalogue } from '../testing/wire-catalogue.ts'
import { loggedPersonal } from './hub/command-log.ts'
import { inTenant } from './hub/tenant.ts'
import type { PushAnswer } from './protocol.ts'

let hub: HubUnderTest
beforeAll(async () => (hub = await aHub(wireCatalogue)))
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

const sql = (text: string, values: readonly unknown[] = []): Promise<{ rows: Record<string, never>[] }> =>
  inTenant(hub.hub.pool, hub.hub.tenant, (client) => client.query(text, [...values]))
const personalOf = (dev: string, seq: number) =>
  inTenant(hub.hub.pool, hub.hub.tenant, (client) =>
    loggedPersonal(client, hub.hub.tenant, hub.hub.pushContext.keys, { dev, ep: 1, seq }),
  )
const countOf = async (table: string): Promise<number> =>
  Number((await sql(`SELECT count(*) AS n FROM ${table}`)).rows[0]?.['n'])
const problemOf = async (client: HostileClient, body: string): Promise<string> => {
  const said = await client.send(body)
  if (said.status !== 200) return `${said.status} ${said.error}`
  const { problems, outcomes } = JSON.parse(said.text) as PushAnswer
  return problems.map(({ problem }) => problem).join() || `taken ${outcomes.length}`
}
const addItem = (client: HostileClient, name: string, more = {}): { line: string } => ({
  line: client.envelope('wire.addItem', { name }, { nos: { 'I-26': [1] }, ...more }),
})

test('[PUSH2] wrong signature, wrong seal, gap, other tenant, other device: nothing is taken', async () => {
  const client = await aClient()
  const other = await aClient()
  const one = [addItem(client, 'never')]
  const before = await countOf('command_log')
  expect(await problemOf(client, await client.body(one, { signature: 'AAAA' }))).toBe('signature')
  expect(await problemOf(client, await client.body(one, { signature: await other.signText('x') }))).toBe('signature')
  expect(await problemOf(client, await client.body(one, { lastSeal: '0'.repeat(64) }))).toBe('seal')
  expect(await problemOf(client, await client.body(one, { lastSeq: 2 }))).toBe('seal')
  expect(await problemOf(client, await client.body(one, { firstSeq: 3, lastSeq: 3 }))).toBe('malformed')
  expect(
    await problemOf(client, await client.body([addItem(client, 'gap', { seq: 3 })], { firstSeq: 3, lastSeq: 3 })),
  ).toBe('gap')
  expect(await problemOf(client, await client.body(one, { tenant: 'other' }))).toBe('unknown-device')
  expect(await problemOf(client, await client.body(one, { dev: other.identity.dev }))).toBe('malformed')
  expect(await problemOf(client, await client.body(one, { ep: 2 }))).toBe('malformed')
  // A stream of another device, whole and well signed, sent by this one.
  expect(await problemOf(client, await other.body([addItem(other, 'stolen')]))).toBe('unknown-device')
  expect(await countOf('command_log')).toBe(before)
  expect(await problemOf(client, await client.body(one))).toBe('taken 1')
})

test('[PUSH5] posnext-50: the same bytes twice give the stored outcomes and one effect', async () => {
  const client = await aClient()
  const body = await client.body([
    addItem(client, 'once'),
    { line: client.envelope('wire.addItem', { name: 'once too' }, { seq: 2, nos: { 'I-26': [2] } }) },
  ])
  const first = JSON.parse((await client.send(body)).text) as PushAnswer
  const again = JSON.parse((await client.send(body)).text) as PushAnswer
  expect(first.outcomes.map(({ outcome }) => outcome)).toEqual(['adjusted', 'adjusted'])
  expect(again.outcomes).toEqual(first.outcomes)
  expect((await sql("SELECT 1 FROM wire_item WHERE name LIKE 'once%'")).rows).toHaveLength(2)
})

test('[PUSH2] a flipped byte anywhere in a push is refused, or changes nothing that was sealed', async () => {
  const client = await aClient()
  let counter = 0
  let line = ''
  const nextBody = async (): Promise<Buffer> => {
    counter += 1
    line = client.envelope(
      'wire.addItem',
      { name: 'flip', phone: committed('5a17', '0113') },
      { nos: { 'I-26': [counter] } },
    )
    return Buffer.from(await client.body([{ line, pd: { 'args/phone': { value: '0113', salt: '5a17' } } }]))
  }
  let body = await nextBody()
  const taken: string[] = []
  for (let at = 0; at < body.length; at++) {
    const flipped = Buffer.from(body)
    flipped[at] = (flipped[at] ?? 0) ^ (1 << (at % 7))
    const said = await client.request('/sync/push', gzipSync(flipped), { 'content-encoding': 'gzip' })
    expect(said.status, `byte ${at}`).toBeLessThan(500)
    const { outcomes = [] } = said.status === 200 ? (JSON.parse(said.text) as Partial<PushAnswer>) : {}
    if (outcomes.length === 0) continue
    // Taken: then the sealed line is whole, and only what travels beside it differs.
    const logged = await sql('SELECT line, outcome, reason FROM command_log WHERE dev = $1 AND seq = $2', [
      client.identity.dev,
      counter,
    ])
    expect(logged.rows[0]?.['line'], `byte ${at}`).toBe(line)
    const stored = await personalOf(client.identity.dev, counter)
    taken.push(`${logged.rows[0]?.['outcome']} ${logged.rows[0]?.['reason'] ?? ''}`.trim())
    if (logged.rows[0]?.['outcome'] !== 'parked')
      expect(stored, `byte ${at}`).toMatchObject({ 'args/phone': { value: '0113' } })
    client.wentThrough([{ line }])
    body = await nextBody()
  }
  expect(new Set(taken)).toEqual(new Set(['parked sync.personal-mismatch', 'adjusted sync.other-effects']))
}, 240_000)

test('[REV1] enketo-1226: what can’t be run is parked with its reason, and what follows goes on', async () => {
  const client = await aClient()
  const other = await aClient()
  const item = { name: 'hostile' }
  const cases: [string, () => Promise<{ outcome: string; reason?: string }>][] = [
    ['sync.unknown-command', () => client.command('wire.fly', {})],
    ['sync.unknown-version', () => client.command('wire.addItem', item, { tv: 2 })],
    ['sync.unknown-protocol', () => client.command('wire.addItem', item, { p: 2 })],
    ['sync.not-your-lease', () => client.command('wire.addItem', item, { lease: other.lease })],
    ['sync.not-your-lease', () => client.command('wire.addItem', item, { user: 'somebody' })],
    ['sync.lease-over', () => client.command('wire.addItem', item, { at: Date.now() + 80 * 3_600_000 })],
    ['kernel.bad-arguments', () => client.command('wire.addItem', { name: '' })],
    ['kernel.bad-arguments', () => client.command('wire.addItem', { ...item, role: 'owner' })],
    ['kernel.bad-arguments', () => client.command('wire.receive', { item: 'x', quantity: '5' })],
    ['wire.no-quantity', () => client.command('wire.sell', { item: 'x', day: 'd', quantity: -1 })],
    ['kernel.number-not-drawn', () => client.command('wire.addItem', item)],
    [
      'wire.total-differs',
      () =>
        client.command(
          'wire.openOrder',
          { place: 'company', rank: 1, total: 1, lines: [{ item: 'x', quantity: 1_000_000, price: 900 }] },
          { nos: { 'O-26': [1] } },
        ),
    ],
    [
      'sync.personal-mismatch',
      () =>
        client.command(
          'wire.addItem',
          { ...item, phone: committed('5a17', 'a') },
          {},
          { 'args/phone': { value: 'b', salt: '5a17' } },
        ),
    ],
    ['sync.personal-mismatch', () => client.command('wire.addItem', { ...item, phone: committed('5a17', 'a') })],
    [
      'sync.personal-mismatch',
      () =>
        client.command(
          'wire.addItem',
          { ...item, phone: committed('5a17', 'a') },
          {},
          '["pd",{"args/phone":{"value":1.5,"salt":"5a17"}}]',
        ),
    ],
    [
      'sync.personal-mismatch',
      () =>
        client.command(
          'wire.addItem',
          { ...item, phone: committed('5a17', 'a') },
          {},
          '["pd",{"args/phone":{"value":"\\u0000","salt":"5a17"}}]',
        ),
    ],
    [
      'sync.personal-mismatch',
      () =>
        client.command(
          'wire.addItem',
          { ...item, phone: committed('5a17', 'a') },
          {},
          '["pd",{"args/phone":{"value":"\\ud800","salt":7}}]',
        ),
    ],
    [
      'sync.personal-mismatch',
      () => client.command('wire.addItem', { ...item, phone: committed('5a17', 'a') }, {}, '["pd",null]'),
    ],
    ['hub.bug', () => client.command('wire.moveOrder', { order: 'no such order', place: 'company' })],
    ['hub.bug', () => client.command('wire.receive', { item: 'no such item', quantity: 1 })],
  ]
  for (const [reason, run] of cases) expect(await run()).toMatchObject({ outcome: 'parked', reason })
  expect(await client.command('wire.addItem', item, { nos: { 'I-26': [1] } })).toMatchObject({ outcome: 'adjusted' })
  expect((await sql("SELECT name FROM wire_item WHERE name = 'hostile'")).rows).toHaveLength(1)
  const parked = await sql("SELECT count(*) AS n FROM kernel_review_item WHERE dev = $1 AND state = 'open'", [
    client.identity.dev,
  ])
  expect(parked.rows[0]?.['n']).toBe(cases.length)
})

test('[CMD1] lines that are no envelopes are refused as malformed and leave the device where it was', async () => {
  const client = await aClient()
  const wrong: Partial<Record<string, unknown>>[] = [
    { at: -1 },
    { at: 2 ** 48 },
    { at: 'now' },
    { seq: 0 },
    { ep: 0 },
    { dev: '' },
    { type: 7 },
    { type: 'x'.repeat(300) },
    { tv: -1 },
    { args: null },
    { args: [] },
    { nos: { 'I-26': 5 } },
    { nos: { 'I-26': ['1'] } },
    { nos: [] },
    { nos: null },
    { base: 5 },
    { base: { 'wire.item': 1 } },
    { seen: -1 },
    { user: null },
    { lease: '' },
    { tz: null },
    { eff: 5 },
    { sup: {} },
    { off: 'x' },
    { blobs: [1] },
    { mono: -1 },
  ]
  for (const more of wrong) {
    expect([
      JSON.stringify(more).slice(0, 60),
      await problemOf(client, await client.body([{ line: client.envelope('wire.addItem', { name: 'x' }, more) }])),
    ]).toEqual([JSON.stringify(more).slice(0, 60), 'malformed'])
  }
  const honest = client.envelope('wire.addItem', { name: 'x' }, { nos: { 'I-26': [1] } })
  for (const line of [
    ` ${honest}`,
    honest.replace('"p":1', '"p":1.0'),
    `${honest.slice(0, -1)},"p":1}`,
    honest.replace('"x"', '"\\u0000"'),
    honest.replace('"x"', '"\\ud800"'),
    '[[[[',
    '{}',
    '7',
    '',
  ]) {
    expect([line.slice(0, 30), await problemOf(client, await client.body([{ line }]))]).toEqual([
      line.slice(0, 30),
      'malformed',
    ])
  }
  expect(await problemOf(client, await client.body([{ line: honest }]))).toBe('taken 1')
})

test('[PUSH4] what PostgreSQL can’t take parks alone, the fifty around it stand', async () => {
  const client = await aClient()
  const quantity = 8_999_999_999_000_000
  const lines = Array.from({ length: 50 }, (_, index) => ({
    line: client.envelope('wire.addItem', { name: `bulk ${index}` }, { seq: index + 1, nos: { 'I-26': [index + 1] } }),
  }))
  await client.push(lines)
  const item = String((await sql("SELECT id FROM wire_item WHERE name = 'bulk 7'")).rows[0]?.['id'])
  const poison = [
    client.envelope('wire.receive', { item, quantity }, { seq: 51 }),
    client.envelope('wire.receive', { item, quantity }, { seq: 52 }),
    client.envelope('wire.receive', { item, quantity: 5 }, { seq: 53 }),
  ].map((line) => ({ line }))
  const { outcomes } = await client.push(poison)
  expect(outcomes.map(({ outcome, reason }) => `${outcome} ${reason}`)).toEqual([
    'adjusted sync.other-effects',
    'parked hub.bug',
    'adjusted sync.other-effects',
  ])
  expect((await sql('SELECT stock FROM wire_item WHERE id = $1', [item])).rows[0]?.['stock']).toBe(quantity + 5)
})

test('[AUTH2] a person who left: the work before stands with a mark, the work after is parked, whatever the clock says', async () => {
  await sql(
    "INSERT INTO account (tenant_id, user_id, sign_in, password_hash) SELECT tenant_id, 'leaver', 'leaver', password_hash FROM account WHERE user_id = $1",
    [SETUP_USER],
  )
  const client = await aClient()
  const lease = await hub.hub.keys.sign({ ...JSON.parse(JSON.stringify(await leaseOf(client))), user: 'leaver' })
  const { textHash } = await import('./seal.ts')
  await sql(
    `INSERT INTO lease (tenant_id, hash, dev, ep, user_id, body, jws, issued_at) VALUES ($1, $2, $3, 1, 'leaver', $4, $5, 0)`,
    [
      hub.hub.tenant,
      textHash(lease),
      client.identity.dev,
      JSON.stringify({ ...(await leaseOf(client)), user: 'leaver' }),
      lease,
    ],
  )
  const asLeaver = { user: 'leaver', lease: textHash(lease) }
  const add = (number: number, more: object): ReturnType<HostileClient['command']> =>
    client.command('wire.addItem', { name: 'by a leaver' }, { ...asLeaver, nos: { 'I-26': [number] }, ...more })
  expect(await add(1, {})).toMatchObject({ outcome: 'adjusted' })
  const revokedAt = Date.now()
  const thursday = revokedAt - 86_400_000
  await sql("UPDATE account SET revoked_at = $1 WHERE user_id = 'leaver'", [revokedAt])
  expect(await add(2, { at: thursday })).toMatchObject({ outcome: 'adjusted' })
  expect(
    (await sql("SELECT code FROM kernel_exception WHERE code = 'LATE_AUTHORITY' AND dev = $1", [client.identity.dev]))
      .rows,
  ).toHaveLength(1)
  expect(await add(3, { at: revokedAt + 1 })).toMatchObject({ outcome: 'parked', reason: 'AFTER_REVOCATION' })
  // Back-dated, but it has seen what was committed after the revocation.
  const w = Number((await sql('SELECT seq FROM tenant_clock')).rows[0]?.['seq'])
  expect(await add(4, { at: thursday, seen: w })).toMatchObject({ outcome: 'parked', reason: 'AFTER_REVOCATION' })
})

const leaseOf = async (client: HostileClient): Promise<object> =>
  (await sql('SELECT body FROM lease WHERE hash = $1', [client.lease])).rows[0]?.['body'] as unknown as object

test('[LIFE2] a lease that the hub doesn’t know is asked for once; no other signed text passes for one', async () => {
  const client = await aClient()
  const one = [addItem(client, 'leased', { lease: 'f'.repeat(64) })]
  expect(await problemOf(client, await client.body(one))).toBe('unknown-lease')
  const [head, stream, ...lines] = (await client.body(one)).split('\n')
  for (const shown of ['', client.identity.certificate, 'a.b.c', await client.openSession()]) {
    expect(await problemOf(client, [head, stream, JSON.stringify(['lease', shown]), ...lines].join('\n'))).toBe(
      'taken 1',
    )
  }
  expect((await sql('SELECT reason FROM command_log WHERE dev = $1', [client.identity.dev])).rows).toEqual([
    { reason: 'sync.unknown-lease' },
  ])
})

test('[NUM1] odoo-287667: a legal number can’t be used twice, and a gap has a name', async () => {
  const client = await aClient()
  const add = (counter: number): ReturnType<HostileClient['command']> =>
    client.command('wire.addItem', { name: 'numbered' }, { nos: { 'I-26': [counter] } })
  expect(await add(1)).toMatchObject({ outcome: 'adjusted' })
  expect(await add(1)).toMatchObject({ outcome: 'parked', reason: 'sync.number-used' })
  expect(await add(9)).toMatchObject({ outcome: 'adjusted' })
  expect(
    (await sql("SELECT facts FROM kernel_exception WHERE code = 'NUMBER_GAP' AND dev = $1", [client.identity.dev]))
      .rows,
  ).toHaveLength(1)
})

test('[VER2] a device whose protocol the hub no longer speaks keeps its work, goes on fetching, and sends when it is updated', async () => {
  const state = { isOld: true }
  const device = await hub.device({
    fetch: (url, init) =>
      state.isOld && url.endsWith('/sync/push')
        ? Promise.resolve(Response.json({ error: 'push.other-protocol' }, { status: 400 }))
        : fetch(url, init),
  })
  await device.run('wire.addItem', { name: 'of an old app' })
  const other = await hub.device()
  await other.run('wire.addItem', { name: 'of a new app' })
  await other.sync()
  expect(await device.sync()).toMatchObject({ fault: 'update-needed', waiting: 1, isReady: true })
  expect(device.replica.db.all("SELECT 1 FROM wire_item WHERE name = 'of a new app'")).toHaveLength(1)
  state.isOld = false
  expect(await device.sync()).toMatchObject({ fault: null, waiting: 0 })
})

test('[FORK1] a copied device: both lives are stopped and told, neither loses its work', async () => {
  const directory = hub.directory()
  const original = await hub.device({ directory })
  await original.run('wire.addItem', { name: 'before the copy' })
  await original.sync()
  await original.close()
  cpSync(directory, `${directory}-copy`, { recursive: true })
  const first = await hub.device({ directory })
  const copy = await hub.device({ directory: `${directory}-copy` })
  await first.run('wire.addItem', { name: 'by the original' })
  await copy.run('wire.addItem', { name: 'by the copy' })
  expect(await first.sync()).toMatchObject({ waiting: 0, fault: null })
  expect(await copy.sync()).toMatchObject({ waiting: 1, fault: 'fork' })
  expect(await first.sync()).toMatchObject({ waiting: 0, fault: 'fork' })
  await first.run('wire.addItem', { name: 'after the alarm' })
  expect(await first.sync()).toMatchObject({ waiting: 1, fault: 'fork' })
  expect(await copy.sync()).toMatchObject({ waiting: 1, fault: 'fork' })
  expect((await copy.outbox()).filter(({ state }) => state === 'sent')).toHaveLength(1)
  expect((await sql("SELECT name FROM wire_item WHERE name LIKE '%by the %'")).rows).toEqual([
    { name: 'by the original' },
  ])
  // People are told once, whoever comes how often, and the row travels like any other: the clock rose with it.
  const { dev } = first.replica.identity() ?? { dev: '' }
  const told = await sql(
    `SELECT e.facts, b.bucket, b.seq <= c.seq AS is_pulled FROM kernel_exception e JOIN bucket_row b ON b.id = e.id JOIN tenant_clock c ON true
     WHERE e.code = 'FORK' AND e.dev = $1 AND e.owner = 'it' AND e.is_urgent AND b.bucket LIKE 'duty:%'`,
    [dev],
  )
  expect(told.rows).toEqual([
    { facts: { forked: dev, epoch: 1, seq: 2 }, bucket: expect.stringMatching(/^duty:it:/), is_pulled: true },
  ])
})
