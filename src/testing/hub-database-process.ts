// A process that opens the hub's database as the hub does, for tests that kill it or run it as another user. It prints one line of JSON
// (what was opened, or the fault's code), then waits: a line on stdin makes it stop properly. Usage: node --import tsx <this file> <dataDir> [native]

import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseFault } from '../hub/postgres/fault.ts'
import { openDatabase, withClient } from '../hub/postgres/open-database.ts'

const [dataDir = '', native] = process.argv.slice(2)
const say = (_facts: unknown, line: string): void => void process.stderr.write(`${line}\n`)

try {
  const began = performance.now()
  const database = await openDatabase({ dataDir, native, log: { info: say, warn: say } })
  const ms = Math.round(performance.now() - began)
  const pid = Number((await readFile(join(dataDir, 'postgres', 'cluster', 'postmaster.pid'), 'utf8')).split('\n')[0])
  const role = await withClient(
    database.appConfig,
    async (client) => (await client.query<{ role: string }>('SELECT current_user::text AS role')).rows[0]?.role,
  )
  process.stdout.write(`${JSON.stringify({ uid: process.getuid?.(), pid, role, ms })}\n`)
  await once(process.stdin, 'data')
  await database.stop()
  process.exit(0)
} catch (error) {
  const code = error instanceof DatabaseFault ? error.code : 'bug'
  process.stdout.write(`${JSON.stringify({ code, message: String(error) })}\n`)
  process.exit(1)
}
