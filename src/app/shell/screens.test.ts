// Which screens a role sees, where it begins and which screen owns an address.
import { IconCloud } from '@tabler/icons-react'
import { expect, test } from 'vitest'
import { standardRoles } from '../../modules/masters/standard-roles.ts'
import { grouped, homeOf, screenAt, screensFor, type Screen } from './screens.ts'

const aScreen = (path: Screen['path'], group: Screen['group'], permissions: readonly string[] = []): Screen => ({
  path,
  group,
  text: 'screen.sync',
  icon: IconCloud,
  permissions,
  load: () => Promise.resolve({ default: () => null }),
})
const all = [
  aScreen('/sync', 'sync'),
  aScreen('/pos', 'sell', ['pos.sell']),
  aScreen('/orders', 'sell', ['sales.order', 'sales.read']),
  aScreen('/orders/returns', 'sell', ['sales.return']),
]

test('a role sees what one of its permissions opens', () => {
  const paths = (permissions: string[]) => screensFor({ permissions }, all).map(({ path }) => path)
  expect(paths([])).toEqual(['/sync'])
  expect(paths(['pos.*'])).toEqual(['/sync', '/pos'])
  expect(paths(['sales.read'])).toEqual(['/sync', '/orders'])
  expect(paths(['*'])).toHaveLength(4)
})

test('home is the wish of the role where it may go, else its first screen', () => {
  const shown = screensFor({ permissions: ['sales.order'] }, all)
  expect(homeOf({ permissions: [], policy: { home: 'orders' } }, shown)).toBe('/orders')
  expect(homeOf({ permissions: [], policy: { home: 'pos' } }, shown)).toBe('/sync')
  expect(homeOf({ permissions: [], policy: {} }, shown)).toBe('/sync')
})

test.each(standardRoles.map(({ code, home, permissions }) => [code, home, permissions] as const))(
  'a %s begins where the role says: on %s',
  (_, home, permissions) =>
    expect(homeOf({ permissions, policy: { home } }, screensFor({ permissions }))).toBe(`/${home}`),
)

test('an address belongs to the longest path above it', () => {
  expect(screenAt('/orders/42', all)?.path).toBe('/orders')
  expect(screenAt('/orders/returns/7', all)?.path).toBe('/orders/returns')
  expect(screenAt('/ordersmith', all)).toBeUndefined()
  expect(grouped(all).map(([group]) => group)).toEqual(['sell', 'sync'])
})
