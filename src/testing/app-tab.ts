// A tab of the built app in a real Chromium: what a person does to get in, and a line to the tab's own device worker in
// the page's own messages, for tests that need more commands than fingers can type.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { BrowserContext, Page } from 'playwright-core'
import type { DeviceStatus, OutboxEntry, RunAnswer } from '../sync/device/api.ts'

export const PASSPHRASE = 'harbour tundra violin marble'

/** Opens a tab whose worker can be asked by `askWorker`. */
export async function aTab(context: BrowserContext, url: string): Promise<Page> {
  const page = await context.newPage()
  await page.addInitScript(() => {
    const scope = globalThis as unknown as { Worker: new (url: string, options?: object) => object }
    scope.Worker = class extends scope.Worker {
      constructor(url: string, options?: object) {
        super(url, options)
        Object.assign(globalThis, { deviceWorker: this })
      }
    }
  })
  await page.goto(url)
  return page
}

export interface EnrolGiven {
  readonly code: string
  readonly signIn: string
  readonly password: string
}

/** From a fresh browser to the first screen, as a person does it. */
export async function enrolTab(page: Page, { code, signIn, password }: EnrolGiven): Promise<void> {
  await page.getByLabel('Device code').fill(code)
  await page.getByLabel('Sign-in name').fill(signIn)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.getByLabel('Passphrase', { exact: true }).fill(PASSPHRASE)
  await page.getByLabel('The same passphrase again').fill(PASSPHRASE)
  await page.getByRole('button', { name: 'Secure this device' }).click()
  await page.getByRole('button', { name: 'Start working' }).click()
}

export async function unlockTab(page: Page): Promise<void> {
  await page.getByLabel(/^Passphrase/).fill(PASSPHRASE)
  await page.getByRole('button', { name: 'Unlock' }).click()
  await page.getByRole('button', { name: /^Account of/ }).waitFor()
}

interface Calls {
  /** Bytes as they pass between page and test. */
  readonly blob: readonly number[] | null | 'offline'
  readonly run: RunAnswer
  readonly status: DeviceStatus
  readonly sync: DeviceStatus
  readonly outbox: readonly OutboxEntry[]
  readonly draftGet: string | null
  readonly draftSet: null
  readonly query: { readonly rows: readonly Readonly<Record<string, unknown>>[] }
}

/** Resolves when the app would start without a network. */
export const serviceWorkerReady = (page: Page): Promise<unknown> =>
  page.evaluate(() =>
    (
      globalThis as unknown as { navigator: { serviceWorker: { ready: Promise<object> } } }
    ).navigator.serviceWorker.ready.then(() => null),
  )

/** Writes a text unencrypted into the origin's storage, so that a search of the profile proves that it can find one. */
export const keepInClear = (page: Page, text: string): Promise<void> =>
  page.evaluate(async (content) => {
    interface Folder {
      getFileHandle(
        name: string,
        options: object,
      ): Promise<{ createWritable(): Promise<{ write(text: string): Promise<void>; close(): Promise<void> }> }>
    }
    const { storage } = (globalThis as unknown as { navigator: { storage: { getDirectory(): Promise<Folder> } } })
      .navigator
    const file = await (await storage.getDirectory()).getFileHandle('control.txt', { create: true })
    const stream = await file.createWritable()
    await stream.write(content)
    await stream.close()
  }, text)

/** The page's side of its worker, typed by hand: this file is checked without the DOM's types. */
interface Heard {
  readonly data: {
    readonly id?: string
    readonly value?: unknown
    readonly fault?: { readonly name: string; readonly message: string }
  }
}
interface PageWorker {
  addEventListener(type: 'message', hear: (event: Heard) => void): void
  removeEventListener(type: 'message', hear: (event: Heard) => void): void
  postMessage(message: unknown): void
}

/** Asks the tab's device worker; a fault of the worker throws with its name. */
export async function askWorker<K extends keyof Calls>(page: Page, name: K, input: unknown): Promise<Calls[K]> {
  const answer = await page.evaluate(
    ([call, given, id]) =>
      new Promise<{ value?: unknown; fault?: { name: string; message: string } }>((resolve) => {
        const worker = (globalThis as unknown as { deviceWorker: PageWorker }).deviceWorker
        const hear = ({ data }: Heard): void => {
          if (data.id !== id) return
          worker.removeEventListener('message', hear)
          const { value } = data
          resolve(value instanceof Uint8Array ? { ...data, value: Array.from(value) } : data)
        }
        worker.addEventListener('message', hear)
        // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker, not a window: it has no origin to name
        worker.postMessage({ id, ask: { name: call, input: given } })
      }),
    [name, input, crypto.randomUUID()] as const,
  )
  if (answer.fault !== undefined) throw new Error(`${answer.fault.name}: ${answer.fault.message}`)
  return answer.value as Calls[K]
}

/** Whether any file below a folder holds the text, as UTF-8 or UTF-16. */
export const holdsText = (folder: string, text: string): boolean =>
  holdsBytes(folder, [Buffer.from(text, 'utf8'), Buffer.from(text, 'utf16le')])

/** Whether any file below a folder holds any of these bytes. */
export function holdsBytes(folder: string, needles: readonly Buffer[]): boolean {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const bytes = readFileSync(join(entry.parentPath, entry.name))
    if (needles.some((needle) => bytes.includes(needle))) return true
  }
  return false
}
