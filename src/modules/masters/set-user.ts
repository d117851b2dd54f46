// Makes a person's account or changes their roles and places. Rights are never decided on a device.
import { ELSEWHERE, command } from '../../kernel/command.ts'
import { code, flag, name, ref, set, text } from '../../kernel/field.ts'
import { branch } from './organisation.ts'
import { role, user } from './people.ts'
import { bringToStand, mustExist } from './stand.ts'

export const setUser = command('masters.setUser', {
  kind: 'request',
  version: 1,
  permission: 'masters.setRights',
  edits: user,
  args: {
    signInName: code(),
    name: name().personal(),
    roles: set(),
    branch: ref('masters.branch'),
    territories: set().optional(),
    warehouse: ref('masters.warehouse').optional(),
    language: text(16).optional(),
    isDisabled: flag().optional(),
  },
  run(ctx, a) {
    if (a.signInName !== a.signInName.toLowerCase().trim())
      ctx.refuse('masters.sign-in-name-not-lower-case', { signInName: a.signInName })
    mustExist(ctx, branch, a.branch, 'branch')
    for (const code of a.roles) {
      const known = ctx.getByKey(role, { code })
      if (known === null || known === ELSEWHERE) ctx.refuse('masters.unknown-role', { role: code })
    }
    bringToStand(ctx, user, { signInName: a.signInName }, a)
    ctx.describe({ name: a.signInName })
  },
})
