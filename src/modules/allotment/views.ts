// What screens show of shares: this device's own, and everybody's where one may see them. Reading only.
import { allotment, type AllotmentKind } from '../../kernel/allotment.ts'
import { view } from '../../kernel/view.ts'

/** Shares of one scarce thing, or of all of its scopes: the largest first. */
export const shares = view<{
  scope: string
  device: string
  granted: number
  used: number
  left: number
  expiresAt: number | null
}>()('allotment.shares', [allotment], (a: { kind: AllotmentKind; resource: string; device?: string }) => ({
  text: `select scope, device, granted, used, granted - used as "left", expires_at as expiresAt from kernel_allotment
    where kind = ? and resource = ? and gone_at is null ${a.device === undefined ? '' : 'and device = ?'} and granted <> 0
    order by granted - used desc, device`,
  params: [a.kind, a.resource, ...(a.device === undefined ? [] : [a.device])],
}))
