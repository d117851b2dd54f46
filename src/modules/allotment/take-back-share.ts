// Takes a share, or a part of it, from another device. What that device used meanwhile without a network stands as it
// happened; it is an exception only if more was used than there was.
import { leftOf, resizeShare, shareOf } from '../../kernel/allotment.ts'
import { command } from '../../kernel/command.ts'
import { text } from '../../kernel/field.ts'
import { scarceArgs, scarceOf } from './scarce.ts'

export const takeBackShare = command('allotment.takeBackShare', {
  kind: 'request',
  version: 1,
  permission: 'allotment.grant',
  /** At most `quantity`: the hub takes what is left of it. */
  args: { ...scarceArgs, device: text(16) },
  run(ctx, a) {
    const known = scarceOf(ctx, a)
    ctx.describe({ name: known?.name ?? a.resource, device: a.device, quantity: a.quantity, kind: a.kind })
    ctx.onHub(() => {
      if (known === null) return
      const left = leftOf(shareOf(ctx, known.of, a.device))
      ctx.rule('allotment.nothing-left', left > 0, { name: known.inLog, device: a.device })
      resizeShare(ctx, known.of, a.device, -Math.min(left, a.quantity))
    })
  },
})
