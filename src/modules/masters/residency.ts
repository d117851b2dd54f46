// Where a branch's rows may go: data of one region comes into another only under a transfer that is in force. Pure; profile.ts asks it
// for every bucket of a lease. What names no branch (the company, the catalogue, people's names) is not bound by it.
import { code, date, set, text } from '../../kernel/field.ts'
import { table, type Row } from '../../kernel/table.ts'
import type { LeasedTransfer } from '../../kernel/lease.ts'
import type { branch } from './organisation.ts'

/** Only whoever configures the company carries the register's entries: devices in the field need none of it. */
export const TRANSFERS = 'transfers'

/** As it is written down, so it is kept. */
export const transferFields = {
  origin: code(),
  destination: code(),
  /** `SCC 2021/914 module 1`, `adequacy decision 2021/1772`. */
  basis: text(200),
  /** Of what data: customers, staff, sales. */
  categories: set(),
  /** What else guards it: encrypted at rest, pseudonyms. */
  protection: text(500),
  from: date(),
  /** The last day; none: until it is given one. */
  until: date().optional(),
}

/** Why data of one region may come into another, one way: an entry of the transfer register. */
export const transfer = table('masters.transfer', {
  since: 2,
  key: ['origin', 'destination'],
  fields: transferFields,
  buckets: () => [TRANSFERS],
  whole: [TRANSFERS],
})

type Branch = Row<typeof branch>
type Transfer = Row<typeof transfer>

export interface Residency {
  /** The regions that keep this bucket out; none: it may be carried. [RES1] [RES2] */
  keptOutBy(bucket: string): readonly string[]
  /** Which transfers let rows of other regions' branches be among these buckets, and of which branches. [RES3] */
  underOf(buckets: readonly string[]): LeasedTransfer[]
}

export interface ResidencyGiven {
  /** Where the person works, which is where their device is. */
  readonly home: Branch
  /** Every branch of the tenant: territories and costs are shared by its companies. */
  readonly branches: readonly Branch[]
  readonly transfers: readonly Transfer[]
  /** `YYYY-MM-DD` */
  readonly today: string
}

const byTerritory: ReadonlySet<string> = new Set(['parties', 'crm'])

/** Whether the bucket holds rows of the branch. A bucket of no branch, territory or company holds those of all. */
function isOf({ id, territory, company }: Branch, bucket: string): boolean {
  const [kind = '', ...places] = bucket.split(':')
  if (kind === 'ledger') return places[0] === company
  if (bucket === 'costs' || bucket === 'parties') return true
  return byTerritory.has(kind) ? places[0] === territory : places.includes(id)
}

/** A territory that a branch shares with one of another region is as of the nearer of them. */
const isShared = (bucket: string): boolean => byTerritory.has(bucket.slice(0, Math.max(0, bucket.indexOf(':'))))

export function residencyOf({ home, branches, transfers, today }: ResidencyGiven): Residency {
  const foreign = branches.filter(({ region }) => home.region !== null && region !== null && region !== home.region)
  const underWhich = (origin: string | null): Transfer | undefined =>
    transfers.find(
      (each) =>
        each.origin === origin &&
        each.destination === home.region &&
        each.from <= today &&
        (each.until === null || today <= each.until),
    )
  const allowed = foreign.filter(({ region }) => underWhich(region) !== undefined)
  const refused = foreign.filter((each) => !allowed.includes(each))
  const near = branches.filter((each) => !foreign.includes(each))
  return {
    keptOutBy(bucket) {
      if (isShared(bucket) && [...near, ...allowed].some((each) => isOf(each, bucket))) return []
      const regions = refused.filter((each) => isOf(each, bucket)).map(({ region }) => region ?? '')
      return [...new Set(regions)].sort()
    },
    underOf(buckets) {
      const isCarried = (each: Branch): boolean =>
        buckets.some((bucket) => isOf(each, bucket) && !(isShared(bucket) && near.some((other) => isOf(other, bucket))))
      const under = new Map<string, string[]>()
      for (const each of allowed)
        if (isCarried(each)) under.set(each.region ?? '', [...(under.get(each.region ?? '') ?? []), each.id])
      return [...under]
        .map(([origin, of]) => ({ transfer: underWhich(origin)?.id ?? '', origin, branches: of.sort() }))
        .sort((a, b) => (a.origin < b.origin ? -1 : 1))
    },
  }
}
