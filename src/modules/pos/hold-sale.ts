// Parks a basket under a name so that the next customer can be served. Nothing is sold or reserved by it.
import { command } from '../../kernel/command.ts'
import { date, json, name, ref } from '../../kernel/field.ts'
import { heldSale } from './held-sale.ts'
import { shiftOf } from './shift.ts'

export const holdSale = command('pos.holdSale', {
  kind: 'fact',
  version: 1,
  permission: 'pos.sell',
  args: {
    shift: ref('pos.shift'),
    businessDate: date(),
    name: name(),
    party: ref('masters.party').optional(),
    basket: json(),
  },
  run(ctx, a) {
    const { branch, till } = shiftOf(ctx, a.shift)
    ctx.insert(heldSale, { id: ctx.id('held'), branch, till, ...a, state: 'held', user: ctx.user, heldAt: ctx.now })
    ctx.describe({ name: a.name })
  },
})
