// A delivery while it is recorded: what was handed over or refused of each open line, and what happened on the whole. Pure functions over
// plain JSON, so that it survives a reload; it decides no stock and no price.
import type { Blob } from '../../../kernel/blob.ts'
import { quantity6 } from '../../../kernel/amount.ts'
import type { ArgsFor } from '../../../kernel/command.ts'
import type { deliver } from '../../../modules/delivery/deliver.ts'
import type { DeliverableLine, DeliverableOrder } from '../../../modules/delivery/views.ts'

export const happenings = ['handed', 'refused', 'absent', 'rescheduled'] as const
export type Happened = (typeof happenings)[number]

export interface DeliverLine {
  /** Quantity6 in the line's unit; null while it can't be read. */
  readonly quantity: number | null
  readonly refused: number
  readonly batch: string
  /** As typed, with commas between them. */
  readonly serials: string
}

export interface DeliverDraft {
  /** Names the delivery to come: a resend gives the first answer again. */
  readonly id: string
  readonly happened: Happened
  readonly recipient: string
  readonly whyRefused: string
  readonly remarks: string
  /** Kept on this device already; part of the delivery once it is recorded. */
  readonly photos?: readonly Blob[]
  /** Strokes, empty while nobody has signed. */
  readonly signature?: string
  /** By order line; a line that nobody touched is handed over in full. */
  readonly lines: Readonly<Record<string, DeliverLine>>
}

export const newDelivery = (id: string): DeliverDraft => ({
  id,
  happened: 'handed',
  recipient: '',
  whyRefused: '',
  remarks: '',
  lines: {},
})

export const lineIn = (draft: DeliverDraft, line: Pick<DeliverableLine, 'id' | 'open'>): DeliverLine =>
  draft.lines[line.id] ?? { quantity: line.open, refused: 0, batch: '', serials: '' }

/** What is refused is not handed over: of an open line, the rest is. */
export const refuseOf = (
  draft: DeliverDraft,
  line: Pick<DeliverableLine, 'id' | 'open'>,
  refused: number,
): DeliverDraft => changeLine(draft, line, { refused, quantity: Math.max(0, line.open - refused) })

export const changeLine = (
  draft: DeliverDraft,
  line: Pick<DeliverableLine, 'id' | 'open'>,
  change: Partial<DeliverLine>,
): DeliverDraft => ({
  ...draft,
  lines: { ...draft.lines, [line.id]: { ...lineIn(draft, line), ...change } },
})

const serialsOf = (typed: string): readonly string[] =>
  typed
    .split(',')
    .map((serial) => serial.trim())
    .filter((serial) => serial !== '')

export type DeliverFlaw = 'quantity' | 'nothing' | 'reason'

/** What is still wrong with the whole, or null. */
export function flawOf(draft: DeliverDraft, lines: readonly DeliverableLine[]): DeliverFlaw | null {
  const entered = lines.map((line) => lineIn(draft, line))
  const isRefused =
    draft.happened === 'refused' || (draft.happened === 'handed' && entered.some(({ refused }) => refused > 0))
  if (isRefused && draft.whyRefused.trim() === '') return 'reason'
  if (draft.happened !== 'handed') return null
  if (entered.some(({ quantity }) => quantity === null)) return 'quantity'
  return entered.every(({ quantity, refused }) => quantity === 0 && refused === 0) ? 'nothing' : null
}

type Args = ArgsFor<typeof deliver>

function outcomeOf(draft: DeliverDraft, lines: readonly DeliverableLine[]): Args['outcome'] {
  if (draft.happened !== 'handed') return draft.happened
  const entered = lines.map((line) => ({ line, ...lineIn(draft, line) }))
  if (entered.every(({ quantity }) => quantity === 0)) return 'refused'
  return entered.every(({ line, quantity, refused }) => (quantity ?? 0) >= line.open && refused === 0)
    ? 'delivered'
    : 'part'
}

function linesOf(draft: DeliverDraft, lines: readonly DeliverableLine[]): Args['lines'] {
  if (draft.happened === 'absent' || draft.happened === 'rescheduled') return []
  return lines.flatMap((line) => {
    const { quantity, refused, batch, serials } = lineIn(draft, line)
    const handed = draft.happened === 'refused' ? 0 : (quantity ?? 0)
    const back = draft.happened === 'refused' ? line.open : refused
    if (handed === 0 && back === 0) return []
    const numbers = handed === 0 ? [] : serialsOf(serials)
    return [
      {
        orderLine: line.id,
        item: line.item,
        itemName: line.itemName,
        unit: line.unit,
        factorNum: line.factorNum,
        factorDen: line.factorDen,
        quantity: quantity6(handed),
        ...(back > 0 && { refusedQuantity: quantity6(back), refusedReason: draft.whyRefused.trim() }),
        ...(batch.trim() !== '' && { batch: batch.trim() }),
        ...(numbers.length > 0 && { serials: numbers }),
      },
    ]
  })
}

export interface DeliverGiven {
  readonly order: Pick<DeliverableOrder, 'id' | 'party' | 'partyName' | 'territory' | 'currency'>
  readonly lines: readonly DeliverableLine[]
  readonly warehouse: string
  readonly businessDate: string
}

export function deliverArgs(draft: DeliverDraft, { order, lines, warehouse, businessDate }: DeliverGiven): Args {
  return {
    order: order.id,
    party: order.party,
    partyName: order.partyName,
    territory: order.territory,
    currency: order.currency,
    businessDate,
    warehouse,
    outcome: outcomeOf(draft, lines),
    ...(draft.recipient.trim() !== '' && { recipient: draft.recipient.trim() }),
    ...(draft.happened === 'handed' &&
      draft.signature !== undefined &&
      draft.signature !== '' && { signature: draft.signature }),
    ...(draft.photos !== undefined && draft.photos.length > 0 && { photos: draft.photos }),
    ...(draft.remarks.trim() !== '' && { remarks: draft.remarks.trim() }),
    lines: linesOf(draft, lines),
  }
}
