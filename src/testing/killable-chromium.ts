// A real Chromium with a profile of its own on the disk, which can be killed the hard way and started again. It ends only the processes
// that it started, and leaves the profile to the test.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { chromium, type BrowserContext } from 'playwright-core'

const startMsMax = 30_000

export interface KillableChromium {
  readonly context: BrowserContext
  /** SIGKILL to all of its processes at once, as when the battery is pulled; returns when they are gone. */
  kill(): Promise<void>
}

/** Starts Chromium (HOLDFAST_CHROMIUM, or the system's) on this profile directory. Throws when it doesn't answer in 30 s. */
export async function startChromium(profile: string): Promise<KillableChromium> {
  const portFile = join(profile, 'DevToolsActivePort')
  rmSync(portFile, { force: true })
  const program = process.env['HOLDFAST_CHROMIUM'] ?? '/usr/bin/chromium'
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : []
  const child = spawn(
    program,
    [
      '--headless=new',
      '--remote-debugging-port=0',
      `--user-data-dir=${profile}`,
      '--no-first-run',
      '--disable-gpu',
      '--disable-dev-shm-usage',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      ...sandbox,
      'about:blank',
    ],
    { detached: true, stdio: 'ignore' },
  )
  const ended = once(child, 'exit')
  const kill = async () => {
    if (child.pid !== undefined && child.exitCode === null && child.signalCode === null)
      process.kill(-child.pid, 'SIGKILL')
    await ended
  }
  const giveUpAt = Date.now() + startMsMax
  while (!existsSync(portFile) || !readFileSync(portFile, 'utf8').includes('\n')) {
    if (child.exitCode !== null)
      throw new Error(`${program} ended with ${child.exitCode} before it answered: start it by hand to see why.`)
    if (Date.now() > giveUpAt) {
      await kill()
      throw new Error(`${program} did not answer within ${startMsMax} ms.`)
    }
    await pause(50)
  }
  const [port] = readFileSync(portFile, 'utf8').split('\n')
  const browser = await chromium.connectOverCDP(`http://127.0.0.1:${port}`)
  const [context] = browser.contexts()
  if (!context) {
    await kill()
    throw new Error('Chromium has no default profile open.')
  }
  return { context, kill }
}
