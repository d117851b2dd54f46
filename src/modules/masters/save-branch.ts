// Makes a branch or changes it.
import { command } from '../../kernel/command.ts'
import { code, flag, json, name, ref, text } from '../../kernel/field.ts'
import { addressSchema, branch, company, type Address } from './organisation.ts'
import { bringToStand, mustBeRegion, mustExist } from './stand.ts'

export const saveBranch = command('masters.saveBranch', {
  kind: 'edit',
  version: 2,
  upcast: { 1: (given) => given },
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
    /** Null takes it off. */
    region: code().optional(),
  },
  run(ctx, a) {
    mustExist(ctx, company, a.company, 'company')
    if (a.region !== undefined && a.region !== null) mustBeRegion(ctx, a.region)
    bringToStand(ctx, branch, { company: a.company, code: a.code }, a)
    ctx.describe({ name: a.name })
  },
})
