// The administration as its person does it, in real Chromiums: a company's own merge rule with what it would have decided, how devices
// exchange, a role with its size before it is published, and a device that is lost. Another device follows each of them.
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { keyId } from '../../kernel/hash.ts'
import { askWorker, unlockTab } from '../../testing/app-tab.ts'
import { desks } from '../../testing/desks.ts'
import { complaints, pill } from '../../testing/on-screen.ts'
import { changePhone, goTo } from '../../testing/person.ts'

const { hub, open, rows, column } = desks()
const customer = 'Aire Valley Plumbing'
const customerId = keyId('main', 'masters.party', ['C-101'])
let sam: Page
let marta: Page

async function bothChangePhone(first: string, second: string): Promise<void> {
  await hub().stop()
  await changePhone(marta, customer, first)
  await changePhone(sam, customer, second)
  await hub().start()
  // One after the other: who comes first is the hub's to say, and here it is Marta.
  await askWorker(marta, 'sync', null)
  await askWorker(sam, 'sync', null)
  for (const page of [marta, sam]) await pill(page, 'Up to date').waitFor({ timeout: 45_000 })
}
const phone = (): Promise<unknown[]> => column('SELECT phone AS it FROM masters_party WHERE id = $1', customerId)

test('[MRG2] a merge rule of the company’s own, chosen with what it would have decided; the next clash follows it', async () => {
  marta = await open('marta')
  sam = await open('sam')
  await bothChangePhone('01632 960701', '01632 960702')
  const [stood] = await phone()
  const loser = stood === '01632 960702' ? '01632 960701' : '01632 960702'
  await goTo(sam, '/merge-rules')
  const search = sam.getByRole('searchbox', { name: 'Search fields and records' })
  // Nobody's work sets when something was captured; what an edit sets is found by its words.
  await search.fill('captured')
  await sam.getByText('Nothing matches').waitFor()
  await search.fill('customer phone')
  await sam.getByRole('row', { name: /^Phone/ }).waitFor()
  expect(await sam.locator('tr[data-index]').count()).toBe(1)
  await search.fill('')
  await sam.getByRole('button', { name: 'Own rules and clashes only' }).click()
  await sam.getByRole('row', { name: /^Phone/ }).click()
  const pane = sam.getByRole('complementary', { name: 'Phone (customer)' })
  await pane.getByText('Of one past clash 0 would have been decided otherwise.').waitFor()
  await pane.getByRole('radio', { name: 'the change that reached the hub first counts' }).check()
  await pane.getByText('Of one past clash 1 would have been decided otherwise.').waitFor()
  await pane
    .getByRole('listitem')
    .filter({ hasText: customer })
    .filter({ hasText: `Stood${String(stood)}` })
    .filter({ hasText: `Would stand${loser}` })
    .waitFor()
  await pane.getByRole('button', { name: 'Apply' }).click()
  await expect
    .poll(() => column('SELECT rule AS it FROM kernel_merge_rule WHERE gone_at IS NULL'), { timeout: 20_000 })
    .toEqual(['first'])
  // What was decided stays; the author of what lost is told.
  expect(await phone()).toEqual([stood])
  await askWorker(marta, 'sync', null)
  await bothChangePhone('01632 960703', '01632 960704')
  const [lost] = await rows<{ kept: string; lost: string; rule: string }>(
    'SELECT kept, lost, rule FROM kernel_lost_value ORDER BY at DESC, id DESC LIMIT 1',
  )
  expect(lost).toMatchObject({ rule: 'first' })
  expect(await phone()).toEqual([lost?.kept])
  const author = lost?.lost === '01632 960703' ? marta : sam
  await goTo(author, '/sync')
  await author.getByText('Your value of Phone lost against another change.').first().waitFor()
})

test('[SET1] how devices exchange: saved once, and the other device follows', async () => {
  await goTo(sam, '/sync-settings')
  await sam.getByLabel('How often, while nothing happens').selectOption({ label: '5 minutes' })
  await sam.getByLabel('From', { exact: true }).fill('22:00')
  await sam.getByRole('button', { name: 'Save' }).click()
  await sam.getByText('Quiet hours need both a beginning and an end.').waitFor()
  await sam.getByLabel('To', { exact: true }).fill('05:30')
  await sam.getByRole('button', { name: 'Save' }).click()
  await expect
    .poll(() => column('SELECT device_settings AS it FROM masters_company'), { timeout: 20_000 })
    .toEqual([{ syncEverySeconds: 300, quietFromMinute: 1320, quietToMinute: 330 }])
  await askWorker(marta, 'sync', null)
  expect((await askWorker(marta, 'status', null)).pollIntervalMs).toBe(300_000)
})

test('[PROF4] a role: its size before it is published, published, and taken back', async () => {
  await goTo(sam, '/profiles')
  await sam.getByRole('row', { name: /^Field sales/ }).click()
  const pane = sam.getByRole('complementary', { name: 'Field sales' })
  await pane.getByRole('columnheader', { name: 'As it is' }).waitFor()
  const role = (): Promise<unknown[]> =>
    column(
      "SELECT json_build_object('buckets', buckets, 'home', home, 'limits', limits, 'permissions', (SELECT json_agg(each ORDER BY each) FROM jsonb_array_elements_text(permissions) each)) AS it FROM masters_role WHERE code = 'rep'",
    )
  const before = await role()
  const publish = pane.getByRole('button', { name: 'Publish' })
  expect(await publish.isDisabled()).toBe(true)
  await pane.getByLabel('Starts on').selectOption({ label: 'Customers' })
  await pane.getByText('Sales: all', { exact: true }).click()
  // The whole area becomes its rights one by one; then one of them is taken away.
  await pane.getByRole('checkbox', { name: 'All of it, also what later versions bring' }).uncheck()
  await pane.getByRole('checkbox', { name: 'Issue credit notes' }).uncheck()
  await pane.getByText('Sales: 3 of 4', { exact: true }).waitFor()
  const discount = pane.getByRole('textbox', { name: 'Discount up to, in percent' })
  await discount.fill('1o')
  await expect.poll(() => publish.isDisabled()).toBe(true)
  await discount.fill('12.5')
  await pane.getByRole('textbox', { name: 'Cash received at once up to' }).fill('')
  await pane.getByRole('checkbox', { name: 'What its rights need' }).uncheck()
  await pane.getByRole('checkbox', { name: 'Stock of the branch' }).check()
  await pane.getByRole('columnheader', { name: 'As it would be' }).waitFor()
  await pane.getByRole('row', { name: /^Visit .*leave/ }).waitFor()
  await pane.getByText('Work on it that waits stays, is sent', { exact: false }).waitFor()
  expect(await role()).toEqual(before)
  await publish.click()
  const undo = sam
    .locator('[data-tone]')
    .filter({ hasText: 'The role is published' })
    .getByRole('button', { name: 'Undo' })
  await undo.waitFor()
  // It may be within the quiet hours that were just set: a person may always ask.
  await askWorker(sam, 'sync', null)
  await expect.poll(role, { timeout: 20_000 }).toEqual([
    expect.objectContaining({
      buckets: [{ kind: 'stock' }],
      home: 'customers',
      limits: { discountPercent: 12_500_000 },
      permissions: expect.arrayContaining(['sales.invoice', 'sales.order', 'sales.receivePayment']),
    }),
  ])
  // Marta's next contact brings it: she starts there.
  await askWorker(marta, 'sync', null)
  await marta.goto(hub().url)
  await unlockTab(marta)
  await marta.getByRole('heading', { level: 1, name: 'Customers' }).waitFor()
  await undo.click()
  const roleWhenAsked = async (): Promise<unknown[]> => {
    await askWorker(sam, 'sync', null)
    return role()
  }
  await expect.poll(roleWhenAsked, { timeout: 20_000 }).toEqual(before)
})

test('[OFF1] a device that is lost: reported on the screen, shut out at its next contact; without the hub the page says so', async () => {
  const { device } = await askWorker(marta, 'status', null)
  // Nothing is left to come to it: with news it would say something of itself again.
  await askWorker(marta, 'sync', null)
  // [PROOF5] What a device said of itself with its last exchange, as the hub keeps it.
  await rows(
    'UPDATE device SET aside = $2, incidents = $3 WHERE dev = $1',
    device,
    '[["masters.item","0a1b2c3d-x","type of name"]]',
    '[7,[[1795748400000,"set-aside"],[1795748300000,"scrub"]]]',
  )
  await goTo(sam, '/devices')
  await sam.getByRole('row', { name: new RegExp(`^${device}`) }).click()
  const pane = sam.getByRole('complementary')
  await pane.getByText('Rows set aside').waitFor()
  await pane.getByText('Item 0a1b2c3d: Name is of a kind that it doesn’t know').waitFor()
  await pane.getByRole('heading', { name: '7 things that should not have happened' }).waitFor()
  await pane.getByRole('listitem').filter({ hasText: 'A row was not as it had been stored' }).waitFor()
  await pane.getByText('5 older ones stand on the device only.').waitFor()
  await pane.getByRole('button', { name: 'Report lost' }).click()
  await sam.getByRole('dialog', { name: 'Report lost' }).getByRole('button', { name: 'Report lost' }).click()
  await sam.getByText('It is asked of the hub and in its log.', { exact: false }).waitFor()
  await askWorker(sam, 'sync', null)
  await sam.getByRole('row', { name: new RegExp(`^${device}.*Lost$`) }).waitFor()
  await askWorker(marta, 'sync', null)
  expect((await askWorker(marta, 'status', null)).fault).toBe('revoked')
  await hub().stop()
  await sam.getByRole('button', { name: 'Ask again' }).click()
  await sam.getByText('The hub could not be reached. This page needs it.').waitFor()
  // The last answer stays, with its moment.
  await sam.getByRole('row', { name: new RegExp(`^${device}`) }).waitFor()
  await hub().start()
  expect(complaints).toEqual([])
})
