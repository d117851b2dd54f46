// The reference pages of refusals and exceptions: the codes that the sources give, with the sentence that people read.
// Codes are read from the source as text, because a handler names them where it uses them; tests and builders don't count.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ExceptionOwner } from '../../kernel/exception-owner.ts'
import { code, codes, grid, head } from './markdown.ts'

export interface Source {
  /** Relative to `src`, with forward slashes. */
  readonly path: string
  readonly text: string
}

/** The sources that may name a code, and the app's English texts. */
export function readSources(root: string): Source[] {
  return ['kernel', 'modules', 'sync', 'hub', 'app/text']
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((path) => `${folder}/${path}`),
    )
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts') && !path.endsWith('-builders.ts'))
    .toSorted()
    .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }))
}

const isText = ({ path }: Source): boolean => path.startsWith('app/')

/** `'key': 'sentence'`, also over two lines. */
const entry = /'([\w.-]+)':\s*(?:'((?:[^'\\\n]|\\.)*)'|"((?:[^"\\\n]|\\.)*)"|`([^`]*)`)/g

function entriesIn(sources: readonly Source[], prefix = ''): Map<string, string> {
  const entries = new Map<string, string>()
  for (const { text } of sources) {
    for (const match of text.matchAll(entry)) {
      const [, key = '', single, double, template] = match
      if (!key.startsWith(prefix)) continue
      entries.set(key.slice(prefix.length), (single ?? double ?? template ?? '').replaceAll(/\\(.)/g, '$1'))
    }
  }
  return entries
}

const refusalCode = /'((?:[a-z]+)\.[a-z0-9]+(?:-[a-z0-9]+)+)'/g
const givenCode =
  /(?:refuse|rule|refused|wrong|parks|parked)\((?:(?:c(?:tx)?|cache|catalogue|incoming),\s*)*(?:\d+,\s*)?'([a-z]+\.[a-z-]+)'/g
/** Flaws of pure arithmetic: they reach people inside another code. */
const notRefusals = new Set(['amount', 'decimal', 'canonical', 'unit', 'barcode', 'gs', 'refusal', 'trusted', 'lost'])
/** Quoted where it is raised, or a key where its owner is declared. */
const exceptionCode = /'([A-Z]+(?:_[A-Z]+)+|OVERSOLD)'|^ +([A-Z]+(?:_[A-Z]+)*): to\(/gm
const namesAnException = /^(?:modules|sync)\//

const moduleOf = ({ path }: Source): string =>
  path.startsWith('modules/') ? (path.split('/')[1] ?? '') : (path.split('/')[0] ?? '')

/** Every code by which something is refused or parked, by its module. */
export function refusalsPage(sources: readonly Source[]): string {
  const rules = sources.filter((source) => !isText(source))
  const declared = entriesIn(rules)
  const shown = entriesIn(sources.filter(isText), 'refusal.')
  const found = new Set<string>()
  for (const { text } of rules) {
    for (const pattern of [refusalCode, givenCode]) for (const [, name = ''] of text.matchAll(pattern)) found.add(name)
  }
  const sections = new Map<string, string[][]>()
  for (const name of [...found].toSorted()) {
    const module = name.slice(0, name.indexOf('.'))
    if (notRefusals.has(module)) continue
    const beside = declared.get(name)
    const isException = beside !== undefined && /^[A-Z_]+$/.test(beside)
    const sentence = shown.get(name) ?? (isException ? '' : (beside ?? ''))
    const rows = sections.get(module) ?? []
    if (rows.length === 0) sections.set(module, rows)
    rows.push([code(name), sentence, isException ? code(beside) : ''])
  }
  const intro =
    'Why something was refused or parked, as plain data with a stable code. A code with an exception beside it is a rule about stored state: at capture it refuses (unless the lease allows an override), and on the hub a fact stands and raises that exception. All others are wrong by themselves: refused on the device, parked on the hub.'
  const pages = [...sections].map(
    ([module, rows]) => `## ${module}\n\n${grid(['Code', 'What people read', 'Exception on the hub'], rows)}`,
  )
  return `${head('Refusals', intro)}\n${pages.join('\n')}`
}

const sorted = (texts: Iterable<string>): string[] => [...texts].toSorted((a, b) => (a < b ? -1 : 1))

/** Every named exception: a fact that stands although something is wrong with it. */
export function exceptionsPage(sources: readonly Source[], ownerOf: (code: string) => ExceptionOwner | null): string {
  const shown = entriesIn(sources.filter(isText), 'exception.')
  const duties = entriesIn(sources.filter(isText), 'duty.')
  const ownerText = (name: string): string => {
    const declared = ownerOf(name)
    const duty = declared === null ? '' : (duties.get(declared.owner) ?? declared.owner)
    return declared?.isUrgent === true ? `${duty}, at once` : duty
  }
  const raised = new Map<string, { modules: Set<string>; rules: Set<string> }>()
  for (const source of sources.filter(({ path }) => namesAnException.test(path))) {
    const rules = entriesIn([source])
    for (const [, quoted, declared = ''] of source.text.matchAll(exceptionCode)) {
      const name = quoted ?? declared
      const known = raised.get(name) ?? { modules: new Set(), rules: new Set() }
      raised.set(name, known)
      known.modules.add(moduleOf(source))
      for (const [rule, exception] of rules) if (exception === name && rule.includes('.')) known.rules.add(rule)
    }
  }
  const rows = [...raised]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, { modules, rules }]) => [
      code(name),
      shown.get(name) ?? '',
      ownerText(name),
      sorted(modules).join(', '),
      codes(sorted(rules)),
    ])
  const intro =
    'A fact can’t be refused after it happened. It is booked as captured, and what is wrong with it becomes an exception that somebody looks at and closes. It goes to a duty: whoever has it by a role (`duty.stockController`) sees it among their own.'
  return `${head('Exceptions', intro)}\n${grid(['Code', 'What people read', 'Goes to', 'Named by', 'Rules that become it'], rows)}`
}
