// Changes what may change about a submitted order: dates, references, address, people. Each field merges by itself;
// quantities and prices have commands of their own.
import { command } from '../../kernel/command.ts'
import { date, json, ref, text } from '../../kernel/field.ts'
import type { Patch } from '../../kernel/table.ts'
import { addressSchema, type Address } from '../masters/organisation.ts'
import { order } from './order.ts'
import { orderOf } from './order-hold.ts'
import { rule } from './refusals.ts'

const editable = {
  deliverOn: date().optional(),
  customerOrderNumber: text(64).optional(),
  shipTo: json<Address>(addressSchema).optional().personal(),
  contact: ref('masters.contact').optional(),
  salesperson: ref('masters.user').optional(),
  remarks: text().optional(),
}

export const editOrder = command('sales.editOrder', {
  kind: 'edit',
  version: 1,
  permission: 'sales.order',
  edits: order,
  /** Absent leaves a field alone, null empties it. */
  args: { order: ref('sales.order'), ...editable },
  run(ctx, a) {
    const of = orderOf(ctx, a.order)
    if (of !== null && !rule(ctx, 'sales.order-not-open', of.state === 'submitted', { order: of.number })) return
    const changes: Record<string, unknown> = {}
    for (const field of Object.keys(editable) as (keyof typeof editable)[])
      if (a[field] !== undefined) changes[field] = a[field]
    ctx.patch(order, a.order, changes as Patch<typeof order>)
    ctx.describe({ number: of?.number ?? null, party: of?.partyName ?? null })
  },
})
