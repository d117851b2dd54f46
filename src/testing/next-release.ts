// The release after today's, made of today's sources in a folder of its own and built as the app is built: another version and schema, a
// table that gained a column and goes into other buckets, and a command whose arguments grew. For tests of an update between two real
// apps and two real hubs; it is no part of any product, and no source of the product is touched.
import { cpSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { assert } from '../kernel/assert.ts'
import { catalogue } from '../modules/all.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const copied = ['src', 'package.json', 'vite.config.ts', 'tsconfig.base.json', 'tsconfig.json', 'tsconfig']

export interface NextRelease {
  readonly version: string
  readonly schema: number
  /** Where its sources lie and its app was built. */
  readonly folder: string
  /** Its app's first script, by which it is told from today's. */
  readonly entry: string
}

/** Replaces what must stand there exactly once: sources that moved on make the test say so. */
function change(path: string, before: string, after: string): void {
  const text = readFileSync(path, 'utf8')
  assert(text.split(before).length === 2, `${path} must hold once: ${before}`)
  writeFileSync(path, text.replace(before, after))
}

export async function aNextRelease(folder: string): Promise<NextRelease> {
  for (const name of copied) cpSync(join(root, name), join(folder, name), { recursive: true })
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const next = { version: `${major}.${minor + 1}.0`, schema: catalogue.schema + 1 }
  change(join(folder, 'package.json'), `"version": "${version}"`, `"version": "${next.version}"`)
  const note = join(folder, 'src/modules/crm/note.ts')
  change(note, '    on: date(),', `    on: date(),\n    mood: code().default('plain').since(${next.schema}),`)
  change(
    note,
    'buckets: (row) => [`crm:${row.territory}:${monthOf(row.on)}`],',
    `bucketsSince: ${next.schema},\n  buckets: (row) => [\`parties:\${row.territory}\`],`,
  )
  change(note, "import { monthOf } from '../../kernel/document.ts'\n", '')
  const addNote = join(folder, 'src/modules/crm/add-note.ts')
  change(addNote, 'version: 1,', "version: 2,\n  upcast: { 1: (args) => ({ ...args, mood: 'unasked' }) },")
  change(addNote, '    about: text(64).optional(),', '    about: text(64).optional(),\n    mood: code().optional(),')
  change(addNote, '      text: a.text,', "      text: a.text,\n      mood: a.mood ?? 'calm',")
  await build(folder)
  const page = readFileSync(join(folder, 'dist/app/index.html'), 'utf8')
  const entry = /<script type="module"[^>]* src="([^"]+)"/.exec(page)?.[1]
  assert(entry !== undefined, 'The built page loads its script.')
  return { ...next, folder, entry }
}

async function build(folder: string): Promise<void> {
  const child = spawn(process.execPath, [join(root, 'node_modules/vite/bin/vite.js'), 'build', '--logLevel', 'error'], {
    cwd: folder,
    env: { ...process.env, NODE_ENV: 'production' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const said: Buffer[] = []
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => said.push(chunk))
  const [code] = (await once(child, 'exit')) as [number]
  assert(code === 0, `The next release doesn't build: ${Buffer.concat(said).toString('utf8')}`)
}
