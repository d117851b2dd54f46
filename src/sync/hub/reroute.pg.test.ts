// A release that routes rows otherwise: the hub moves what is there before it serves anybody, devices pull the moves like any others, and
// a process of the release before neither writes nor answers from then on.
import { dirname } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openDevice } from '../../device/open-device.ts'
import { FetchTransport } from '../../device/fetch-transport.ts'
import { serve, type ServedHub } from '../../hub/serve.ts'
import { catalogueOf, type Catalogue } from '../../kernel/catalogue.ts'
import { command } from '../../kernel/command.ts'
import { name, text } from '../../kernel/field.ts'
import { table } from '../../kernel/table.ts'
import { argon2Floor } from '../../store/vault/kdf.ts'
import { asHubDatabase } from '../../testing/fresh-database.ts'
import { aHub, type HubUnderTest } from '../../testing/hub-with-devices.ts'
import { disagreements } from '../../testing/replica-truth.ts'
import type { Device } from '../device/device.ts'
import { inTenant } from './tenant.ts'

/** A schema beyond what the kernel's own tables are of: those are in every catalogue. */
const NEXT = 9

/** Some rows stay, some move, some leave what this person's devices hold. */
function release(schema: 1 | typeof NEXT) {
  const route = (row: { readonly name: string }): readonly string[] => {
    if (schema === 1) return ['company']
    return row.name.startsWith('hidden') ? ['nobody’s'] : row.name.startsWith('moved') ? ['parties'] : ['company']
  }
  const head = table('rel.head', {
    fields: { name: name() },
    buckets: route,
    ...(schema === NEXT && { bucketsSince: NEXT }),
  })
  const line = table('rel.line', { fields: { head: text(64), text: text() }, parent: { table: head, field: 'head' } })
  const add = command('rel.add', {
    kind: 'fact',
    version: 1,
    permission: 'rel.work',
    args: { name: name() },
    run(ctx, a) {
      const id = ctx.insert(head, { id: ctx.id('head'), name: a.name })
      ctx.insert(line, { id: ctx.id('line'), head: id, text: `of ${a.name}` })
    },
  })
  return catalogueOf([{ name: 'rel', tables: [head, line], commands: [add] }])
}

const [before, after] = [release(1), release(NEXT)]
let hub: HubUnderTest
let next: ServedHub | null = null
beforeAll(async () => {
  hub = await aHub(before)
}, 60_000)
afterAll(async () => {
  await next?.stop()
  await hub.end()
})

/** Another process over the same database and keys. */
function served(catalogue: Catalogue): Promise<ServedHub> {
  return serve({
    dataDir: dirname(hub.directory()),
    port: 0,
    catalogue,
    database: asHubDatabase(hub.database),
  })
}

const names = ({ replica }: Device): string[] =>
  replica.db.all<{ name: string }>('SELECT name FROM rel_head ORDER BY name').map((row) => row.name)

test('[BKT3] rows are routed anew once, devices pull the moves, and the release before serves no more', async () => {
  const directory = hub.directory()
  const device = await hub.device({ directory })
  for (const given of ['hidden 1', 'moved 1', 'moved 2', 'stays'])
    expect(await device.run('rel.add', { name: given })).toMatchObject({ saved: true })
  await device.sync()
  const { watermark } = device.replica
  expect(await device.run('rel.add', { name: 'moved, captured before' })).toMatchObject({ saved: true })

  next = await served(after)
  // [VER5] The process of the release before is still there. It takes nothing and tells nothing, and the device asks again.
  expect(await device.sync()).toMatchObject({ waiting: 1, isOnline: false, watermark })
  await device.close()

  const updated = await openDevice({
    directory,
    hubUrl: next.url,
    catalogue: after,
    passphrase: 'a passphrase',
    kdf: argon2Floor,
    isAutomatic: false,
    transport: new FetchTransport(next.url),
  })
  try {
    const status = await updated.sync()
    expect(status).toMatchObject({ waiting: 0, fault: null, incidents: 0 })
    expect(status.integrity).toMatchObject({ rowsVerified: status.integrity.rowsHeld })
    expect(names(updated)).toEqual(['moved 1', 'moved 2', 'moved, captured before', 'stays'])
    expect(updated.replica.db.get('SELECT COUNT(*) AS n FROM rel_line')).toEqual({ n: 4 })
    expect(await disagreements(next.hub, after, [updated])).toEqual([])
    const { rows } = await inTenant(next.hub.pool, next.hub.tenant, (client) =>
      client.query("SELECT name, count FROM bucket WHERE name IN ('company', 'parties', 'nobody’s') ORDER BY name"),
    )
    expect(rows).toMatchObject([{ name: 'company' }, { name: 'nobody’s', count: 2 }, { name: 'parties', count: 6 }])
  } finally {
    await updated.close()
  }
  await expect(served(before)).rejects.toThrow('start the newer release')
})
