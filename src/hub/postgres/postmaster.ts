// Tells from `postmaster.pid` whether a PostgreSQL already runs on a cluster, and stops it. A pid alone proves nothing, for numbers are used again:
// the process must be a `postgres` of this directory. It never signals or removes anything before it has looked.

import { execFile } from 'node:child_process'
import { readFile, realpath, rm } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import { codeOf, DatabaseFault } from './fault.ts'

const run = promisify(execFile)

/** `alive`: a postmaster of this directory, `ready` to be asked. `foreign`: the pid lives but is another program. `dead`, `garbled`, `none`: no server. */
export type Found =
  | { state: 'none' | 'garbled' }
  | { state: 'dead'; pid: number }
  | { state: 'foreign'; pid: number; command: string }
  | { state: 'alive'; pid: number; socketDirectory: string; port: number; ready: boolean }

/** Reads the file and looks at the process. `cluster` is an absolute path with links resolved. */
export async function findPostmaster(cluster: string): Promise<Found> {
  const text = await readFile(join(cluster, 'postmaster.pid'), 'utf8').catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return undefined
    throw error
  })
  if (text === undefined) return { state: 'none' }
  const lines = text.split('\n').map((line) => line.trim())
  const pid = Number(lines[0])
  if (!Number.isSafeInteger(pid) || pid <= 0) return { state: 'garbled' }
  if (!isAlive(pid)) return { state: 'dead', pid }
  const args = await commandOf(pid)
  if (args === undefined) return { state: 'dead', pid } // it ended while we looked, or its parent never asked how it ended
  if (!(await isPostmasterOf(args, cluster))) return { state: 'foreign', pid, command: args.join(' ').slice(0, 200) }
  const ready = lines[7] === 'ready' || lines[7] === 'standby'
  return { state: 'alive', pid, port: Number(lines[3] ?? 5432), socketDirectory: lines[4] ?? '', ready }
}

/** True while a process has this number, whoever owns it. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return codeOf(error) === 'EPERM'
  }
}

/** The words of a process's command line; undefined when it ended, though its number may still be taken. */
export async function commandOf(pid: number): Promise<string[] | undefined> {
  if (process.platform === 'linux') {
    const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
    return line === '' ? undefined : line.split('\0')
  }
  try {
    const { stdout } = await run('ps', ['-ww', '-o', 'args=', '-p', String(pid)])
    return stdout.trim().split(' ')
  } catch {
    return undefined
  }
}

async function isPostmasterOf(args: string[], cluster: string): Promise<boolean> {
  if (basename(args[0] ?? '') !== 'postgres') return false
  const directory = args[args.indexOf('-D') + 1]
  // A postgres whose directory can't be read from its command line may be ours: then it is asked, and never removed.
  if (!args.includes('-D') || directory === undefined || !directory.startsWith('/')) return true
  return (await realpath(directory).catch(() => resolve(directory))) === cluster
}

/** Removes the files of a server that isn't there: `postmaster.pid`, and the socket's lock if it names the same pid. */
export async function removeStaleFiles(
  cluster: string,
  socketDirectory: string,
  pid: number | undefined,
): Promise<void> {
  await rm(join(cluster, 'postmaster.pid'), { force: true })
  const lock = join(socketDirectory, '.s.PGSQL.5432.lock')
  const holder = await readFile(lock, 'utf8').catch(() => '')
  if (pid !== undefined && Number(holder.split('\n')[0]) === pid) await rm(lock, { force: true })
}

/** Fast shutdown (SIGINT): open transactions roll back, what was committed is written. Throws DatabaseFault `database-start` after 60 s. */
export async function stopPostmaster(cluster: string): Promise<void> {
  const found = await findPostmaster(cluster)
  if (found.state !== 'alive') return
  process.kill(found.pid, 'SIGINT')
  for (const began = performance.now(); performance.now() - began < 60_000; await delay(10)) {
    // The file goes before the process does; only then may the directory be moved or removed.
    if (
      (await findPostmaster(cluster)).state !== 'alive' &&
      (!isAlive(found.pid) || (await commandOf(found.pid)) === undefined)
    )
      return
  }
  throw new DatabaseFault(
    'database-start',
    `The database (process ${found.pid}) did not stop within 60 s.`,
    'It still finishes its work; the next start of the hub takes it over as it is.',
  )
}
