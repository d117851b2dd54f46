// Finds and runs one of the project's TypeScript programs by its short name (a benchmark, a campaign).
// It never guesses: an unknown name answers with the list of known ones.
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { ensureInstalled } from './install.mjs'
import { Problem, root, run } from './run.mjs'

/**
 * Runs `<folder>/<name><suffix>` for each name in turn, each in a Node of its own so that one can't warm or spoil the next.
 * The first name may be `all` when `mayRunAll`. Answers the first bad exit code, or 0.
 */
export async function runNamed({ folder, suffix, what, mayRunAll = false }, [name, ...args]) {
  await ensureInstalled()
  const known = listNames(folder, suffix)
  const list =
    known.length === 0 ? `There is none in ${folder}/ yet.` : `Known: ${known.join(', ')}${mayRunAll ? ', all' : ''}.`
  if (name === undefined) throw new Problem(`Which ${what}? ${list}`)
  const chosen = mayRunAll && name === 'all' ? known : [name]
  if (!chosen.every((each) => known.includes(each))) throw new Problem(`There is no ${what} called ${name}. ${list}`)
  let worst = 0
  for (const each of chosen) {
    const { code } = await runProgram(`${folder}/${each}${suffix}`, args)
    worst ||= code
  }
  return worst
}

/** Runs one TypeScript file to its end in a Node of its own. Answers `{ code }`. */
export function runProgram(file, args) {
  // The loader stands on the command line and not in this process, so that worker threads inherit it.
  return run(process.execPath, ['--expose-gc', '--import', import.meta.resolve('tsx'), join(root, file), ...args])
}

/** The short names of the programs in a folder, sorted. */
export function listNames(folder, suffix) {
  if (!existsSync(join(root, folder))) return []
  const names = readdirSync(join(root, folder)).filter((name) => name.endsWith(suffix) && !name.endsWith('.test.ts'))
  return names.map((name) => name.slice(0, -suffix.length)).sort()
}
