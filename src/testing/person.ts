// What a person does in the app, step by step, by what they see and hear: roles and names, never a class or a test id. For tests that need
// a day's work done; how to get in is in app-tab.ts. Every step ends when its result is on the screen.
import type { Locator, Page } from 'playwright-core'

const button = (page: Page, name: string | RegExp): Locator =>
  page.getByRole('button', { name, exact: typeof name === 'string' })

/** Goes to a screen inside the app, without loading the page again (that would lock the device). */
export async function goTo(page: Page, path: string): Promise<void> {
  // Before the shell stands nobody listens to the address.
  await page.getByRole('button', { name: /^Account of/ }).waitFor()
  await page.evaluate((to) => {
    const { history } = globalThis as unknown as {
      history: { pushState(state: null, title: string, url: string): void }
    }
    history.pushState(null, '', to)
  }, path)
}

/** The words of the sync pill's six states, as far as they never change. */
const pillName = /^(Up to date|Sending|Receiving|Offline|Not checked|\d+ (waiting|needs? you))|waiting/

/** What the sync pill says now: `Up to date`, `Offline · 7 waiting` … On a phone only what waits has words. */
export const pillText = (page: Page): Promise<string> =>
  page.getByRole('banner').getByRole('button', { name: pillName }).innerText()

// ── The till ──────────────────────────────────────────────────────────────────────────────────────────────────────

/** Opens the till's shift with a float counted by coin: `{ '£10.00': 15 }`. */
export async function openShift(page: Page, coins: Readonly<Record<string, number>>): Promise<void> {
  await goTo(page, '/sell')
  for (const [coin, count] of Object.entries(coins))
    await page.getByLabel(`Number of ${coin}`, { exact: true }).fill(String(count))
  await button(page, /^Open with/).click()
  await page.getByRole('region', { name: 'Ticket' }).waitFor()
}

/** Touches an item of the catalogue by its name, searched first. */
export async function addItem(page: Page, name: string): Promise<void> {
  const search = page.getByRole('searchbox', { name: 'Search or scan an item' })
  await search.fill(name)
  await page.getByRole('list', { name: 'Items' }).getByRole('button', { name }).first().click()
  await search.fill('')
  await ticketLine(page, name).waitFor()
}

/** Touches an item that is sold by its serial number, and takes the first that is in stock. Returns the number. */
export async function addSerialItem(page: Page, name: string): Promise<string> {
  await page.getByRole('searchbox', { name: 'Search or scan an item' }).fill(name)
  await page.getByRole('list', { name: 'Items' }).getByRole('button', { name }).first().click()
  const sheet = page.getByRole('dialog', { name })
  const first = sheet.getByRole('group', { name: 'In stock here' }).getByRole('button').first()
  const serial = await first.innerText()
  await first.click()
  await sheet.getByRole('button', { name: 'Done' }).click()
  await sheet.waitFor({ state: 'hidden' })
  await page.getByRole('searchbox', { name: 'Search or scan an item' }).fill('')
  await ticketLine(page, name).waitFor()
  return serial
}

/** The line of the ticket that an item is on; a touch opens it. */
export const ticketLine = (page: Page, name: string): Locator =>
  page
    .getByRole('list', { name: 'Lines of the ticket' })
    .getByRole('listitem')
    .filter({ hasText: name })
    .last()
    .getByRole('button')
    .first()

/** Types a code as fast as a scanner does, wherever the focus is. */
export async function scan(page: Page, code: string): Promise<void> {
  await page.keyboard.type(code, { delay: 0 })
  await page.keyboard.press('Enter')
}

/** What the ticket comes to, as shown. */
export const ticketTotal = (page: Page): Promise<string> => page.getByTestId('ticket-total').innerText()

/** On a till with a ticket: the customer of the sale. */
export async function chooseCustomer(page: Page, name: string): Promise<void> {
  const ticket = page.getByRole('region', { name: 'Ticket' })
  await ticket.getByRole('button', { name: 'Walk-in customer' }).click()
  await page.getByLabel('Find a customer').fill(name)
  await page.getByRole('option', { name }).first().click()
  await ticket.getByRole('button', { name }).waitFor()
}

/** Puts the whole sum on the table in cash; the button that books the sale is what is left to press. */
export async function readyToComplete(page: Page): Promise<Locator> {
  await page.keyboard.press('F9')
  const sheet = page.getByRole('dialog', { name: 'Pay' })
  await sheet.getByRole('group', { name: 'Ways to pay' }).getByRole('button', { name: 'Cash' }).click()
  const complete = sheet.getByRole('button', { name: /^Complete sale/ })
  await sheet.getByText('Paid', { exact: true }).waitFor()
  return complete
}

export interface Paying {
  /** Handed over in cash, as typed (`20`); left out: exactly what is left. */
  readonly cash?: string
  /** By card, as typed; goes before the cash. */
  readonly card?: string
}

/** Pays the ticket and returns the receipt's number. Without `cash` and `card` all is paid in cash, exactly. */
export async function pay(page: Page, { cash, card }: Paying = {}): Promise<string> {
  await page.keyboard.press('F9')
  const sheet = page.getByRole('dialog', { name: 'Pay' })
  const methods = sheet.getByRole('group', { name: 'Ways to pay' })
  if (card !== undefined) {
    await sheet.getByLabel('Another amount').fill(card)
    await methods.getByRole('button', { name: 'Card' }).click()
  }
  if (cash !== undefined || card === undefined) {
    if (cash !== undefined) await sheet.getByLabel('Another amount').fill(cash)
    await methods.getByRole('button', { name: 'Cash' }).click()
  }
  await sheet.getByRole('button', { name: /^Complete sale/ }).click()
  return receiptNumber(page)
}

/** The number on the receipt that is shown. */
export async function receiptNumber(page: Page): Promise<string> {
  const name = await page.getByRole('article', { name: /^Receipt / }).getAttribute('aria-label')
  return (name ?? '').replace('Receipt ', '')
}

/** Sells items by their names and is ready for the next customer; returns the receipt's number. */
export async function sell(page: Page, items: readonly string[], paying: Paying = {}): Promise<string> {
  for (const item of items) await addItem(page, item)
  const number = await pay(page, paying)
  await nextCustomer(page)
  return number
}

export async function nextCustomer(page: Page): Promise<void> {
  await button(page, 'Next customer').click()
  await page.getByRole('region', { name: 'Ticket' }).waitFor()
}

export async function park(page: Page, name: string): Promise<void> {
  await page.keyboard.press('F8')
  const sheet = page.getByRole('dialog', { name: 'Park' })
  await sheet.getByLabel('Name').fill(name)
  await sheet.getByRole('button', { name: 'Park' }).click()
  await sheet.waitFor({ state: 'hidden' })
}

export async function recall(page: Page, name: string): Promise<void> {
  await button(page, /^Parked \(/).click()
  const sheet = page.getByRole('dialog', { name: 'Parked tickets' })
  await sheet.getByRole('button', { name }).click()
  await sheet.waitFor({ state: 'hidden' })
}

async function tillMenu(page: Page, item: string): Promise<void> {
  await button(page, 'More of the till').click()
  await page.getByRole('menuitem', { name: item }).click()
}

/** Takes pieces of one sold item back by the receipt's number; returns the return's own number. */
export async function returnItem(page: Page, receipt: string, item: string, count = 1): Promise<string> {
  await tillMenu(page, 'Return')
  const field = page.getByRole('textbox', { name: 'Receipt number' })
  await field.fill(receipt)
  await field.press('Enter')
  const less = page.getByRole('textbox', { name: `Comes back: ${item}` })
  await less.fill(String(count))
  await button(page, /^Refund/).click()
  return receiptNumber(page)
}

/** Money from the drawer to the safe, as typed. */
export async function dropToSafe(page: Page, amount: string): Promise<void> {
  await tillMenu(page, 'Cash drawer')
  await page.getByRole('textbox', { name: 'Amount' }).fill(amount)
  await button(page, 'To the safe').click()
  // Saved: the form is ready for the next one.
  while ((await page.getByRole('textbox', { name: 'Amount' }).inputValue()) !== '') await page.waitForTimeout(20)
  await page.getByRole('link', { name: 'Back' }).click()
  await page.getByRole('region', { name: 'Ticket' }).waitFor()
}

export interface CountedDrawer {
  readonly coins: Readonly<Record<string, number>>
  /** Sums of the other ways to pay that were used: `{ Card: '12.40' }`. */
  readonly others?: Readonly<Record<string, string>>
}

/** Closes the shift with a blind count; the Z report is shown afterwards. */
export async function closeShift(page: Page, { coins, others = {} }: CountedDrawer): Promise<void> {
  await tillMenu(page, 'Close the shift')
  for (const [coin, count] of Object.entries(coins))
    await page.getByLabel(`Number of ${coin}`, { exact: true }).fill(String(count))
  for (const [method, sum] of Object.entries(others)) await page.getByLabel(method, { exact: true }).fill(sum)
  await button(page, 'Hand in the count').click()
  await page.getByRole('heading', { name: /^Z report/ }).waitFor()
}

// ── In the field ──────────────────────────────────────────────────────────────────────────────────────────────────

/** Makes a customer and stays on their page. */
export async function newCustomer(
  page: Page,
  { name, phone, group = 'Retail' }: { readonly name: string; readonly phone?: string; readonly group?: string },
): Promise<void> {
  await goTo(page, '/customers/new')
  await page.getByLabel('Name').fill(name)
  if (phone !== undefined) await page.getByLabel('Phone').fill(phone)
  await page.getByLabel('Prices like').selectOption(group)
  await button(page, 'Save').click()
  await page.getByRole('heading', { level: 1, name }).waitFor()
}

export async function openCustomer(page: Page, name: string): Promise<void> {
  await goTo(page, '/customers')
  await page.getByRole('searchbox', { name: 'Search by name, code or phone' }).fill(name)
  await page.getByText(name, { exact: true }).first().click()
  await page.getByRole('heading', { level: 1, name }).waitFor()
}

/** On a customer's page. */
export async function writeNote(page: Page, text: string): Promise<void> {
  await button(page, 'Note').click()
  const sheet = page.getByRole('dialog', { name: /^Note about/ })
  await sheet.getByRole('textbox', { name: 'Note' }).fill(text)
  await sheet.getByRole('button', { name: 'Save' }).click()
  await page.getByText(text).first().waitFor()
}

/** On a customer's page: something promised, due in a week. */
export async function promise(page: Page, subject: string): Promise<void> {
  await button(page, 'Follow-up').click()
  const sheet = page.getByRole('dialog', { name: /^Follow-up for/ })
  await sheet.getByRole('textbox', { name: 'What' }).fill(subject)
  await sheet.getByRole('button', { name: 'Save' }).click()
  await page.getByText(subject).first().waitFor()
}

/** On a customer's page or a planned visit: arrives; the visit is shown. */
export async function checkIn(page: Page): Promise<void> {
  await button(page, 'Check in').click()
  await button(page, 'Complete visit').waitFor()
}

/** On a visit that has begun. */
export async function completeVisit(
  page: Page,
  { outcome, note }: { readonly outcome: string; readonly note?: string },
): Promise<void> {
  await page.getByRole('radio', { name: outcome, exact: true }).check()
  if (note !== undefined) await page.getByRole('textbox', { name: 'Note', exact: true }).fill(note)
  await button(page, 'Complete visit').click()
  await page.getByRole('heading', { level: 1, name: 'Visits' }).waitFor()
}

/** On a customer's page or a visit: orders pieces of items by their names; returns the order's number. */
export async function placeOrder(page: Page, items: Readonly<Record<string, number>>): Promise<string> {
  await page.getByRole('link', { name: 'New order' }).click()
  const lines = page.getByRole('list', { name: 'Lines' })
  for (const [name, count] of Object.entries(items)) {
    await page.getByLabel('Add an item').fill(name)
    await page.getByRole('option', { name }).first().click()
    const line = lines.getByRole('listitem').filter({ hasText: name })
    await line.getByRole('textbox', { name: 'Quantity' }).fill(String(count))
  }
  await button(page, 'Place order').click()
  const title = page.getByRole('heading', { level: 1, name: /^O-/ })
  await title.waitFor()
  return (await title.innerText()).split('\n')[0]?.trim() ?? ''
}
