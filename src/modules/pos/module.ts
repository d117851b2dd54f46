// The till: shifts, sales, returns and the money in the drawer. It knows no screen and no network.
import type { Module } from '../../kernel/catalogue.ts'
import { cashIn } from './cash-in.ts'
import { cashMovement } from './cash-movement.ts'
import { cashOut } from './cash-out.ts'
import { closeShift } from './close-shift.ts'
import { completeSale } from './complete-sale.ts'
import { dropHeldSale } from './drop-held-sale.ts'
import { heldSale } from './held-sale.ts'
import { holdSale } from './hold-sale.ts'
import { linkReturn } from './link-return.ts'
import { openDrawer } from './open-drawer.ts'
import { openShift } from './open-shift.ts'
import { posExceptions } from './refusals.ts'
import { reprintReceipt } from './reprint-receipt.ts'
import { resumeSale } from './resume-sale.ts'
import { returnSale } from './return-sale.ts'
import { safeDrop } from './safe-drop.ts'
import { sale, saleLine, tender } from './sale.ts'
import { settleTender } from './settle-tender.ts'
import { shift, shiftCount } from './shift.ts'
import { tillViews } from './till-views.ts'
import { posViews } from './views.ts'

export const posModule: Module = {
  name: 'pos',
  tables: [shift, shiftCount, sale, saleLine, tender, heldSale, cashMovement],
  commands: [
    openShift,
    completeSale,
    returnSale,
    holdSale,
    resumeSale,
    dropHeldSale,
    cashIn,
    cashOut,
    safeDrop,
    openDrawer,
    reprintReceipt,
    closeShift,
    settleTender,
    linkReturn,
  ],
  views: [...posViews, ...tillViews],
  exceptions: posExceptions,
}
