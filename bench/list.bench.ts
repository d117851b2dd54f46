// `npm run bench -- list [items]`: a device that holds many items: how long the commonest list takes and what a person types into its
// search, through the views that the screens ask, beside the least that the same encrypted database can do for it in the same run.
import '../src/device/native-sha256.ts'
import { completeRow } from '../src/kernel/effects.ts'
import { keyId } from '../src/kernel/hash.ts'
import { searchTerms } from '../src/kernel/view.ts'
import type { CanonicalValue } from '../src/kernel/canonical.ts'
import { catalogue } from '../src/modules/all.ts'
import { item } from '../src/modules/masters/item.ts'
import { items, LIST_LIMIT } from '../src/modules/masters/views.ts'
import { applyChunk } from '../src/sync/device/apply-chunk.ts'
import { aLoneDevice, NOON } from '../src/testing/lone-device.ts'
import { ms, quantile, ratio } from './figures.ts'

const many = Number(process.argv[2] ?? 100_000)
const ROWS_A_CHUNK = 5000
const ROUNDS = 15
const SEARCHES = ['d', 'dr', 'drill', 'paint roller', 'B0423', 'spanner 25', 'elbow 9 bag', 'nothing of the kind']
const nouns = ['drill bit', 'hinge', 'wood screw', 'paint roller', 'pipe elbow', 'cable tie', 'work light', 'spanner']
const noun = (index: number): string => nouns[(index * 7 + Math.floor(index / 11)) % nouns.length] ?? ''

function anItem(index: number): Readonly<Record<string, unknown>> & { readonly id: string } {
  const code = `B${String(index).padStart(6, '0')}`
  return completeRow(item, keyId('t1', item.name, [code]), {
    code,
    codeKey: code,
    name: `${noun(index)} ${(index % 97) + 3} mm, ${['box', 'bag', 'card'][index % 3]} of ${(index % 9) * 25 + 5}`,
    group: `group-${index % 40}`,
    kind: 'goods',
    stockUnit: 'each',
    salesUnit: 'each',
    taxCategory: 'standard',
  })
}

const device = await aLoneDevice(catalogue, { buckets: ['company', 'catalogue'] })
try {
  const { db } = device.replica
  const rows = Array.from({ length: many }, (_, index) => anItem(index)).sort((a, b) => (a.id < b.id ? -1 : 1))
  const cols = item.fieldNames.filter((field) => rows[0]?.[field] !== null)
  for (let at = 0; at < many; at += ROWS_A_CHUNK) {
    const part = rows.slice(at, at + ROWS_A_CHUNK)
    const line = {
      chunk: item.name,
      cols,
      ids: part.map(({ id }) => id),
      columns: cols.map((col) => part.map((row) => row[col] as CanonicalValue)),
    }
    db.transaction(() => applyChunk(device.replica, { bucket: 'catalogue', w: 1, generation: 0 }, [line], NOON))
  }

  /** Milliseconds of each round; the first one, with nothing in memory of it, counts like the others. */
  function timed(ask: (round: number) => number): number[] {
    return Array.from({ length: ROUNDS }, (_, round) => {
      const began = performance.now()
      ask(round)
      return performance.now() - began
    })
  }
  const asked = (args: Parameters<typeof items.sql>[0]): number => {
    const { text, params } = items.sql(args)
    return db.all(text, params).length
  }

  console.log(`${many} items on the device, encrypted, ${LIST_LIMIT} a page`)
  const list = timed((round) => asked({ offset: round * LIST_LIMIT }))
  const bareList = timed(
    (round) => db.all('SELECT * FROM masters_item WHERE rid > ? ORDER BY rid LIMIT 50', [round * 50]).length,
  )
  console.log(`  a page of the list:      p50 ${ms(quantile(list, 0.5))}, slowest ${ms(quantile(list, 1))} (goal 5 ms)`)
  console.log(`  its limit, 50 rows by key: p50 ${ms(quantile(bareList, 0.5))}`)
  console.log(`  ${ratio('list, p50', quantile(list, 0.5), quantile(bareList, 0.5), '5 ms in all')}`)
  const search: number[] = []
  const bareSearch: number[] = []
  for (const typed of SEARCHES) {
    const took = timed(() => asked({ search: typed }))
    const bare = timed(
      () =>
        db.all('SELECT COUNT(*) FROM masters_item_search WHERE masters_item_search MATCH ?', [searchTerms(typed)])
          .length,
    )
    console.log(
      `  search ${JSON.stringify(typed).padEnd(22)} p50 ${ms(quantile(took, 0.5))} (goal 20 ms), its matches counted in the index: ${ms(quantile(bare, 0.5))}; ${asked({ search: typed })} shown`,
    )
    search.push(quantile(took, 0.5))
    bareSearch.push(quantile(bare, 0.5))
  }
  const [worst, worstBare] = [Math.max(...search), Math.max(...bareSearch)]
  console.log(`  ${ratio('slowest search, p50', worst, worstBare, '20 ms in all')}`)
} finally {
  device.end()
}
