// Makes a till or changes its settings: where it sells from, how one may pay there.
import { command } from '../../kernel/command.ts'
import { code, flag, integer, name, ref, set } from '../../kernel/field.ts'
import { branch, till, tillMethods, warehouse } from './organisation.ts'
import { priceList } from './price.ts'
import { bringToStand, mustExist } from './stand.ts'

export const saveTill = command('masters.saveTill', {
  kind: 'request',
  version: 1,
  permission: 'masters.configure',
  edits: till,
  args: {
    branch: ref('masters.branch'),
    code: code(),
    name: name(),
    warehouse: ref('masters.warehouse'),
    methods: tillMethods(),
    priceList: ref('masters.priceList').optional(),
    cashRoundingMinor: integer().optional(),
    isOnAccountAllowed: flag().optional(),
    cashDifferenceLimitMinor: integer().optional(),
    groups: set().optional(),
    isDisabled: flag().optional(),
  },
  run(ctx, a) {
    if ((a.cashRoundingMinor ?? 0) < 0)
      ctx.refuse('masters.cash-rounding-negative', { cashRoundingMinor: a.cashRoundingMinor ?? 0 })
    if (new Set(a.methods.map((method) => method.code)).size < a.methods.length)
      ctx.refuse('masters.method-twice', { till: a.code })
    mustExist(ctx, branch, a.branch, 'branch')
    mustExist(ctx, warehouse, a.warehouse, 'warehouse')
    if (a.priceList != null) mustExist(ctx, priceList, a.priceList, 'price-list')
    bringToStand(ctx, till, { branch: a.branch, code: a.code }, a)
    ctx.describe({ name: a.name })
  },
})
