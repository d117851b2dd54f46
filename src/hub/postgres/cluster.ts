// Makes a new cluster with initdb: UTF-8 whatever the machine's locale, passwords required, checksums on. It never touches a cluster that exists:
// a new one is made beside it and gets its name by a rename, so neither a crash nor a second hub leaves half a cluster.

import { randomBytes } from 'node:crypto'
import { chown, mkdir, open, readFile, readdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ended, giveTo, launch } from './account.ts'
import type { Binaries } from './binaries.ts'
import { codeOf, DatabaseFault, serverFault } from './fault.ts'
import { exists } from './home.ts'
import type { Home } from './home.ts'
import { isAlive } from './postmaster.ts'

/** The only superuser of an embedded cluster. The hub uses it to set up roles and databases, never to serve a request. */
export const adminRole = 'holdfast_admin'

/** True = made now, false = was there. Throws DatabaseFault: directory, disk-full, start, version. */
export async function ensureCluster(home: Home, binaries: Binaries, password: string): Promise<boolean> {
  if (await exists(join(home.cluster, 'PG_VERSION'))) {
    await checkMajor(home, binaries)
    await giveTo(home.account, home.cluster)
    return false
  }
  await sweepUnfinished(home)
  const mark = `${process.pid}-${randomBytes(4).toString('hex')}`
  const unfinished = join(home.root, `cluster.new-${mark}`)
  const passwordFile = join(home.root, `initdb-password-${mark}`)
  try {
    await mkdir(unfinished, { mode: 0o700 })
    await chown(unfinished, home.account.uid, home.account.gid)
    await writeFile(passwordFile, password, { mode: 0o600, flag: 'wx' })
    await chown(passwordFile, home.account.uid, home.account.gid)
    await initdb(home, binaries, { directory: unfinished, passwordFile })
    return await nameIt(home, unfinished)
  } finally {
    await rm(passwordFile, { force: true })
    await rm(unfinished, { recursive: true, force: true })
  }
}

async function initdb(
  home: Home,
  binaries: Binaries,
  { directory, passwordFile }: { directory: string; passwordFile: string },
): Promise<void> {
  const args = [
    `--pgdata=${directory}`,
    `--username=${adminRole}`,
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--no-instructions',
    // The machine's locale decides nothing: an empty or C locale would make a SQL_ASCII cluster that accepts invalid bytes.
    '--encoding=UTF8',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--locale=C',
    '--data-checksums',
  ]
  const output = await openOutput(home)
  try {
    const { exit, spawnError } = await ended(
      launch(home.account, join(binaries.native, 'bin', 'initdb'), args, output.fd),
    )
    if (exit !== 0) throw serverFault(home.root, 'initdb', spawnError ?? (await output.words()))
  } finally {
    await output.close()
  }
}

async function nameIt(home: Home, unfinished: string): Promise<boolean> {
  try {
    await rename(unfinished, home.cluster)
  } catch (error) {
    const code = codeOf(error)
    if (code !== 'ENOTEMPTY' && code !== 'EEXIST') throw error
    if (await exists(join(home.cluster, 'PG_VERSION'))) return false // another hub was first
    throw new DatabaseFault(
      'database-directory',
      `${home.cluster} is there but holds no PostgreSQL cluster.`,
      'Move it away (it may be what an interrupted restore left) and start the hub again.',
    )
  }
  const parent = await open(home.root, 'r')
  try {
    await parent.sync()
  } finally {
    await parent.close()
  }
  return true
}

/** What hubs that died during initdb left behind. */
async function sweepUnfinished(home: Home): Promise<void> {
  for (const name of await readdir(home.root)) {
    const pid = /^(?:cluster\.new|initdb-password)-(\d+)-/.exec(name)?.[1]
    if (pid !== undefined && !isAlive(Number(pid))) await rm(join(home.root, name), { recursive: true, force: true })
  }
}

async function checkMajor(home: Home, binaries: Binaries): Promise<void> {
  const made = (await readFile(join(home.cluster, 'PG_VERSION'), 'utf8')).trim()
  const installed = binaries.version.split('.')[0]
  if (made === installed) return
  throw new DatabaseFault(
    'database-version',
    `The database in ${home.cluster} was made by PostgreSQL ${made}, the installed one is ${installed}.`,
    `Install the Holdfast that made it, export with "holdfast export", and import into a new data directory.`,
  )
}

/** The server's log, opened at its end. `words` is what was written since, at most the last 20 kB. */
export async function openOutput(
  home: Home,
): Promise<{ fd: number; words(): Promise<string>; close(): Promise<void> }> {
  const size = await stat(home.output).then(
    (found) => found.size,
    () => 0,
  )
  // One old log is kept: at 10 MB a start begins a new one, so that the directory can't fill with lines nobody reads.
  if (size > 10_000_000) await rename(home.output, `${home.output}.1`)
  const handle = await open(home.output, 'a', 0o600)
  const from = (await handle.stat()).size
  return {
    fd: handle.fd,
    words: async () => (await readFile(home.output)).subarray(from).subarray(-20_000).toString('utf8'),
    close: () => handle.close(),
  }
}
