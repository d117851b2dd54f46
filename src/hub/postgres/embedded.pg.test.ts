// The embedded server through its whole life, with real processes and real signals: new, again, killed, adopted, in an unfriendly place.
// Each test has a data directory of its own, and stops what it started.

import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import {
  chmod,
  chown,
  cp,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  realpath,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterEach, expect, test } from 'vitest'
import { isReachable } from './account.ts'
import { installedBinaries } from './binaries.ts'
import { openDatabase, withClient } from './open-database.ts'
import type { HubDatabase } from './open-database.ts'
import { commandOf, findPostmaster, isAlive, stopPostmaster } from './postmaster.ts'

const isRoot = process.getuid?.() === 0
const nobody = { uid: 65534, gid: 65534 }
const folders: string[] = []
const hubs: ChildProcess[] = []
let warnings: string[] = []
const log = { info: () => undefined, warn: (_facts: unknown, line: string) => void warnings.push(line) }

afterEach(async () => {
  warnings = []
  for (const hub of hubs.splice(0)) hub.kill('SIGKILL')
  for (const folder of folders.splice(0)) {
    for (const name of await readdir(folder))
      await stopPostmaster(join(folder, name, 'postgres', 'cluster')).catch(() => undefined)
    await rm(folder, { recursive: true, force: true })
  }
})

/** A data directory that isn't there yet, in a folder with this mode. */
async function place(mode = 0o711): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-embedded-'))
  folders.push(folder)
  await chmod(folder, mode)
  return join(folder, 'data')
}

const open = (dataDir: string, more: { native?: string } = {}): Promise<HubDatabase> =>
  openDatabase({ dataDir, log, ...more })
const cluster = (dataDir: string): string => join(dataDir, 'postgres', 'cluster')

async function postmasterPid(dataDir: string): Promise<number> {
  const found = await findPostmaster(cluster(dataDir))
  return found.state === 'alive' ? found.pid : 0
}

async function count(database: HubDatabase): Promise<unknown> {
  return withClient(database.ownerConfig, async (client) => {
    await client.query('CREATE TABLE IF NOT EXISTS kept (id serial PRIMARY KEY)')
    await client.query('INSERT INTO kept DEFAULT VALUES')
    return (await client.query<{ n: number }>('SELECT count(*) AS n FROM kept')).rows[0]?.n
  })
}

type Said = { uid?: number; pid: number; role?: string; code?: string; message?: string }

/** Gone, or a zombie: whoever became the parent of an orphan collects it when it likes. */
async function hasEnded(pid: number): Promise<boolean> {
  return !isAlive(pid) || (await commandOf(pid)) === undefined
}

/** The hub's part of another process; `as` runs it as that user. */
async function startHub(
  dataDir: string,
  as: { uid?: number; gid?: number; wrap?: string[]; path?: string } = {},
): Promise<{ said: Said; hub: ChildProcess }> {
  const script = fileURLToPath(new URL('../../testing/hub-database-process.ts', import.meta.url))
  const [file, ...args] = [...(as.wrap ?? []), process.execPath, '--import', 'tsx', script, dataDir]
  const user = as.uid === undefined || as.gid === undefined ? {} : { uid: as.uid, gid: as.gid }
  const hub = spawn(file, args, {
    stdio: ['pipe', 'pipe', 'ignore'],
    ...user,
    env: { ...process.env, PATH: as.path ?? process.env['PATH'] },
  })
  hubs.push(hub)
  const line = (await once(createInterface({ input: hub.stdout ?? process.stdin }), 'line')) as [string]
  return { said: JSON.parse(line[0]) as Said, hub }
}

async function killed(hub: ChildProcess): Promise<void> {
  const gone = once(hub, 'exit')
  hub.kill('SIGKILL')
  await gone
}

test('fresh: UTF-8 whatever the locale, fsync on, no network address, closed files, and the second start keeps the rows', async () => {
  const dataDir = await place()
  const first = await open(dataDir)
  expect(first).toMatchObject({ kind: 'embedded', major: 18 })
  await withClient(first.appConfig, async (client) => {
    const { rows } =
      await client.query(`SELECT current_setting('server_encoding') AS encoding, length('Ä') AS length, upper('ä') AS upper, current_setting('fsync') AS fsync,
      current_setting('synchronous_commit') AS durable, current_setting('listen_addresses') AS addresses, current_setting('data_checksums') AS checksums`)
    expect(rows[0]).toEqual({
      encoding: 'UTF8',
      length: 1,
      upper: 'Ä',
      fsync: 'on',
      durable: 'on',
      addresses: '',
      checksums: 'on',
    })
  })
  for (const closed of ['cluster', 'socket', 'secret', 'postgres.log'])
    expect((await stat(join(dataDir, 'postgres', closed))).mode & 0o077).toBe(0)
  expect(await count(first)).toBe(1)
  await first.stop()
  expect((await findPostmaster(cluster(dataDir))).state).toBe('none')

  const made = async (): Promise<number> => (await stat(join(cluster(dataDir), 'PG_VERSION'))).mtimeMs
  const before = await made()
  const second = await open(dataDir)
  // What initdb writes, and nobody after it.
  expect(await made()).toBe(before)
  expect(await count(second)).toBe(2)
  await second.stop()
})

test('a wrong password is refused on the socket', async () => {
  const database = await open(await place())
  await expect(
    withClient({ ...database.appConfig, password: 'guess' }, (client) => client.query('SELECT 1')),
  ).rejects.toMatchObject({ code: '28P01' })
  await database.stop()
})

test('kill -9 of the postmaster: the next start waits for its children and comes back with every row', async () => {
  const dataDir = await place()
  const first = await open(dataDir)
  expect(await count(first)).toBe(1)
  const pid = await postmasterPid(dataDir)
  process.kill(pid, 'SIGKILL')
  const second = await open(dataDir)
  expect(await postmasterPid(dataDir)).not.toBe(pid)
  expect(await count(second)).toBe(2)
  await second.stop()
})

test('kill -9 of the hub: the next hub adopts the same server, and stops it at its end', async () => {
  const dataDir = await place()
  const { said, hub } = await startHub(dataDir)
  await killed(hub)
  expect(isAlive(said.pid)).toBe(true)
  const next = await open(dataDir)
  expect(await postmasterPid(dataDir)).toBe(said.pid)
  expect(warnings).toEqual([])
  await next.stop()
  expect(await hasEnded(said.pid)).toBe(true)
})

test('two hub processes share the server: the first to stop leaves it to the other', async () => {
  const dataDir = await place()
  const [mine, theirs] = await Promise.all([open(dataDir), startHub(dataDir)])
  expect(theirs.said.pid).toBe(await postmasterPid(dataDir))
  await mine.stop()
  expect(isAlive(theirs.said.pid)).toBe(true)
  const gone = once(theirs.hub, 'exit')
  theirs.hub.stdin?.write('stop\n')
  expect(await gone).toEqual([0, null])
  expect(await hasEnded(theirs.said.pid)).toBe(true)
})

test('postmaster.pid of a dead process, of one that is never collected, of another program, and an empty one are no obstacle; the last three are told', async () => {
  const dataDir = await place()
  await (await open(dataDir)).stop()
  const file = join(cluster(dataDir), 'postmaster.pid')
  const rest = `${cluster(dataDir)}\n1700000000\n5432\n${join(dataDir, 'postgres', 'socket')}\n\n1 1\nready\n`
  const ended = spawn(process.execPath, ['-e', '0'])
  await once(ended, 'exit')
  const other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])
  hubs.push(other)
  // Of the server's own user: PostgreSQL itself passes over a process that it may not signal.
  const parent = spawn('sh', ['-c', 'sleep 0.2 & echo $!; exec sleep 1000'], isRoot ? nobody : {})
  hubs.push(parent)
  const [uncollected] = (await once(createInterface({ input: parent.stdout }), 'line')) as [string]
  await expect.poll(() => commandOf(Number(uncollected))).toBeUndefined()
  for (const [text, told] of [
    [`${ended.pid}\n${rest}`, 0],
    [`${uncollected}\n${rest}`, 1],
    [`${other.pid}\n${rest}`, 1],
    ['', 1],
  ] as const) {
    warnings = []
    await writeFile(file, text)
    await writeFile(join(dataDir, 'postgres', 'socket', '.s.PGSQL.5432.lock'), text)
    if (isRoot)
      for (const at of [file, join(dataDir, 'postgres', 'socket', '.s.PGSQL.5432.lock')])
        await chown(at, nobody.uid, nobody.gid)
    if (text === '') await rm(join(dataDir, 'postgres', 'socket', '.s.PGSQL.5432.lock'))
    await (await open(dataDir)).stop()
    expect([text, warnings.length]).toEqual([text, told])
  }
  expect(isAlive(other.pid ?? 0)).toBe(true)
})

test("a data directory that can't be one, a lost secret, a foreign major version: each is told by its code", async () => {
  const dataDir = await place()
  await writeFile(dataDir, 'a file')
  await expect(open(dataDir)).rejects.toMatchObject({ code: 'database-directory' })
  await expect(open('/proc/holdfast')).rejects.toMatchObject({ code: 'database-directory' })
  await rm(dataDir)
  await (await open(dataDir)).stop()
  const secretFile = join(dataDir, 'postgres', 'secret')
  const secret = await readFile(secretFile, 'utf8')
  await rm(secretFile)
  await expect(open(dataDir)).rejects.toMatchObject({ code: 'database-password' })
  await writeFile(secretFile, 'a secret of 32 characters or more, but of another cluster\n')
  await expect(open(dataDir)).rejects.toMatchObject({ code: 'database-password' })
  await writeFile(secretFile, secret)
  await writeFile(join(cluster(dataDir), 'PG_VERSION'), '12\n')
  await expect(open(dataDir)).rejects.toMatchObject({ code: 'database-version' })
})

test('below a 0700 folder, with a path too long for a socket, from programs without library links', async () => {
  const dataDir = join(await place(0o700), 'a long name '.repeat(8), 'ümläut')
  const installed = await installedBinaries()
  const native = join(dirname(dirname(dataDir)), 'package', 'native')
  await mkdir(dirname(native), { recursive: true, mode: 0o700 })
  const links = JSON.parse(await readFile(join(installed.native, 'pg-symlinks.json'), 'utf8')) as { target: string }[]
  const left = new Set(links.map(({ target }) => join(dirname(installed.native), target)))
  await cp(installed.native, native, { recursive: true, filter: (from) => !left.has(from) })
  const database = await open(dataDir, { native })
  expect(String(database.appConfig.host).length).toBeLessThan(90)
  expect(await count(database)).toBe(1)
  await database.stop()
  await rm(String(database.appConfig.host), { recursive: true, force: true })
})

test("an ordinary user runs it, and the server is that user's own process", async () => {
  const dataDir = await place()
  let as: { uid?: number; gid?: number; wrap?: string[] } = {}
  if (isRoot && (await isReachable(fileURLToPath(import.meta.url), nobody))) {
    await chown(dirname(dataDir), nobody.uid, nobody.gid)
    as = nobody
  } else if (isRoot) {
    as = { wrap: ['unshare', '--user', '--map-user=65534', '--map-group=65534'] }
  }
  const { said, hub } = await startHub(dataDir, as)
  expect(said).toMatchObject({ role: 'holdfast_app', uid: isRoot ? nobody.uid : process.getuid?.() })
  expect((await stat(cluster(dataDir))).uid).toBe((await stat(join(dataDir, 'postgres', 'secret'))).uid)
  const gone = once(hub, 'exit')
  hub.stdin?.write('stop\n')
  expect(await gone).toEqual([0, null])
})

test('root below a 0700 folder where user namespaces are missing: the files live where nobody reaches them, and a link leads there', async () => {
  const dataDir = await place(0o700)
  const tools = join(dirname(dataDir), 'tools')
  await mkdir(tools)
  await symlink('/bin/chown', join(tools, 'chown'))
  const { said, hub } = await startHub(dataDir, { path: tools })
  expect(said).toMatchObject({ role: 'holdfast_app' })
  const home = await realpath(join(dataDir, 'postgres'))
  expect(home === join(dataDir, 'postgres')).toBe(!isRoot)
  expect((await stat(join(home, 'cluster'))).uid).toBe(isRoot ? nobody.uid : process.getuid?.())
  const gone = once(hub, 'exit')
  hub.stdin?.write('stop\n')
  expect(await gone).toEqual([0, null])
  if (isRoot) await rm(home, { recursive: true, force: true })
})
