// What a person sees while they work: a tab of a desk's size, the news that something was saved, the sync pill; and a picture of every open
// tab when a test fails. It reads the screen by roles and words and asks no worker.
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BrowserContext, Locator, Page } from 'playwright-core'
import { afterEach, expect } from 'vitest'
import { aTab } from './app-tab.ts'

const desk = { width: 1366, height: 820 }
const openTabs = new Set<Page>()
/** What no tab may ever do: throw, or hurt the content security policy. */
export const complaints: string[] = []

/** A tab on a desk's screen, watched for errors and pictured when its test fails. */
export async function aDesk(context: BrowserContext, url: string): Promise<Page> {
  const page = await aTab(context, 'about:blank')
  await page.setViewportSize(desk)
  page.setDefaultTimeout(20_000)
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('console', (message) => {
    if (/Content Security Policy|Trusted Type/.test(message.text())) complaints.push(message.text())
  })
  page.on('close', () => openTabs.delete(page))
  openTabs.add(page)
  await page.goto(url)
  return page
}

/** Keeps a picture of each open tab of a failed test in a folder of its own, whose name is printed. */
export function picturesOfFailures(): void {
  afterEach(async ({ task }) => {
    if (task.result?.state !== 'fail') return
    const folder = mkdtempSync(join(tmpdir(), 'holdfast-failed-'))
    let at = 0
    for (const page of openTabs) {
      const path = join(folder, `tab-${(at += 1)}.png`)
      // A tab that has crashed has no picture; the others must be in front to be drawn.
      const picture = async (): Promise<void> => {
        await page.bringToFront()
        await page.screenshot({ path, timeout: 5000 })
      }
      await picture().catch(() => null)
    }
    process.stderr.write(`Pictures of the failed test: ${folder}\n`)
  })
}

const savedToasts = (page: Page): Locator =>
  page
    .locator('[data-tone="ok"]')
    .filter({ hasText: /saved on this device$/i, has: page.getByRole('button', { name: 'Close', exact: true }) })

/** Closes the news of earlier saves, so that the next one's can't be mistaken. */
export async function readNews(page: Page): Promise<void> {
  await expect
    .poll(async () => {
      const old = savedToasts(page)
      if ((await old.count()) > 0)
        await old
          .first()
          .getByRole('button', { name: 'Close' })
          .click({ timeout: 1000 })
          .catch(() => null)
      return old.count()
    })
    .toBe(0)
}

/** Waits for the words "… saved on this device" and gives them back. */
export async function savedNews(page: Page): Promise<string> {
  await savedToasts(page).first().waitFor()
  return savedToasts(page).first().innerText()
}

/** The button in the header that says how things stand with the hub. */
export const pill = (page: Page, text: string | RegExp): Locator =>
  page.getByRole('banner').getByRole('button', { name: text })
