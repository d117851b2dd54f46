// Writes down why data of one region may come into another, or changes it; `until` ends it. Leases follow with their next pull.
import { command } from '../../kernel/command.ts'
import { transfer, transferFields } from './residency.ts'
import { bringToStand, mustBeRegion } from './stand.ts'

export const saveTransfer = command('masters.saveTransfer', {
  kind: 'edit',
  version: 1,
  permission: 'masters.configure',
  edits: transfer,
  args: transferFields,
  run(ctx, a) {
    for (const region of [a.origin, a.destination]) mustBeRegion(ctx, region)
    if (a.origin === a.destination) ctx.refuse('masters.transfer-within-region', { region: a.origin })
    if (a.basis.trim() === '') ctx.refuse('masters.transfer-without-basis')
    if (a.until !== undefined && a.until !== null && a.until < a.from)
      ctx.refuse('masters.transfer-ends-before-it-begins', { from: a.from, until: a.until })
    bringToStand(ctx, transfer, { origin: a.origin, destination: a.destination }, a)
    ctx.describe({ origin: a.origin, destination: a.destination })
  },
})
