// Every kind of file that `holdfast import` takes, by name.
import { barcodes } from './import-barcodes.ts'
import { items } from './import-items.ts'
import { openingStock } from './import-opening-stock.ts'
import { parties } from './import-parties.ts'
import { prices } from './import-prices.ts'
import type { ImportKind } from './kind.ts'

export const importKinds: readonly ImportKind[] = [items, barcodes, prices, parties, openingStock]
