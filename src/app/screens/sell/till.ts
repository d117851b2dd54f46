// The till this device works at: its open shift with the settings that a sale takes from it. Which till it is, is whichever this device
// opened; nothing here decides whether it may.
import { useStatusPart } from '../../design/device-context.ts'
import { useViewRow } from '../../design/use-view.ts'
import type { TillMethod } from '../../../modules/masters/organisation.ts'
import type { tillAtWork } from '../../../modules/pos/till-views.ts'
import { useWorkplace } from '../shared/use-workplace.ts'
import type { SaleSettings } from './ticket-sale.ts'

export interface Till extends SaleSettings {
  readonly till: string
  readonly tillName: string
  readonly warehouse: string
  readonly openedAt: number
  readonly methods: readonly TillMethod[]
  readonly isOnAccountAllowed: boolean
  readonly differenceLimitMinor: number
}

/** undefined until it is known; null when no shift is open on this device. */
export function useTill(): Till | null | undefined {
  const device = useStatusPart('device')
  const place = useWorkplace()
  const { row, isKnown } = useViewRow<typeof tillAtWork>('pos.tillAtWork', device === null ? null : { device })
  if (!isKnown) return undefined
  if (row === null) return null
  return {
    shift: row.shift,
    till: row.till,
    tillName: row.tillName,
    warehouse: row.warehouse,
    openedAt: row.openedAt,
    businessDate: place.today,
    currency: row.currency,
    minorDigits: place.minorDigits,
    taxRounding: place.taxRounding,
    pricesIncludeTax: row.pricesIncludeTax === 1,
    priceList: row.priceList,
    cashStepMinor: row.cashStepMinor,
    methods: JSON.parse(row.methods) as TillMethod[],
    isOnAccountAllowed: row.isOnAccountAllowed === 1,
    differenceLimitMinor: row.differenceLimitMinor,
  }
}
