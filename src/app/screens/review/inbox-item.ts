// One thing that waits for a decision, whatever its kind: parked work, a named exception, a value that lost. What all kinds share is said
// once here, so that list, keys, filters and bulk know no kind. Pure.
import type { exceptionList, lostList, parkedList } from '../../../modules/review/views.ts'
import type { RowOfView } from '../../design/use-view.ts'

export type ParkedRow = RowOfView<typeof parkedList>
export type ExceptionRow = RowOfView<typeof exceptionList>
export type LostRow = RowOfView<typeof lostList>

export const kinds = ['parked', 'exception', 'value'] as const
export type Kind = (typeof kinds)[number]

interface Common {
  readonly id: string
  /** `parked/sales.placeOrder`: what is alike stands together. */
  readonly group: string
  readonly title: string
  readonly why: string
  /** Whose work it is. */
  readonly by: string
  /** Since when it waits, ms since 1970. */
  readonly since: number
  readonly branch: string | null
  /** The desk that an exception goes to. */
  readonly owner: string | null
  readonly isUrgent: boolean
  /** The person may decide it and it is theirs to. */
  readonly isMine: boolean
}
export type InboxItem = Common &
  (
    | { readonly kind: 'parked'; readonly row: ParkedRow }
    | { readonly kind: 'exception'; readonly row: ExceptionRow }
    | { readonly kind: 'value'; readonly row: LostRow }
  )

export const groupOf = (kind: Kind, type: string): string => `${kind}/${type}`
export const kindOfGroup = (group: string): Kind => group.slice(0, group.indexOf('/')) as Kind
export const typeOfGroup = (group: string): string => group.slice(group.indexOf('/') + 1)

export interface Filter {
  readonly kind: Kind | null
  readonly isMine: boolean
  readonly branch: string | null
}

export const passes =
  ({ kind, isMine, branch }: Filter) =>
  (item: InboxItem): boolean =>
    (kind === null || item.kind === kind) && (!isMine || item.isMine) && (branch === null || item.branch === branch)

/** What can't wait first; then what is alike together, the group whose oldest waits longest first, and in it the oldest first. */
export function inOrder(items: readonly InboxItem[]): InboxItem[] {
  const first = new Map<string, { readonly isUrgent: boolean; readonly since: number }>()
  for (const { group, isUrgent, since } of items) {
    const seen = first.get(group)
    first.set(group, {
      isUrgent: isUrgent || seen?.isUrgent === true,
      since: Math.min(since, seen?.since ?? since),
    })
  }
  const rank = ({ group }: InboxItem) => first.get(group) ?? { isUrgent: false, since: 0 }
  return items.toSorted(
    (a, b) =>
      Number(rank(b).isUrgent) - Number(rank(a).isUrgent) ||
      kinds.indexOf(a.kind) - kinds.indexOf(b.kind) ||
      rank(a).since - rank(b).since ||
      (a.group < b.group ? -1 : Number(a.group > b.group)) ||
      Number(b.isUrgent) - Number(a.isUrgent) ||
      a.since - b.since ||
      (a.id < b.id ? -1 : 1),
  )
}
