// Desks of the demo company in real Chromiums: a hub, a browser for each person who signs in, and the hub's rows to look at. It is made before
// the first test of a file and gone after its last; what a person does there is in person.ts.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll } from 'vitest'
import { enrolTab, serviceWorkerReady } from './app-tab.ts'
import { aDemoHub, type DemoHub } from './demo-hub.ts'
import { startChromium, type KillableChromium } from './killable-chromium.ts'
import { aDesk, picturesOfFailures, pill } from './on-screen.ts'

export interface Desks {
  /** From `beforeAll` on. */
  readonly hub: () => DemoHub
  /** Somebody signs in in a browser of their own, and is up to date and ready to go offline. */
  readonly open: (signIn: string) => Promise<Page>
  /** Somebody signs in in a tab that shows the app, and is up to date. */
  readonly enrol: (page: Page, signIn: string) => Promise<void>
  /** A browser on the profile of this name: a new one, or what was left of one that was killed. */
  readonly browser: (name: string) => Promise<KillableChromium>
  /** The folder of the profile of this name. */
  readonly profile: (name: string) => string
  /** Rows of the hub's database, as its administrator sees them. */
  readonly rows: <R extends object>(text: string, ...values: readonly unknown[]) => Promise<R[]>
  /** Of one column named `it`. */
  readonly column: (text: string, ...values: readonly unknown[]) => Promise<unknown[]>
}

/** Called once at the top of a test file. */
export function desks(): Desks {
  const root = mkdtempSync(join(tmpdir(), 'holdfast-desks-'))
  const browsers: KillableChromium[] = []
  let made: { readonly hub: DemoHub; readonly client: Client } | null = null
  const standing = (): { readonly hub: DemoHub; readonly client: Client } => {
    if (made === null) throw new Error('The hub stands from beforeAll on.')
    return made
  }
  beforeAll(async () => {
    const hub = await aDemoHub()
    const client = new Client(hub.database.admin)
    await client.connect()
    made = { hub, client }
  })
  afterAll(async () => {
    for (const browser of browsers) await browser.kill()
    await made?.client.end()
    await made?.hub.end()
    rmSync(root, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })
  })
  picturesOfFailures()
  const rows = async <R extends object>(text: string, ...values: readonly unknown[]): Promise<R[]> =>
    (await standing().client.query<R>(text, [...values])).rows
  const profile = (name: string): string => join(root, name)
  const browser = async (name: string): Promise<KillableChromium> => {
    const started = await startChromium(profile(name))
    browsers.push(started)
    return started
  }
  const enrol = async (page: Page, signIn: string): Promise<void> => {
    const { hub } = standing()
    await enrolTab(page, { code: await hub.newCode(), signIn, password: hub.signIns.password })
    await pill(page, 'Up to date').waitFor()
  }
  return {
    hub: () => standing().hub,
    browser,
    profile,
    enrol,
    async open(signIn) {
      const { context } = await browser(`${signIn}-${browsers.length}`)
      const page = await aDesk(context, standing().hub.url)
      await enrol(page, signIn)
      await serviceWorkerReady(page)
      return page
    },
    rows,
    column: async (text, ...values) => (await rows<{ it: unknown }>(text, ...values)).map(({ it }) => it),
  }
}
