// Says which account a purpose (sales, receivable, tax-STD …) posts to from now on. A request; what was posted stays.
import { ELSEWHERE, command } from '../../kernel/command.ts'
import { code } from '../../kernel/field.ts'
import { postingProfile } from '../../kernel/ledger.ts'
import { account } from './account.ts'
import { rule } from './refusals.ts'

export const setPostingProfile = command('accounting.setPostingProfile', {
  kind: 'request',
  version: 1,
  permission: 'accounting.chart',
  edits: postingProfile,
  args: { purpose: code(), account: code() },
  run(ctx, a) {
    const { company } = ctx.lease
    const to = ctx.getByKey(account, { company, code: a.account })
    if (to === ELSEWHERE) return
    if (!rule(ctx, 'accounting.unknown-account', to !== null, { account: a.account })) return
    const id = ctx.idOf(postingProfile, { company, purpose: a.purpose })
    const known = ctx.getByKey(postingProfile, { company, purpose: a.purpose })
    if (known === null || known === ELSEWHERE)
      ctx.insert(postingProfile, { id, company, purpose: a.purpose, account: a.account })
    else if (known.account !== a.account) ctx.patch(postingProfile, id, { account: a.account })
    ctx.describe({ purpose: a.purpose, account: a.account })
  },
})
