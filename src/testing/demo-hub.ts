// A real hub with the demo company on a database of its own, for tests that drive the app as a person would. It can be
// stopped and started again on the same port, as a hub that was down; what devices saved meanwhile stays theirs.
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fillDemoCompany, type DemoSignIns } from '../cli/demo-company.ts'
import type { Hub } from '../hub/hub.ts'
import { serve, type ServeOptions, type ServedHub } from '../hub/serve.ts'
import { asHubDatabase, freshDatabase, type FreshDatabase } from './fresh-database.ts'
import type { ServeProcessOptions } from './serve-process.ts'

export interface DemoHub {
  readonly database: FreshDatabase
  readonly signIns: DemoSignIns
  readonly url: string
  /** The hub itself, to look at its rows. Throws while it is stopped. */
  hub(): Hub
  newCode(): Promise<string>
  /** The hub is gone until `start`. */
  stop(): Promise<void>
  /** On its port again, perhaps with other limits or another oldest app. */
  start(how?: Pick<ServeOptions, 'limits' | 'oldestSchema'>): Promise<void>
  /** In its place and on its port the hub and the app of another source tree, in a process of its own. */
  startFrom(folder: string): Promise<void>
  end(): Promise<void>
}

export async function aDemoHub(): Promise<DemoHub> {
  const database = await freshDatabase()
  const dataDir = mkdtempSync(join(tmpdir(), 'holdfast-demo-hub-'))
  const open = (port: number, how: Pick<ServeOptions, 'limits' | 'oldestSchema'> = {}): Promise<ServedHub> =>
    serve({
      ...how,
      dataDir,
      port,
      database: asHubDatabase(database),
    })
  let served: ServedHub | null = await open(0)
  const { url, port } = served
  const signIns = await fillDemoCompany(served, dataDir, () => undefined)
  let other: ChildProcess | null = null
  const stop = async (): Promise<void> => {
    await served?.stop()
    served = null
    if (other === null) return
    const ended = once(other, 'exit')
    if (other.kill('SIGKILL')) await ended
    other = null
  }
  return {
    database,
    signIns,
    url,
    hub() {
      if (served === null) throw new Error('The hub is stopped: start it before looking at its rows.')
      return served.hub
    },
    newCode() {
      if (served === null) throw new Error('The hub is stopped: start it before asking for a code.')
      return served.newCode(null)
    },
    stop,
    async start(how) {
      served ??= await open(port, how)
    },
    async startFrom(folder) {
      await stop()
      const { stop: _, ...own } = asHubDatabase(database)
      const options: ServeProcessOptions = { dataDir, port, database: own, isProduct: true }
      const program = join(folder, 'src/testing/serve-process.ts')
      const child = spawn(process.execPath, ['--import', 'tsx', program, JSON.stringify(options)], {
        cwd: folder,
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      other = child
      await Promise.race([
        once(child.stdout, 'data'),
        once(child, 'exit').then(([code]) => {
          throw new Error(`The other hub ended with ${String(code)} before it served.`)
        }),
      ])
    },
    async end() {
      await stop()
      await database.drop()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}
