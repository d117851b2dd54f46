// From roles to a lease: what a person may do, up to which limits, under which company settings, and which buckets
// their device carries. Pure: the hub signs the result into the lease; a device never computes its own.
import { duties, hasDuty } from '../../kernel/exception-owner.ts'
import { mayDo } from '../../kernel/lease.ts'
import type { Row } from '../../kernel/table.ts'
import type { branch, company } from './organisation.ts'
import type { role, user } from './people.ts'

export interface ProfileGiven {
  readonly company: Row<typeof company>
  /** The branch the person works at today. */
  readonly branch: Row<typeof branch>
  /** Every branch of the company: whoever works for all of them carries all of them. Absent: the one branch. */
  readonly branches?: readonly Row<typeof branch>[]
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
  readonly buckets: readonly string[]
  /** The screen to start on. */
  readonly home: string
}

/** Suppliers live in a territory of their own. */
export const SUPPLIERS = 'suppliers'

const MONTHS_BACK = 2
const MONTHS_AHEAD = 1

/** The months whose work a device carries: the two before, this one and the next (a device may be offline into it). */
export function monthsAround(today: string): string[] {
  const start = Number(today.slice(0, 4)) * 12 + Number(today.slice(5, 7)) - 1
  const months: string[] = []
  for (let at = start - MONTHS_BACK; at <= start + MONTHS_AHEAD; at++) {
    months.push(`${String(Math.floor(at / 12)).padStart(4, '0')}-${String((at % 12) + 1).padStart(2, '0')}`)
  }
  return months
}

/** Whether any permission of the module is held, looking included. */
const sees = (permissions: readonly string[], module: string): boolean =>
  permissions.some((held) => held === '*' || held.startsWith(`${module}.`))

/** Whether the module's work is done, not just looked at (`inventory.see`). */
const works = (permissions: readonly string[], module: string): boolean =>
  sees(
    permissions.filter((held) => held !== `${module}.see`),
    module,
  )

/** What a module's work needs at a branch, besides the company, the catalogue and the parties. */
const monthlyBuckets: Readonly<Record<string, readonly string[]>> = {
  pos: ['sales', 'till', 'accounts'],
  sales: ['orders', 'accounts'],
  delivery: ['orders', 'accounts'],
  purchasing: ['entries'],
  inventory: ['entries'],
  service: ['orders'],
  inspection: ['entries'],
  production: ['entries'],
}
const standingBuckets: Readonly<Record<string, readonly string[]>> = {
  pos: ['stock', 'links'],
  sales: ['stock', 'links'],
  delivery: ['stock', 'links'],
  purchasing: ['stock', 'links'],
  inventory: ['stock', 'links'],
  service: ['stock', 'links'],
  inspection: ['stock'],
  production: ['stock', 'links'],
  crm: [],
}

export function profileOf(given: ProfileGiven): Profile {
  const { company, branch, user, roles, today } = given
  const permissions = [...new Set(roles.flatMap((role) => role.permissions))].sort()
  const limits: Record<string, number> = {}
  for (const role of roles) {
    for (const [limit, value] of Object.entries(role.limits)) limits[limit] = Math.max(limits[limit] ?? value, value)
  }
  const isEverywhere = mayDo({ permissions }, 'masters.allBranches')
  const branches = isEverywhere ? (given.branches ?? [branch]) : [branch]
  const territories = new Set([
    ...branches.map((each) => each.territory),
    ...user.territories,
    ...(given.territories ?? []),
  ])
  if (works(permissions, 'inventory') || works(permissions, 'purchasing') || works(permissions, 'accounting'))
    territories.add(SUPPLIERS)
  const buckets = new Set(['company', 'catalogue', `user:${user.id}`])
  // The office carries every party, the field those of its territories.
  if (isEverywhere) buckets.add('parties')
  for (const territory of territories) {
    if (!isEverywhere) buckets.add(`parties:${territory}`)
    if (works(permissions, 'crm')) for (const month of monthsAround(today)) buckets.add(`crm:${territory}:${month}`)
  }
  for (const { id } of branches) {
    if (mayDo({ permissions }, 'review.settle')) buckets.add(`review:${id}`)
    for (const duty of duties) if (hasDuty({ permissions }, duty)) buckets.add(`duty:${duty}:${id}`)
    for (const [module, kinds] of Object.entries(standingBuckets)) {
      if (sees(permissions, module)) for (const kind of kinds) buckets.add(`${kind}:${id}`)
    }
    for (const [module, kinds] of Object.entries(monthlyBuckets)) {
      if (!works(permissions, module)) continue
      for (const kind of kinds) for (const month of monthsAround(today)) buckets.add(`${kind}:${id}:${month}`)
    }
  }
  if (works(permissions, 'accounting')) buckets.add(`ledger:${company.id}`)
  return {
    permissions,
    limits,
    policy: {
      stockPolicy: company.stockPolicy,
      taxRounding: company.taxRounding,
      currency: company.currency,
      minorDigits: company.minorDigits,
      tz: branch.tz,
    },
    buckets: [...buckets].sort(),
    home: roles[0]?.home ?? 'home',
  }
}
