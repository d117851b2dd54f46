// The lease: the one signed object that says what a person may do on a device without a network, and until when.
// It never grants anything by itself on the hub, which checks it against the roles of the time of capture.

export interface Lease {
  readonly tenant: string
  readonly dev: string
  readonly ep: number
  readonly user: string
  /** The person's name as shown on receipts. */
  readonly name: string
  readonly company: string
  readonly branch: string
  readonly roles: readonly string[]
  /** `pos.sell`, `pos.*` or `*`. */
  readonly permissions: readonly string[]
  /** `discountPercent` (Rate6), `returnWithoutReceiptMinor` …: the role's own limits. */
  readonly limits: { readonly [limit: string]: number }
  /** Company settings that rules read: `stockPolicy` = warn | block | allow … */
  readonly policy: { readonly [setting: string]: string | number | boolean }
  /** The buckets of the profile, in the order in which a new device needs them. */
  readonly buckets: readonly string[]
  /** How many of them are identity and settings, how many the work of today, how many the catalogue; the rest is history. */
  readonly stages?: readonly number[]
  /** The region of the person's branch, where it has one. */
  readonly region?: string
  /** What lets rows of other regions' branches be in its buckets: the hub's register is read from this. */
  readonly transfers?: readonly LeasedTransfer[]
  /** Milliseconds since 1970. */
  readonly from: number
  readonly to: number
  readonly incarnation: string
}

/** A transfer between regions that a lease makes use of, and the branches of its origin. */
export interface LeasedTransfer {
  /** Id of its row. */
  readonly transfer: string
  readonly origin: string
  readonly branches: readonly string[]
}

/** Which stage of a first download a bucket belongs to, from 0; without stages all is needed at once. */
export function stageOf({ buckets, stages }: Pick<Lease, 'buckets' | 'stages'>, bucket: string): number {
  if (stages === undefined) return 0
  let left = buckets.indexOf(bucket)
  for (const [stage, count] of stages.entries()) {
    if (left < count) return stage
    left -= count
  }
  return stages.length
}

/** The permission of what a device says by itself, whoever works on it. */
export const ANYBODY = ''

/**
 * Under which rights somebody forces parked work: any, because it happened and its author had none. Work of their own, and what was only
 * asked for, takes their own. [REV8]
 */
export const rightsToForce = (
  by: Pick<Lease, 'permissions' | 'user'>,
  { author, kind }: { readonly author: string; readonly kind: string | undefined },
): readonly string[] => (author === by.user || kind === 'request' ? by.permissions : ['*'])

/** Whether the lease carries the permission, by name or by `module.*` or `*`. */
export function mayDo(lease: Pick<Lease, 'permissions'>, permission: string): boolean {
  const module = permission.slice(0, permission.indexOf('.'))
  return lease.permissions.some((held) => held === '*' || held === permission || held === `${module}.*`)
}
