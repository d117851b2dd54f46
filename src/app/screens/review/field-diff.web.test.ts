// Before, what stands, what somebody wanted and what it comes to, field by field: of an edit that the hub couldn't take and of a value that
// lost, at a desk and on the narrowest phone, in light and dark. Marta lost her access while she worked without a network.
import type { Locator, Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { keyId } from '../../../kernel/hash.ts'
import { askWorker } from '../../../testing/app-tab.ts'
import { axeFaults } from '../../../testing/axe-faults.ts'
import { desks } from '../../../testing/desks.ts'
import { complaints } from '../../../testing/on-screen.ts'
import { changePhone, goTo } from '../../../testing/person.ts'

const customer = 'Aire Valley Plumbing'
const customerId = keyId('main', 'masters.party', ['C-101'])
const userId = (signIn: string): string => keyId('main', 'masters.user', [signIn])
const phones = { marta: '01632 960701', grace: '01632 960702' }
const mended = '01632 960703'
const later = { marta: '01632 960711', grace: '01632 960712' }
const { hub, open, rows, column } = desks()
let marta: Page
let grace: Page
let phone: string

const stored = async (): Promise<string> =>
  String((await column('SELECT phone AS it FROM masters_party WHERE id = $1', customerId))[0])

async function change(page: Page, args: object): Promise<void> {
  const options = { requestKey: crypto.randomUUID() }
  const given = { command: 'masters.editParty', args: { party: customerId, ...args }, options }
  expect(await askWorker(page, 'run', given)).toMatchObject({ saved: true })
}

/** The rows of the table, their cells divided by bars. */
const table = (page: Page): Promise<string[]> =>
  page
    .getByRole('table', { name: 'Field by field' })
    .getByRole('row')
    .evaluateAll((all) =>
      (all as unknown as { children: Iterable<{ textContent: string }> }[]).map((row) =>
        [...row.children].map(({ textContent }) => textContent).join(' | '),
      ),
    )

/** Both change one field, neither knowing of the other. Answers with what was there before. */
async function clashing(
  field: 'phone' | 'email',
  by: { readonly marta: string; readonly grace: string },
): Promise<string> {
  const [before] = await rows<{ it: string | null }>(
    `SELECT ${field} AS it FROM masters_party WHERE id = $1`,
    customerId,
  )
  await change(marta, { [field]: by.marta })
  await change(grace, { [field]: by.grace })
  return before?.it ?? '–'
}

/** Whoever reached the hub later has won. The reader is Grace. */
async function decidedBy(field: 'phone' | 'email', by: { readonly marta: string; readonly grace: string }) {
  await expect
    .poll(
      () =>
        column('SELECT 1 AS it FROM kernel_lost_value WHERE field = $1 AND lost::text LIKE ANY ($2)', field, [
          `%${by.marta}%`,
          `%${by.grace}%`,
        ]),
      { timeout: 45_000 },
    )
    .toHaveLength(1)
  const [stood] = await column(`SELECT ${field} AS it FROM masters_party WHERE id = $1`, customerId)
  return stood === by.marta
    ? { stands: by.marta, lost: by.grace, winner: 'Marta Kowalska', loser: 'you' }
    : { stands: by.grace, lost: by.marta, winner: 'you', loser: 'Marta Kowalska' }
}

async function openLost(field: string, lost: string): Promise<void> {
  await goTo(grace, '/review/values')
  const row = grace.getByRole('row', { name: new RegExp(`${field} of ${customer}`) }).filter({ hasText: lost })
  await row.first().click({ timeout: 45_000 })
}

/** What axe names, and what sticks out to the side, in both colours on the narrowest phone; then the desk again. */
async function narrow(page: Page, fields: Locator): Promise<void> {
  const isWide = (): Promise<boolean> =>
    page.evaluate(() => {
      interface Box {
        readonly scrollWidth: number
        readonly clientWidth: number
      }
      const { document } = globalThis as unknown as { document: { querySelectorAll(of: string): Iterable<Box> } }
      return [...document.querySelectorAll('html, aside, aside *')].some(
        ({ scrollWidth, clientWidth }) => clientWidth > 0 && scrollWidth > clientWidth + 1,
      )
    })
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    await page.setViewportSize({ width: 360, height: 740 })
    await fields.waitFor()
    expect({ isWide: await isWide(), faults: await axeFaults(page) }).toEqual({ isWide: false, faults: [] })
    await page.setViewportSize({ width: 1280, height: 800 })
    await page.getByRole('table', { name: 'Field by field' }).waitFor()
    expect({ isWide: await isWide(), faults: await axeFaults(page) }).toEqual({ isWide: false, faults: [] })
  }
  await page.emulateMedia({ colorScheme: 'light' })
}

test('an edit is parked; meanwhile somebody else changes one of its fields', async () => {
  marta = await open('marta')
  grace = await open('grace')
  phone = await stored()
  await rows('UPDATE account SET revoked_at = $1 WHERE user_id = $2', Date.now() - 1000, userId('marta'))
  await hub().stop()
  await change(marta, { phone: phones.marta, owner: userId('marta'), visitFrequencyDays: 14 })
  await hub().start()
  await expect
    .poll(() => column('SELECT command AS it FROM kernel_review_item'), { timeout: 45_000 })
    .toEqual(['masters.editParty'])
  await changePhone(grace, customer, phones.grace)
  await expect.poll(stored, { timeout: 45_000 }).toBe(phones.grace)
})

test('[REV6] each field that it changes: before, as it stands, as its author wants it, and what the choice makes of it', async () => {
  const [row] = await rows<{ owner: string | null; visit_frequency_days: string | null }>(
    'SELECT owner, visit_frequency_days FROM masters_party WHERE id = $1',
    customerId,
  )
  expect(row?.owner).not.toBe(userId('marta'))
  const owner =
    row?.owner == null
      ? '–'
      : String((await rows<{ name: string }>('SELECT name FROM masters_user WHERE id = $1', row.owner))[0]?.name)
  const days = row?.visit_frequency_days ?? '–'
  await goTo(grace, '/review')
  await grace.getByRole('row', { name: /Choose: Customer changed/ }).click({ timeout: 45_000 })
  const shown = (result: (mine: string, theirs: string) => string) => [
    'Before | Stands now | From Marta Kowalska | Result',
    'Phone',
    `${phone} | ${phones.grace} | ${phones.marta} | ${result(phones.marta, phones.grace)}`,
    'Responsible',
    `${owner} | ${owner} | Marta Kowalska | ${result('Marta Kowalska', owner)}`,
    'Days between visits',
    `${days} | ${days} | 14 | ${result('14', days)}`,
  ]
  await expect.poll(() => table(grace)).toEqual(shown((mine) => mine))
  await grace.getByRole('radio', { name: 'Discard' }).check()
  await expect.poll(() => table(grace)).toEqual(shown((_, theirs) => theirs))
  await grace.getByRole('radio', { name: 'Send again' }).check()
  await narrow(grace, grace.getByRole('complementary').getByText('From Marta Kowalska').first())
})

test('what the reviewer changes first is what it comes to', async () => {
  const pane = grace.getByRole('complementary')
  await pane.getByRole('button', { name: 'Change it first' }).click()
  await pane.getByRole('textbox', { name: 'Phone' }).fill(mended)
  await expect
    .poll(async () => (await table(grace))[2])
    .toBe(`${phone} | ${phones.grace} | ${phones.marta} | ${mended}`)
  await pane.getByRole('button', { name: 'Send again', exact: true }).click()
  await expect.poll(stored, { timeout: 20_000 }).toBe(mended)
})

test('[MRG1] a value that lost has the same four, with the rule’s winner and what the choice makes of it', async () => {
  await rows('UPDATE account SET revoked_at = NULL WHERE user_id = $1', userId('marta'))
  for (const page of [marta, grace]) await askWorker(page, 'sync', null)
  await hub().stop()
  const before = await clashing('phone', later)
  await hub().start()
  const { stands, lost, winner, loser } = await decidedBy('phone', later)
  await openLost('Phone', lost)
  const shown = (result: string) => [
    `Before | From ${winner} (stands) | From ${loser} (lost) | Result`,
    'Phone',
    `${before} | ${stands} | ${lost} | ${result}`,
  ]
  await expect.poll(() => table(grace)).toEqual(shown(stands))
  await grace.getByRole('radio', { name: 'Restore it' }).check()
  await expect.poll(() => table(grace)).toEqual(shown(lost))
  await narrow(grace, grace.getByRole('complementary').getByText(`From ${loser} (lost)`))
})

test('words that a column would break stand below each other, at a desk too', async () => {
  const emails = { marta: 'marta.kowalska@example.org', grace: 'grace.adeyemi@example.org' }
  await hub().stop()
  await clashing('email', emails)
  await hub().start()
  const { stands, lost, winner, loser } = await decidedBy('email', emails)
  await openLost('Email', lost)
  const list = grace.getByRole('complementary').locator('dl[aria-label="Email"]')
  await list.waitFor()
  const said = async (): Promise<string[]> =>
    (await list.locator('dt, dd').allTextContents()).map((text) => text.trim())
  expect(await said()).toEqual([
    'Before',
    '–',
    `From ${winner} (stands)`,
    stands,
    `From ${loser} (lost)`,
    lost,
    'Result',
    stands,
  ])
  expect(await axeFaults(grace)).toEqual([])
})

test('a clash about a credit limit is settled at once by the rule, says that it is sensitive, and waits for a person', async () => {
  const [sam, victor] = [await open('sam'), await open('victor')]
  const asks = async (page: Page, creditLimitMinor: number): Promise<void> => {
    const given = { command: 'masters.setCreditLimit', args: { party: customerId, creditLimitMinor } }
    const options = { requestKey: crypto.randomUUID() }
    expect(await askWorker(page, 'run', { ...given, options })).toMatchObject({ saved: true })
  }
  await hub().stop()
  await asks(victor, 750_000)
  await asks(sam, 500_000)
  await hub().start()
  const kept = (): Promise<object[]> =>
    rows(
      `SELECT l.state, l.is_sensitive, p.credit_limit_minor::text AS stands, l.lost::text AS lost FROM kernel_lost_value l
       JOIN masters_party p ON p.tenant_id = l.tenant_id AND p.id = l.row_id WHERE l.field = 'creditLimitMinor'`,
    )
  await expect.poll(kept, { timeout: 45_000 }).toHaveLength(1)
  const [row] = (await kept()) as { state: string; is_sensitive: boolean; stands: string; lost: string }[]
  expect(row).toMatchObject({ state: 'open', is_sensitive: true })
  expect(new Set([row?.stands, row?.lost])).toEqual(new Set(['500000', '750000']))
  await goTo(sam, '/review/values')
  await sam.getByRole('row', { name: new RegExp(`Credit limit of ${customer}`) }).click({ timeout: 45_000 })
  await sam.getByRole('complementary').getByText('Sensitive', { exact: true }).waitFor()
  const [stands, lost] = row?.stands === '500000' ? ['£5,000.00', '£7,500.00'] : ['£7,500.00', '£5,000.00']
  await expect.poll(async () => (await table(sam))[2]).toMatch(new RegExp(`\\| ${stands} \\| ${lost} \\| ${stands}$`))
  await sam.getByRole('button', { name: 'Apply' }).click()
  await expect.poll(kept, { timeout: 20_000 }).toMatchObject([{ state: 'dismissed' }])
  expect(complaints).toEqual([])
})
