// The browser is killed with SIGKILL in a stream of saves, first without a hub and then while it exchanges with one: what was shown as saved
// is there, whole and once, and nothing of it can be read in the profile. HOLDFAST_KILL_ROUNDS sets how often (5 in CI).
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { Client } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { keyId } from '../kernel/hash.ts'
import { aTab, askWorker, enrolTab, holdsText, keepInClear, serviceWorkerReady, unlockTab } from '../testing/app-tab.ts'
import { seededRandom } from '../testing/chaos-proxy.ts'
import { aDemoHub, type DemoHub } from '../testing/demo-hub.ts'
import { startChromium } from '../testing/killable-chromium.ts'

const ROUNDS = Number(process.env['HOLDFAST_KILL_ROUNDS'] ?? 5)
const CANARY = 'Quixotic-zeppelin'
/** Kept in clear on purpose: the search that must not find the canary must find this. */
const CONTROL = 'Ostensible-walrus'
const profile = mkdtempSync(join(tmpdir(), 'holdfast-kill-'))
const party = keyId('main', 'masters.party', ['C-001'])
let hub: DemoHub

beforeAll(async () => (hub = await aDemoHub()), 120_000)
afterAll(async () => {
  await hub.end()
  rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })
})

const aNote = (at: number) => ({
  command: 'crm.addNote',
  args: { party, territory: 'leeds', businessDate: '2026-11-21', text: `${CANARY} ${at}` },
  options: { requestKey: crypto.randomUUID() },
})

test(
  `${ROUNDS} kills in a stream of saves and of exchanges: nothing that was shown as saved is lost or doubled`,
  async () => {
    const random = seededRandom(20_261_121)
    const acknowledged = new Set<number>()
    let made = 0
    let browser = await startChromium(profile)
    let page = await aTab(browser.context, hub.url)
    await enrolTab(page, { code: await hub.newCode(), signIn: 'grace', password: hub.signIns.password })
    await keepInClear(page, CONTROL)
    await serviceWorkerReady(page)
    await hub.stop()
    let isOnline = false
    for (let round = 0; round < ROUNDS; round++) {
      if (!isOnline && round >= ROUNDS / 2) {
        await hub.start()
        isOnline = true
      }
      const life = { isOver: false }
      const saving = (async () => {
        while (!life.isOver) {
          made += 1
          const answer = await askWorker(page, 'run', aNote(made)).catch(() => null)
          if (answer?.saved === true) acknowledged.add(answer.seq)
        }
      })()
      await pause(200 + random() * 600)
      await browser.kill()
      life.isOver = true
      await saving
      expect(holdsText(profile, CANARY)).toBe(false)
      browser = await startChromium(profile)
      page = await aTab(browser.context, hub.url)
      await unlockTab(page)
      const { waiting } = await askWorker(page, 'status', null)
      if (!isOnline) expect(waiting).toBeGreaterThanOrEqual(acknowledged.size)
    }
    expect(holdsText(profile, CONTROL)).toBe(true)
    await expect.poll(async () => (await askWorker(page, 'sync', null)).waiting, { timeout: 30_000 }).toBe(0)
    const { device, incidents } = await askWorker(page, 'status', null)
    expect(incidents).toBe(0)
    await browser.kill()
    const client = new Client(hub.database.admin)
    await client.connect()
    const logged = await client.query<{ seq: string }>('SELECT seq FROM command_log WHERE dev = $1 ORDER BY seq', [
      device,
    ])
    const notes = await client.query('SELECT text FROM crm_note WHERE text LIKE $1', [`${CANARY}%`])
    await client.end()
    const seqs = logged.rows.map(({ seq }) => Number(seq))
    expect(seqs).toEqual(seqs.map((_, index) => index + 1))
    for (const seq of acknowledged) expect(seqs).toContain(seq)
    expect(notes.rowCount).toBe(seqs.length)
    expect(new Set(notes.rows.map(({ text }) => text)).size).toBe(seqs.length)
    process.stderr.write(
      `${ROUNDS} kills: ${acknowledged.size} saves were shown, ${seqs.length} reached the hub, none twice\n`,
    )
  },
  60_000 + ROUNDS * 20_000,
)
