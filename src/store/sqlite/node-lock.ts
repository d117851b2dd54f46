// One process owns a device's directory. The lock is a file that names its owner; an owner that died (also by kill -9) is found out by
// its pid and the start time of that pid, so nobody has to remove the file by hand. It guards processes of one machine, and must never
// be trusted on a directory that several machines share.
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

interface Owner {
  readonly pid: number
  /** Clock ticks since boot at which the process started, as the kernel says it; empty where there is no /proc. */
  readonly startedAt: string
}

/** Thrown when another process, or this one, has the directory open. */
export class DirectoryInUseError extends Error {
  override readonly name = 'DirectoryInUseError'
}

const lockName = 'device.lock'
const attemptsMax = 5
const heldByUs = new Set<string>()
let serial = 0

/** Takes the directory (created if missing) and returns how to give it back. Throws DirectoryInUseError. */
export function lockDirectory(directory: string): () => void {
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  const path = join(directory, lockName)
  if (heldByUs.has(path)) throw inUse(directory, 'this process')
  const mine = JSON.stringify({ pid: process.pid, startedAt: startOf(process.pid) } satisfies Owner)
  for (let attempt = 0; attempt < attemptsMax; attempt++) {
    if (createWhole(path, mine)) {
      heldByUs.add(path)
      return () => {
        if (heldByUs.delete(path)) rmSync(path, { force: true })
      }
    }
    const found = readOwner(path)
    if (found === undefined) continue
    const owner = parseOwner(found)
    if (owner && isAlive(owner)) throw inUse(directory, `process ${owner.pid}`)
    removeStale(path, found)
  }
  throw inUse(directory, 'a process that is just starting')
}

/** Creates the file with its content in one step, so that nobody ever reads half an owner. False when it exists. */
function createWhole(path: string, content: string): boolean {
  const draft = `${path}.${process.pid}-${serial++}`
  writeFileSync(draft, content, { mode: 0o600 })
  try {
    linkSync(draft, path)
    return true
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false
    throw error
  } finally {
    rmSync(draft, { force: true })
  }
}

/** Moves the dead owner's file away. If another process took the lock in between, it gets its file back. */
function removeStale(path: string, expected: string): void {
  const aside = `${path}.stale-${process.pid}-${serial++}`
  try {
    renameSync(path, aside)
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return
    throw error
  }
  if (readOwner(aside) !== expected) {
    try {
      linkSync(aside, path)
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error
    }
  }
  rmSync(aside, { force: true })
}

function readOwner(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined
    throw error
  }
}

function parseOwner(content: string): Owner | undefined {
  try {
    const owner = JSON.parse(content) as Partial<Owner> | null
    if (typeof owner?.pid !== 'number' || typeof owner.startedAt !== 'string') return undefined
    return { pid: owner.pid, startedAt: owner.startedAt }
  } catch {
    return undefined
  }
}

function isAlive({ pid, startedAt }: Owner): boolean {
  try {
    process.kill(pid, 0)
  } catch (error) {
    if (codeOf(error) === 'ESRCH') return false
  }
  // The same number at another start time is another process.
  return startedAt === startOf(pid)
}

function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // Field 22; the name in field 2 may hold spaces and brackets, so counting starts after its last bracket.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''
  } catch {
    return ''
  }
}

function inUse(directory: string, owner: string): DirectoryInUseError {
  return new DirectoryInUseError(
    `The device in ${directory} is already open in ${owner}: close it there first, or use another directory.`,
  )
}

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code
}
