// Who may import whom: the table of docs/architecture.md, held here. It reads import statements as text and never
// resolves packages; a path that leads outside the table is an answer, not an exception.
import { posix } from 'node:path'
import { isTest, type Rule } from './tree.ts'

import { allowedEdges } from '../../modules/edges.ts'

type Zone = 'kernel' | 'store' | 'sync' | 'modules' | 'device' | 'hub' | 'app' | 'cli' | 'testing'

/** Every zone may import itself; `modules` only the same module (and the declared edges below). */
const mayImport: Record<Zone, readonly Zone[]> = {
  kernel: [],
  store: ['kernel'],
  sync: ['store', 'kernel'],
  modules: ['kernel'],
  device: ['kernel', 'store', 'sync', 'modules'],
  hub: ['kernel', 'store', 'sync', 'modules', 'device'],
  app: ['kernel', 'store', 'sync', 'modules', 'device'],
  cli: ['kernel', 'store', 'sync', 'modules', 'device', 'hub'],
  testing: ['kernel', 'store', 'sync', 'modules', 'device', 'hub', 'app', 'cli'],
}

/** Edges between modules, `from → to`. Each one beside masters needs a decision record that names it. */
const moduleEdges: ReadonlyMap<string, readonly string[]> = grouped(allowedEdges)

/** The design system's folder: the one part of the app that a module's screens (.tsx, device only) may import. */
const designSystem = 'src/app/design/'

const advice = 'Move what both need into the kernel, or declare the edge with a decision record.'

/** Answers each import that the table doesn't allow. */
export const importsFollowTheTable: Rule = (files) =>
  files
    .filter((file) => /^(src|bench|demo|bin)\/.*\.(ts|tsx|mjs)$/.test(file.path))
    .flatMap((file) =>
      importsOf(file.text)
        .filter((specifier) => specifier.startsWith('.'))
        .map((specifier) => wrongWith(file.path, posix.join(posix.dirname(file.path), specifier)))
        .filter((wrong) => wrong !== undefined),
    )

function grouped(edges: readonly (readonly [string, string])[]): ReadonlyMap<string, readonly string[]> {
  const map = new Map<string, string[]>()
  for (const [from, to] of edges) map.set(from, [...(map.get(from) ?? []), to])
  return map
}

function wrongWith(from: string, to: string): string | undefined {
  const source = zoneOf(from)
  const target = zoneOf(to)
  // Outside src (bench, demo, bin) everything may be composed; tests may reach for whatever proves the point.
  if (source === undefined || isTest(from)) return undefined
  if (target === undefined) {
    // The command line fills an empty hub with the demo company's data.
    return to.startsWith('src/') || to === 'package.json' || (source === 'cli' && to.startsWith('demo/brightwater/'))
      ? undefined
      : `${from} imports ${to}: src never imports from outside src.`
  }
  if (target === 'testing' && source !== 'testing')
    return `${from} imports ${to}: only tests, bench, demo and testing import testing.`
  if (source === 'modules' && target === 'modules') return wrongBetweenModules(from, to)
  if (source === 'modules' && from.endsWith('.tsx') && to.startsWith(designSystem)) return undefined
  if (source === target || mayImport[source].includes(target)) return undefined
  return `${from} imports ${to}: ${source} never imports ${target}. ${advice}`
}

function wrongBetweenModules(from: string, to: string): string | undefined {
  if (!from.endsWith('.tsx') && to.endsWith('.tsx')) {
    return `${from} imports ${to}: a module's .ts runs on the hub too and never sees a screen.`
  }
  const source = from.split('/')[2] ?? ''
  const target = to.split('/')[2] ?? ''
  // A file directly in src/modules lists the modules, for hub, app and testing to compose.
  if (source.includes('.') || source === target || target === 'masters' || moduleEdges.get(source)?.includes(target))
    return undefined
  return `${from} imports ${to}: modules never import each other (except masters). ${advice}`
}

function zoneOf(path: string): Zone | undefined {
  const [top, zone] = path.split('/')
  return top === 'src' && zone !== undefined && Object.hasOwn(mayImport, zone) ? (zone as Zone) : undefined
}

const statement =
  /(?:^|[;}\s])(?:import|export)\s[^'"`;()]*?\bfrom\s*['"]([^'"\n]+)['"]|(?:^|[;}\s])import\s*['"]([^'"\n]+)['"]|\bimport\s*\(\s*['"`]([^'"`\n]+)['"`]|\bnew URL\(\s*['"]([^'"\n]+\.tsx?)['"]\s*,\s*import\.meta\.url/g

/** The specifiers a file imports or re-exports, statically, dynamically or as a worker's address; comments don't count. */
export function importsOf(text: string): string[] {
  const code = text.replace(/\/\*[\s\S]*?\*\//g, ' ').replace(/(^|[^:'"`])\/\/[^\n]*/g, '$1')
  return [...code.matchAll(statement)].map((match) => match.slice(1).find((group) => group !== undefined) ?? '')
}
