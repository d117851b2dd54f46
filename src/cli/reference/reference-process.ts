// Writes docs/reference anew. `npm run fix` runs it; it changes nothing else.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { catalogue } from '../../modules/all.ts'
import { referencePages } from './reference-pages.ts'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const folder = join(root, 'docs/reference')
mkdirSync(folder, { recursive: true })
for (const [name, text] of referencePages(catalogue, join(root, 'src'))) writeFileSync(join(folder, name), text)
