// The hub's own PostgreSQL, from the package's programs: made, started, taken over from a hub that was killed, and stopped. fsync is always on.
// It listens on a socket of its own only, never on a network address, and it never removes or repairs a cluster.

import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { Client } from 'pg'
import { ended, isReachable, launch } from './account.ts'
import { copyBinaries, installedBinaries, linkLibraries } from './binaries.ts'
import type { Binaries } from './binaries.ts'
import { adminRole, ensureCluster, openOutput } from './cluster.ts'
import { codeOf, DatabaseFault, openingFault, serverFault, wordsOf } from './fault.ts'
import { openHome, readOrMakeSecret, rolePassword, socketDirectory } from './home.ts'
import type { Home } from './home.ts'
import type { HubLog } from './log.ts'
import { findPostmaster, isAlive, removeStaleFiles, stopPostmaster } from './postmaster.ts'
import type { Found } from './postmaster.ts'

/** How to reach a server's socket. `password(role, database)` is the one that this cluster's secret gives to a role. */
export type EmbeddedServer = {
  host: string
  port: number
  pid: number
  adopted: boolean
  password(role: string, database: string): string
  /** Stops the server, unless another hub process uses it. */
  stop(): Promise<void>
}

const retryMs = 10_000
const uncollectedMsMax = 2_000
const silenceMsMax = 60_000

/** Starts or adopts. Throws DatabaseFault: platform, account, directory, disk-full, start, password, version. */
export async function openEmbedded(options: {
  dataDir: string
  log: HubLog
  native?: string | undefined
}): Promise<EmbeddedServer> {
  const { dataDir, log } = options
  try {
    const installed = await installedBinaries()
    const home = await openHome(dataDir, log)
    const secret = await readOrMakeSecret(home)
    const binaries = await runnable(
      home,
      options.native === undefined ? installed : { ...installed, native: options.native },
    )
    const adminPassword = rolePassword(secret, adminRole, 'postgres')
    const isNew = await ensureCluster(home, binaries, adminPassword)
    if (isNew) log.info({ cluster: home.cluster, runsAs: home.account.kind }, 'A new PostgreSQL cluster was made.')
    const running = await ensureRunning({ home, binaries, adminPassword, log })
    const presence = await announce(running, adminPassword, log)
    return {
      host: running.socketDirectory,
      port: running.port,
      pid: running.pid,
      adopted: running.adopted,
      password: (role, database) => rolePassword(secret, role, database),
      stop: () => leave(home, presence, log),
    }
  } catch (error) {
    throw openingFault(dataDir, error)
  }
}

async function runnable(home: Home, binaries: Binaries): Promise<Binaries> {
  const linked = await linkLibraries(binaries.native)
  const reached =
    process.getuid?.() !== 0 || (await isReachable(join(binaries.native, 'bin', 'postgres'), home.account))
  return linked && reached ? binaries : copyBinaries(binaries, home.root)
}

type Running = { pid: number; socketDirectory: string; port: number; adopted: boolean }
type Start = { home: Home; binaries: Binaries; adminPassword: string; log: HubLog }
type Attempt = {
  end: { exit: number | null; spawnError?: string } | undefined
  words(): Promise<string>
  close(): Promise<void>
}

/** One loop over what is found: ask a live server, wait for one that starts or stops, clear away what a dead one left, start one. */
async function ensureRunning(start: Start): Promise<Running> {
  const { home, log } = start
  const sockets = await socketDirectory(home)
  let attempt: Attempt | undefined
  let adopted = true
  let changedAt = performance.now()
  const began = changedAt
  try {
    for (;;) {
      const found = await findPostmaster(home.cluster)
      if (found.state === 'alive' && found.ready && (await answers(start, found))) {
        log.info(
          { pid: found.pid, adopted, ms: Math.round(performance.now() - began) },
          adopted ? 'A running PostgreSQL of this directory was taken over.' : 'PostgreSQL started.',
        )
        return { ...found, adopted }
      }
      const waitedMs = performance.now() - changedAt
      if (found.state === 'alive') {
        if (waitedMs > silenceMsMax && attempt === undefined) throw silent(home, found.pid)
      } else if (attempt?.end !== undefined) {
        const words = attempt.end.spawnError ?? (await attempt.words())
        if (!isPassing(words) || performance.now() - began > retryMs) throw serverFault(home.root, 'postgres', words)
        await attempt.close()
        attempt = undefined
        await delay(100)
      } else if (attempt === undefined) {
        if (found.state === 'garbled' && waitedMs < 1_000) {
          await delay(50) // it may be just being written
          continue
        }
        // A process that ended but that its parent (a container's first process, mostly) never collects would block PostgreSQL for ever.
        const uncollected = found.state === 'dead' && isAlive(found.pid) && performance.now() - began > uncollectedMsMax
        if (found.state === 'foreign' || found.state === 'garbled' || uncollected) {
          const pid = found.state === 'foreign' || found.state === 'dead' ? found.pid : undefined
          await removeStaleFiles(home.cluster, sockets, pid)
          log.warn(
            { ...found, file: join(home.cluster, 'postmaster.pid') },
            'postmaster.pid named a process that is not the PostgreSQL of this directory: the file was removed.',
          )
        }
        adopted = false
        attempt = await spawnServer(start, sockets)
        changedAt = performance.now()
      }
      await delay(10)
    }
  } finally {
    await attempt?.close()
  }
}

/** The children of a killed postmaster may still be going: PostgreSQL refuses until the last one is gone (1.5 s seen). */
function isPassing(words: string): boolean {
  return /pre-existing shared memory block|lock file "[^"]*" already exists|Is another postmaster/.test(words)
}

async function spawnServer({ home, binaries }: Start, sockets: string): Promise<Attempt> {
  const settings = [
    'listen_addresses=',
    `unix_socket_directories=${sockets}`,
    'unix_socket_permissions=0700',
    'port=5432',
    'fsync=on',
    'synchronous_commit=on',
    'full_page_writes=on',
    'timezone=UTC',
    'log_timezone=UTC',
    'log_checkpoints=off',
    'logging_collector=off',
    'log_destination=stderr',
  ]
  const output = await openOutput(home)
  const args = ['-D', home.cluster, ...settings.flatMap((setting) => ['-c', setting])]
  const child = launch(home.account, join(binaries.native, 'bin', 'postgres'), args, output.fd)
  child.unref() // the database outlives a hub that forgets it, and never keeps a hub from ending
  const attempt: Attempt = { end: undefined, words: output.words, close: output.close }
  void ended(child).then((end) => {
    attempt.end = end
  })
  return attempt
}

/** True = it serves this directory. False = not yet. Throws DatabaseFault when it never will. */
async function answers({ home, adminPassword }: Start, found: Found & { state: 'alive' }): Promise<boolean> {
  const client = adminClient(found, adminPassword)
  try {
    await client.connect()
    const { rows } = await client.query<{ directory: string }>(`SELECT current_setting('data_directory') AS directory`)
    if (rows[0]?.directory === home.cluster) return true
    throw new DatabaseFault(
      'database-start',
      `The process ${found.pid} serves ${rows[0]?.directory ?? 'nothing'}, not ${home.cluster}.`,
      'Stop it, then start the hub again.',
    )
  } catch (error) {
    const code = codeOf(error)
    if (code === '28P01' || code === '28000') {
      throw new DatabaseFault(
        'database-password',
        `The secret ${home.secretFile} is not the one of ${home.cluster}.`,
        'Restore both from the same backup of the data directory.',
      )
    }
    if (code === '57P03' || code === '57P01' || code === 'ECONNREFUSED' || code === 'ENOENT' || code === 'ECONNRESET')
      return false
    throw error
  } finally {
    await client.end().catch(() => undefined)
  }
}

function silent(home: Home, pid: number): DatabaseFault {
  return new DatabaseFault(
    'database-start',
    `A PostgreSQL (process ${pid}) holds ${home.cluster} but doesn't answer.`,
    `Stop it (kill -INT ${pid}), then start the hub again.`,
  )
}

function adminClient(at: { socketDirectory: string; port: number }, password: string): Client {
  const client = new Client({
    host: at.socketDirectory,
    port: at.port,
    user: adminRole,
    password,
    database: 'postgres',
    application_name: `${presenceName} ${process.pid}`,
  })
  client.on('error', () => undefined) // a query or the next connection reports it
  return client
}

const presenceName = 'holdfast presence'

/** One quiet connection for as long as this process uses the server: by it another hub process sees that it must not stop the server. */
async function announce(running: Running, password: string, log: HubLog): Promise<Client> {
  const client = adminClient(running, password)
  client.on('error', (error) =>
    log.warn(
      { words: wordsOf(error) },
      'PostgreSQL closed the connection that tells of this hub: it stopped or was stopped.',
    ),
  )
  await client.connect()
  unref(client)
  return client
}

/** pg has both, its published types don't. While nobody waits for it, this connection must not keep a hub from ending. */
type Quiet = Client & { ref?: () => void; unref?: () => void }

function unref(client: Quiet): void {
  client.unref?.()
}

function ref(client: Quiet): void {
  client.ref?.()
}

async function leave(home: Home, presence: Client, log: HubLog): Promise<void> {
  ref(presence)
  const others = await presence
    .query<{ name: string }>(
      `SELECT application_name AS name FROM pg_stat_activity WHERE application_name LIKE $1 AND pid <> pg_backend_pid()`,
      [`${presenceName} %`],
    )
    .then(
      ({ rows }) => rows.map((row) => row.name),
      () => [],
    )
  presence.removeAllListeners('error')
  presence.on('error', () => undefined)
  await presence.end().catch(() => undefined)
  if (others.length > 0) {
    log.info({ others }, 'PostgreSQL keeps running: another hub process uses it.')
    return
  }
  await stopPostmaster(home.cluster)
}
