// Lets one process at a time install or build in this checkout; the others wait and then find the work done.
// It must never stay behind for good: a lock whose process is gone, or that is older than the longest install, is broken.
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { root } from './run.mjs'

const ageMsMax = 20 * 60 * 1000 // a cold install on a slow line took 4 minutes; five times that
const pauseMs = 150

/** Runs `body` while holding the named lock; says once that it waits. */
export async function withLock(name, body) {
  const folder = join(root, '.tmp')
  mkdirSync(folder, { recursive: true })
  const path = join(folder, `${name}.lock`)
  const mine = JSON.stringify({ pid: process.pid, host: hostname() })
  for (let told = false; !take(path, mine); told = true) {
    if (!told) console.log(`Another process is busy with ${name}: waiting for it …`)
    await new Promise((resolve) => setTimeout(resolve, pauseMs))
  }
  const release = () => {
    if (read(path) === mine) rmSync(path, { force: true })
  }
  process.on('exit', release)
  try {
    return await body()
  } finally {
    process.off('exit', release)
    release()
  }
}

function take(path, mine) {
  try {
    // Written aside and linked into place, so that no one ever reads a lock without its owner.
    writeFileSync(`${path}.${process.pid}`, mine)
    linkSync(`${path}.${process.pid}`, path)
    return true
  } catch (error) {
    if (error.code !== 'EEXIST') throw error
    breakDead(path)
    return false
  } finally {
    rmSync(`${path}.${process.pid}`, { force: true })
  }
}

function breakDead(path) {
  const owner = read(path)
  if (owner === undefined || isAlive(path, owner)) return
  const aside = `${path}.dead.${process.pid}`
  try {
    // Renaming is atomic: of two breakers one moves the dead lock, and one that moved a fresh lock puts it back.
    renameSync(path, aside)
    if (read(aside) !== owner) linkSync(aside, path)
  } catch (error) {
    if (error.code !== 'ENOENT' && error.code !== 'EEXIST') throw error
  } finally {
    rmSync(aside, { force: true })
  }
}

function isAlive(path, owner) {
  try {
    if (Date.now() - statSync(path).mtimeMs > ageMsMax) return false
    const { pid, host } = JSON.parse(owner)
    if (host !== hostname()) return true
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}

function read(path) {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}
