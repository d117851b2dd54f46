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

export async function nextCustomer(page: Page): Promise<void> {
  await button(page, 'Next customer').click()
  await page.getByRole('region', { name: 'Ticket' }).waitFor()
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

export async function changePhone(page: Page, customer: string, phone: string): Promise<void> {
  await openCustomer(page, customer)
  await page.getByRole('link', { name: 'Edit', exact: true }).click()
  await page.getByLabel('Phone').fill(phone)
  await button(page, 'Save').click()
  await page.getByText(phone).first().waitFor()
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
