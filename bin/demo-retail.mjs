// `npm run demo:retail -- [arguments]`: plays the retail story of demo/retail/main.ts against a real hub and real devices.
// It prepares what the story needs and adds nothing of its own.
import { ensureBuilt } from './build.mjs'
import { ensureChromium } from './chromium.mjs'
import { ensureInstalled } from './install.mjs'
import { main } from './run.mjs'
import { runProgram } from './script.mjs'

await main(async (args) => {
  await ensureInstalled()
  await ensureChromium()
  await ensureBuilt()
  return (await runProgram('demo/retail/main.ts', args)).code
})
