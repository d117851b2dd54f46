// Opens, soft-closes or closes a month. A request: a device's copy says only what was closed when it last heard. Whoever
// closes before every device has reported names the missing ones.
import { ELSEWHERE, command } from '../../kernel/command.ts'
import { openCut } from '../../kernel/completeness.ts'
import { code, text } from '../../kernel/field.ts'
import { fiscalPeriod, periodStates } from '../../kernel/period.ts'
import { refuse, rule } from './refusals.ts'

export const setPeriod = command('accounting.setPeriod', {
  kind: 'request',
  version: 1,
  permission: 'accounting.closePeriod',
  edits: fiscalPeriod,
  args: { month: code(), state: code(periodStates), missing: text(500).optional() },
  run(ctx, a) {
    if (!/^\d{4}-(0[1-9]|1[0-2])$/.test(a.month)) refuse(ctx, 'accounting.month-malformed', { month: a.month })
    const { company } = ctx.lease
    const key = { company, month: a.month }
    const known = ctx.getByKey(fiscalPeriod, key)
    if (known === ELSEWHERE) return
    rule(ctx, 'accounting.period-closed', known?.state !== 'closed', { month: a.month })
    const fields = { state: a.state, changedAt: ctx.now, changedBy: ctx.user, missing: a.missing ?? null }
    if (known === null) ctx.insert(fiscalPeriod, { id: ctx.idOf(fiscalPeriod, key), ...key, ...fields })
    else ctx.patch(fiscalPeriod, known.id, fields)
    if (a.state !== 'open') {
      openCut(ctx, {
        purpose: 'period',
        document: fiscalPeriod.name,
        documentId: ctx.idOf(fiscalPeriod, key),
        branch: null,
        asOf: ctx.moment.at,
        bucket: `ledger:${company}`,
      })
    }
    ctx.describe({ month: a.month, state: a.state, missing: a.missing ?? null })
  },
})
