// Starts other programs for the commands in this folder: where the checkout is, how a program is run to its end.
// It uses nothing but Node itself, because it runs before node_modules exists.
import { spawn } from 'node:child_process'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Absolute path of the checkout. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)))

/** A wrong the person at the keyboard can mend: printed as one sentence, without a stack. */
export class Problem extends Error {}

/**
 * Runs one program to its end. Shape of the answer: `{ code, output }`; `output` is empty unless `quiet`.
 * A program ended by a signal answers 128 + its number, as a shell does. Rejects with a Problem when it can't start.
 */
export function run(program, args, { quiet = false, env = {}, onOutput } = {}) {
  return new Promise((resolve, reject) => {
    const capture = quiet || onOutput !== undefined
    const child = spawn(program, args, {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: capture ? ['ignore', 'pipe', 'pipe'] : 'inherit',
    })
    const parts = []
    for (const stream of capture ? [child.stdout, child.stderr] : []) {
      stream.on('data', (part) => {
        parts.push(part)
        onOutput?.(part)
      })
    }
    // The terminal sends Ctrl-C to the child as well; we only must not die before it has cleaned up.
    const pass = (signal) => child.kill(signal)
    const wait = () => {}
    process.on('SIGTERM', pass).on('SIGINT', wait)
    const done = () => process.off('SIGTERM', pass).off('SIGINT', wait)
    child.on('error', (error) => {
      done()
      reject(new Problem(`Can't start ${program}: ${error.message}. Install it, or put it on the PATH.`))
    })
    child.on('close', (code, signal) => {
      done()
      resolve({ code: code ?? 128 + (signalNumbers[signal] ?? 0), output: Buffer.concat(parts).toString() })
    })
  })
}

const signalNumbers = { SIGHUP: 1, SIGINT: 2, SIGABRT: 6, SIGKILL: 9, SIGSEGV: 11, SIGTERM: 15 }

/** Runs a JavaScript tool of node_modules with this very Node, so that no shell and no `.cmd` wrapper is in between. */
export function runTool(file, args, options) {
  return run(process.execPath, [join(root, 'node_modules', file), ...args], options)
}

/** Runs a command's main function: a number it answers becomes the exit code, a Problem is told in one sentence. */
export async function main(body) {
  try {
    const code = await body(process.argv.slice(2))
    if (typeof code === 'number') process.exitCode = code
  } catch (error) {
    console.error(error instanceof Problem ? `\n${error.message}` : error)
    process.exitCode = 1
  }
}

/** Is this file the one that was started, and not merely imported? */
export function isStarted(url) {
  return process.argv[1] !== undefined && fileURLToPath(url) === process.argv[1]
}
