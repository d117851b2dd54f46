// What the hub couldn't take, and a value that lost, from the author's screen to the manager's and back, with two real Chromiums: the office
// ended Marta's rights while she worked without a network, and Grace decides about each piece of that work by itself.
import type { Locator, Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { keyId } from '../../../kernel/hash.ts'
import { askWorker } from '../../../testing/app-tab.ts'
import { axeFaults } from '../../../testing/axe-faults.ts'
import { desks } from '../../../testing/desks.ts'
import { complaints, pill } from '../../../testing/on-screen.ts'
import { changePhone, goTo, openCustomer, placeOrder, promise, writeNote } from '../../../testing/person.ts'

const customer = 'Aire Valley Plumbing'
const customerId = keyId('main', 'masters.party', ['C-101'])
const martaId = keyId('main', 'masters.user', ['marta'])
const { hub, open, rows, column } = desks()
let marta: Page
let grace: Page
let order: string

const notes = (text: string): Promise<unknown[]> => column('SELECT text AS it FROM crm_note WHERE text LIKE $1', text)
const orders = (): Promise<unknown[]> => column('SELECT state AS it FROM sales_order WHERE number = $1', order)
const promises = (): Promise<unknown[]> =>
  column("SELECT subject AS it FROM crm_follow_up WHERE subject = 'Ring about the boiler'")
const items = (): Promise<unknown[]> =>
  column("SELECT command || ' ' || state AS it FROM kernel_review_item ORDER BY command")

/** Opens what waits, by the words on it. */
async function openParked(words: RegExp): Promise<Locator> {
  await goTo(grace, '/review')
  await grace.getByRole('row', { name: words }).click()
  await grace.getByRole('complementary').getByRole('group', { name: 'Decision' }).waitFor()
  return grace.getByRole('complementary').filter({ hasText: 'The hub could not take it' })
}

/** Decides as a person with a keyboard does. */
async function decided(pane: Locator, choice: string, reason: string): Promise<void> {
  await pane.getByRole('radio', { name: choice }).check()
  await pane.getByRole('textbox', { name: 'Reason' }).fill(reason)
  await pane.getByRole('button', { name: choice, exact: true }).click()
  await grace.getByText('Decided; the hub carries it out.').first().waitFor()
}

test('work saved after its author lost the right waits in review, for author and manager', async () => {
  marta = await open('marta')
  grace = await open('grace')
  await rows('UPDATE account SET revoked_at = $1 WHERE user_id = $2', Date.now() - 1000, martaId)
  await hub().stop()
  await openCustomer(marta, customer)
  await writeNote(marta, 'Gate code is 4417')
  await promise(marta, 'Ring about the boiler')
  order = await placeOrder(marta, { 'Copper pipe 15 mm': 10 })
  await hub().start()
  await pill(marta, 'Access was withdrawn').waitFor({ timeout: 45_000 })
  await expect
    .poll(items, { timeout: 20_000 })
    .toEqual(['crm.addNote open', 'crm.createFollowUp open', 'sales.placeOrder open'])
  expect([await notes('Gate%'), await promises(), await orders()]).toEqual([[], [], []])
  // Whoever is shut out gets nothing; with her access back she sees what became of her work.
  await rows('UPDATE account SET revoked_at = NULL WHERE user_id = $1', martaId)
  await askWorker(marta, 'sync', null)
  await pill(marta, /^3 need you$/).waitFor({ timeout: 45_000 })
  await goTo(marta, '/sync')
  const saved = marta.getByRole('region', { name: 'Saved work' })
  await expect.poll(() => saved.getByText('In review', { exact: true }).count()).toBe(3)
  await goTo(grace, '/review')
  for (const words of [/Choose: Note/, /Choose: Follow-up/, /Choose: Order/])
    await grace.getByRole('row', { name: words }).waitFor()
  await grace.getByRole('button', { name: 'Parked work (3)' }).waitFor()
})

test('by keys alone: the list, the pane, the next one, the choice and back; the focus is always seen and named', async () => {
  await goTo(grace, '/review/parked')
  await grace.getByRole('row', { name: /Choose: Note/ }).waitFor()
  /** The row or pane that the keys act on, if its focus can be seen. */
  const focus = (): Promise<string> =>
    grace.evaluate(() => {
      interface Element {
        readonly tagName: string
        readonly textContent: string
        matches(selector: string): boolean
        getAttribute(name: string): string | null
      }
      const { activeElement } = (globalThis as unknown as { document: { activeElement: Element } }).document
      const name = activeElement.getAttribute('aria-label') ?? activeElement.textContent
      return activeElement.matches(':focus-visible') ? `${activeElement.tagName} ${name}` : 'not seen'
    })
  const press = async (key: string, expected: RegExp): Promise<void> => {
    await grace.keyboard.press(key)
    await expect.poll(focus).toMatch(expected)
  }
  await press('j', /^TR /)
  const first = await focus()
  await press('j', /^TR (?!$)/)
  await expect.poll(focus).not.toBe(first)
  await press('k', /^TR /)
  expect(await focus()).toBe(first)
  // The pane has the focus and its name is heard; J and K lead on from it.
  await press('Enter', /^ASIDE /)
  const opened = await focus()
  await press('j', /^ASIDE /)
  await expect.poll(focus).not.toBe(opened)
  await press('k', /^ASIDE /)
  await expect.poll(focus).toBe(opened)
  const pane = grace.getByRole('complementary').filter({ has: grace.getByRole('group', { name: 'Decision' }) })
  for (const [key, choice] of [
    ['2', 'Force'],
    ['3', 'Discard'],
    ['1', 'Send again'],
  ] as const) {
    await grace.keyboard.press(key)
    expect(await pane.getByRole('radio', { name: choice }).isChecked()).toBe(true)
  }
  // What needs a reason isn't decided without one, and says so.
  await grace.keyboard.press('3')
  await grace.keyboard.press('Enter')
  await pane.getByText('Please give a reason', { exact: false }).waitFor()
  expect(await axeFaults(grace)).toEqual([])
  // From a box of the list the letters lead on as well, and Esc leads back to the row that was open.
  await press('Escape', /^TR /)
  expect(await focus()).toBe(first)
  await press('Tab', /^INPUT Choose: /)
  await press('j', /^TR /)
  expect(await items()).toEqual(['crm.addNote open', 'crm.createFollowUp open', 'sales.placeOrder open'])
})

test('the note is changed and sent again: once, in the place of the original', async () => {
  const pane = await openParked(/Choose: Note/)
  await pane.getByRole('button', { name: 'Change it first' }).click()
  await pane.getByRole('textbox', { name: 'Text' }).fill('Gate code is now 9032')
  await pane.getByText('New: note Gate code is now 9032').waitFor()
  expect(await notes('Gate%')).toEqual([])
  // From inside the field, as a person who has just typed does.
  await grace.keyboard.press('Control+Enter')
  await expect.poll(() => notes('Gate%'), { timeout: 20_000 }).toEqual(['Gate code is now 9032'])
})

test('the order is changed line by line, what it would do is shown first, and it is forced: once, under its own number', async () => {
  const pane = await openParked(/Choose: Order/)
  await pane.getByRole('button', { name: 'Change it first' }).click()
  const line = pane.getByRole('group', { name: /^Line 1/ })
  await line.getByRole('textbox', { name: 'Quantity' }).fill('')
  expect(await pane.getByRole('button', { name: 'Send again' }).isDisabled()).toBe(true)
  await line.getByRole('textbox', { name: 'Quantity' }).fill('7')
  // The sums that were agreed are not right any more: what would be is one touch away.
  await pane.getByText(/^It would not be taken:/).waitFor()
  await pane.getByRole('button', { name: /^Take over what would be right: Total £26.88 · Tax £4.48$/ }).click()
  await pane.getByText(`New: order ${order}`).waitFor()
  await pane.getByText(/Ordered £.* → £/).waitFor()
  await pane.getByRole('button', { name: 'Put back as it was' }).click()
  await decided(pane, 'Force', 'The customer has it in writing.')
  await expect.poll(orders, { timeout: 20_000 }).toEqual(['submitted'])
})

test('the promise is discarded by keys alone, taken back by undo, and discarded: it never was', async () => {
  await goTo(grace, '/review')
  await grace.getByRole('row', { name: /Choose: Follow-up/ }).focus()
  await grace.keyboard.press('Enter')
  const pane = grace.getByRole('complementary').filter({ hasText: 'Ring about the boiler' })
  await pane.getByRole('group', { name: 'Decision' }).waitFor()
  await grace.keyboard.press('3')
  expect(await pane.getByRole('radio', { name: 'Discard' }).isChecked()).toBe(true)
  await pane.getByRole('textbox', { name: 'Reason' }).fill('By mistake.')
  await grace.keyboard.press('Control+Enter')
  const followUp = (): Promise<unknown[]> =>
    column("SELECT state AS it FROM kernel_review_item WHERE command = 'crm.createFollowUp'")
  await expect.poll(followUp, { timeout: 20_000 }).toEqual(['discarded'])
  await grace.getByRole('button', { name: 'Undo' }).first().click()
  await expect.poll(followUp, { timeout: 20_000 }).toEqual(['open'])
  // It waits again, and nothing says that the hub is still being asked.
  await decided(await openParked(/Choose: Follow-up/), 'Discard', 'She has left us.')
  await expect
    .poll(items, { timeout: 20_000 })
    .toEqual(['crm.addNote resubmitted', 'crm.createFollowUp discarded', 'sales.placeOrder forced'])
  expect(await promises()).toEqual([])
  await goTo(grace, '/review/parked')
  await grace.getByText(/Nothing waits for a decision|Nothing matches/).waitFor()
})

test('the author sees what came of each, and who decided it', async () => {
  await pill(marta, /^1 needs you$/).waitFor({ timeout: 45_000 })
  await goTo(marta, '/sync')
  const saved = marta.getByRole('region', { name: 'Saved work' })
  await saved.getByText('Decided by Grace Adeyemi: She has left us.').waitFor()
  await saved.getByRole('button', { name: 'I have seen it' }).click()
  await pill(marta, 'Up to date').waitFor()
  await saved.getByRole('button', { name: /^Show \d+ sent/ }).click()
  await saved.getByText('Decided by Grace Adeyemi: The customer has it in writing.').waitFor()
  await saved.getByText('Sent again').waitFor()
  await openCustomer(marta, customer)
  await marta.getByText('Gate code is now 9032').first().waitFor()
  await goTo(marta, '/orders')
  await marta.getByText(order).first().waitFor()
})

test('two people change one phone number offline: the value that lost is restored on the screen, once', async () => {
  await hub().stop()
  await changePhone(marta, customer, '01632 960701')
  await changePhone(grace, customer, '01632 960702')
  await hub().start()
  for (const page of [marta, grace]) await pill(page, 'Up to date').waitFor({ timeout: 45_000 })
  const phone = (): Promise<unknown[]> => column('SELECT phone AS it FROM masters_party WHERE id = $1', customerId)
  const lost = (): Promise<unknown[]> =>
    column("SELECT trim('\"' FROM lost::text) || ' ' || state AS it FROM kernel_lost_value ORDER BY at, id")
  const [standing] = await phone()
  const [loser = ''] = ['01632 960701', '01632 960702'].filter((each) => each !== String(standing))
  await goTo(grace, '/today')
  await grace.getByRole('link', { name: '1 value that lost' }).click()
  await grace.getByRole('row', { name: new RegExp(`Phone of ${customer}`) }).click()
  await grace.getByText('Phone was changed by').waitFor()
  await grace.keyboard.press('2')
  expect(await grace.getByRole('radio', { name: 'Restore it' }).isChecked()).toBe(true)
  await grace.getByRole('button', { name: 'Apply' }).click()
  await expect.poll(phone, { timeout: 20_000 }).toEqual([loser])
  expect(await lost()).toEqual([`${String(standing)} restored`])
})

test('many at once: one decision over a group, each by itself; the one that can’t be taken stays and says why', async () => {
  await rows('UPDATE account SET revoked_at = $1 WHERE user_id = $2', Date.now() - 1000, martaId)
  await hub().stop()
  await openCustomer(marta, customer)
  for (const text of ['Bulk one', 'Bulk two', 'Bulk three']) await writeNote(marta, text)
  await hub().start()
  const open = (): Promise<unknown[]> =>
    column(
      "SELECT args->>'text' AS it FROM kernel_review_item WHERE state = 'open' AND command = 'crm.addNote' ORDER BY seq",
    )
  await expect.poll(open, { timeout: 45_000 }).toEqual(['Bulk one', 'Bulk two', 'Bulk three'])
  await goTo(grace, '/review/parked')
  const all = grace.getByRole('checkbox', { name: 'Choose all: Note' })
  await expect.poll(() => grace.getByRole('row', { name: /Choose: Note/ }).count(), { timeout: 20_000 }).toBe(3)
  await all.check()
  await grace.getByText('3 would be taken, 0 would stay').waitFor()
  // While she decides, somebody discards one of them: the hub takes two and says of the third why not.
  await hub().stop()
  await rows("UPDATE kernel_review_item SET state = 'discarded' WHERE state = 'open' AND args->>'text' = 'Bulk two'")
  await grace.getByRole('button', { name: 'Decide 3' }).click()
  await grace.getByText('0 carried out, 3 on their way, 0 stayed.').waitFor()
  await hub().start()
  await grace.getByText('2 carried out, 0 on their way, 1 stayed.').waitFor({ timeout: 45_000 })
  await grace.getByText(/^Note.*: Somebody has decided this already\.$/).waitFor()
  expect(await open()).toEqual([])
  expect(await notes('Bulk%')).toHaveLength(2)
  expect(complaints).toEqual([])
})
