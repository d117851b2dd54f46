// Allotment: a device's own share of something scarce, so that it can promise it without a network. Granting, enlarging
// and taking back are decided on the hub; using is a fact and always stands. It never knows what the scarce thing is: who
// owns it says how much of it there is.
import { ELSEWHERE, type Context } from './command.ts'
import { code, instant, integerDelta, text } from './field.ts'
import { table, type Row } from './table.ts'

export const allotmentKinds = ['stock', 'credit'] as const
export type AllotmentKind = (typeof allotmentKinds)[number]

const scarceFields = {
  kind: code(allotmentKinds),
  /** Where it is scarce: a warehouse, a company. */
  scope: text(64),
  /** What is scarce: an item, a customer's credit. */
  resource: text(64),
  /** The branch or territory whose devices see it. */
  area: text(64),
}
const bucketsOf = (row: { readonly kind: string; readonly area: string }): string[] =>
  row.kind === 'stock' ? [`stock:${row.area}`] : [`parties:${row.area}`, 'parties']

/** One device's share, in the measure of what is scarce (Quantity6, minor units). */
export const allotment = table('kernel.allotment', {
  key: ['kind', 'scope', 'resource', 'device'],
  fields: {
    ...scarceFields,
    device: text(16),
    granted: integerDelta(),
    used: integerDelta(),
    /** Ends new use; what is left goes back once the device has reported a later moment. */
    expiresAt: instant().optional(),
  },
  indexes: { byDevice: ['device', 'expiresAt'], byResource: ['kind', 'scope', 'resource'] },
  buckets: bucketsOf,
})

/** All devices' shares together. */
export const allotmentSum = table('kernel.allotmentSum', {
  key: ['kind', 'scope', 'resource'],
  fields: { ...scarceFields, granted: integerDelta(), used: integerDelta() },
  buckets: bucketsOf,
})

export interface Scarce {
  readonly kind: AllotmentKind
  readonly scope: string
  readonly resource: string
  readonly area: string
}

/** A customer's credit with a company. */
export const creditOf = (of: {
  readonly party: string
  readonly company: string
  readonly territory: string
}): Scarce => ({
  kind: 'credit',
  scope: of.company,
  resource: of.party,
  area: of.territory,
})

export const leftOf = (share: Pick<Row<typeof allotment>, 'granted' | 'used'> | null): number =>
  share === null ? 0 : share.granted - share.used

export function shareOf(ctx: Context, of: Scarce, device = ctx.device): Row<typeof allotment> | null {
  const share = ctx.getByKey(allotment, { ...of, device })
  return share === ELSEWHERE ? null : share
}

/** What all shares still hold. */
function allottedOf(ctx: Context, of: Scarce): number {
  const sum = ctx.getByKey(allotmentSum, { ...of }, { soft: true })
  return sum === ELSEWHERE ? 0 : leftOf(sum)
}

/** What no share holds; below zero when more was used than there was. `headroom` is what there is now. [ALLOT1] */
export const freeOf = (ctx: Context, of: Scarce, headroom: number): number => headroom - allottedOf(ctx, of)

export interface Standing {
  /** What this device may still use of its own share. */
  readonly own: number
  /** What the shares of other devices hold. */
  readonly others: number
  /** The most that can be used without touching what was promised to others; null where nobody here knows how much there is. */
  readonly available: number | null
}

/** How this device stands to something scarce of which `headroom` is there (null: not known here). */
export function standingOf(ctx: Context, of: Scarce, headroom: number | null): Standing {
  const share = shareOf(ctx, of)
  const isOver = share?.expiresAt != null && share.expiresAt < ctx.now
  const own = isOver ? 0 : Math.max(0, leftOf(share))
  const others = Math.max(0, allottedOf(ctx, of) - leftOf(share))
  // One's own share is good whatever others took beyond theirs.
  const rest = headroom === null ? null : headroom - others
  return { own, others, available: rest === null || own === 0 ? rest : Math.max(own, rest) }
}

/**
 * Uses the share as far as it reaches and tells whether the policy for what is beyond it allows the rest: at capture alone, because once
 * it happened only the total counts. Returns what was beyond.
 */
export function useShare(ctx: Context, of: Scarce, quantity: number, { own, others }: Standing): number {
  const part = Math.min(own, Math.max(0, quantity))
  if (part > 0) addTo(ctx, of, ctx.device, { used: part })
  const beyond = quantity - part
  if (ctx.isHub || beyond <= 0 || (own === 0 && others === 0)) return beyond
  const policy = ctx.lease.policy['sharePolicy'] ?? 'warn'
  const facts = { kind: of.kind, resource: of.resource, share: own, beyond }
  if (policy === 'block') ctx.rule('kernel.beyond-share', false, { ...facts, exception: 'BEYOND_SHARE' })
  else if (policy === 'warn') ctx.exception('BEYOND_SHARE', facts)
  return beyond
}

/** Makes a share larger or smaller. Only what the hub decided may be called with more than nothing. */
export const resizeShare = (ctx: Context, of: Scarce, device: string, granted: number): string =>
  addTo(ctx, of, device, { granted })

function addTo(
  ctx: Context,
  { kind, scope, resource, area }: Scarce,
  device: string,
  deltas: { readonly granted?: number; readonly used?: number },
): string {
  const scarce = { kind, scope, resource, area }
  ctx.add(allotmentSum, scarce, deltas)
  return ctx.add(allotment, { ...scarce, device }, deltas)
}

/** What is left of shares that ended before `until` goes back: call it once the device has reported everything until then. [ALLOT2] */
export function returnExpired(ctx: Context, device: string, until: number): void {
  for (const share of ctx.find(allotment, 'byDevice', { device }, { to: until })) {
    const left = leftOf(share)
    if (left > 0) resizeShare(ctx, share, device, -left)
  }
}

export const allotmentTables = [allotment, allotmentSum]
