// Every module of the product, and the catalogue that both sides build from them. The order is that of the menus.
import { catalogueOf, type Module } from '../kernel/catalogue.ts'
import { mastersModule } from './masters/module.ts'
import { pricingModule } from './pricing/module.ts'

export const modules: readonly Module[] = [mastersModule, pricingModule]

export const catalogue = catalogueOf(modules)
