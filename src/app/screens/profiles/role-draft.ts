// A role while it is edited: what it may do and up to which limits, where it starts, and what its devices carry, as the form shows it and as
// the command takes it. Pure.
import { bucketKinds, type BucketKind, type BucketRule } from '../../../modules/masters/bucket-rule.ts'
import type { roles } from '../../../modules/masters/views.ts'
import type { RowOfView } from '../../design/use-view.ts'

export type RoleRow = RowOfView<typeof roles>

/** The limits that this version's rules read; what a limit without a value means is said beside it. */
export const limitNames = [
  'discountPercent',
  'onAccountMinor',
  'returnUnlinkedMinor',
  'returnWithoutReceiptMinor',
  'collectionMinor',
  'writeOffMinor',
  'receiveWithoutOrderMinor',
  'countDifferenceMinor',
] as const
export type LimitName = (typeof limitNames)[number]

export interface RoleDraft {
  readonly name: string
  readonly permissions: readonly string[]
  /** Null: without one. */
  readonly limits: Readonly<Record<string, number | null>>
  readonly home: string
  /** Null: what the permissions need. */
  readonly buckets: readonly BucketRule[] | null
}

export const kindsOfBuckets = Object.keys(bucketKinds) as readonly BucketKind[]
export const isMonthly = (kind: BucketKind): boolean => bucketKinds[kind].isMonthly

export const draftOf = (row: RoleRow): RoleDraft => ({
  name: row.name,
  permissions: JSON.parse(row.permissions) as string[],
  limits: JSON.parse(row.limits) as Record<string, number>,
  home: row.home,
  buckets: row.buckets === null ? null : (JSON.parse(row.buckets) as BucketRule[]),
})

/** The arguments of `masters.setRole`: limits that the form doesn't know stay as they are. */
export function argsOf(row: RoleRow, { name, permissions, limits, home, buckets }: RoleDraft) {
  const given = Object.entries(limits).filter((limit): limit is [string, number] => limit[1] !== null)
  return {
    code: row.code,
    name: name.trim(),
    permissions: [...new Set(permissions)].sort(),
    limits: Object.fromEntries(given.toSorted(([a], [b]) => (a < b ? -1 : 1))),
    home,
    buckets,
  }
}

export const ruleOf = (draft: RoleDraft, kind: BucketKind): BucketRule | null =>
  draft.buckets?.find((rule) => rule.kind === kind) ?? null

/** With or without a kind of bucket. */
export const withKind = (draft: RoleDraft, kind: BucketKind, isOn: boolean): RoleDraft => {
  const others = (draft.buckets ?? []).filter((rule) => rule.kind !== kind)
  return { ...draft, buckets: isOn ? [...others, { kind }] : others }
}

/** Null: as usual. */
export const withMonths = (draft: RoleDraft, kind: BucketKind, monthsBack: number | null): RoleDraft => ({
  ...draft,
  buckets: (draft.buckets ?? []).map((rule) => {
    if (rule.kind !== kind) return rule
    const { monthsBack: _, ...rest } = rule
    return monthsBack === null ? rest : { ...rest, monthsBack }
  }),
})
