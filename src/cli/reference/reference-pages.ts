// The pages of docs/reference by their names: what the writer writes and the test compares.
import type { Catalogue } from '../../kernel/catalogue.ts'
import { exceptionsPage, readSources, refusalsPage } from './code-pages.ts'
import { ownerOf } from '../../sync/refusals.ts'
import { commandsPage, tablesPage } from './declared-pages.ts'

/** File name → text. `sourceRoot` is the folder `src` of the checkout. */
export function referencePages(catalogue: Catalogue, sourceRoot: string): ReadonlyMap<string, string> {
  const sources = readSources(sourceRoot)
  return new Map([
    ['tables.md', tablesPage(catalogue)],
    ['commands.md', commandsPage(catalogue)],
    ['refusals.md', refusalsPage(sources)],
    ['exceptions.md', exceptionsPage(sources, (code) => ownerOf(catalogue, code))],
  ])
}
