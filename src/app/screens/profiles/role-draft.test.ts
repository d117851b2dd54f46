// A role goes into its form and comes out as it was; a kind of bucket is put in, taken out, and reaches back further.
import { expect, test } from 'vitest'
import { argsOf, draftOf, ruleOf, withKind, withMonths } from './role-draft.ts'

const row = {
  id: 'r',
  code: 'rep',
  name: 'Field sales',
  permissions: '["crm.*","sales.*"]',
  limits: '{"discountPercent":10}',
  home: 'today',
  buckets: null,
}

test('untouched it is as it was, limits and home too', () => {
  expect(argsOf(row, draftOf(row))).toEqual({
    code: 'rep',
    name: 'Field sales',
    permissions: ['crm.*', 'sales.*'],
    limits: { discountPercent: 10 },
    home: 'today',
    buckets: null,
  })
  const own = { ...row, buckets: '[{"kind":"crm","monthsBack":6}]' }
  expect(argsOf(own, draftOf(own)).buckets).toEqual([{ kind: 'crm', monthsBack: 6 }])
})

test('a limit that is emptied goes, one that the form doesn’t know stays, and none is a hidden change', () => {
  const other = { ...row, limits: '{"oldLimit":7,"discountPercent":10}' }
  const draft = draftOf(other)
  expect(argsOf(other, { ...draft, limits: { ...draft.limits, discountPercent: null } }).limits).toEqual({
    oldLimit: 7,
  })
  const touched = { ...draft, limits: { ...draft.limits, onAccountMinor: null } }
  expect(JSON.stringify(argsOf(other, touched))).toBe(JSON.stringify(argsOf(other, draft)))
})

test('what its devices carry', () => {
  const one = withKind(withKind(draftOf(row), 'crm', true), 'stock', true)
  expect(ruleOf(one, 'crm')).toEqual({ kind: 'crm' })
  const back = withMonths(one, 'crm', 12)
  expect(ruleOf(back, 'crm')).toEqual({ kind: 'crm', monthsBack: 12 })
  expect(withMonths(back, 'crm', null).buckets).toEqual(one.buckets)
  expect(withKind(back, 'crm', false).buckets).toEqual([{ kind: 'stock' }])
})
