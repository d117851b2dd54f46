// What a lease may carry where branches lie in regions, for every kind of bucket that there is. The oracle looks at names of buckets and
// at nothing of residency.ts.
import { expect, test } from 'vitest'
import { duties } from '../../kernel/exception-owner.ts'
import type { Row } from '../../kernel/table.ts'
import { catalogueOf } from '../../kernel/catalogue.ts'
import { aBranch, aCompany, aRole, aUser } from '../../testing/organisation-rows.ts'
import { TestWorld } from '../../testing/two-sides.ts'
import { bucketKinds, type BucketKind } from './bucket-rule.ts'
import { mastersModule } from './module.ts'
import { branch, company } from './organisation.ts'
import type { role } from './people.ts'
import { profileOf, type ProfileGiven } from './profile.ts'
import { transfer } from './residency.ts'
import { saveBranch } from './save-branch.ts'
import { saveCompany } from './save-company.ts'
import { saveTransfer } from './save-transfer.ts'

const TODAY = '2026-11-20'
const firm = aCompany()
const place = (code: string, region: string | null, more: Partial<Row<typeof branch>> = {}): Row<typeof branch> =>
  aBranch(code, { territory: `t-${code}`, region, ...more })
const [leeds, berlin, sligo, depot] = [
  place('leeds', 'UK'),
  place('berlin', 'EU'),
  place('sligo', 'EU'),
  place('depot', null),
]
const entry = (more: Partial<Row<typeof transfer>> = {}): Row<typeof transfer> => ({
  id: 'eu-uk',
  goneAt: null,
  origin: 'EU',
  destination: 'UK',
  basis: 'SCC 2021/914 module 1',
  categories: ['customers'],
  protection: 'encrypted',
  from: '2026-11-01',
  until: null,
  ...more,
})
const ada = aUser('ada', { name: 'Ada', roles: ['all'] })
/** Every kind of bucket that roles can give, and everything else by their permissions. */
const all = aRole('all', {
  permissions: ['*'],
  buckets: (Object.keys(bucketKinds) as BucketKind[]).map((kind) => ({
    kind,
    ...(bucketKinds[kind].isMonthly && { monthsBack: 0, monthsAhead: 0 }),
  })),
})
const field: Row<typeof role> = {
  ...all,
  buckets: null,
  permissions: ['crm.*', 'sales.*', 'review.settle', ...duties.map((duty) => `duty.${duty}`)],
}
const profile = (more: Partial<ProfileGiven> = {}) =>
  profileOf({
    company: firm,
    branch: leeds,
    branches: [leeds, berlin, sligo, depot],
    user: ada,
    roles: [all],
    today: TODAY,
    ...more,
  })
const naming = (buckets: readonly string[], of: string): string[] =>
  buckets.filter((bucket) => bucket.split(':').some((part) => part === of || part === `t-${of}`))
/** Kinds that hold rows of several branches in one. */
const mixed = ['parties', 'costs', 'ledger:bw']

test('[RES1] no bucket of any kind that names a branch of a region that may not come here is in the lease', () => {
  const free = profile({ branches: [leeds, berlin, sligo, depot].map((each) => ({ ...each, region: null })) })
  const kinds = (buckets: readonly string[]): string[] => [...new Set(buckets.map((name) => name.split(':')[0] ?? ''))]
  // Without regions everybody's are there, of each kind that names a place: so the test would see each.
  expect(kinds(naming(free.buckets, 'berlin')).sort()).toEqual(
    [
      ...Object.entries(bucketKinds).flatMap(([kind, { per }]) =>
        per === 'branch' || per === 'territory' ? [kind] : [],
      ),
      'duty',
    ].sort(),
  )
  expect(free.leftOut.size).toBe(0)
  const bound = profile()
  for (const refused of ['berlin', 'sligo']) expect(naming(bound.buckets, refused)).toEqual([])
  for (const mine of ['leeds', 'depot'])
    expect(naming(bound.buckets, mine)).toEqual(
      [
        ...naming(free.buckets, mine),
        // In the place of everybody's parties.
        `parties:t-${mine}`,
      ].sort((a, b) => bound.buckets.indexOf(a) - bound.buckets.indexOf(b)),
    )
  expect(bound.region).toBe('UK')
})

test('[RES2] what can’t be told apart by branch stays out where any branch is refused', () => {
  const { buckets, leftOut } = profile()
  expect(buckets.filter((bucket) => mixed.includes(bucket))).toEqual([])
  expect(buckets).toEqual(
    expect.arrayContaining(['company', 'catalogue', 'user:ada', 'transfers', 'parties:suppliers']),
  )
  for (const bucket of [...mixed, 'stock:berlin', 'parties:t-sligo', 'crm:t-berlin:2026-11'])
    expect([bucket, leftOut.get(bucket)]).toEqual([bucket, ['EU']])
  // A ledger of a company whose branches may all come here is no matter of another company's.
  const other = profile({ branches: [leeds, depot, { ...berlin, company: 'other' }] })
  expect(other.buckets.filter((bucket) => mixed.includes(bucket))).toEqual(['ledger:bw'])
})

test('[RES2] a territory counts as of the regions of its branches: one of them that may come here lets it in', () => {
  const user = { ...ada, territories: ['t-berlin', 't-sligo', 'coast'] }
  const of = (branches: ProfileGiven['branches'], transfers: ProfileGiven['transfers'] = []) =>
    profile({ user, roles: [field], ...(branches && { branches }), transfers }).buckets.filter((bucket) =>
      bucket.startsWith('parties:'),
    )
  expect(of([leeds, berlin, sligo, depot])).toEqual(['parties:coast', 'parties:t-leeds'])
  expect(of([leeds, berlin, sligo, { ...depot, territory: 't-sligo' }])).toContain('parties:t-sligo')
  expect(of([leeds, berlin, sligo, { ...place('kent', 'UK'), territory: 't-berlin' }])).toContain('parties:t-berlin')
  expect(of([leeds, berlin, { ...sligo, region: 'US' }], [entry({ origin: 'US' })])).toEqual([
    'parties:coast',
    'parties:t-leeds',
    'parties:t-sligo',
  ])
})

test('[RES1] a branch without a region is bounded nowhere, and its people by nothing', () => {
  const at = profile({ branch: depot, user: { ...ada, branch: 'depot' } })
  for (const each of ['leeds', 'berlin', 'sligo', 'depot']) expect(naming(at.buckets, each)).not.toEqual([])
  expect(at.buckets).toEqual(expect.arrayContaining(mixed))
  expect([at.region, at.transfers, at.leftOut.size]).toEqual([undefined, undefined, 0])
})

test.each([
  ['in force', entry(), true],
  ['on its first day', entry({ from: TODAY }), true],
  ['on its last day', entry({ until: TODAY }), true],
  ['not yet', entry({ from: '2026-11-21' }), false],
  ['no more', entry({ until: '2026-11-19' }), false],
  ['the other way', entry({ origin: 'UK', destination: 'EU' }), false],
  ['into another region', entry({ destination: 'US' }), false],
])('[RES1] a transfer that is %s', (_, given, isAllowed) => {
  const { buckets, transfers } = profile({ transfers: [given] })
  for (const foreign of ['berlin', 'sligo']) expect(naming(buckets, foreign).length > 0).toBe(isAllowed)
  for (const bucket of mixed) expect(buckets.includes(bucket)).toBe(isAllowed)
  expect(transfers).toEqual(
    isAllowed ? [{ transfer: 'eu-uk', origin: 'EU', branches: ['berlin', 'sligo'] }] : undefined,
  )
})

test('[RES3] a lease names the transfers that it makes use of, and no other', () => {
  const transfers = [entry(), entry({ id: 'us-uk', origin: 'US' })]
  // In the field nobody carries another branch's.
  expect(profile({ roles: [field], transfers }).transfers).toBeUndefined()
  const user = { ...ada, territories: ['t-berlin'] }
  expect(profile({ roles: [field], user, transfers }).transfers).toEqual([
    { transfer: 'eu-uk', origin: 'EU', branches: ['berlin'] },
  ])
  // A territory of one's own branch is no transfer, whoever shares it.
  const near = { ...berlin, territory: 't-leeds' }
  expect(profile({ roles: [field], branches: [leeds, near, depot], transfers }).transfers).toBeUndefined()
})

test('[RES2] nobody who works in the field has the register, and who configures has', () => {
  expect(profile({ roles: [field] }).buckets).not.toContain('transfers')
  expect(profile({ roles: [{ ...field, permissions: ['masters.configure'] }] }).buckets).toContain('transfers')
})

test('a branch gets a region and loses it, and an entry says why it is there', () => {
  const world = new TestWorld(catalogueOf([mastersModule]))
  const office = world.device({ dev: 'OFFI' })
  const of = { code: 'BW', name: 'Brightwater', currency: 'GBP', minorDigits: 2, country: 'GB', tz: 'UTC' }
  const bw = office.do(saveCompany, of, company)
  const given = { company: bw, code: 'BER', name: 'Berlin', tz: 'Europe/Berlin', territory: 'berlin' }
  office.do(saveBranch, { ...given, region: 'EU' })
  world.settle()
  expect(world.rows(branch)).toMatchObject([{ region: 'EU' }])
  office.do(saveBranch, given)
  world.settle()
  expect(world.rows(branch)).toMatchObject([{ region: 'EU' }])
  office.do(saveBranch, { ...given, region: null })
  const why = { basis: 'SCC', categories: ['sales'], protection: 'encrypted', from: '2026-01-01' }
  office.do(saveTransfer, { origin: 'EU', destination: 'UK', ...why })
  office.do(saveTransfer, { origin: 'EU', destination: 'UK', ...why, until: '2026-12-31' })
  world.settle()
  expect(world.rows(branch)).toMatchObject([{ region: null }])
  expect(world.rows(transfer)).toMatchObject([{ origin: 'EU', destination: 'UK', until: '2026-12-31' }])
  const refused = (more: object) =>
    office.run(saveTransfer, { origin: 'EU', destination: 'UK', ...why, ...more }).refusal?.code
  expect(refused({ destination: 'uk' })).toBe('masters.region-not-upper-case')
  expect(refused({ destination: 'EU' })).toBe('masters.transfer-within-region')
  expect(refused({ basis: ' ' })).toBe('masters.transfer-without-basis')
  expect(refused({ until: '2025-12-31' })).toBe('masters.transfer-ends-before-it-begins')
  expect(office.run(saveBranch, { ...given, region: 'eu' }).refusal?.code).toBe('masters.region-not-upper-case')
})
