import { expect, test } from 'vitest'
import { stageOf } from '../../kernel/lease.ts'
import type { Row } from '../../kernel/table.ts'
import { aBranch, aCompany, aRole, aUser } from '../../testing/organisation-rows.ts'
import type { branch } from './organisation.ts'
import type { role } from './people.ts'
import { monthsAround, type BucketRule } from './bucket-rule.ts'
import { BUCKETS_MAX, profileOf } from './profile.ts'
import { standardRoles } from './standard-roles.ts'

const brightwater = aCompany({ tz: 'Europe/London' })
const place = (code: string): Row<typeof branch> => aBranch(code, { tz: 'Europe/London' })
const priya = aUser('priya', { name: 'Priya' })
const roleOf = (code: string): Row<typeof role> => {
  const { permissions = [], limits, home = '' } = standardRoles.find((role) => role.code === code) ?? {}
  return aRole(code, { permissions, limits: limits ?? {}, home })
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
  const { buckets, limits, policy } = profile(['cashier'])
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
  expect(policy['stockPolicy']).toBe('warn')
})

test('the person starts where the first of their own roles says, in whatever order the roles were read', () => {
  const user = { ...priya, roles: ['storekeeper', 'cashier'] }
  expect(profile(['cashier', 'storekeeper'], { user }).policy['home']).toBe('stock')
  expect(profile([], { user }).policy).not.toHaveProperty('home')
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

test('[PROF2] a role’s own rules take the place of what its permissions need; another role keeps its own', () => {
  const rules: BucketRule[] = [{ kind: 'stock' }, { kind: 'sales', monthsBack: 0, monthsAhead: 0 }, { kind: 'costs' }]
  const narrow = { ...roleOf('cashier'), buckets: rules }
  const { buckets } = profile([], { roles: [narrow] })
  expect(buckets).toEqual([
    'company',
    'user:priya',
    'sales:leeds:2026-01',
    'sales:leeds:open',
    'stock:leeds',
    'catalogue',
    'parties:leeds',
    'costs',
  ])
  expect(profile([], { roles: [narrow, roleOf('rep')] }).buckets).toContain('orders:leeds:2025-11')
})

test('[PROF2] a company with many branches still carries few buckets: other branches’ oldest months go first', () => {
  const branches = Array.from({ length: 60 }, (_, at) => place(at === 0 ? 'leeds' : `b${at}`))
  for (const role of standardRoles) {
    const { buckets } = profile([role.code], { branches })
    expect(buckets.length).toBeLessThanOrEqual(BUCKETS_MAX)
  }
  const { buckets } = profile(['admin'], { branches })
  expect(buckets).toEqual(
    expect.arrayContaining([
      'catalogue',
      'company',
      'ledger:bw',
      'parties',
      'till:leeds:2025-11',
      'entries:leeds:2026-02',
    ]),
  )
  const fifteen = profile(['accountant'], { branches: branches.slice(0, 15) }).buckets
  const monthsOfOthers = new Set(
    fifteen.filter((bucket) => bucket.startsWith('orders:b')).map((bucket) => bucket.slice(-7)),
  )
  expect([monthsOfOthers.has('2026-01'), monthsOfOthers.has('2025-11')]).toEqual([true, false])
})

test('[PROF2] months roll: what has gone by leaves, the next one is there before it begins', () => {
  const at = (today: string) => new Set(profile(['cashier'], { today }).buckets)
  const [january, february] = [at('2026-01-31'), at('2026-02-01')]
  expect([...january].filter((bucket) => !february.has(bucket))).toEqual(
    ['accounts', 'crm', 'sales', 'till'].map((kind) => `${kind}:leeds:2025-11`),
  )
  expect([...february].filter((bucket) => !january.has(bucket))).toEqual(
    ['accounts', 'crm', 'sales', 'till'].map((kind) => `${kind}:leeds:2026-03`),
  )
})

test('[SET1] the company’s settings go into the lease by their names', () => {
  const company = {
    ...brightwater,
    deviceSettings: { syncEverySeconds: 60, syncWifiOnly: true, sharePolicy: 'block' as const },
  }
  expect(profile(['cashier'], { company }).policy).toMatchObject({
    syncEverySeconds: 60,
    syncWifiOnly: true,
    sharePolicy: 'block',
  })
})

test('[BOOT6] a new device gets identity and settings first, then the work of today, the catalogue, and history', () => {
  const lease = profile(['manager'])
  const some = ['company', 'user:priya', 'stock:leeds', 'orders:leeds:2026-01', 'catalogue', 'orders:leeds:2025-12']
  expect(some.map((bucket) => stageOf(lease, bucket))).toEqual([0, 0, 1, 1, 2, 3])
  const order = lease.buckets.map((bucket) => stageOf(lease, bucket))
  expect(order).toEqual(order.toSorted((a, b) => a - b))
})
