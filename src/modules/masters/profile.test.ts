import { expect, test } from 'vitest'
import type { Row } from '../../kernel/table.ts'
import type { branch, company } from './organisation.ts'
import type { role, user } from './people.ts'
import { monthsAround, profileOf } from './profile.ts'
import { standardRoles } from './standard-roles.ts'

const id = (id: string) => ({ id, goneAt: null })
const brightwater: Row<typeof company> = {
  ...id('bw'),
  code: 'BW',
  name: 'Brightwater',
  currency: 'GBP',
  minorDigits: 2,
  taxRounding: 'line',
  stockPolicy: 'warn',
  country: 'GB',
  tz: 'Europe/London',
  taxId: null,
  address: null,
}
const place = (code: string): Row<typeof branch> => ({
  ...id(code),
  company: 'bw',
  code,
  name: code,
  tz: 'Europe/London',
  territory: code,
  address: null,
  isDisabled: false,
})
const priya: Row<typeof user> = {
  ...id('priya'),
  signInName: 'priya',
  name: 'Priya',
  roles: [],
  branch: 'leeds',
  territories: [],
  warehouse: null,
  language: null,
  isDisabled: false,
}
const roleOf = (code: string): Row<typeof role> => {
  const found = standardRoles.find((role) => role.code === code)
  return {
    ...id(code),
    code,
    name: code,
    permissions: found?.permissions ?? [],
    limits: found?.limits ?? {},
    home: found?.home ?? '',
  }
}
const profile = (codes: string[], more: Partial<Parameters<typeof profileOf>[0]> = {}) =>
  profileOf({
    company: brightwater,
    branch: place('leeds'),
    user: priya,
    roles: codes.map(roleOf),
    today: '2026-01-15',
    ...more,
  })

test('months run over the year', () => {
  expect(monthsAround('2026-01-15')).toEqual(['2025-11', '2025-12', '2026-01', '2026-02'])
})

test('a cashier carries the tills of the branch and no orders, ledgers or suppliers', () => {
  const { buckets, limits, home, policy } = profile(['cashier'])
  expect(buckets).toEqual(
    expect.arrayContaining([
      'catalogue',
      'company',
      'parties:leeds',
      'sales:leeds:2026-01',
      'stock:leeds',
      'till:leeds:2025-11',
      'user:priya',
    ]),
  )
  expect(buckets.filter((bucket) => /^(orders|ledger|parties:suppliers|review)/.test(bucket))).toEqual([])
  expect(limits['discountPercent']).toBe(5_000_000)
  expect([home, policy['stockPolicy']]).toEqual(['sell', 'warn'])
})

test('a second role adds rights and takes the larger limit', () => {
  const both = profile(['cashier', 'manager'])
  expect(both.limits['discountPercent']).toBe(15_000_000)
  expect(both.buckets).toContain('review:leeds')
})

test('a rep carries their territories and visits by month', () => {
  const { buckets } = profile(['rep'], { user: { ...priya, territories: ['coast'] } })
  expect(buckets).toEqual(
    expect.arrayContaining(['parties:coast', 'crm:coast:2026-02', 'crm:leeds:2026-01', 'orders:leeds:2026-01']),
  )
  expect(buckets.some((bucket) => bucket.startsWith('till:'))).toBe(false)
})

test('an accountant carries all branches and the ledger', () => {
  const { buckets } = profile(['accountant'], { branches: [place('leeds'), place('whitby')] })
  expect(buckets).toEqual(expect.arrayContaining(['ledger:bw', 'orders:whitby:2026-01', 'parties']))
})

test('a storekeeper sees suppliers and stock entries', () => {
  expect(profile(['storekeeper']).buckets).toEqual(
    expect.arrayContaining(['parties:suppliers', 'entries:leeds:2026-01', 'stock:leeds']),
  )
})

test('[OWN1] whoever has a duty carries its exceptions, without the rest of the review', () => {
  const { buckets } = profile(['storekeeper'])
  expect(buckets.filter((bucket) => /^(duty|review)/.test(bucket))).toEqual([
    'duty:stockController:leeds',
    'duty:storekeeper:leeds',
  ])
  expect(profile(['cashier']).buckets.filter((bucket) => /^(duty|review)/.test(bucket))).toEqual([])
  expect(profile(['manager']).buckets).toEqual(expect.arrayContaining(['review:leeds', 'duty:branchManager:leeds']))
})

test('every standard role is named once', () => {
  expect(new Set(standardRoles.map((role) => role.code)).size).toBe(9)
})
