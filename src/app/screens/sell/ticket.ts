// The ticket of a till while it is being made: what was scanned, changed and tendered. Pure functions over plain JSON, so that it can be kept
// in the device's database after every touch. It knows no prices: those come from the quote.
import { ONE6 } from '../../../kernel/amount.ts'
import type { UnitFactor } from '../../../kernel/unit.ts'
import type { Discount } from '../../../modules/pricing/price-types.ts'
import type { SaleArgs } from '../../../modules/pos/sale-args.ts'

export interface TicketUnit extends UnitFactor {
  readonly unit: string
}

export interface TicketLine {
  /** Stable while the ticket lives. */
  readonly key: string
  readonly item: string
  readonly code: string
  readonly name: string
  readonly type: string
  readonly unit: string
  readonly units: readonly TicketUnit[]
  /** Decimals of a quantity in the stock unit. */
  readonly decimals: number
  /** Quantity6, above zero. */
  readonly quantity: number
  /** Rate6 typed by hand; null takes the list's. */
  readonly manualRate: number | null
  readonly discount: Discount | null
  readonly hasSerial: boolean
  readonly serials: readonly string[]
  readonly hasBatch: boolean
  readonly batch: string | null
}

export interface TicketParty {
  readonly id: string
  readonly name: string
  readonly territory: string
}

/** Money on the table: `amount` of the document it pays, `given` what was handed over (cash). Minor units. */
export interface TicketTender {
  readonly method: string
  readonly kind: 'cash' | 'card' | 'voucher' | 'account' | 'other'
  readonly amount: number
  readonly given: number | null
  readonly reference: string | null
}

export interface Ticket {
  /** Names the sale to come: a resend after a crash gives the first answer again. */
  readonly id: string
  readonly lines: readonly TicketLine[]
  readonly party: TicketParty | null
  readonly discount: Discount | null
  readonly tenders: readonly TicketTender[]
  readonly isPaying: boolean
  readonly heldSale: string | null
  readonly heldName: string | null
  /** The sale as it was handed to the device; set until its answer is known. */
  readonly pending: SaleArgs | null
  /** How many lines were ever added: the next line's key. */
  readonly made: number
}

export const newTicket = (id: string): Ticket => ({
  id,
  lines: [],
  party: null,
  discount: null,
  tenders: [],
  isPaying: false,
  heldSale: null,
  heldName: null,
  pending: null,
  made: 0,
})

export interface Addable {
  readonly id: string
  readonly code: string
  readonly name: string
  readonly type: string
  readonly stockUnit: string
  readonly decimals: number
  /** JSON text: the units beside the stock unit. */
  readonly units: string
  readonly hasSerial: number
  readonly hasBatch: number
}

const unitsOf = (item: Addable): readonly TicketUnit[] => [
  { unit: item.stockUnit, num: 1, den: 1 },
  ...(JSON.parse(item.units) as TicketUnit[]),
]

/** Whether one more of the item may simply be counted on a line that is there. */
const isPlain = (line: TicketLine, item: string, unit: string): boolean =>
  line.item === item &&
  line.unit === unit &&
  line.manualRate === null &&
  line.discount === null &&
  !line.hasSerial &&
  line.batch === null

/** Adds a scanned or touched item, one if not said otherwise; returns the ticket and the line that it is on. */
export function addItem(
  ticket: Ticket,
  item: Addable,
  unit = item.stockUnit,
  quantity: number = ONE6,
): { readonly ticket: Ticket; readonly key: string } {
  const open = { ...ticket, tenders: [], isPaying: false }
  const same = ticket.lines.find((line) => isPlain(line, item.id, unit))
  if (same !== undefined)
    return { ticket: changeLine(open, same.key, { quantity: same.quantity + quantity }), key: same.key }
  const key = String(ticket.made + 1)
  const line: TicketLine = {
    key,
    item: item.id,
    code: item.code,
    name: item.name,
    type: item.type,
    unit,
    units: unitsOf(item),
    decimals: item.decimals,
    quantity,
    manualRate: null,
    discount: null,
    hasSerial: item.hasSerial === 1,
    serials: [],
    hasBatch: item.hasBatch === 1,
    batch: null,
  }
  return { ticket: { ...open, lines: [...ticket.lines, line], made: ticket.made + 1 }, key }
}

/** Changes a line. Tenders fall away: they were for another total. */
export function changeLine(ticket: Ticket, key: string, change: Partial<TicketLine>): Ticket {
  return {
    ...ticket,
    tenders: [],
    isPaying: false,
    lines: ticket.lines.map((line) => (line.key === key ? { ...line, ...change } : line)),
  }
}

export const removeLine = (ticket: Ticket, key: string): Ticket => ({
  ...ticket,
  tenders: [],
  isPaying: false,
  lines: ticket.lines.filter((line) => line.key !== key),
})

/** Decimals that a quantity in the line's unit may have: only the stock unit comes in fractions. */
export const decimalsOfLine = (line: Pick<TicketLine, 'unit' | 'units' | 'decimals'>): number =>
  line.unit === line.units[0]?.unit ? line.decimals : 0
