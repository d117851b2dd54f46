// Where the embedded database lives under the hub's data directory, and its secret. Everything in it belongs to the hub alone:
// it never shares a socket directory, and it never makes a new secret for a cluster that already has one.

import { createHash, createHmac, randomBytes } from 'node:crypto'
import {
  chmod,
  link,
  lstat,
  mkdir,
  mkdtemp,
  open,
  readFile,
  readdir,
  realpath,
  rm,
  rmdir,
  stat,
  symlink,
} from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { chooseAccount, giveTo } from './account.ts'
import type { Account } from './account.ts'
import { codeOf, DatabaseFault } from './fault.ts'
import type { HubLog } from './log.ts'

/** Absolute paths, links resolved. `cluster` is PostgreSQL's data_directory, `output` its stderr. */
export type Home = { root: string; cluster: string; output: string; secretFile: string; account: Account }

const portableHome = '/var/lib/holdfast-'
/** The kernel's limit for a socket's path is 107 bytes on Linux and 103 on macOS. */
const socketPathBytesMax = 103
const socketName = '/.s.PGSQL.5432.lock'

/** Makes `<dataDir>/postgres` and decides who runs the server. Throws DatabaseFault `database-account`, or the file system's own error. */
export async function openHome(dataDir: string, log: HubLog): Promise<Home> {
  const path = join(resolve(dataDir), 'postgres')
  await makeDirectory(path)
  let root = await realpath(path)
  let account = await chooseAccount(root)
  if (account === undefined) {
    root = await moveOut(path)
    account = await chooseAccount(root)
    log.warn(
      { path, root },
      'PostgreSQL refuses root and no other account reaches the data directory: its files are kept elsewhere, and a link leads there. Back up that directory too.',
    )
  }
  if (account === undefined) throw noAccount(path)
  return {
    root,
    cluster: join(root, 'cluster'),
    output: join(root, 'postgres.log'),
    secretFile: join(root, 'secret'),
    account,
  }
}

/**
 * Makes a directory and those above it. Others may pass through (an account that isn't the hub's runs the server) but not list; each file inside is
 * closed by itself. Not mkdir's own `recursive`: where the kernel refuses with ENOENT (below /proc), Node 20 tries for ever.
 */
export async function makeDirectory(path: string): Promise<void> {
  if (await mkdirOnce(path)) return
  await makeDirectory(dirname(path))
  if (!(await mkdirOnce(path)))
    throw Object.assign(new Error(`no directory can be made at ${path}`), { code: 'ENOENT', syscall: 'mkdir' })
}

/** False = the directory above isn't there. */
async function mkdirOnce(path: string): Promise<boolean> {
  try {
    await mkdir(path)
    await chmod(path, 0o711)
    return true
  } catch (error) {
    if (codeOf(error) === 'ENOENT' && dirname(path) !== path) return false
    if (codeOf(error) === 'EEXIST' && (await stat(path)).isDirectory()) return true
    throw error
  }
}

/** Root in a container without user namespaces, data below a 0700 home: a still empty home moves where an account without rights can reach it. */
async function moveOut(path: string): Promise<string> {
  const inside = await readdir(path)
  if (inside.length > 0) throw noAccount(path)
  const root = await mkdtemp(portableHome)
  await chmod(root, 0o711)
  await rmdir(path)
  await symlink(root, path)
  return realpath(root)
}

function noAccount(path: string): DatabaseFault {
  return new DatabaseFault(
    'database-account',
    `PostgreSQL refuses to run as root, and no account without rights can reach ${path}.`,
    'Start the hub as an ordinary user, or move the data directory to a path that every user may pass through (such as /var/lib/holdfast).',
  )
}

/** The directory of the server's socket: in the home, or below /tmp when that path is too long for a socket. Mode 0700, the account's own. */
export async function socketDirectory(home: Home): Promise<string> {
  const own = join(home.root, 'socket')
  const digest = createHash('sha256').update(home.cluster).digest('hex').slice(0, 16)
  const path = Buffer.byteLength(own + socketName) <= socketPathBytesMax ? own : `/tmp/holdfast-${digest}`
  await mkdir(path, { mode: 0o700 }).catch((error: unknown) => {
    if (codeOf(error) !== 'EEXIST') throw error
  })
  const found = await lstat(path)
  const mine = [process.getuid?.(), home.account.uid].includes(found.uid)
  if (!found.isDirectory() || !(mine || found.uid === home.account.nobody.uid)) {
    throw new DatabaseFault(
      'database-directory',
      `${path}, which the database needs for its socket, belongs to someone else.`,
      'Remove it and start the hub again.',
    )
  }
  await giveTo(home.account, path)
  return path
}

/**
 * The secret from which every password of this cluster is derived: 256 random bits in a 0600 file, written once.
 * Throws DatabaseFault `database-password` when a cluster is there without it.
 */
export async function readOrMakeSecret(home: Home): Promise<string> {
  const kept = await readSecret(home.secretFile)
  if (kept !== undefined) return kept
  if (await exists(join(home.cluster, 'PG_VERSION'))) {
    throw new DatabaseFault(
      'database-password',
      `The database in ${home.cluster} is there, but its secret ${home.secretFile} is missing.`,
      'Restore that file from the backup of the data directory.',
    )
  }
  return makeSecret(home.secretFile)
}

/** Reads the secret of a file, or writes one of 256 random bits: complete and synced before it has its name, so that two hubs agree on one. */
export async function makeSecret(file: string): Promise<string> {
  const unnamed = `${file}.new-${randomBytes(6).toString('hex')}`
  const handle = await open(unnamed, 'wx', 0o600)
  try {
    await handle.writeFile(`${randomBytes(32).toString('base64url')}\n`)
    await handle.sync()
  } finally {
    await handle.close()
  }
  await link(unnamed, file).catch((error: unknown) => {
    if (codeOf(error) !== 'EEXIST') throw error
  })
  await rm(unnamed)
  return (await readSecret(file)) ?? makeSecret(file)
}

async function readSecret(file: string): Promise<string | undefined> {
  try {
    const secret = (await readFile(file, 'utf8')).trim()
    if (secret.length >= 32) return secret
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined
    throw error
  }
  throw new DatabaseFault(
    'database-password',
    `The secret in ${file} is damaged.`,
    'Restore that file from the backup of the data directory.',
  )
}

/** The password of one role: the same in every process that knows the secret, and of no use for another role or database. */
export function rolePassword(secret: string, role: string, database: string): string {
  return createHmac('sha256', secret).update(`holdfast role ${role} of ${database}`).digest('base64url')
}

export function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  )
}
