// `npm run campaign -- mutants [name] [--seeds 60] [--size 60]`: proves the simulated world by faults put into the engine on
// purpose. Each is made in a copy of the sources and played until a law notices. One that no seed notices is printed and
// makes the campaign fail: a law is missing. The sources themselves are never touched.
import { spawn } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { mutants, type Mutant } from '../world/mutants.ts'
import type { SeedLine } from '../world/run-seed.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seeds: { type: 'string', default: '60' }, size: { type: 'string', default: '60' } },
})
const [seeds, size] = [values.seeds, values.size].map(Number) as [number, number]
const chosen = mutants.filter(({ name }) => positionals.length === 0 || positionals.some((part) => name.includes(part)))
if (![seeds, size].every((each) => Number.isSafeInteger(each) && each > 0) || chosen.length === 0) {
  console.log('Usage: npm run campaign -- mutants [part of a name] [--seeds 60] [--size 60]')
  process.exit(2)
}

const root = resolve(import.meta.dirname, '../../..')
const copy = mkdtempSync(join(tmpdir(), 'holdfast-mutants-'))

interface Found {
  readonly seed: number
  readonly saying: string
}

/** Which seed noticed, and what it said first; null when none did. */
async function play({ file, find, replace }: Mutant): Promise<Found | null> {
  const path = join(copy, file)
  const source = readFileSync(join(root, file), 'utf8')
  if (source.split(find).length !== 2) throw new Error(`${file} has this not exactly once: ${find}`)
  writeFileSync(
    path,
    source.replace(find, () => replace),
  )
  try {
    return await firstBroken()
  } finally {
    writeFileSync(path, source)
  }
}

function firstBroken(): Promise<Found | null> {
  const program = [
    '--import',
    import.meta.resolve('tsx'),
    'src/testing/campaign/sim.ts',
    '--worker',
    '--as-found',
    '--size',
    String(size),
  ]
  const child = spawn(process.execPath, program, { cwd: copy, stdio: ['pipe', 'pipe', 'inherit'] })
  let seed = 0
  let found: Found | null = null
  const next = (): void => {
    seed += 1
    if (found !== null || seed > seeds) child.stdin.end()
    else child.stdin.write(`${seed}\n`)
  }
  createInterface({ input: child.stdout }).on('line', (text) => {
    const { broken } = JSON.parse(text) as SeedLine
    if (broken !== null) found = { seed, saying: broken.split('\n')[0] ?? '' }
    next()
  })
  next()
  return new Promise((done, fail) =>
    child.once('exit', (code) => (code === 0 ? done(found) : fail(new Error(`The world ended with ${code}.`)))),
  )
}

let survived = 0
try {
  for (const part of ['src', 'package.json', 'tsconfig.json', 'tsconfig.base.json', 'tsconfig'])
    cpSync(join(root, part), join(copy, part), { recursive: true })
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'))
  for (const mutant of chosen) {
    const found = await play(mutant)
    if (found === null) survived += 1
    console.log(
      found === null
        ? `SURVIVED ${seeds} seeds: ${mutant.name}`
        : `found by seed ${found.seed}: ${mutant.name}: ${found.saying.slice(0, 140)}`,
    )
  }
} finally {
  rmSync(copy, { recursive: true, force: true })
}
console.log(`${chosen.length} mutants, ${survived} survived`)
process.exitCode = survived > 0 ? 1 : 0
