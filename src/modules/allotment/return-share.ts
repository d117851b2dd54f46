// Gives a part of one's own share back. The device stops counting on it at once; the hub decides.
import { leftOf, resizeShare, shareOf } from '../../kernel/allotment.ts'
import { command } from '../../kernel/command.ts'
import { scarceArgs, scarceOf } from './scarce.ts'

export const returnShare = command('allotment.returnShare', {
  kind: 'request',
  version: 1,
  permission: 'allotment.ask',
  args: scarceArgs,
  run(ctx, a) {
    const known = scarceOf(ctx, a)
    ctx.describe({ name: known?.name ?? a.resource, device: ctx.device, quantity: a.quantity, kind: a.kind })
    if (known === null) return
    const left = leftOf(shareOf(ctx, known.of))
    ctx.rule('allotment.more-than-left', a.quantity <= left, { name: known.inLog, left: Math.max(0, left) })
    resizeShare(ctx, known.of, ctx.device, -a.quantity)
  },
})
