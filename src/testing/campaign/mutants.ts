// `npm run campaign -- mutants [part of a name …] [--seeds 60] [--size 60]`: proves the simulated world by faults put into the engine on
// purpose. Each is made in a copy of the sources and played until a law notices, or until the test fails that is named for it
// where no world can see it. What a seed or a test says counts only if it says nothing without the fault. One that nobody
// notices is printed and makes the campaign fail: a law is missing. The sources themselves are never touched.
import { spawn } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { equivalents, mutants, type Mutant } from '../world/mutants.ts'
import type { SeedLine } from '../world/run-seed.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seeds: { type: 'string', default: '60' },
    size: { type: 'string', default: '60' },
    help: { type: 'boolean', default: false },
  },
})
const [seeds, size] = [values.seeds, values.size].map(Number) as [number, number]
const chosen = mutants.filter(({ name }) => positionals.length === 0 || positionals.some((part) => name.includes(part)))
if (values.help || ![seeds, size].every((each) => Number.isSafeInteger(each) && each > 0) || chosen.length === 0) {
  console.log(`Usage: npm run campaign -- mutants [part of a name …] [--seeds 60] [--size 60]
  [part of a name]  only the mutants whose names hold one of these; left out, all ${mutants.length}
  --seeds           how many seeds may notice one, after the plans that once found something (60)
  --size            commands of each seed (60)`)
  process.exit(values.help ? 0 : 2)
}

const root = resolve(import.meta.dirname, '../../..')
const copy = mkdtempSync(join(tmpdir(), 'holdfast-mutants-'))

interface Found {
  /** A seed or a test. */
  readonly by: string
  readonly saying: string
}

/** The copy of a file, with the fault in it until `work` is over. */
async function mutated<T>({ file, find, replace }: Mutant, work: () => Promise<T>): Promise<T> {
  const path = join(copy, file)
  const source = readFileSync(path, 'utf8')
  if (source.split(find).length !== 2) throw new Error(`${file} has this not exactly once: ${find}`)
  writeFileSync(
    path,
    source.replace(find, () => replace),
  )
  try {
    return await work()
  } finally {
    writeFileSync(path, source)
  }
}

/** Who noticed, and what was said first; null when nobody did. */
async function play(mutant: Mutant): Promise<Found | null> {
  const { tests } = mutant
  if (tests !== undefined) {
    const files = tests.join(' ')
    const saying = await mutated(mutant, () => failureOf(files))
    return saying === null || (await isBrokenAnyway(files)) ? null : { by: 'its tests', saying }
  }
  for (let first = 0; first <= seeds;) {
    const found = await mutated(mutant, () => firstBroken(first, seeds))
    if (found === null) return null
    const { seed, saying } = found
    if (!(await isBrokenAnyway(seed))) return { by: `seed ${seed}`, saying }
    first = seed + 1
  }
  return null
}

const without = new Map<number | string, Promise<boolean>>()

/** What is broken without any fault proves nothing. */
function isBrokenAnyway(what: number | string): Promise<boolean> {
  let known = without.get(what)
  if (known === undefined) {
    const played = typeof what === 'string' ? failureOf(what) : firstBroken(what, what)
    known = played.then((broken) => {
      if (broken !== null) console.log(`${what} is broken without any fault, and shows nothing`)
      return broken !== null
    })
    without.set(what, known)
  }
  return known
}

/** The first failing test of some files, or null. */
function failureOf(files: string): Promise<string | null> {
  const child = spawn(
    process.execPath,
    [join(root, 'node_modules/vitest/vitest.mjs'), 'run', ...files.split(' '), '--bail=1', '--no-color'],
    {
      cwd: copy,
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  let text = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (part: Buffer) => (text += part.toString()))
  const said = (): string => /FAIL.*/u.exec(text)?.[0] ?? text.slice(-200)
  return new Promise((done) => child.once('exit', (code) => done(code === 0 ? null : said())))
}

function firstBroken(first: number, last: number): Promise<{ seed: number; saying: string } | null> {
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
  let seed = first - 1
  let found: { seed: number; saying: string } | null = null
  const next = (): void => {
    seed += 1
    if (found !== null || seed > last) child.stdin.end()
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

/** Neither sources nor what tests of them read. */
const notCopied: ReadonlySet<string> = new Set(['node_modules', '.git', 'dist', 'data'])
let survived = 0
try {
  for (const part of readdirSync(root))
    if (!notCopied.has(part)) cpSync(join(root, part), join(copy, part), { recursive: true })
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'))
  for (const mutant of chosen) {
    const found = await play(mutant)
    if (found === null) survived += 1
    console.log(
      found === null
        ? `SURVIVED ${mutant.tests?.join(' ') ?? `${seeds} seeds`}: ${mutant.name}`
        : `found by ${found.by}: ${mutant.name}: ${found.saying.slice(0, 140)}`,
    )
  }
} finally {
  rmSync(copy, { recursive: true, force: true })
}
if (positionals.length === 0)
  for (const { name, why } of equivalents) console.log(`not played, the same engine: ${name}: ${why}`)
console.log(`${chosen.length} mutants, ${chosen.length - survived} killed`)
process.exitCode = survived > 0 ? 1 : 0
