// The built app in Chromium behind a bad network: requests and answers cut at random bytes, answers lost after the hub's
// commit, captive portals. Every save reaches the hub exactly once. HOLDFAST_CUT_ROUNDS sets how often (20 in CI).
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { keyId } from '../kernel/hash.ts'
import { aTab, askWorker, enrolTab } from '../testing/app-tab.ts'
import { chaosProxy, seededRandom, type ChaosProxy, type Fate } from '../testing/chaos-proxy.ts'
import { aDemoHub, type DemoHub } from '../testing/demo-hub.ts'
import { startChromium, type KillableChromium } from '../testing/killable-chromium.ts'

const ROUNDS = Number(process.env['HOLDFAST_CUT_ROUNDS'] ?? 20)
const SEED = Number(process.env['HOLDFAST_SEED'] ?? 4711)
const FATES: readonly Fate[] = ['cut-request', 'cut-answer', 'drop-answer', 'captive-portal']
const profile = mkdtempSync(join(tmpdir(), 'holdfast-cuts-'))
const leeds = keyId('main', 'masters.branch', [keyId('main', 'masters.company', ['BW']), 'leeds'])
const warehouse = keyId('main', 'masters.warehouse', [leeds, 'main'])
const item = keyId('main', 'masters.item', ['SCREW40'])
const party = keyId('main', 'masters.party', ['C-001'])
let hub: DemoHub
let proxy: ChaosProxy
let browser: KillableChromium
let client: Client

beforeAll(async () => {
  hub = await aDemoHub()
  proxy = await chaosProxy({ port: Number(new URL(hub.url).port), seed: SEED })
  browser = await startChromium(profile)
  client = new Client(hub.database.admin)
  await client.connect()
}, 120_000)

afterAll(async () => {
  await browser.kill()
  await client.end()
  await proxy.stop()
  await hub.end()
  rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })
})

test(
  `seed ${SEED}: ${ROUNDS} rounds of cuts, each save exactly once on the hub`,
  async () => {
    const random = seededRandom(SEED)
    const page = await aTab(browser.context, proxy.url)
    await enrolTab(page, { code: await hub.newCode(), signIn: 'grace', password: hub.signIns.password })
    const onHand = async (): Promise<number> =>
      Number(
        (
          await client.query('SELECT on_hand FROM kernel_stock_balance WHERE item = $1 AND warehouse = $2', [
            item,
            warehouse,
          ])
        ).rows[0]?.on_hand ?? 0,
      )
    const before = await onHand()
    let saved = 0
    let issued = 0
    for (let round = 0; round < ROUNDS; round++) {
      proxy.chaos(0.7, FATES)
      for (let at = 0; at < 1 + Math.floor(random() * 4); at++) {
        const note = await askWorker(page, 'run', {
          command: 'crm.addNote',
          args: { party, businessDate: '2026-11-21', text: `round ${round} note ${at}` },
          options: {},
        })
        const issue = await askWorker(page, 'run', {
          command: 'inventory.issueGoods',
          args: {
            businessDate: '2026-11-21',
            warehouse,
            reason: 'consumption',
            lines: [{ item, unit: 'each', quantity: 1_000_000 }],
          },
          options: {},
        })
        expect([note.saved, issue.saved]).toEqual([true, true])
        saved += 2
        issued += 1
        await askWorker(page, 'sync', null)
      }
      proxy.chaos(0)
      await expect.poll(async () => (await askWorker(page, 'sync', null)).waiting, { timeout: 20_000 }).toBe(0)
    }
    const { device, incidents } = await askWorker(page, 'status', null)
    const logged = await client.query<{ seq: string; outcome: string }>(
      'SELECT seq, outcome FROM command_log WHERE dev = $1 ORDER BY seq',
      [device],
    )
    expect(logged.rows.map(({ seq }) => Number(seq))).toEqual(Array.from({ length: saved }, (_, index) => index + 1))
    expect(new Set(logged.rows.map(({ outcome }) => outcome))).toEqual(new Set(['accepted']))
    expect(before - (await onHand())).toBe(issued * 1_000_000)
    expect(incidents).toBe(0)
    for (const fate of FATES) expect(proxy.fired.get(fate) ?? 0, `${fate} never fired`).toBeGreaterThan(0)
    process.stderr.write(
      `${ROUNDS} rounds of cuts: ${saved} saves, each once; fired ${JSON.stringify([...proxy.fired])}\n`,
    )
  },
  60_000 + ROUNDS * 15_000,
)
