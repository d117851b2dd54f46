// A ready-made download that was begun before a person was erased and would be kept behind it.
import { gunzipSync } from 'node:zlib'
import type { Pool } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { catalogueOf } from '../../kernel/catalogue.ts'
import { completeRow } from '../../kernel/effects.ts'
import { ERASE_SUBJECT } from '../../kernel/erasure.ts'
import { mastersModule } from '../../modules/masters/module.ts'
import { party } from '../../modules/masters/party.ts'
import { privacyModule } from '../../modules/privacy/module.ts'
import { aHub, type HubUnderTest } from '../../testing/hub-with-devices.ts'
import { writeHubRows } from '../../testing/write-hub-rows.ts'
import { CHUNKED_FROM_ROWS, manifestOf } from './chunks.ts'

const catalogue = catalogueOf([mastersModule, privacyModule([mastersModule])])
const idOf = (index: number): string => `01a1f82f-1e80-8000-8000-${String(index).padStart(12, '0')}`
const aParty = (index: number) =>
  completeRow(party, idOf(index), { name: `Qzelda ${index}`, roles: ['customer'], territory: 'leeds' })
/** When a set is asked for: its bucket, whether one lies ready, the snapshot, and what keeps it. */
const KEEPS = 4

let hub: HubUnderTest
beforeAll(async () => {
  hub = await aHub(catalogue)
})
afterAll(() => hub.end())

test('[ERASE1] [BOOT2] is made anew: nobody downloads an erased person', async () => {
  const rows = Array.from({ length: CHUNKED_FROM_ROWS }, (_, index) => ({ table: party, row: aParty(index) }))
  await writeHubRows(hub.hub, rows)
  const [bucket = ''] = party.bucketsOf(aParty(0))
  const device = await hub.device()
  await device.sync()
  const erased = idOf(7)
  let connections = 0
  const pool = {
    connect: async () => {
      connections += 1
      if (connections === KEEPS) {
        expect(await device.run(ERASE_SUBJECT, { table: party.name, subject: erased })).toMatchObject({ saved: true })
        await device.sync()
        expect((await device.outbox()).at(-1)).toMatchObject({ command: ERASE_SUBJECT, state: 'accepted' })
      }
      return hub.hub.pool.connect()
    },
  } as Pool
  const made = await manifestOf({ ...hub.hub.chunkContext, pool }, [bucket], new Set([bucket]))
  expect(connections).toBeGreaterThan(KEEPS)
  const kept = await hub.rows<{ content: Buffer; sha: string }>('SELECT content, sha FROM chunk')
  expect(kept.map(({ sha }) => sha).sort()).toEqual(made.buckets[0]?.chunks.map(({ sha }) => sha).sort())
  const text = kept.map(({ content }) => gunzipSync(content).toString()).join('')
  expect(text).toContain('Qzelda 8"')
  expect(text).not.toContain('Qzelda 7"')
  await device.close()
})
