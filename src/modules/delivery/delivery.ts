// A delivery: what was handed over or refused, to whom, with the proof. It took place, so nothing here is ever refused
// afterwards; what came back later is a return of its own.
import * as z from 'zod/mini'
import { blobs, signature } from '../../kernel/blob.ts'
import { document, lines, workBucket, type HeaderFields } from '../../kernel/document.ts'
import { code, flag, instant, integer, json, quantity, quantityDelta, ref, set, text } from '../../kernel/field.ts'
import type { Row } from '../../kernel/table.ts'
import { unconfirmedSerials } from '../masters/batch.ts'

export const outcomes = ['delivered', 'part', 'refused', 'absent', 'rescheduled'] as const
/** saleable: on the shelf again · quarantine: to be looked at · scrap: came back and was thrown away. */
export const dispositions = ['saleable', 'quarantine', 'scrap'] as const

/** Where it happened: degrees × 10⁶ and the radius in metres within which that is true. */
export interface Place {
  readonly latitude6: number
  readonly longitude6: number
  readonly accuracyMetres: number
}
export const place = () =>
  json<Place>(z.strictObject({ latitude6: z.int(), longitude6: z.int(), accuracyMetres: z.int() }))

/** Proof of delivery, in the arguments and in the row alike. */
export const proofFields = {
  /** Who took the goods. */
  recipient: text(200).optional().personal(),
  signature: signature().optional().personal(),
  photos: blobs().optional().personal(),
  place: place().optional().personal(),
  arrivedAt: instant().optional(),
  leftAt: instant().optional(),
  packages: integer().optional(),
}

const own = {
  ...proofFields,
  party: ref('masters.party'),
  partyName: text(200).personal(),
  territory: text(64),
  warehouse: ref('masters.warehouse'),
  order: ref('sales.order').optional(),
  outcome: code(outcomes),
  cancelReason: text(200).optional(),
}

export const delivery = document<typeof own>('delivery.delivery', {
  key: ['company', 'externalRef'],
  // document() puts the header's fields beside these.
  fields: own as typeof own & HeaderFields,
  subject: ['party'],
  indexes: { byOrder: ['order'], byParty: ['party', 'businessDate'], byBranch: ['branch', 'businessDate'] },
  search: ['number', 'partyName'],
  buckets: (row) => [workBucket('orders', row.branch, { day: row.businessDate ?? '', isOpen: row.state === 'draft' })],
  bucketsSince: 2,
})

/** What goods lines share; quantities are in the line's unit, which is the order line's. */
export const goodsFields = {
  position: integer(),
  item: ref('masters.item'),
  itemName: text(200),
  unit: code(),
  factorNum: integer().default(1),
  factorDen: integer().default(1),
  quantity: quantity(),
  stockQuantity: quantity(),
  batch: text(64).optional(),
  serials: set().default([]),
  unconfirmedSerials: unconfirmedSerials(),
}

export const deliveryLine = lines('delivery.deliveryLine', delivery, {
  fields: {
    ...goodsFields,
    orderLine: ref('sales.orderLine').optional(),
    refusedQuantity: quantity(),
    refusedReason: text(200).optional(),
    /** What came back of it. */
    returned: quantityDelta(),
  },
  indexes: { byOrderLine: ['orderLine'] },
})

const ownReturn = {
  party: ref('masters.party'),
  partyName: text(200).personal(),
  territory: text(64),
  warehouse: ref('masters.warehouse'),
  reason: text(200),
}

export const goodsReturn = document<typeof ownReturn>('delivery.goodsReturn', {
  key: ['company', 'externalRef'],
  fields: ownReturn as typeof ownReturn & HeaderFields,
  subject: ['party'],
  indexes: { byParty: ['party', 'businessDate'], byBranch: ['branch', 'businessDate'] },
  search: ['number', 'partyName'],
  buckets: (row) => [workBucket('orders', row.branch, { day: row.businessDate ?? '', isOpen: row.state === 'draft' })],
  bucketsSince: 2,
})

export const goodsReturnLine = lines('delivery.goodsReturnLine', goodsReturn, {
  fields: {
    ...goodsFields,
    deliveryLine: ref('delivery.deliveryLine'),
    disposition: code(dispositions),
    /** Goods that are delivered again count as not delivered yet. */
    isDeliveredAgain: flag(),
  },
  indexes: { byDeliveryLine: ['deliveryLine'] },
})

export type DeliveryLine = Row<typeof deliveryLine>
