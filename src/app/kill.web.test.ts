// The browser is killed with SIGKILL in a stream of saves, first without a hub and then while it exchanges with one: what was shown as saved
// is there, whole and once, and nothing of it can be read in the profile. Each kill comes after a save that this life showed and, with a hub,
// after one that got there. HOLDFAST_KILL_ROUNDS sets how often (5 in CI), HOLDFAST_SEED the moments.
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
const SEED = Number(process.env['HOLDFAST_SEED'] ?? 20_261_121)
/** Against a hang alone: how fast a machine is, nobody asks. */
const HANGS_MS = 60_000
const CANARY = 'Quixotic-zeppelin'
/** Kept in clear on purpose: the search that must not find the canary must find this. */
const CONTROL = 'Ostensible-walrus'
const profile = mkdtempSync(join(tmpdir(), 'holdfast-kill-'))
const party = keyId('main', 'masters.party', ['C-001'])
let hub: DemoHub
let database: Client

beforeAll(async () => {
  hub = await aDemoHub()
  database = new Client(hub.database.admin)
  await database.connect()
}, 120_000)
afterAll(async () => {
  await database.end()
  await hub.end()
  rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })
})

const seqsOnHub = async (device: string | null): Promise<number[]> => {
  const logged = await database.query<{ seq: string }>('SELECT seq FROM command_log WHERE dev = $1 ORDER BY seq', [
    device,
  ])
  return logged.rows.map(({ seq }) => Number(seq))
}

const aNote = (at: number) => ({
  command: 'crm.addNote',
  args: { party, territory: 'leeds', businessDate: '2026-11-21', text: `${CANARY} ${at}` },
  options: { requestKey: crypto.randomUUID() },
})

test(
  `${ROUNDS} kills in a stream of saves and of exchanges: nothing that was shown as saved is lost or doubled`,
  async () => {
    const random = seededRandom(SEED)
    const acknowledged = new Set<number>()
    let made = 0
    let browser = await startChromium(profile)
    let page = await aTab(browser.context, hub.url)
    await enrolTab(page, { code: await hub.newCode(), signIn: 'grace', password: hub.signIns.password })
    await keepInClear(page, CONTROL)
    await serviceWorkerReady(page)
    const { device } = await askWorker(page, 'status', null)
    await hub.stop()
    let isOnline = false
    for (let round = 0; round < ROUNDS; round++) {
      if (!isOnline && round >= ROUNDS / 2) {
        await hub.start()
        isOnline = true
      }
      const before = { shown: acknowledged.size, onHub: (await seqsOnHub(device)).length }
      const life = { isOver: false }
      const saving = (async () => {
        while (!life.isOver) {
          made += 1
          const answer = await askWorker(page, 'run', aNote(made)).catch((fault: unknown) => {
            // The kill took the page away that would have answered.
            if (life.isOver) return null
            throw fault
          })
          if (answer?.saved === false) throw new Error(`A note was refused: ${answer.refusal.code}`)
          if (answer !== null) acknowledged.add(answer.seq)
        }
      })()
      const worthIt = async (): Promise<void> => {
        await expect.poll(() => acknowledged.size, { timeout: HANGS_MS }).toBeGreaterThan(before.shown)
        const onHub = async (): Promise<number> => (await seqsOnHub(device)).length
        if (isOnline) await expect.poll(onHub, { timeout: HANGS_MS }).toBeGreaterThan(before.onHub)
        await pause(random() * 600)
      }
      // A save that fails ends it at once.
      await Promise.race([worthIt(), saving])
      life.isOver = true
      await browser.kill()
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
    const { incidents } = await askWorker(page, 'status', null)
    expect(incidents).toBe(0)
    await browser.kill()
    const seqs = await seqsOnHub(device)
    const notes = await database.query('SELECT text FROM crm_note WHERE text LIKE $1', [`${CANARY}%`])
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
