// What the office and the hub say to each other about the whole company: types only, like protocol.ts, and as lasting. Nothing of it takes
// part in anybody's work.
import type { AsideRow, IncidentsSaid } from './protocol.ts'

/** One device as the hub knows it: its newest life. */
export interface OfficeDevice {
  readonly dev: string
  readonly ep: number
  readonly user: string
  readonly userName: string | null
  readonly branch: string | null
  readonly state: string
  readonly isLost: boolean
  readonly enrolledAt: number
  /** When it last pushed or reported, to the minute; null before it ever did. */
  readonly seenAt: number | null
  readonly revokedAt: number | null
  /** Commands that the hub has of it. */
  readonly commands: number
  /** Rows held, rows proved, broken invariants, as it said itself; null while it said nothing. */
  readonly integrity: readonly [number, number, number] | null
  /** Rows of the hub that it can't store, as it said itself. [ROW2] */
  readonly aside: readonly AsideRow[]
  /** Its incidents as it said itself; null while it said none. */
  readonly incidents: IncidentsSaid | null
  /** Open exceptions about its work. */
  readonly openExceptions: number
  /** Pieces of work of a life that may push no more: kept, and not counted yet. */
  readonly quarantined: number
}

/** Work of a life that may push no more, as the hub keeps it. */
export interface QuarantinedWork {
  readonly ep: number
  readonly seq: number
  readonly type: string
  readonly user: string
  /** When it was captured, by that device's clock. */
  readonly at: number
  readonly receivedAt: number
  readonly seal: string
}

/** A device that has to forget somebody, or had to. */
export interface DeviceToForget {
  readonly dev: string
  readonly userName: string | null
  readonly seenAt: number | null
  /** It is told nothing any more. */
  readonly isShut: boolean
}

/** Somebody who was erased, and what each device that was there before has said about it. */
export interface OfficeErasure {
  readonly subject: string
  readonly pseudonym: string
  readonly table: string
  readonly at: number
  readonly byName: string | null
  /** `confirmedAt`: when it said that it forgot; null: it hasn't. */
  readonly devices: readonly (DeviceToForget & { readonly confirmedAt: number | null })[]
}

/** What erasing somebody would take, as the hub holds it now. */
export interface ErasurePreview {
  /** What they will be called. */
  readonly pseudonym: string
  readonly isErased: boolean
  /** Who is forgotten with them: contacts of a party, parties that were merged into it. */
  readonly others: number
  /** Rows that lose something, and which fields of them. The rows stay. */
  readonly tables: readonly { readonly table: string; readonly rows: number; readonly fields: readonly string[] }[]
  readonly photos: number
  /** Values that lost a merge, and work in review, that lose what they say of them. */
  readonly lost: number
  readonly parked: number
  /** Commands whose kept values go; their lines and seals stay. */
  readonly commands: number
  /** Each must forget by itself. */
  readonly devices: readonly DeviceToForget[]
}

export interface TableEstimate {
  readonly table: string
  readonly rows: number
  readonly bytes: number
  readonly fields: number
  /** Fields with data of people. */
  readonly personal: readonly string[]
}

/** What a profile would bring to a device. */
export interface ProfileEstimate {
  readonly buckets: number
  readonly rows: number
  /** As the rows lie in the hub's database: what travels is packed and smaller. */
  readonly bytes: number
  /** Largest first. */
  readonly tables: readonly TableEstimate[]
  /** Where the person works, if data is bound to regions there. */
  readonly region?: string
  /** What would be carried and may not come into that region: buckets by the region whose rows are in them. */
  readonly leftOut?: { readonly [region: string]: readonly string[] }
}

/** A time in which a device held rows of a branch of another region, as its leases say. */
export interface TransferOfData {
  readonly dev: string
  readonly userName: string | null
  readonly origin: string
  readonly destination: string
  readonly branch: string
  readonly branchName: string | null
  /** The entry of the register that it stands on, as it reads today. */
  readonly transfer: string
  readonly basis: string | null
  readonly categories: readonly string[]
  readonly protection: string | null
  /** The entry's last day, if it has one. A device that wasn't heard of since holds what it was given before. */
  readonly until: string | null
  /** Milliseconds since 1970. */
  readonly since: number
  /** When the hub gave it no more; null: no later lease took it back. */
  readonly ended: number | null
}

/**
 * What the office asks about the whole company and only the hub can answer: `POST /sync/office/<question>`, JSON both ways, by the
 * permissions of today's lease. [OFF1]
 */
export interface OfficeQuestions {
  erasures: { in: Readonly<Record<string, never>>; out: readonly OfficeErasure[] }
  erasure: { in: { readonly table: string; readonly subject: string }; out: ErasurePreview }
  devices: { in: Readonly<Record<string, never>>; out: readonly OfficeDevice[] }
  transfers: { in: Readonly<Record<string, never>>; out: readonly TransferOfData[] }
  quarantined: { in: { readonly dev: string }; out: readonly QuarantinedWork[] }
  /** `role`: arguments of `masters.setRole` that aren't published yet. */
  profile: { in: { readonly signIn: string; readonly role?: Readonly<Record<string, unknown>> }; out: ProfileEstimate }
}
