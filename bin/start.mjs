// `npm start`: on a fresh machine installs, builds and serves the hub with its demo company. Arguments go to `holdfast serve`.
// It never touches an existing data folder: what to do with it is `holdfast serve`'s business.
import { ensureBuilt } from './build.mjs'
import { ensureInstalled } from './install.mjs'
import { main } from './run.mjs'
import { runCli } from './typescript.mjs'

await main(async (args) => {
  await ensureInstalled()
  await ensureBuilt()
  // In this same process: signals, exit code and terminal are the hub's own, and nothing is left behind.
  await runCli(['serve', '--demo', ...args])
})
