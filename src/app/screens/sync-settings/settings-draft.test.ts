// Settings go into the form and come out as they were, unless somebody changed them; what is as usual is not written down.
import { expect, test } from 'vitest'
import { draftOf, isHalfQuiet, offered, settingsOf } from './settings-draft.ts'

const whole = {
  syncEverySeconds: 47,
  syncOnSave: false,
  syncOnHint: false,
  syncWifiOnly: true,
  quietFromMinute: 22 * 60,
  quietToMinute: 5 * 60 + 30,
  photoPixelsMax: 1600,
  sharePolicy: 'block',
} as const

test.each([[{}], [whole], [{ syncWifiOnly: true }]])('%j stays as it is', (settings) => {
  expect(settingsOf(draftOf(settings), settings)).toEqual(settings)
})

test('a setting of a newer release stays', () => {
  const newer = { ...whole, ofTheFuture: 7 } as typeof whole
  expect(settingsOf(draftOf(newer), newer)).toEqual(newer)
})

test('times are times of the day; one end alone is half', () => {
  const draft = draftOf(whole)
  expect([draft.quietFrom, draft.quietTo]).toEqual(['22:00', '05:30'])
  expect(isHalfQuiet(draft)).toBe(false)
  expect(isHalfQuiet({ ...draft, quietTo: '' })).toBe(true)
  expect(settingsOf({ ...draft, quietFrom: '', quietTo: '' }, whole)).not.toHaveProperty('quietFromMinute')
})

test('a value that nobody offers is offered while it stands', () => {
  expect(offered([10, 60], '47')).toEqual([10, 47, 60])
  expect(offered([10, 60], '60')).toEqual([10, 60])
  expect(offered([10, 60], '')).toEqual([10, 60])
})
