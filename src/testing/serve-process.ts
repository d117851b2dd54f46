// A hub in a process of its own on a test's database, for tests that kill it in the middle of its work. Its options come
// as JSON in argv; it prints one line with its port and then serves until it is killed.
import { serve } from '../hub/serve.ts'
import { hubWire } from '../hub/postgres/types.ts'
import { wireCatalogue } from './wire-catalogue.ts'
import type { HubDatabase } from '../hub/postgres/open-database.ts'

export interface ServeProcessOptions {
  readonly dataDir: string
  readonly port: number
  readonly database: Omit<HubDatabase, 'stop'>
  /** The whole product instead of the small catalogue of the wire's tests. */
  readonly isProduct?: boolean
}

const options = JSON.parse(process.argv[2] ?? '{}') as ServeProcessOptions
const { ownerConfig, appConfig } = options.database
const database = {
  ...options.database,
  ownerConfig: { ...ownerConfig, ...hubWire },
  appConfig: { ...appConfig, ...hubWire },
  stop: () => Promise.resolve(),
} as HubDatabase
const { dataDir, port, isProduct = false } = options
const served = await serve({ dataDir, port, database, ...(!isProduct && { catalogue: wireCatalogue }) })
process.stdout.write(`${JSON.stringify({ port: served.port })}\n`)
