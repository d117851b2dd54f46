// Gives a device a share of something scarce, or a larger one: for oneself, or for another device by who may. The hub
// decides, so that shares and what is free always come to what there is; nobody uses a share before.
import { freeOf, allotment, resizeShare } from '../../kernel/allotment.ts'
import { command } from '../../kernel/command.ts'
import { instant, text } from '../../kernel/field.ts'
import { mayDo } from '../../kernel/lease.ts'
import { scarceArgs, scarceOf } from './scarce.ts'

export const grantShare = command('allotment.grantShare', {
  kind: 'request',
  version: 1,
  permission: 'allotment.ask',
  args: {
    ...scarceArgs,
    /** Left out: the device that asks. */
    device: text(16).optional(),
    /** New use ends then. */
    expiresAt: instant().optional(),
  },
  run(ctx, a) {
    const device = a.device ?? ctx.device
    const isOwn = device === ctx.device
    ctx.rule('allotment.not-yours', isOwn || mayDo(ctx.lease, 'allotment.grant'), { device })
    const known = scarceOf(ctx, a)
    ctx.describe({ name: known?.name ?? a.resource, device, quantity: a.quantity, kind: a.kind })
    ctx.onHub(() => {
      if (known === null) return
      const free = freeOf(ctx, known.of, known.headroom())
      ctx.rule('allotment.not-free', a.quantity <= free, {
        name: known.inLog,
        asked: a.quantity,
        free: Math.max(0, free),
      })
      const id = resizeShare(ctx, known.of, device, a.quantity)
      if (a.expiresAt != null) ctx.patch(allotment, id, { expiresAt: a.expiresAt })
    })
  },
})
