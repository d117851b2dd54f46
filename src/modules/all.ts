// Every module of the product, and the catalogue that both sides build from them. The order is that of the menus.
import { catalogueOf, type Module } from '../kernel/catalogue.ts'
import { crmModule } from './crm/module.ts'
import { inventoryModule } from './inventory/module.ts'
import { mastersModule } from './masters/module.ts'
import { posModule } from './pos/module.ts'
import { pricingModule } from './pricing/module.ts'
import { reviewModule } from './review/module.ts'

const business: readonly Module[] = [mastersModule, pricingModule, posModule, inventoryModule, crmModule]

export const modules: readonly Module[] = [...business, reviewModule(business)]

export const catalogue = catalogueOf(modules)
