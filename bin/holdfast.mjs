#!/usr/bin/env node
// The `holdfast` command: serve, import, export, verify and the rest. It installs nothing and writes nothing by itself.
import { ensureNode } from './install.mjs'
import { runCli } from './typescript.mjs'
import { main } from './run.mjs'

await main(async (args) => {
  ensureNode(process.versions.node)
  await runCli(args)
})
