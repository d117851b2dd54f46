// Adds an account to the chart, or names it anew. A request: the chart is never decided on a device. An account's type
// is frozen, because its balance would change sides.
import { ELSEWHERE, command } from '../../kernel/command.ts'
import { code, flag, name } from '../../kernel/field.ts'
import { account, accountTypes } from './account.ts'
import { rule } from './refusals.ts'

export const saveAccount = command('accounting.saveAccount', {
  kind: 'request',
  version: 1,
  permission: 'accounting.chart',
  edits: account,
  args: { code: code(), name: name(), type: code(accountTypes), isDisabled: flag().optional() },
  run(ctx, a) {
    const { company } = ctx.lease
    const known = ctx.getByKey(account, { company, code: a.code })
    if (known === ELSEWHERE) return
    if (known === null) {
      ctx.insert(account, {
        id: ctx.idOf(account, { company, code: a.code }),
        company,
        code: a.code,
        name: a.name,
        type: a.type,
        isDisabled: a.isDisabled ?? false,
      })
    } else {
      rule(ctx, 'accounting.account-in-use', known.type === a.type, { account: a.code, type: known.type })
      const isDisabled = a.isDisabled ?? known.isDisabled
      if (known.name !== a.name || known.isDisabled !== isDisabled)
        ctx.patch(account, known.id, { name: a.name, isDisabled })
    }
    ctx.describe({ number: a.code, name: a.name })
  },
})
