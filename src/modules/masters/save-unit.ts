// Makes a unit of measure or renames it.
import { command } from '../../kernel/command.ts'
import { code, integer, name } from '../../kernel/field.ts'
import { unit } from './item.ts'
import { bringToStand } from './stand.ts'

export const saveUnit = command('masters.saveUnit', {
  kind: 'edit',
  version: 1,
  permission: 'masters.edit',
  edits: unit,
  args: { code: code(), name: name(64), decimals: integer().optional() },
  run(ctx, a) {
    const decimals = a.decimals ?? 0
    if (decimals < 0 || decimals > 6) ctx.refuse('masters.decimals-out-of-range', { decimals, most: 6 })
    bringToStand(ctx, unit, { code: a.code }, a)
    ctx.describe({ name: a.name })
  },
})
