// Shuts a device or a person out. The commands change no row: what follows (no lease, no row, no session, and how work is judged
// that still arrives) is the hub's, in the commit that has the command in the log. No device ever shuts anybody out by itself.
import { command } from '../../kernel/command.ts'
import { code, flag, ref } from '../../kernel/field.ts'
import { REVOKE_ACCOUNT, REVOKE_DEVICE } from '../../kernel/revocation.ts'

/** All lives that it has until then; a next one that is enrolled afterwards is another's to shut out. */
export const revokeDevice = command(REVOKE_DEVICE, {
  kind: 'request',
  version: 1,
  permission: 'masters.setRights',
  args: {
    /** As on its sync screen: `K7Q2`. */
    device: code(),
    /** It may be in a stranger's hands: nothing that still arrives counts without people. */
    isLost: flag(),
  },
  run(ctx, a) {
    if (a.device !== a.device.toUpperCase()) ctx.refuse('masters.device-code-not-upper-case', { device: a.device })
    ctx.describe({ device: a.device })
  },
})

/** On every device. What the person did until then counts when it arrives. */
export const revokeAccount = command(REVOKE_ACCOUNT, {
  kind: 'request',
  version: 1,
  permission: 'masters.setRights',
  args: { user: ref('masters.user') },
  run(ctx, a) {
    ctx.describe({ user: a.user })
  },
})
