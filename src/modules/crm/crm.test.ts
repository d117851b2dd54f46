import { expect, test } from 'vitest'
import { catalogueOf } from '../../kernel/catalogue.ts'
import { keyId } from '../../kernel/hash.ts'
import { lostValue } from '../../kernel/kernel-tables.ts'
import { aPicture, asBlob } from '../../testing/album-catalogue.ts'
import { TestWorld } from '../../testing/two-sides.ts'
import { importParty } from '../masters/import-party.ts'
import { mergeParties } from '../masters/merge-parties.ts'
import { mastersModule } from '../masters/module.ts'
import { addNote } from './add-note.ts'
import { checkIn } from './check-in.ts'
import { completeFollowUp } from './complete-follow-up.ts'
import { completeVisit } from './complete-visit.ts'
import { createFollowUp } from './create-follow-up.ts'
import { distanceM } from './distance.ts'
import { followUp } from './follow-up.ts'
import { missVisit } from './miss-visit.ts'
import { crmModule } from './module.ts'
import { note } from './note.ts'
import { planVisit } from './plan-visit.ts'
import { reassignFollowUp } from './reassign-follow-up.ts'
import { visit } from './visit.ts'

const catalogue = catalogueOf([mastersModule, crmModule])
const cafe = keyId('t1', 'masters.party', ['CAFE'])
const whitby = { latitude6: 54_486_300, longitude6: -613_500 }

function aWorld() {
  const world = new TestWorld(catalogue)
  const office = world.device({ dev: 'OFFI', user: 'grace' })
  office.do(importParty, {
    code: 'CAFE',
    name: 'Harbour Café',
    roles: ['customer'],
    territory: 'coast',
    addresses: [{ lines: ['1 Pier Road'], town: 'Whitby', ...whitby }],
  })
  world.settle()
  const marta = world.device({ dev: 'MART', user: 'marta' })
  return { world, office, marta }
}
const day = { party: cafe, businessDate: '2026-11-20' }

test('a planned visit: arrived, completed, with a note and a next step', () => {
  const { world, office, marta } = aWorld()
  const id = office.do(planVisit, { party: cafe, plannedOn: '2026-11-20', plannedAtMinute: 540, owner: 'marta' }, visit)
  world.settle()
  marta.do(checkIn, { ...day, visit: id, place: { latitude6: 54_486_400, longitude6: -613_500, accuracyM: 12 } })
  marta.do(completeVisit, {
    ...day,
    visit: id,
    outcome: 'order',
    note: 'Wants oat milk',
    nextStep: 'Bring samples',
    nextStepOn: '2026-11-27',
  })
  expect(world.settle().map((each) => each.outcome)).toEqual(['accepted', 'accepted'])
  expect(world.rows(visit)).toMatchObject([
    { state: 'completed', outcome: 'order', territory: 'coast', distanceM: 11, isPlanned: true },
  ])
  expect(world.rows(note)).toMatchObject([{ about: id, text: 'Wants oat milk', by: 'marta' }])
  expect(world.rows(followUp)).toMatchObject([
    { subject: 'Bring samples', dueOn: '2026-11-27', owner: 'marta', state: 'open' },
  ])
})

test('nobody planned it: arriving makes the visit', () => {
  const { world, marta } = aWorld()
  const id = marta.do(checkIn, day, visit)
  marta.do(missVisit, { visit: id, reason: 'closed' }, undefined, { overrides: ['crm.visit-begun-already'] })
  expect(world.settle().map((each) => each.outcome)).toEqual(['accepted', 'accepted'])
  expect(world.rows(visit)).toMatchObject([{ isPlanned: false, state: 'checked-in', distanceM: null, owner: 'marta' }])
})

test.each(['office', 'rep'])('what took place outranks a missed visit, when the %s is heard first', (first) => {
  const { world, office, marta } = aWorld()
  const id = office.do(planVisit, { party: cafe, plannedOn: '2026-11-20', owner: 'marta' }, visit)
  world.settle()
  office.do(missVisit, { visit: id, reason: 'no news from Marta' })
  marta.do(completeVisit, { ...day, visit: id, outcome: 'information' })
  world.settle(first === 'office' ? [office, marta] : [marta, office])
  expect(world.rows(visit)).toMatchObject([{ state: 'completed', outcome: 'information', missedReason: null }])
})

test('photos of a visit are kept with what was said, by whomever, and alone where nothing was', () => {
  const { world, office, marta } = aWorld()
  const id = office.do(planVisit, { party: cafe, plannedOn: '2026-11-20' }, visit)
  world.settle()
  const [shelf, door] = [asBlob(aPicture(1, 100)), asBlob(aPicture(2, 100))]
  office.do(completeVisit, { ...day, visit: id, outcome: 'order', photos: [shelf] })
  marta.do(completeVisit, { ...day, visit: id, outcome: 'complaint', note: 'broken door', photos: [door] })
  world.settle()
  const written = world.rows(note).map(({ about, text, photos }) => ({ about, text, photos }))
  expect(written).toEqual([
    { about: id, text: '', photos: [shelf] },
    { about: id, text: 'broken door', photos: [door] },
  ])
})

test('of two outcomes the first stands, and both notes are kept', () => {
  const { world, office, marta } = aWorld()
  const id = office.do(planVisit, { party: cafe, plannedOn: '2026-11-20' }, visit)
  world.settle()
  office.do(completeVisit, { ...day, visit: id, outcome: 'order', note: 'from the office' })
  marta.do(completeVisit, { ...day, visit: id, outcome: 'complaint', note: 'from the road' })
  world.settle()
  expect(world.rows(visit)[0]?.outcome).toBe('order')
  expect(world.rows(note)).toHaveLength(2)
  expect(world.exceptions.map((raised) => raised.code)).toEqual(['VISIT_TWICE'])
})

test('refusals', () => {
  const { office, marta } = aWorld()
  const id = marta.do(checkIn, day, visit)
  expect(marta.run(checkIn, { ...day, visit: id }).refusal?.code).toBe('crm.checked-in-already')
  expect(marta.run(checkIn, { ...day, party: 'nobody' }).refusal?.code).toBe('crm.unknown-party')
  expect(
    marta.run(checkIn, { ...day, place: { latitude6: 91_000_000, longitude6: 0, accuracyM: 1 } }).refusal?.facts,
  ).toMatchObject({ path: 'place/latitude6' })
  expect(marta.run(completeVisit, { ...day, visit: 'none', outcome: 'order' }).refusal?.code).toBe('crm.unknown-visit')
  expect(marta.run(completeVisit, { ...day, visit: id, outcome: 'order', nextStep: 'call' }).refusal?.code).toBe(
    'crm.next-step-needs-day',
  )
  expect(office.run(planVisit, { party: cafe, plannedOn: '2026-11-20', plannedAtMinute: 1440 }).refusal?.code).toBe(
    'crm.minute-out-of-range',
  )
  expect(office.run(addNote, { ...day, text: '' }).refusal?.code).toBe('kernel.bad-arguments')
})

test('a note for a party that was merged away goes to its keeper', () => {
  const { world, office, marta } = aWorld()
  office.do(importParty, { code: 'CAFE2', name: 'Harbour Cafe', roles: ['customer'], territory: 'coast' })
  world.settle()
  marta.do(addNote, { ...day, text: 'New owner' })
  office.do(mergeParties, { keep: keyId('t1', 'masters.party', ['CAFE2']), drop: cafe })
  world.settle([office, marta])
  expect(world.rows(note)).toMatchObject([{ party: keyId('t1', 'masters.party', ['CAFE2']), text: 'New owner' }])
})

test('a follow-up is done once; the second time is named', () => {
  const { world, office, marta } = aWorld()
  const id = marta.do(createFollowUp, { party: cafe, subject: 'Call back', dueOn: '2026-11-21' }, followUp)
  world.settle()
  marta.do(completeFollowUp, { followUp: id, businessDate: '2026-11-21', result: 'done by phone' })
  office.do(completeFollowUp, { followUp: id, businessDate: '2026-11-22', state: 'dropped', result: 'no answer' })
  expect(office.run(completeFollowUp, { followUp: id, businessDate: '2026-11-22' }).refusal?.code).toBe(
    'crm.follow-up-closed-already',
  )
  world.settle([marta, office])
  expect(world.rows(followUp)).toMatchObject([
    { state: 'done', result: 'done by phone', doneBy: 'marta', doneOn: '2026-11-21' },
  ])
  expect(world.exceptions.map((raised) => raised.code)).toEqual(['FOLLOW_UP_TWICE'])
})

test('giving a follow-up up needs a reason', () => {
  const { marta } = aWorld()
  const id = marta.do(createFollowUp, { party: cafe, subject: 'Call back', dueOn: '2026-11-21' }, followUp)
  expect(
    marta.run(completeFollowUp, { followUp: id, businessDate: '2026-11-21', state: 'dropped' }).refusal?.code,
  ).toBe('crm.reason-missing')
})

test('one hands a follow-up over while another moves its day: both have their way', () => {
  const { world, office, marta } = aWorld()
  const id = marta.do(createFollowUp, { party: cafe, subject: 'Call back', dueOn: '2026-11-21' }, followUp)
  world.settle()
  marta.do(reassignFollowUp, { followUp: id, dueOn: '2026-11-25' })
  expect(office.run(reassignFollowUp, { followUp: id, owner: 'nobody' }).refusal?.code).toBe('crm.unknown-user')
  office.do(reassignFollowUp, { followUp: id, dueOn: '2026-11-23' })
  world.settle([office, marta])
  expect(world.rows(followUp)[0]?.dueOn).toBe('2026-11-25')
  expect(world.rows(lostValue)).toMatchObject([{ field: 'dueOn', lost: '2026-11-23' }])
})

// The haversine of each pair, from a sphere of 6 371 009 m radius, in another program's floating point.
test.each([
  ['next door', whitby, { latitude6: 54_487_300, longitude6: -613_500 }, 111],
  ['Whitby to Scarborough', whitby, { latitude6: 54_283_100, longitude6: -399_800 }, 26_536],
  ['over the date line', { latitude6: 0, longitude6: 179_999_500 }, { latitude6: 0, longitude6: -179_999_500 }, 111],
  ['nowhere', whitby, whitby, 0],
])('%s', (_, a, b, metres) => {
  const radians = (micro: number) => (micro / 1e6) * (Math.PI / 180)
  const h =
    Math.sin(radians(a.latitude6 - b.latitude6) / 2) ** 2 +
    Math.cos(radians(a.latitude6)) *
      Math.cos(radians(b.latitude6)) *
      Math.sin(radians(a.longitude6 - b.longitude6) / 2) ** 2
  const expected = 2 * 6_371_009 * Math.asin(Math.sqrt(h))
  expect(Math.abs(distanceM(a, b) - expected)).toBeLessThanOrEqual(1 + expected * 0.005)
  expect(distanceM(a, b)).toBeGreaterThan(metres * 0.98 - 1)
})
