// Which account stands against the stock account for a movement: by its reason first, then by the kind of document. A
// movement nobody named goes to stock-adjustment, where an accountant sees it.

const byReason: Readonly<Record<string, string>> = {
  opening: 'opening-balance',
  scrap: 'scrap',
  breakage: 'scrap',
  expired: 'scrap',
  sample: 'samples',
  count: 'stock-difference',
  // What a count had seen already was booked there as its difference.
  'in-count': 'stock-difference',
}

const byDocument: Readonly<Record<string, string>> = {
  'pos.sale': 'cost-of-sales',
  'delivery.delivery': 'cost-of-sales',
  'delivery.goodsReturn': 'cost-of-sales',
  'sales.creditNote': 'cost-of-sales',
  'inventory.receipt': 'received-not-billed',
  'inventory.opening': 'opening-balance',
  'inventory.count': 'stock-difference',
  'purchasing.receipt': 'received-not-billed',
  'purchasing.supplierReturn': 'received-not-billed',
}

const byModule: Readonly<Record<string, string>> = { service: 'cost-of-sales', production: 'work-in-progress' }

export const RECEIVED = 'received-not-billed'

/** The purpose against `stock`. */
export function purposeOfMovement(document: string, reason: string | null): string {
  const module = document.slice(0, document.indexOf('.'))
  return (
    (reason === null ? undefined : byReason[reason]) ?? byDocument[document] ?? byModule[module] ?? 'stock-adjustment'
  )
}
