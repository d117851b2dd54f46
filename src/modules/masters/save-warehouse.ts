// Makes a warehouse, or a vehicle that carries stock, or changes it.
import { command } from '../../kernel/command.ts'
import { code, flag, name, ref } from '../../kernel/field.ts'
import { branch, warehouse } from './organisation.ts'
import { bringToStand, mustExist } from './stand.ts'

export const saveWarehouse = command('masters.saveWarehouse', {
  kind: 'edit',
  version: 1,
  permission: 'masters.configure',
  edits: warehouse,
  args: {
    branch: ref('masters.branch'),
    code: code(),
    name: name(),
    isVehicle: flag().optional(),
    isDisabled: flag().optional(),
  },
  run(ctx, a) {
    mustExist(ctx, branch, a.branch, 'branch')
    bringToStand(ctx, warehouse, { branch: a.branch, code: a.code }, a)
    ctx.describe({ name: a.name })
  },
})
