// The example of docs/headless-device.md, taken from the page as it stands and run as its own process against a real hub.
import { execFile } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { SETUP_USER } from '../hub/leases.ts'
import { catalogue } from '../modules/all.ts'
import { inTenant } from '../sync/hub/tenant.ts'
import { aHub, PASSWORD, type HubUnderTest } from '../testing/hub-with-devices.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const page = readFileSync(join(root, 'docs/headless-device.md'), 'utf8')
/** As deep below the checkout as the page, so that its imports hold. */
const folder = join(root, '.tmp')
const program = join(folder, `headless-example-${process.pid}.ts`)

let hub: HubUnderTest
beforeAll(async () => {
  const [, block] = /```ts\n([\s\S]*?)```/.exec(page) ?? []
  if (block === undefined) throw new Error('docs/headless-device.md has no example in a ts block.')
  mkdirSync(folder, { recursive: true })
  writeFileSync(program, block)
  hub = await aHub(catalogue)
})
afterAll(async () => {
  rmSync(program, { force: true })
  await hub.end()
})

test('the page’s example enrols, works without the network, and settles', async () => {
  const env = {
    ...process.env,
    DEVICE_FOLDER: hub.directory(),
    HUB_URL: hub.url,
    PASSPHRASE: 'a passphrase',
    CODE: await hub.newCode(null),
    SIGN_IN: SETUP_USER,
    PASSWORD,
  }
  const run = async (): Promise<string[]> =>
    (await promisify(execFile)(process.execPath, ['--import', 'tsx', program], { cwd: root, env })).stdout
      .trim()
      .split('\n')
  expect(await run()).toEqual([
    'saved as command 1 with warnings []',
    'found Dale Plumbing',
    'refused kernel.bad-arguments',
    'online true waiting 0 needs you 0',
    '1 masters.createParty accepted',
  ])
  // Again with the same folder: it is enrolled already, and the hub is told of the likeness by an exception.
  const again = await run()
  expect(again[0]).toMatch(/^saved as command 2 with warnings \[\{"code":"POSSIBLE_DUPLICATE"/)
  expect(again.slice(-2)).toEqual(['2 masters.createParty accepted', '1 masters.createParty accepted'])
  const { rows } = await inTenant(hub.hub.pool, hub.hub.tenant, (client) =>
    client.query('SELECT name FROM masters_party'),
  )
  expect(rows).toEqual([{ name: 'Dale Plumbing' }, { name: 'Dale Plumbing' }])
})
