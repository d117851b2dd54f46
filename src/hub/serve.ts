// Starts a hub: database, schema, keys, endpoints, the built app, and on request the demo company. It says what it does
// while it starts, and what is wrong in a sentence when it can't.
import '../device/native-verifier.ts'
import { createServer as createHttpsServer } from 'node:https'
import { createServer, type Server } from 'node:http'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { getRequestListener } from '@hono/node-server'
import { pino, type Logger } from 'pino'
import { catalogue as productCatalogue } from '../modules/all.ts'
import type { Catalogue } from '../kernel/catalogue.ts'
import type { BlobStore } from '../sync/hub/blobs.ts'
import { newEnrolmentCode } from './enrolment.ts'
import { DiskBlobs } from './blob-disk.ts'
import { appHeaders } from './headers.ts'
import { hubApp } from './http.ts'
import type { Limits } from './door.ts'
import { Hub } from './hub.ts'
import { openHubKeys } from './hub-keys.ts'
import { KeyRing, keyFileIn } from './subject-keys.ts'
import { makeDirectory } from './postgres/home.ts'
import { openDatabase, type HubDatabase } from './postgres/open-database.ts'
import { serveApp } from './static-files.ts'

export const TENANT = 'main'
const SILENT_MS_MAX = 120_000
const APP_ROOT = join(fileURLToPath(new URL('.', import.meta.url)), '../../dist/app')

export interface ServeOptions {
  readonly dataDir: string
  readonly port: number
  readonly host?: string
  readonly databaseUrl?: string
  /** The operator's own role for requests, beside the owner's in `databaseUrl`. */
  readonly databaseAppUrl?: string
  /** Already opened (tests); otherwise opened here and stopped at the end. */
  readonly database?: HubDatabase
  readonly tls?: { readonly certFile: string; readonly keyFile: string }
  readonly catalogue?: Catalogue
  readonly log?: Logger
  /** Where photos and files lie; left out: in the data folder. */
  readonly blobs?: BlobStore
  /** Tells a person what is happening. */
  readonly progress?: (step: string) => void
  readonly now?: () => number
  readonly limits?: Limits
  /** Apps of a schema before it may begin nothing new. */
  readonly oldestSchema?: number
}

export interface ServedHub {
  readonly hub: Hub
  readonly url: string
  readonly port: number
  newCode(user: string | null, minutes?: number): Promise<string>
  stop(): Promise<void>
}

export class PortError extends Error {
  override readonly name = 'PortError'
}

/** The hub over an open database, without a port: migrated and ready. */
export async function openHub(options: {
  dataDir: string
  database: HubDatabase
  catalogue?: Catalogue
  blobs?: BlobStore
  now?: () => number
  limits?: Limits
  oldestSchema?: number
}): Promise<Hub> {
  const { dataDir, database, now, limits, oldestSchema } = options
  const keys = await openHubKeys(dataDir)
  return Hub.open({
    database,
    catalogue: options.catalogue ?? productCatalogue,
    keys,
    tenant: TENANT,
    subjectKeys: new KeyRing(keyFileIn(dataDir)),
    blobs: options.blobs ?? new DiskBlobs(join(dataDir, 'blobs')),
    ...(now && { now }),
    ...(limits && { limits }),
    ...(oldestSchema !== undefined && { oldestSchema }),
  })
}

export async function serve(options: ServeOptions): Promise<ServedHub> {
  const log = options.log ?? pino({ level: 'warn' })
  const say = options.progress ?? (() => undefined)
  await makeDirectory(options.dataDir)
  say('database')
  const database =
    options.database ??
    (await openDatabase({
      dataDir: options.dataDir,
      databaseUrl: options.databaseUrl,
      databaseAppUrl: options.databaseAppUrl,
      log,
    }))
  try {
    say('schema')
    const hub = await openHub({ ...options, database })
    const app = hubApp(hub, log)
    if (existsSync(APP_ROOT)) serveApp(app, APP_ROOT, appHeaders)
    const listener = getRequestListener(app.fetch)
    const { tls } = options
    const server: Server =
      tls === undefined
        ? createServer((req, res) => void listener(req, res))
        : createHttpsServer(
            { cert: readFileSync(tls.certFile), key: readFileSync(tls.keyFile) },
            (req, res) => void listener(req, res),
          )
    // Who takes or sends nothing for so long is gone; connections that wait for hints are told more often that we are there.
    server.setTimeout(SILENT_MS_MAX)
    server.requestTimeout = SILENT_MS_MAX
    say('listening')
    const host = options.host ?? '127.0.0.1'
    const port = await listen(server, options.port, host)
    return {
      hub,
      port,
      url: `${tls === undefined ? 'http' : 'https'}://${host === '127.0.0.1' ? 'localhost' : host}:${port}`,
      newCode: (user, minutes) => newEnrolmentCode(hub, user, minutes),
      async stop() {
        server.closeAllConnections()
        await new Promise<void>((resolve) => server.close(() => resolve()))
        await hub.close()
        if (options.database === undefined) await database.stop()
      },
    }
  } catch (fault) {
    if (options.database === undefined) await database.stop()
    throw fault
  }
}

function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (fault: NodeJS.ErrnoException) => {
      if (fault.code === 'EADDRINUSE')
        reject(new PortError(`Port ${port} is taken by another program. Stop it, or choose another one with --port.`))
      else if (fault.code === 'EACCES')
        reject(new PortError(`Port ${port} may not be used by this account. Choose one above 1023 with --port.`))
      else reject(fault)
    })
    server.listen(port, host, () => {
      const address = server.address()
      resolve(typeof address === 'object' && address !== null ? address.port : port)
    })
  })
}
