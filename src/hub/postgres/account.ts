// As whom the database server runs. PostgreSQL refuses root, so a hub started by root gives its server an account without rights:
// `nobody`, or where `nobody` can't reach the files (a checkout below a 0700 home) a user namespace that owns the files but has no capability.
// It never changes the mode or owner of a directory that isn't the hub's own.

import { execFile, spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { readFile, realpath, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { promisify } from 'node:util'
import { wordsOf } from './fault.ts'

const run = promisify(execFile)

/** `uid`, `gid`: the owner that files must have on disk so that the server can use them. */
export type Account = {
  kind: 'self' | 'dropped' | 'namespace'
  uid: number
  gid: number
  nobody: { uid: number; gid: number }
}

/** Decides by what really works here. `home` is the directory where the cluster is or will be. Undefined: nothing works there. */
export async function chooseAccount(home: string): Promise<Account | undefined> {
  const uid = process.getuid?.() ?? 0
  const gid = process.getgid?.() ?? 0
  const nobody = await nobodyIds()
  if (uid !== 0) return { kind: 'self', uid, gid, nobody }
  if (await isReachable(home, nobody)) return { kind: 'dropped', ...nobody, nobody }
  if ((await isReachable(home, { uid, gid })) && (await namespaceWorks(nobody)))
    return { kind: 'namespace', uid, gid, nobody }
  return undefined
}

/** True when every directory on the way to `path` lets this user through. */
export async function isReachable(path: string, user: { uid: number; gid: number }): Promise<boolean> {
  let at = await realpath(path)
  for (;;) {
    const found = await stat(at)
    const bit = found.uid === user.uid ? 0o100 : found.gid === user.gid ? 0o010 : 0o001
    if (found.isDirectory() && (found.mode & bit) === 0) return false
    const up = dirname(at)
    if (up === at) return true
    at = up
  }
}

/** The account `nobody`, which exists on practically every system; initdb looks the number up, so a number without a name won't do. */
async function nobodyIds(): Promise<{ uid: number; gid: number }> {
  const users = await readFile('/etc/passwd', 'utf8').catch(() => '')
  const found = /^nobody:[^:]*:(-?\d+):(-?\d+):/m.exec(users)
  return { uid: Number(found?.[1] ?? 65534), gid: Number(found?.[2] ?? 65534) }
}

async function namespaceWorks(nobody: { uid: number; gid: number }): Promise<boolean> {
  try {
    await run('unshare', [...namespaceArgs(nobody), 'true'])
    return true
  } catch {
    return false // no such program, or a container that forbids it
  }
}

function namespaceArgs(nobody: { uid: number; gid: number }): string[] {
  return ['--user', `--map-user=${nobody.uid}`, `--map-group=${nobody.gid}`]
}

/** Starts `file` as the account, in a session of its own (Ctrl-C in the hub's terminal must not stop the database), with stdout and stderr on `output`. */
export function launch(account: Account, file: string, args: string[], output: number): ChildProcess {
  const options = {
    detached: true,
    stdio: ['ignore', output, output] as ['ignore', number, number],
    cwd: '/',
    env: serverEnvironment(),
  }
  if (account.kind === 'namespace') return spawn('unshare', [...namespaceArgs(account.nobody), file, ...args], options)
  if (account.kind === 'dropped') return spawn(file, args, { ...options, uid: account.uid, gid: account.gid })
  return spawn(file, args, options)
}

/** Nothing of the hub's environment reaches the server: no secret, no PG… variable, and English messages, which serverFault() reads. */
function serverEnvironment(): Record<string, string> {
  const path = process.env['PATH']
  return { LC_ALL: 'C', TZ: 'UTC', ...(path === undefined ? {} : { PATH: path }) }
}

/** Resolves with the exit code, or with the words of the error when the program couldn't even be started (never an unhandled event). */
export function ended(child: ChildProcess): Promise<{ exit: number | null; spawnError?: string }> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve({ exit: null, spawnError: wordsOf(error) }))
    child.once('exit', (exit) => resolve({ exit }))
  })
}

/** Gives the hub's own directory to the account when root runs the hub and it has another owner (the account changed since). */
export async function giveTo(account: Account, directory: string): Promise<void> {
  if (process.getuid?.() !== 0) return
  const found = await stat(directory)
  if (found.uid === account.uid && found.gid === account.gid) return
  await run('chown', ['-hR', `${account.uid}:${account.gid}`, directory])
}
