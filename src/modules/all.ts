// Every module of the product, and the catalogue that both sides build from them. The order is that of the menus.
import { catalogueOf, type Module } from '../kernel/catalogue.ts'
import { accountingModule } from './accounting/module.ts'
import { allotmentModule } from './allotment/module.ts'
import { crmModule } from './crm/module.ts'
import { deliveryModule } from './delivery/module.ts'
import { inventoryModule } from './inventory/module.ts'
import { mastersModule } from './masters/module.ts'
import { paymentsModule } from './payments/module.ts'
import { posModule } from './pos/module.ts'
import { privacyModule } from './privacy/module.ts'
import { pricingModule } from './pricing/module.ts'
import { reviewModule } from './review/module.ts'
import { salesModule } from './sales/module.ts'

const business: readonly Module[] = [
  mastersModule,
  pricingModule,
  posModule,
  salesModule,
  deliveryModule,
  paymentsModule,
  inventoryModule,
  allotmentModule,
  crmModule,
  accountingModule,
]

export const modules: readonly Module[] = [...business, reviewModule(business), privacyModule(business)]

export const catalogue = catalogueOf(modules)
