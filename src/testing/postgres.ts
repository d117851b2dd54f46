// One real PostgreSQL for a whole test run: vitest's globalSetup starts the embedded server in a temporary folder and provides its address;
// the projects of a run share it. It never touches a hub's data directory. Tests get their databases from fresh-database.ts.

import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { adminRole } from '../hub/postgres/cluster.ts'
import { openEmbedded } from '../hub/postgres/embedded.ts'
import { embeddedConfigs, embeddedDatabase, embeddedRoles } from '../hub/postgres/open-database.ts'
import { isAlive, stopPostmaster } from '../hub/postgres/postmaster.ts'

/** What a test needs to reach the run's server; plain JSON. */
export type TestServer = {
  host: string
  port: number
  admin: { user: string; password: string }
  owner: { user: string; password: string }
  app: { user: string; password: string }
}

declare module 'vitest' {
  interface ProvidedContext {
    postgres: TestServer
  }
}

type Shared = { users: number; server: Promise<{ address: TestServer; close(): Promise<void> }> }

/** Each project loads this file anew; the process is what they have in common. */
const key = Symbol.for('holdfast.testing.postgres')
const shared = globalThis as { [key]?: Shared | undefined }

/** vitest's globalSetup; the function that it returns is the teardown. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const mine = (shared[key] ??= { users: 0, server: startTestServer() })
  mine.users++
  project.provide('postgres', (await mine.server).address)
  return async () => {
    mine.users--
    if (mine.users > 0) return
    shared[key] = undefined
    await (await mine.server).close()
  }
}

const prefix = 'holdfast-test-'
const quiet = { info: () => undefined, warn: () => undefined }

async function startTestServer(): Promise<{ address: TestServer; close(): Promise<void> }> {
  await sweepKilledRuns()
  const dataDir = await mkdtemp(join(tmpdir(), `${prefix}${process.pid}-`))
  await chmod(dataDir, 0o711) // as root the server runs as nobody, who must get here
  const server = await openEmbedded({ dataDir, log: quiet })
  await embeddedConfigs(server, embeddedDatabase, quiet)
  const as = (user: string): { user: string; password: string } => ({
    user,
    password: server.password(user, 'postgres'),
  })
  return {
    address: {
      host: server.host,
      port: server.port,
      admin: as(adminRole),
      owner: as(embeddedRoles.owner),
      app: as(embeddedRoles.app),
    },
    async close() {
      await server.stop()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

/** A run that was killed leaves its server running: the folder's name tells the run, so the next one clears it away. */
async function sweepKilledRuns(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const pid = name.startsWith(prefix) ? Number(name.slice(prefix.length).split('-')[0]) : Number.NaN
    if (!Number.isSafeInteger(pid) || isAlive(pid)) continue
    const dataDir = join(tmpdir(), name)
    // Another user's folder can't be cleared, and needn't be.
    await stopPostmaster(join(dataDir, 'postgres', 'cluster'))
      .then(() => rm(dataDir, { recursive: true, force: true }))
      .catch(() => undefined)
  }
}
