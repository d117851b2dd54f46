// A full inbox in a real Chromium: forty pieces of work of one kind, read through by keys from the first to the last and back although most of
// them aren't drawn, and decided at once; the author, who has forty things to see, sees them at once as well.
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { keyId } from '../../../kernel/hash.ts'
import { askWorker } from '../../../testing/app-tab.ts'
import { axeFaults } from '../../../testing/axe-faults.ts'
import { desks } from '../../../testing/desks.ts'
import { complaints, pill } from '../../../testing/on-screen.ts'
import { goTo } from '../../../testing/person.ts'

const COUNT = 40
const martaId = keyId('main', 'masters.user', ['marta'])
const party = keyId('main', 'masters.party', ['C-101'])
const { open, rows, column } = desks()
let marta: Page
let grace: Page

test('forty pieces of one kind are read by keys from the first to the last and back, always in sight', async () => {
  marta = await open('marta')
  grace = await open('grace')
  await rows('UPDATE account SET revoked_at = $1 WHERE user_id = $2', Date.now() - 1000, martaId)
  for (let at = 1; at <= COUNT; at++) {
    const args = { party, businessDate: '2026-11-21', text: `Forty ${String(at).padStart(2, '0')}` }
    await askWorker(marta, 'run', { command: 'crm.addNote', args, options: {} })
  }
  const waiting = (): Promise<unknown[]> =>
    column("SELECT count(*)::int AS it FROM kernel_review_item WHERE state = 'open' AND command = 'crm.addNote'")
  await expect.poll(async () => (await askWorker(marta, 'sync', null), waiting()), { timeout: 30_000 }).toEqual([COUNT])
  await askWorker(grace, 'sync', null)
  await goTo(grace, '/review/parked')
  await grace.getByRole('row', { name: /Choose: Note .*Forty 01/ }).waitFor()
  /** Which row has the focus, and whether it lies inside of the window. */
  const focus = (): Promise<string> =>
    grace.evaluate(() => {
      const scope = globalThis as unknown as {
        innerHeight: number
        document: {
          activeElement: { textContent: string; getBoundingClientRect(): { top: number; bottom: number } }
        }
      }
      const { activeElement } = scope.document
      const { top, bottom } = activeElement.getBoundingClientRect()
      const name = /Forty \d\d/.exec(activeElement.textContent)?.[0] ?? 'none'
      return top >= 0 && bottom <= scope.innerHeight ? name : `${name} out of sight`
    })
  for (let at = 1; at <= COUNT; at++) {
    await grace.keyboard.press('j')
    await expect.poll(focus).toBe(`Forty ${String(at).padStart(2, '0')}`)
  }
  await grace.keyboard.press('j')
  expect(await focus()).toBe('Forty 40')
  for (let at = COUNT - 1; at >= 1; at--) await grace.keyboard.press('k')
  await expect.poll(focus).toBe('Forty 01')
  expect(await axeFaults(grace)).toEqual([])
})

test('they are decided at once, and their author sees all of them at once', async () => {
  await rows('UPDATE account SET revoked_at = NULL WHERE user_id = $1', martaId)
  await askWorker(marta, 'sync', null)
  await pill(marta, new RegExp(`^${COUNT} need you$`)).waitFor()
  await grace.getByRole('checkbox', { name: 'Choose all: Note' }).check()
  await grace.getByLabel('Decision').selectOption({ label: 'Discard' })
  await grace.getByLabel('Reason').fill('Not hers any more.')
  await grace.getByRole('button', { name: `Decide ${COUNT}` }).click()
  await grace.getByText(`${COUNT} carried out, 0 on their way, 0 stayed.`).waitFor({ timeout: 60_000 })
  await askWorker(marta, 'sync', null)
  await goTo(marta, '/sync')
  const saved = marta.getByRole('region', { name: 'Saved work' })
  await expect.poll(() => saved.getByText('Decided by Grace Adeyemi: Not hers any more.').count()).toBe(COUNT)
  await saved.getByRole('button', { name: `I have seen all ${COUNT}` }).click()
  await pill(marta, 'Up to date').waitFor()
  await saved.getByText('Everything you saved has been sent.').waitFor()
  await saved.getByRole('button', { name: 'Show the newest 20 sent' }).click()
  await saved.getByText('Discarded').first().waitFor()
  expect(complaints).toEqual([])
})
