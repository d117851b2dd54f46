// Goods of a branch in the hands of its devices: receipts, issues and counts of the one item in its store, and what the hub says of them.
import type { Device } from '../sync/device/device.ts'
import type { BranchHub } from './branch-hub.ts'

const DAY = '2026-11-20'

/** Of scaled quantities: so many whole ones. */
export const pieces = (count: number): number => count * 1_000_000
export const codeOf = ({ replica }: Device): string => replica.identity()?.dev ?? ''

export interface BranchGoods {
  receive(device: Device, count: number): Promise<unknown>
  issue(device: Device, count: number): Promise<unknown>
  /** The id of the count. */
  count(device: Device, found: number): Promise<string>
  /** What the hub says of a count: whether it is complete, and for whom it waits. */
  cutOf(count: string): Promise<{ readonly state: string; readonly missing: readonly string[] } | undefined>
}

export function branchGoods(place: BranchHub): BranchGoods {
  const at = { warehouse: place.store, businessDate: DAY }
  const line = { item: place.item, unit: 'each' }
  return {
    receive: (device, count) =>
      place.must(device, 'inventory.receiveGoods', {
        ...at,
        order: 'none',
        lines: [{ ...line, accepted: pieces(count), rate: 20_000_000 }],
      }),
    issue: (device, count) =>
      place.must(device, 'inventory.issueGoods', {
        ...at,
        reason: 'consumption',
        lines: [{ ...line, quantity: pieces(count) }],
      }),
    async count(device, found) {
      const lines = [{ ...line, quantity: pieces(found) }]
      const [id = ''] = await place.must(device, 'inventory.countStock', { ...at, lines }, 'inventory.count')
      return id
    },
    async cutOf(count) {
      const found = await place.hub.rows<{ state: string; missing: string[] }>(
        'SELECT state, missing FROM kernel_cut WHERE document_id = $1',
        [count],
      )
      return found[0]
    },
  }
}
