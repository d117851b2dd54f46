// Makes node_modules what package-lock.json says, and does nothing when it is already so.
// Install scripts never run (nothing here needs one, and a script is a stranger's program), so a machine that forbids them works too.
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { withLock } from './lock.mjs'
import { Problem, isStarted, main, root, run } from './run.mjs'

const oldestNode = [20, 19]
const sayEveryMs = 10_000

/** Installs when needed. Throws a Problem on an old Node, a missing lock file or a failed install. */
export async function ensureInstalled() {
  ensureNode(process.versions.node)
  if (isInstalled()) return
  await withLock('install', async () => {
    if (isInstalled()) return
    await install()
  })
}

/** Throws a Problem when this Node is too old to run Holdfast. */
export function ensureNode(version) {
  const [major, minor] = version.split('.').map(Number)
  if (major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1])) return
  throw new Problem(
    `Holdfast needs Node ${oldestNode.join('.')} or newer; this is ${version}. Install Node 24 (nodejs.org).`,
  )
}

/**
 * Compares what npm wrote down after its last install with the lock file, package by package. Times are no proof:
 * a checkout sets them anew, and npm writes the lock file last. Packages for other platforms may be absent.
 */
export function isInstalled(folder = root) {
  const wanted = readPackages(join(folder, 'package-lock.json'))
  if (wanted === undefined)
    throw new Problem(
      'package-lock.json is missing or unreadable: restore it with `git checkout -- package-lock.json`.',
    )
  const present = readPackages(join(folder, 'node_modules', '.package-lock.json'))
  if (present === undefined) return false
  const absent = Object.keys(wanted).filter((path) => path !== '' && present[path] === undefined)
  if (absent.some((path) => !wanted[path].optional)) return false
  return Object.entries(present).every(
    ([path, { version, integrity, optional }]) =>
      // This platform's binary may be missing in the lock file (see install): its parent pins its exact version.
      (wanted[path] === undefined
        ? optional
        : wanted[path].version === version && wanted[path].integrity === integrity) && existsSync(join(folder, path)),
  )
}

function readPackages(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8')).packages
  } catch {
    return undefined
  }
}

// Development packages are named outright: with NODE_ENV=production npm would leave the build tools out.
const options = [
  '--include=dev',
  '--include=optional',
  '--ignore-scripts',
  '--no-audit',
  '--no-fund',
  '--loglevel=error',
]

async function install() {
  const packages = readPackages(join(root, 'package-lock.json'))
  ensureInStep(packages[''])
  // `npm ci` refuses a lock file that lacks other platforms' binaries (npm leaves them out where the registry it was
  // written against lacks them). `install --no-save` takes every version from the same lock file and changes no file.
  const how = isComplete(packages) ? ['ci'] : ['install', '--no-save']
  console.log(`Installing up to ${Object.keys(packages).length - 1} packages (npm ${how.join(' ')}) …`)
  const startedAt = Date.now()
  const seconds = () => Math.round((Date.now() - startedAt) / 1000)
  const tick = setInterval(() => console.log(`  still installing, ${seconds()} s …`), sayEveryMs)
  try {
    const npm = npmProgram()
    const { code, output } = await run(npm.program, [...npm.args, ...how, ...options], { quiet: true })
    if (code !== 0) {
      // npm ends a failure with its whole manual; what went wrong stands at the beginning.
      const said = output.trim().split('\n').slice(0, 25).join('\n')
      throw new Problem(
        `${said}\n\nnpm ${how[0]} failed (exit ${code}). Check the network and npm's registry setting, then run the command again.`,
      )
    }
  } finally {
    clearInterval(tick)
  }
  console.log(`Installed in ${seconds()} s.`)
}

/** Are the binaries for every platform in the lock file, also those this machine doesn't want? */
function isComplete(packages) {
  return Object.entries(packages).every(([path, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies).every(
      (name) => packages[`node_modules/${name}`] ?? packages[`${path}/node_modules/${name}`],
    ),
  )
}

/** Throws a Problem when package.json asks for something else than the lock file holds: npm would then choose by itself. */
function ensureInStep(locked) {
  const wanted = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  for (const list of ['dependencies', 'devDependencies', 'optionalDependencies']) {
    const [a, b] = [wanted[list] ?? {}, locked[list] ?? {}].map((each) =>
      JSON.stringify(each, Object.keys(each).toSorted(byText)),
    )
    if (a !== b) {
      throw new Problem(
        `package.json and package-lock.json disagree about ${list}: run \`npm install\` and commit both files.`,
      )
    }
  }
}

const byText = (a, b) => (a < b ? -1 : 1)

function npmProgram() {
  const started = process.env.npm_execpath
  if (started?.endsWith('.js') && /npm-cli/.test(started)) return { program: process.execPath, args: [started] }
  // On Windows `npm` is a batch file, which can't be spawned; its program lies beside node.exe.
  const beside = join(dirname(process.execPath), 'node_modules', 'npm', 'bin', 'npm-cli.js')
  return existsSync(beside) ? { program: process.execPath, args: [beside] } : { program: 'npm', args: [] }
}

if (isStarted(import.meta.url)) await main(ensureInstalled)
