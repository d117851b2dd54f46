// Months of the books: whether a document may still carry a day of one. A device asks what it last heard (its snapshot); the
// hub refuses nothing for it, because its books find the first open month by themselves and name the document.
import type { Context } from './command.ts'
import { ELSEWHERE } from './command.ts'
import { code, instant, ref, text } from './field.ts'
import { mayDo } from './lease.ts'
import { table } from './table.ts'

/** `2026-11-21` → `2026-11`: the month of a day, also the month part of a bucket's name. */
export const monthOf = (businessDate: string): string => businessDate.slice(0, 7)

/** soft-closed: only who may post into it still does · closed: nobody does. */
export const periodStates = ['open', 'soft-closed', 'closed'] as const
export type PeriodState = (typeof periodStates)[number]

/** A month without a row is open. Set by accounting, whose name it keeps. */
export const fiscalPeriod = table('accounting.fiscalPeriod', {
  key: ['company', 'month'],
  fields: {
    company: ref('masters.company'),
    /** `2026-11` */
    month: code(),
    state: code(periodStates),
    changedAt: instant().merge('stamp'),
    changedBy: ref('masters.user').merge('stamp'),
    /** Devices that had not reported when it was closed, by name; empty when all had. */
    missing: text(500).optional(),
  },
  indexes: { byCompany: ['company', 'month'] },
  buckets: () => ['company'],
  whole: ['company'],
})

/** The month as this person meets it: a soft-closed one is open to whoever may post into it. */
export function periodState(
  ctx: Context,
  company: string,
  month: string,
  options: { soft?: boolean } = {},
): PeriodState {
  const period = ctx.getByKey(fiscalPeriod, { company, month }, options)
  if (period === null || period === ELSEWHERE) return 'open'
  const isTheirs = period.state === 'soft-closed' && mayDo(ctx.lease, 'accounting.postIntoSoftClosed')
  return isTheirs ? 'open' : period.state
}

/** On the device, a document's day must be open in its snapshot. What is late all the same is named by the hub's books. */
export function checkDay(ctx: Context, company: string, businessDate: string): void {
  if (ctx.isHub) return
  const month = monthOf(businessDate)
  const state = periodState(ctx, company, month, { soft: true })
  ctx.rule('kernel.period-closed', state === 'open', { month, state, exception: 'LATE_DOCUMENT' })
}
