// `npm run bench -- rebase [pending]`: a device with much pending work hears of 200 rows that others changed, all added to by it
// and some edited: how long the pull takes in its one transaction, beside the same 200 rows on a device where nothing is pending.
import '../src/device/native-sha256.ts'
import { catalogueOf } from '../src/kernel/catalogue.ts'
import type { AnyRow } from '../src/kernel/table.ts'
import { applyPull } from '../src/sync/device/settle.ts'
import { aLoneDevice, aPage, NOON, type LoneDevice } from '../src/testing/lone-device.ts'
import { addItem, item, receive, rename, wireTables } from '../src/testing/wire-catalogue.ts'
import { ms, quantile, ratio } from './figures.ts'

const pending = Number(process.argv[2] ?? 10_000)
const ITEMS = 2_000
const PULLED = 200
const PULLS = 5
const UNIT = 1_000_000
/** One of so many is an edit, which read what it changes; all others only add to a sum. */
const RENAMED = 50
const catalogue = catalogueOf([{ name: 'wire', tables: wireTables, commands: [addItem, receive, rename] }])

/** A device that holds the items as the hub's rows. */
async function aDevice(): Promise<{ device: LoneDevice; items: AnyRow[] }> {
  const device = await aLoneDevice(catalogue, { buckets: ['company', 'catalogue'] })
  const { replica } = device
  replica.db.transaction(() => {
    for (let index = 0; index < ITEMS; index++) device.do('wire.addItem', { name: `Item ${index}` })
  })
  const items = replica.db
    .all<{ id: string }>(`SELECT id FROM ${item.sqlName}`)
    .map(({ id }) => replica.store.read(item, id) as AnyRow)
  replica.touches.clear()
  replica.db.run("UPDATE outbox SET state = 'accepted', is_settled = 1")
  return { device, items }
}

function pulls({ device, items }: { device: LoneDevice; items: AnyRow[] }): number[] {
  const took: number[] = []
  for (let pull = 1; pull <= PULLS; pull++) {
    const rows = items
      .slice((pull - 1) * PULLED, pull * PULLED)
      .map((row) => [item, { ...row, name: `${String(row['name'])}, named anew` }] as const)
    const page = aPage({ w: pull, bucket: 'catalogue', rows })
    const began = performance.now()
    applyPull(device.replica, [page], NOON)
    took.push(performance.now() - began)
  }
  return took
}

const busy = await aDevice()
const quiet = await aDevice()
try {
  busy.device.replica.db.transaction(() => {
    for (let index = 0; index < pending; index++) {
      const id = busy.items[(index * 7) % ITEMS]?.id
      if (index % RENAMED === 0) busy.device.do('wire.rename', { item: id, name: `Renamed ${index}` })
      else busy.device.do('wire.receive', { item: id, quantity: UNIT })
    }
  })
  const limit = pulls(quiet)
  const taken = pulls(busy)
  console.log(`${pending} commands pending on ${ITEMS} items; ${PULLS} pulls that change ${PULLED} of these`)
  console.log(`  pull with all of them pending: p50 ${ms(quantile(taken, 0.5))} (goal 50 ms)`)
  console.log(`  its limit, nothing pending:    p50 ${ms(quantile(limit, 0.5))}`)
  console.log(`  ${ratio('pull, p50', quantile(taken, 0.5), quantile(limit, 0.5), '50 ms in all')}`)
} finally {
  busy.device.end()
  quiet.device.end()
}
