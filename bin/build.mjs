// Builds the app (src/app → dist/app) when its sources changed since the last build, judged by content and not by time.
// It never builds twice at once, and never marks a failed build as done.
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { ensureInstalled } from './install.mjs'
import { withLock } from './lock.mjs'
import { Problem, isStarted, main, root, runTool } from './run.mjs'

// The app bundles kernel, modules, store and sync; hub, cli and testing can't reach it (src/tidy.test.ts holds that).
const folders = ['src/app', 'src/device', 'src/kernel', 'src/modules', 'src/store', 'src/sync']
const files = ['vite.config.ts', 'package-lock.json', 'tsconfig.base.json', 'tsconfig/device.json']
const notBuilt = /\.(test|bench)\.tsx?$/
const stampPath = join(root, 'dist', 'app.hash')

/** Builds when needed. Throws a Problem when the build fails. Expects node_modules to be there. */
export async function ensureBuilt() {
  if (!existsSync(join(root, 'vite.config.ts')))
    throw new Problem('vite.config.ts is missing: restore it with `git checkout -- vite.config.ts`.')
  if (isBuilt(hashSources())) return
  await withLock('build', async () => {
    const hash = hashSources()
    if (isBuilt(hash)) return
    console.log('Building the app …')
    const startedAt = Date.now()
    const { code, output } = await runTool('vite/bin/vite.js', ['build'], {
      quiet: true,
      env: { NODE_ENV: 'production' },
    })
    if (code !== 0)
      throw new Problem(
        `${output.trim()}\n\nThe build failed (exit ${code}): mend what is named above and run the command again.`,
      )
    if (!existsSync(join(root, 'dist', 'app', 'index.html')))
      throw new Problem('The build wrote no dist/app/index.html: correct build.outDir in vite.config.ts.')
    mkdirSync(dirname(stampPath), { recursive: true })
    writeFileSync(stampPath, hash)
    console.log(`Built in ${((Date.now() - startedAt) / 1000).toFixed(1)} s.`)
  })
}

function isBuilt(hash) {
  return (
    existsSync(join(root, 'dist', 'app', 'index.html')) &&
    existsSync(stampPath) &&
    readFileSync(stampPath, 'utf8') === hash
  )
}

/** SHA-256 (hex) over the names and contents of everything the build reads. */
export function hashSources() {
  const hash = createHash('sha256')
  for (const path of [...files, ...folders.flatMap(walk)]
    .filter((p) => !notBuilt.test(p) && existsSync(join(root, p)))
    .sort((a, b) => (a < b ? -1 : 1))) {
    const content = readFileSync(join(root, path))
    hash.update(`${path}\0${content.length}\0`).update(content)
  }
  return hash.digest('hex')
}

function walk(folder) {
  if (!existsSync(join(root, folder))) return []
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`
    return entry.isDirectory() ? walk(path) : [path]
  })
}

if (isStarted(import.meta.url)) {
  await main(async () => {
    await ensureInstalled()
    await ensureBuilt()
  })
}
