// A device's own word that it has forgotten a person, captured by itself once no byte is left in its files. Whoever works on it need not
// know; nobody may forbid it.
import { command } from '../../kernel/command.ts'
import { CONFIRM_ERASURE, erasureReceipt } from '../../kernel/erasure.ts'
import { integer, text } from '../../kernel/field.ts'
import { ANYBODY } from '../../kernel/lease.ts'

export const confirmErasure = command(CONFIRM_ERASURE, {
  kind: 'fact',
  version: 1,
  permission: ANYBODY,
  args: { subject: text(64), commands: integer() },
  run(ctx, a) {
    ctx.onHub(() => {
      const key = { subject: a.subject, device: ctx.device }
      // Once for a device: a copy that came back from an image says it again.
      if (ctx.getByKey(erasureReceipt, key) === null)
        ctx.insert(erasureReceipt, {
          id: ctx.idOf(erasureReceipt, key),
          ...key,
          commands: a.commands,
          user: ctx.user,
          at: ctx.now,
        })
    })
  },
})
