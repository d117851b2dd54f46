// Makes a branch or changes it.
import { command } from '../../kernel/command.ts'
import { code, flag, json, name, ref, text } from '../../kernel/field.ts'
import { addressSchema, branch, company, type Address } from './organisation.ts'
import { bringToStand, mustExist } from './stand.ts'

export const saveBranch = command('masters.saveBranch', {
  kind: 'edit',
  version: 1,
  permission: 'masters.configure',
  edits: branch,
  args: {
    company: ref('masters.company'),
    code: code(),
    name: name(),
    tz: text(64),
    territory: code(),
    address: json<Address>(addressSchema).optional(),
    isDisabled: flag().optional(),
  },
  run(ctx, a) {
    mustExist(ctx, company, a.company, 'company')
    bringToStand(ctx, branch, { company: a.company, code: a.code }, a)
    ctx.describe({ name: a.name })
  },
})
