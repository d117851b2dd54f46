// The last pump, sold twice: two tills of a branch have no network and each sells the one that both see. Both sales happened, so both stand;
// stock is one below zero, and the review screen says by name what was oversold.
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { keyId } from '../kernel/hash.ts'
import { askWorker } from '../testing/app-tab.ts'
import { desks } from '../testing/desks.ts'
import { complaints, pill } from '../testing/on-screen.ts'
import { addSerialItem, goTo, nextCustomer, openShift, pay } from '../testing/person.ts'

const pumpName = 'Circulation pump CP-60'
const pump = keyId('main', 'masters.item', ['PUMP'])
const leeds = keyId('main', 'masters.branch', [keyId('main', 'masters.company', ['BW']), 'leeds'])
const warehouse = keyId('main', 'masters.warehouse', [leeds, 'main'])
const { hub, open, rows } = desks()
let grace: Page
let priya: Page

async function atTill(signIn: string): Promise<Page> {
  const page = await open(signIn)
  await openShift(page, { '£20.00': 5 })
  await pill(page, 'Up to date').waitFor()
  return page
}

async function sellPump(page: Page): Promise<string> {
  await addSerialItem(page, pumpName)
  const number = await pay(page, { cash: '150' })
  await nextCustomer(page)
  return number
}

const onHand = async (): Promise<number> => {
  const [balance] = await rows<{ on_hand: string }>(
    'SELECT on_hand FROM kernel_stock_balance WHERE item = $1 AND warehouse = $2',
    pump,
    warehouse,
  )
  return Number(balance?.on_hand)
}

const seenOnHand = async (page: Page): Promise<unknown> =>
  (await askWorker(page, 'query', { view: 'inventory.stockOfItems', args: { items: [pump], branch: leeds } }))
    .rows[0]?.['onHand']

test('both tills sell the last pump offline; both sales stand, stock is −1 and the exception names it', async () => {
  grace = await atTill('grace')
  priya = await atTill('priya')
  // Two stand in Leeds; the first is sold with the network there.
  await sellPump(grace)
  await expect.poll(onHand, { timeout: 20_000 }).toBe(1_000_000)
  await expect.poll(() => seenOnHand(priya), { timeout: 20_000 }).toBe(1_000_000)

  await hub().stop()
  const numbers = [await sellPump(grace), await sellPump(priya)]
  expect(await seenOnHand(grace)).toBe(0)
  expect(await seenOnHand(priya)).toBe(0)
  await hub().start()
  for (const page of [grace, priya]) await pill(page, 'Up to date').waitFor({ timeout: 45_000 })

  const sales = await rows<{ state: string }>('SELECT state FROM pos_sale WHERE number = ANY($1)', numbers)
  expect(sales.map(({ state }) => state)).toEqual(['submitted', 'submitted'])
  expect(await onHand()).toBe(-1_000_000)
  const raised = await rows<{ facts: { name: string; item: string } }>(
    "SELECT facts FROM kernel_exception WHERE code = 'OVERSOLD'",
  )
  expect(raised.map(({ facts }) => [facts.item, facts.name])).toEqual([[pump, pumpName]])
  for (const page of [grace, priya]) await expect.poll(() => seenOnHand(page), { timeout: 20_000 }).toBe(-1_000_000)
})

test('the manager finds it in review', async () => {
  await goTo(grace, '/review/exceptions')
  await grace.getByText(`More of ${pumpName} was sold than was in stock.`).first().click()
  await grace.getByRole('textbox', { name: 'What came of it' }).waitFor()
  const known = grace
    .getByRole('region', { name: 'What is known' })
    .or(grace.locator('section', { hasText: 'What is known' }))
    .last()
  expect(await known.innerText()).toContain(pumpName)
  expect(complaints).toEqual([])
})
