// What a role's devices carry, as data that an administrator edits: kinds of buckets and how many months of them. A role
// without rules of its own carries what its permissions need. Pure; it names buckets and never looks into rows.
import * as z from 'zod/mini'
import { json } from '../../kernel/field.ts'

/** Where a kind of bucket belongs, whether it comes by month, and whether what is open has one beside the months. */
export const bucketKinds = {
  stock: { per: 'branch', isMonthly: false },
  links: { per: 'branch', isMonthly: false },
  review: { per: 'branch', isMonthly: false },
  sales: { per: 'branch', isMonthly: true, hasOpen: true },
  till: { per: 'branch', isMonthly: true },
  orders: { per: 'branch', isMonthly: true, hasOpen: true },
  accounts: { per: 'branch', isMonthly: true },
  entries: { per: 'branch', isMonthly: true },
  crm: { per: 'territory', isMonthly: true, hasOpen: true },
  ledger: { per: 'company', isMonthly: false },
  costs: { per: 'tenant', isMonthly: false },
} as const
export type BucketKind = keyof typeof bucketKinds
const kinds = Object.keys(bucketKinds) as [BucketKind, ...BucketKind[]]

export interface BucketRule {
  readonly kind: BucketKind
  /** Months before and after this one; left out: two and one. Of kinds that come by month. */
  readonly monthsBack?: number
  readonly monthsAhead?: number
}

const MONTHS_BACK = 2
/** A device may be offline into the next month. */
const MONTHS_AHEAD = 1
export const MONTHS_MAX = 36

const ruleSchema = z.strictObject({
  kind: z.enum(kinds),
  monthsBack: z.optional(z.int().check(z.minimum(0), z.maximum(MONTHS_MAX))),
  monthsAhead: z.optional(z.int().check(z.minimum(0), z.maximum(MONTHS_MAX))),
})
export const bucketRules = () => json<readonly BucketRule[]>(z.array(ruleSchema))

/** The months whose work a device carries: by default the two before, this one and the next. */
export function monthsAround(today: string, back = MONTHS_BACK, ahead = MONTHS_AHEAD): string[] {
  const start = Number(today.slice(0, 4)) * 12 + Number(today.slice(5, 7)) - 1
  const months: string[] = []
  for (let at = start - back; at <= start + ahead; at++) {
    months.push(`${String(Math.floor(at / 12)).padStart(4, '0')}-${String((at % 12) + 1).padStart(2, '0')}`)
  }
  return months
}

/** The months of a rule; null for kinds that don't come by month. */
export const monthsOf = ({ kind, monthsBack, monthsAhead }: BucketRule, today: string): readonly string[] | null =>
  bucketKinds[kind].isMonthly ? monthsAround(today, monthsBack, monthsAhead) : null

/** Open work is carried whatever months are: retention never drops it. [BKT4] */
export const hasOpen = ({ kind }: BucketRule): boolean => 'hasOpen' in bucketKinds[kind]

/** Whether any permission of the module is held, looking included. */
export const sees = (permissions: readonly string[], module: string): boolean =>
  permissions.some((held) => held === '*' || held.startsWith(`${module}.`))

/** Whether the module's work is done, not just looked at (`inventory.see`). */
export const works = (permissions: readonly string[], module: string): boolean =>
  sees(
    permissions.filter((held) => held !== `${module}.see`),
    module,
  )

/** What a module's work needs, besides the company, the catalogue and the parties; what comes by month only for those who work. */
const needs: Readonly<Record<string, readonly BucketKind[]>> = {
  pos: ['stock', 'links', 'sales', 'till', 'accounts'],
  sales: ['stock', 'links', 'orders', 'accounts'],
  delivery: ['stock', 'links', 'orders', 'accounts'],
  purchasing: ['stock', 'links', 'entries'],
  inventory: ['stock', 'links', 'entries'],
  service: ['stock', 'links', 'orders'],
  inspection: ['stock', 'entries'],
  production: ['stock', 'links', 'entries'],
  crm: ['crm'],
  accounting: ['ledger'],
}

/** The rules of a role that has none of its own. */
export const rulesFor = (permissions: readonly string[]): BucketRule[] =>
  Object.entries(needs).flatMap(([module, of]) =>
    of
      .filter((kind) =>
        bucketKinds[kind].isMonthly || kind === 'ledger' ? works(permissions, module) : sees(permissions, module),
      )
      .map((kind) => ({ kind })),
  )
