// From roles to a lease: what a person may do, up to which limits, under which company settings, and which buckets
// their device carries. Pure: the hub signs the result into the lease; a device never computes its own.
import { duties, hasDuty } from '../../kernel/exception-owner.ts'
import { mayDo, type LeasedTransfer } from '../../kernel/lease.ts'
import type { Row } from '../../kernel/table.ts'
import { bucketKinds, hasOpen, monthsOf, rulesFor, works, type BucketRule } from './bucket-rule.ts'
import type { branch, company } from './organisation.ts'
import type { role, user } from './people.ts'
import { residencyOf, TRANSFERS, type transfer } from './residency.ts'

export interface ProfileGiven {
  readonly company: Row<typeof company>
  /** The branch the person works at today. */
  readonly branch: Row<typeof branch>
  /** Every branch of the tenant: whoever works for all of the company's carries all of these. Absent: the one branch. */
  readonly branches?: readonly Row<typeof branch>[]
  /** The transfer register. */
  readonly transfers?: readonly Row<typeof transfer>[]
  readonly user: Row<typeof user>
  /** The rows of the person's roles. */
  readonly roles: readonly Row<typeof role>[]
  /** Territories beside the branch's and the user's own. */
  readonly territories?: readonly string[]
  /** The day at the branch, `YYYY-MM-DD`. */
  readonly today: string
}

export interface Profile {
  readonly permissions: readonly string[]
  readonly limits: { readonly [limit: string]: number }
  readonly policy: { readonly [setting: string]: string | number | boolean }
  /** In the order in which a new device needs them: identity and settings, the work of today, the catalogue, history. */
  readonly buckets: readonly string[]
  /** How many buckets each of these but the last has. */
  readonly stages: readonly number[]
  readonly region?: string
  readonly transfers?: readonly LeasedTransfer[]
  /** Buckets that this person's roles would give, and the regions whose rows in them may not come here. */
  readonly leftOut: ReadonlyMap<string, readonly string[]>
}

/** Suppliers live in a territory of their own. */
export const SUPPLIERS = 'suppliers'

/** More than about so many buckets make every pull slow: what doesn't fit is left out. [PROF2] */
export const BUCKETS_MAX = 200

export function profileOf(given: ProfileGiven): Profile {
  const { company, branch, user, roles, today } = given
  const permissions = [...new Set(roles.flatMap((role) => role.permissions))].sort()
  const limits: Record<string, number> = {}
  for (const role of roles) {
    for (const [limit, value] of Object.entries(role.limits)) limits[limit] = Math.max(limits[limit] ?? value, value)
  }
  const isEverywhere = mayDo({ permissions }, 'masters.allBranches')
  const every = given.branches ?? [branch]
  const branches = isEverywhere ? every.filter((each) => each.company === company.id) : [branch]
  const territories = new Set([
    ...branches.map((each) => each.territory),
    ...user.territories,
    ...(given.territories ?? []),
  ])
  if (works(permissions, 'inventory') || works(permissions, 'purchasing') || works(permissions, 'accounting'))
    territories.add(SUPPLIERS)
  const always = new Map<string, Stage>([
    ['company', 'identity'],
    [`user:${user.id}`, 'identity'],
    ['catalogue', 'catalogue'],
  ])
  // The office carries every party, the field those of its territories.
  const residency = residencyOf({ home: branch, branches: every, transfers: given.transfers ?? [], today })
  const isAllParties = isEverywhere && residency.keptOutBy('parties').length === 0
  if (isEverywhere) always.set('parties', 'catalogue')
  if (!isAllParties) for (const territory of territories) always.set(`parties:${territory}`, 'catalogue')
  if (mayDo({ permissions }, 'masters.configure')) always.set(TRANSFERS, 'history')
  const wanted: Wanted[] = []
  const rules = roles.flatMap((role) => role.buckets ?? rulesFor(role.permissions))
  for (const { id } of branches) {
    const own = id === branch.id
    if (mayDo({ permissions }, 'review.settle'))
      wanted.push({ bucket: `review:${id}`, own, age: STANDING, stage: 'work' })
    for (const duty of duties)
      if (hasDuty({ permissions }, duty))
        wanted.push({ bucket: `duty:${duty}:${id}`, own, age: STANDING, stage: 'work' })
    for (const rule of rules)
      if (bucketKinds[rule.kind].per === 'branch') wanted.push(...bucketsOf(rule, id, today, own))
  }
  for (const rule of rules) {
    const { per } = bucketKinds[rule.kind]
    const isOwn = (territory: string): boolean => territory === branch.territory || user.territories.includes(territory)
    if (per === 'territory') for (const each of territories) wanted.push(...bucketsOf(rule, each, today, isOwn(each)))
    if (per === 'company') always.set(`${rule.kind}:${company.id}`, 'history')
    if (per === 'tenant') always.set(rule.kind, 'history')
  }
  const leftOut = new Map<string, readonly string[]>()
  const mayCarry = (bucket: string): boolean => {
    const regions = residency.keptOutBy(bucket)
    if (regions.length > 0) leftOut.set(bucket, regions)
    return regions.length === 0
  }
  // Before anything is left out for its number: what may not come here takes nobody's room. [RES1]
  for (const bucket of always.keys()) if (!mayCarry(bucket)) always.delete(bucket)
  const allowed = wanted.filter(({ bucket }) => mayCarry(bucket))
  const inside = inOrder(
    new Map([
      ...fitting(allowed, BUCKETS_MAX - always.size).map(({ bucket, stage }) => [bucket, stage] as const),
      ...always,
    ]),
  )
  const transfers = residency.underOf(inside.buckets)
  return {
    permissions,
    limits,
    policy: {
      stockPolicy: company.stockPolicy,
      taxRounding: company.taxRounding,
      currency: company.currency,
      minorDigits: company.minorDigits,
      tz: branch.tz,
      ...company.deviceSettings,
      ...startOf(given),
    },
    ...inside,
    ...(branch.region !== null && { region: branch.region }),
    ...(transfers.length > 0 && { transfers }),
    leftOut,
  }
}

/** Where the person starts: as the first of their roles says. */
function startOf({ user, roles }: ProfileGiven): { readonly home?: string } {
  const [home] = user.roles.flatMap((code) => roles.filter((role) => role.code === code)).map((role) => role.home)
  return home === undefined ? {} : { home }
}

/** Stages of a first download. */
const stages = ['identity', 'work', 'catalogue', 'history'] as const
type Stage = (typeof stages)[number]

function inOrder(buckets: ReadonlyMap<string, Stage>): Pick<Profile, 'buckets' | 'stages'> {
  const names = [...buckets.keys()].sort()
  const of = stages.map((stage) => names.filter((name) => buckets.get(name) === stage))
  return { buckets: of.flat(), stages: of.slice(0, -1).map((each) => each.length) }
}

interface Wanted {
  readonly bucket: string
  /** Of the branch where the person works. */
  readonly own: boolean
  /** Months from this one; `STANDING` for what has no month. */
  readonly age: number
  readonly stage: Stage
}
const STANDING = -1

function bucketsOf(rule: BucketRule, place: string, today: string, own: boolean): Wanted[] {
  const standing = (bucket: string): Wanted => ({ bucket, own, age: STANDING, stage: 'work' })
  const months = monthsOf(rule, today)
  if (months === null) return [standing(`${rule.kind}:${place}`)]
  const wanted = months.map((month): Wanted => {
    const between = monthsBetween(today, month)
    // Months that are over can be worked without for a while.
    return {
      bucket: `${rule.kind}:${place}:${month}`,
      own,
      age: Math.abs(between),
      stage: between < 0 ? 'history' : 'work',
    }
  })
  return hasOpen(rule) ? [standing(`${rule.kind}:${place}:open`), ...wanted] : wanted
}

const monthsBetween = (from: string, to: string): number =>
  (Number(to.slice(0, 4)) - Number(from.slice(0, 4))) * 12 + Number(to.slice(5, 7)) - Number(from.slice(5, 7))

/** One's own branch first, and of the others what is nearest to today: other branches' oldest months are the first to be left out. */
function fitting(wanted: readonly Wanted[], room: number): Wanted[] {
  const byBucket = new Map(wanted.map((each) => [each.bucket, each]))
  const ranked = [...byBucket.values()].sort(
    (a, b) => Number(b.own) - Number(a.own) || a.age - b.age || (a.bucket < b.bucket ? -1 : 1),
  )
  return ranked.slice(0, Math.max(0, room))
}
