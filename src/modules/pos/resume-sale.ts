// Takes a held sale back to the till. The basket stays stored until it is sold, held again or dropped.
import { command } from '../../kernel/command.ts'
import { ref } from '../../kernel/field.ts'
import { leaveHeld } from './held-sale.ts'

export const resumeSale = command('pos.resumeSale', {
  kind: 'fact',
  version: 1,
  permission: 'pos.sell',
  args: { heldSale: ref('pos.heldSale') },
  run(ctx, a) {
    ctx.describe({ name: leaveHeld(ctx, a.heldSale, 'resumed', null)?.name ?? null })
  },
})
