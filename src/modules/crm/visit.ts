// A call at a party's place, planned or not. It never knows a screen, a clock or a network.
//
//   planned ──check in──▶ checked-in ──complete──▶ completed
//      └────────complete──────────────────────────────▲
//      └──miss──▶ missed ──complete (it took place after all)┘
import * as z from 'zod/mini'
import { code, date, flag, instant, integer, json, ref, text } from '../../kernel/field.ts'
import { workBucket } from '../../kernel/document.ts'
import { table } from '../../kernel/table.ts'

export const visitStates = ['planned', 'checked-in', 'completed', 'missed'] as const
export const visitOutcomes = [
  'order',
  'collection',
  'no-order',
  'information',
  'complaint',
  'survey',
  'closed',
  'nobody-there',
  'other',
] as const

/** Where a device was, as well as it knew: degrees × 10⁶ and the radius in metres. */
export interface Position {
  readonly latitude6: number
  readonly longitude6: number
  readonly accuracyM: number
}
export const positionSchema = z.strictObject({
  latitude6: z.int().check(z.gte(-90_000_000), z.lte(90_000_000)),
  longitude6: z.int().check(z.gte(-180_000_000), z.lte(180_000_000)),
  accuracyM: z.int().check(z.gte(0)),
})
export const position = () => json<Position>(positionSchema)

export const visit = table('crm.visit', {
  fields: {
    party: ref('masters.party'),
    territory: code(),
    owner: ref('masters.user'),
    /** The day it is for. It never moves: another day is another visit, and the month names the bucket. */
    plannedOn: date(),
    /** Minutes after midnight, local; the order of the route. */
    plannedAtMinute: integer().optional(),
    isPlanned: flag().default(true),
    purpose: text(200).optional(),
    state: code(visitStates),
    checkedInAt: instant().optional(),
    place: position().optional().personal(),
    /** Metres between the place and the party's nearest address; null when either is unknown. */
    distanceM: integer().optional(),
    completedAt: instant().optional(),
    outcome: code(visitOutcomes).optional(),
    missedReason: text(200).optional(),
  },
  subject: ['party'],
  indexes: {
    byOwner: ['owner', 'plannedOn'],
    byParty: ['party', 'plannedOn'],
    byTerritory: ['territory', 'plannedOn'],
  },
  buckets: (row) => [
    workBucket('crm', row.territory, {
      day: row.plannedOn,
      isOpen: row.state === 'planned' || row.state === 'checked-in',
    }),
  ],
  bucketsSince: 2,
})
