// `npm run campaign -- <name> [arguments]`: runs src/testing/campaign/<name>.ts, a long search for broken laws.
// It never decides how long: each campaign has its own arguments and says so when asked with --help.
import { main } from './run.mjs'
import { runNamed } from './script.mjs'

await main((args) => runNamed({ folder: 'src/testing/campaign', suffix: '.ts', what: 'campaign' }, args))
