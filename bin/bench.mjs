// `npm run bench -- <name> [arguments]`: runs bench/<name>.bench.ts; `all` runs every one, one after the other.
// It never runs two at once: they would measure each other.
import { main } from './run.mjs'
import { runNamed } from './script.mjs'

await main((args) => runNamed({ folder: 'bench', suffix: '.bench.ts', what: 'benchmark', mayRunAll: true }, args))
