// Runs the project's TypeScript in this process. Where Node strips types by itself that is used (no tool to load);
// otherwise tsx does it. It never compiles to disk: there is one source of truth.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Problem, root } from './run.mjs'

/** Imports one TypeScript file, given relative to the checkout; its arguments stand in process.argv as if it was started. */
export async function runTypeScript(file, args) {
  const path = join(root, file)
  if (!existsSync(path)) throw new Problem(`${file} is missing: this checkout is incomplete, restore it with git.`)
  process.argv = [process.argv[0], path, ...args]
  // Measured with 42 files of kernel and store: 310 ms by Node 24 itself, 400 to 600 ms through tsx. Node refuses to
  // strip types below node_modules, where an installed package lies.
  if (!process.features.typescript || root.includes('node_modules')) {
    const { register } = await import('tsx/esm/api')
    register()
  }
  await import(pathToFileURL(path).href)
}

/** Runs `holdfast` with these arguments. */
export function runCli(args) {
  return runTypeScript('src/cli/main.ts', args)
}
