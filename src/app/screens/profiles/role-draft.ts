// A role while it is edited: what it may do, and what its devices carry, as the form shows it and as the command takes it. Pure.
import { bucketKinds, type BucketKind, type BucketRule } from '../../../modules/masters/bucket-rule.ts'
import type { roles } from '../../../modules/masters/views.ts'
import type { RowOfView } from '../../design/use-view.ts'

export type RoleRow = RowOfView<typeof roles>

export interface RoleDraft {
  readonly name: string
  /** One a line. */
  readonly permissions: string
  /** Null: what the permissions need. */
  readonly buckets: readonly BucketRule[] | null
}

export const kindsOfBuckets = Object.keys(bucketKinds) as readonly BucketKind[]
export const isMonthly = (kind: BucketKind): boolean => bucketKinds[kind].isMonthly

export const draftOf = (row: RoleRow): RoleDraft => ({
  name: row.name,
  permissions: (JSON.parse(row.permissions) as string[]).join('\n'),
  buckets: row.buckets === null ? null : (JSON.parse(row.buckets) as BucketRule[]),
})

/** The arguments of `masters.setRole`: what the form doesn't show stays as it is. */
export function argsOf(row: RoleRow, draft: RoleDraft) {
  const permissions = draft.permissions.split('\n').map((line) => line.trim())
  return {
    code: row.code,
    name: draft.name.trim(),
    permissions: [...new Set(permissions.filter((each) => each !== ''))].sort(),
    limits: JSON.parse(row.limits) as Readonly<Record<string, number>>,
    home: row.home,
    buckets: draft.buckets,
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
