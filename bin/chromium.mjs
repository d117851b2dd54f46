// Finds the Chromium that the browser tests drive, and installs the system's own where that is allowed.
// It never downloads a browser from anywhere but the system's package sources.
import { accessSync, constants, existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { withLock } from './lock.mjs'
import { Problem, isStarted, main, run } from './run.mjs'

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']
const elsewhere = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
]

/** Answers the absolute path of a Chromium and leaves it in HOLDFAST_CHROMIUM for the tests. Throws a Problem when there is none. */
export async function ensureChromium() {
  const path = findChromium(process.env) ?? (await withLock('chromium', installChromium))
  process.env.HOLDFAST_CHROMIUM = path
  return path
}

/** The Chromium this environment names or holds, or undefined. Throws a Problem when HOLDFAST_CHROMIUM names no program. */
export function findChromium(env) {
  const named = env.HOLDFAST_CHROMIUM
  if (named) {
    if (isProgram(named)) return named
    throw new Problem(`HOLDFAST_CHROMIUM names ${named}, which is no program. Correct it, or unset it.`)
  }
  const folders = (env.PATH ?? '').split(delimiter).filter(Boolean)
  const onPath = names.flatMap((name) => folders.map((folder) => join(folder, name)))
  return [...onPath, ...elsewhere].find(isProgram)
}

function isProgram(path) {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

async function installChromium() {
  const found = findChromium(process.env)
  if (found) return found
  const advice = 'Install Chromium or Chrome, or name one in HOLDFAST_CHROMIUM, then run the command again.'
  if (!existsSync('/usr/bin/apt-get'))
    throw new Problem(`The browser tests need Chromium, and this system has no apt-get. ${advice}`)
  const prefix = await rootPrefix()
  if (!prefix)
    throw new Problem(
      `The browser tests need Chromium, and installing it needs root or sudo without a password. ${advice}`,
    )
  console.log('Installing Chromium with apt-get (once, about 100 MB) …')
  const environment = ['env', 'DEBIAN_FRONTEND=noninteractive']
  for (const args of [
    ['update', '-q'],
    ['install', '-y', '-q', '--no-install-recommends', 'chromium'],
  ]) {
    const [program, ...rest] = [...prefix, ...environment, 'apt-get', ...args]
    const { code, output } = await run(program, rest, { quiet: true })
    // A broken third-party source fails the update; the install may still work from what is known.
    if (code !== 0 && args[0] === 'install')
      throw new Problem(`${output.trim()}\n\napt-get install chromium failed (exit ${code}). ${advice}`)
  }
  const installed = findChromium(process.env)
  if (!installed) throw new Problem(`apt-get installed no Chromium on the PATH. ${advice}`)
  console.log(`Installed ${installed}.`)
  return installed
}

/** `[]` when we are root, `['sudo', '-n']` when that works without a password, otherwise undefined. */
async function rootPrefix() {
  if (process.getuid?.() === 0) return []
  const { code } = await run('sudo', ['-n', 'true'], { quiet: true }).catch(() => ({ code: 1 }))
  return code === 0 ? ['sudo', '-n'] : undefined
}

if (isStarted(import.meta.url)) await main(async () => console.log(await ensureChromium()))
