// The hub of a data folder for one piece of work on its own machine, whether a hub serves it at the moment or not. What it
// opened it closes again.
import type { Hub } from '../hub/hub.ts'

export interface HubFolder {
  readonly data: string
  readonly databaseUrl?: string
}

export async function openHubOf<T>(given: HubFolder, work: (hub: Hub) => Promise<T>): Promise<T> {
  const [{ openDatabase }, { openHub }] = await Promise.all([
    import('../hub/postgres/open-database.ts'),
    import('../hub/serve.ts'),
  ])
  const quiet = { info: () => undefined, warn: () => undefined }
  const database = await openDatabase({
    dataDir: given.data,
    databaseUrl: given.databaseUrl ?? process.env['DATABASE_URL'],
    databaseAppUrl: process.env['DATABASE_APP_URL'],
    log: quiet,
  })
  try {
    const hub = await openHub({ dataDir: given.data, database })
    const done = await work(hub)
    await hub.close()
    return done
  } finally {
    await database.stop()
  }
}
