// Parked work that waits for other parked work, on both people's screens: the visit to a customer whom the hub doesn't know yet, and what came
// of it. The one who decides sees what it would do; sent again, both are taken in order and once.
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { keyId } from '../../../kernel/hash.ts'
import { askWorker } from '../../../testing/app-tab.ts'
import { desks } from '../../../testing/desks.ts'
import { complaints, pill } from '../../../testing/on-screen.ts'
import { goTo } from '../../../testing/person.ts'

const { open, rows } = desks()
const party = keyId('main', 'masters.party', ['C-999'])
const businessDate = new Date().toISOString().slice(0, 10)
let marta: Page
let sam: Page

async function save(page: Page, command: string, args: object): Promise<Readonly<Record<string, readonly string[]>>> {
  const answer = await askWorker(page, 'run', { command, args, options: { requestKey: crypto.randomUUID() } })
  if (!answer.saved) throw new Error(JSON.stringify(answer.refusal))
  return answer.inserted
}
const states = (): Promise<object[]> =>
  rows(
    `SELECT i.command, i.state, p.command AS waits FROM kernel_review_item i
     LEFT JOIN kernel_review_item p ON p.tenant_id = i.tenant_id AND p.id = i.waits_for ORDER BY i.seq`,
  )

test('[REV4] a visit whose customer isn’t known parks; its outcome waits, and says for what', async () => {
  marta = await open('marta')
  sam = await open('sam')
  const at = { party, territory: 'coast', businessDate }
  const made = await save(marta, 'crm.checkIn', at)
  await save(marta, 'crm.completeVisit', {
    ...at,
    visit: made['crm.visit']?.[0],
    outcome: 'information',
    note: 'Wants a quote',
  })
  await expect.poll(states, { timeout: 20_000 }).toEqual([
    { command: 'crm.checkIn', state: 'open', waits: null },
    { command: 'crm.completeVisit', state: 'open', waits: 'crm.checkIn' },
  ])
  // Only what she can do something about needs her.
  await pill(marta, /^1 needs you$/).waitFor({ timeout: 20_000 })
  await goTo(marta, '/sync')
  const saved = marta.getByRole('region', { name: 'Saved work' })
  await saved
    .getByText('It waits for other work that is in review (Arrived at a customer) and is taken with it.')
    .waitFor()
})

test('[REV6] who decides sees it once, with what waits for it, and that it would not be taken yet', async () => {
  await goTo(sam, '/review')
  await sam.getByRole('row', { name: /Choose: Arrived at a customer/ }).click()
  expect(await sam.getByRole('row', { name: /Choose: Visit completed/ }).count()).toBe(0)
  const pane = sam.getByRole('complementary')
  await pane.getByText('Visit completed · Marta Kowalska').waitFor()
  await pane.getByText(/^It would not be taken:/).waitFor()
  const customer = {
    code: 'C-999',
    name: 'Oyster Quay Chandlers',
    roles: ['customer'],
    territory: 'coast',
    group: 'trade',
  }
  await save(sam, 'masters.importParty', customer)
  // Told anew as soon as the customer is there, for both, one on top of the other.
  await pane.getByRole('heading', { name: 'Visit completed' }).waitFor()
  await pane.getByText('New: note Wants a quote').waitFor()
  expect(await pane.getByText(/^It would not be taken:/).count()).toBe(0)
})

test('[REV4] sent again, both are taken in order and once, and both people see it', async () => {
  await sam.getByRole('complementary').getByRole('button', { name: 'Send again' }).click()
  await expect.poll(states, { timeout: 20_000 }).toEqual([
    { command: 'crm.checkIn', state: 'resubmitted', waits: null },
    { command: 'crm.completeVisit', state: 'resubmitted', waits: 'crm.checkIn' },
  ])
  expect(await rows('SELECT state, outcome FROM crm_visit WHERE party = $1', party)).toEqual([
    { state: 'completed', outcome: 'information' },
  ])
  expect(await rows("SELECT text FROM crm_note WHERE text = 'Wants a quote'")).toHaveLength(1)
  await goTo(sam, '/review')
  await expect.poll(() => sam.getByRole('row', { name: /Choose: Arrived/ }).count(), { timeout: 20_000 }).toBe(0)
  await pill(marta, 'Up to date').waitFor({ timeout: 45_000 })
  const saved = marta.getByRole('region', { name: 'Saved work' })
  await saved.getByRole('button', { name: /^Show \d+ sent/ }).click()
  await expect.poll(() => saved.getByText('Sent again').count(), { timeout: 20_000 }).toBe(2)
  expect(complaints).toEqual([])
})
