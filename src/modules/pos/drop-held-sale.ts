// Gives up a held sale, with a reason: the customer didn't come back.
import { command } from '../../kernel/command.ts'
import { name, ref } from '../../kernel/field.ts'
import { leaveHeld } from './held-sale.ts'

export const dropHeldSale = command('pos.dropHeldSale', {
  kind: 'fact',
  version: 1,
  permission: 'pos.sell',
  args: { heldSale: ref('pos.heldSale'), reason: name() },
  run(ctx, a) {
    ctx.describe({ name: leaveHeld(ctx, a.heldSale, 'dropped', a.reason)?.name ?? null, reason: a.reason })
  },
})
