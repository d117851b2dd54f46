// The limit of saving in a browser: the same rows, written by a few prepared statements into the same encrypted file in OPFS, in a worker
// of its own, and nothing else: no handler, no seal, no screen.
import { join } from 'node:path'
import type { BrowserContext } from 'playwright-core'
import { ask, aWorkerSite } from '../src/testing/worker-site.ts'
import type { SaleRows } from './sale-rows.ts'

const databaseFile = join(import.meta.dirname, '../src/app/worker/opfs-database.ts')

const workerSource = `
import { openOpfsDatabase } from ${JSON.stringify(databaseFile)}
let sqlite
let rows
const hex = (value, length) => value.toString(16).padStart(length, '0')
const newId = (at) => {
  const stamp = hex(at, 12)
  return stamp.slice(0, 8) + '-' + stamp.slice(8) + crypto.randomUUID().slice(13)
}
const calls = {
  open: async (given) => {
    rows = given
    sqlite = await openOpfsDatabase({ directory: 'bare', key: crypto.getRandomValues(new Uint8Array(32)) })
    sqlite.exec(rows.ddl)
    for (const { sql, values } of rows.before) sqlite.run(sql, values)
  },
  save: (count) => {
    const took = []
    for (let n = 0; n < count; n++) {
      const ids = new Map(rows.ids.map((id) => [id, newId(Date.now())]))
      const began = performance.now()
      sqlite.transaction(() => {
        for (const { sql, values } of rows.statements) sqlite.run(sql, values.map((value) => ids.get(value) ?? value))
      })
      took.push(performance.now() - began)
    }
    return took
  },
}`

export interface BareBrowser {
  /** Milliseconds of each transaction, from its first statement until it is on the disk; its page comes to the front for it. */
  save(count: number): Promise<number[]>
  /** Its server listens until then. */
  close(): Promise<void>
}

/** Opens a page of its own with an empty database of those tables. `work` is a directory for the built page. */
export async function bareBrowser(context: BrowserContext, work: string, rows: SaleRows): Promise<BareBrowser> {
  const site = await aWorkerSite(join(work, 'bare'), workerSource)
  const page = await site.open(context)
  const told = async (call: string, given: unknown): Promise<unknown> => {
    const { result, failed } = await ask(page, call, given)
    if (failed !== undefined) throw new Error(failed.message)
    return result
  }
  await told('open', rows)
  return {
    save: async (count) => (await told('save', count)) as number[],
    async close() {
      await page.close()
      await site.end()
    },
  }
}
