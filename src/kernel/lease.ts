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
  /** The buckets of the profile. */
  readonly buckets: readonly string[]
  /** Milliseconds since 1970. */
  readonly from: number
  readonly to: number
  readonly incarnation: string
}

/** Whether the lease carries the permission, by name or by `module.*` or `*`. */
export function mayDo(lease: Pick<Lease, 'permissions'>, permission: string): boolean {
  const module = permission.slice(0, permission.indexOf('.'))
  return lease.permissions.some((held) => held === '*' || held === permission || held === `${module}.*`)
}
