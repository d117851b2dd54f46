// What Brightwater sells: forty items of a builders' merchant that also keeps cafés going. Invented, like the company.

/** code, name, group, stock unit, tax code, retail price with tax, trade price without, cost (all £ per stock unit). */
export type ItemTuple = readonly [string, string, string, string, string, number, number, number, ItemMore?]
export interface ItemMore {
  readonly type?: 'goods' | 'service' | 'fee' | 'voucher' | 'deposit'
  readonly brand?: string
  readonly decimals?: number
  /** unit → how many stock units */
  readonly units?: Readonly<Record<string, number>>
  readonly tracked?: 'batch' | 'expiry' | 'serial'
  readonly warrantyMonths?: number
  readonly shelfLifeDays?: number
  readonly weighedCode?: string
  /** Trade price without tax from 12 on. */
  readonly tradeFrom12?: number
  /** Price without tax on the café list. */
  readonly cafe?: number
  readonly reorderAt?: number
  /** Lowest price without tax. */
  readonly floor?: number
}

export const units: readonly (readonly [string, string, number])[] = [
  ['each', 'Each', 0],
  ['m', 'Metre', 2],
  ['kg', 'Kilogram', 3],
  ['litre', 'Litre', 0],
  ['tube', 'Tube', 0],
  ['hour', 'Hour', 2],
  ['length', 'Length of 3 m', 0],
  ['bundle', 'Bundle', 0],
  ['bag', 'Bag', 0],
  ['box', 'Box', 0],
  ['drum', 'Drum', 0],
  ['pallet', 'Pallet', 0],
  ['tray', 'Tray', 0],
]

export const items: readonly ItemTuple[] = [
  ['PIPE15', 'Copper pipe 15 mm', 'plumbing', 'm', 'STD', 4.8, 3.2, 2.1, { decimals: 2, units: { length: 3, bundle: 30 }, reorderAt: 120 }],
  ['PIPE22', 'Copper pipe 22 mm', 'plumbing', 'm', 'STD', 8.94, 6.1, 4.3, { decimals: 2, units: { length: 3, bundle: 30 } }],
  ['ELB15', 'Elbow 15 mm, end feed', 'plumbing', 'each', 'STD', 0.72, 0.42, 0.21, { units: { bag: 25, box: 250 }, reorderAt: 250 }],
  ['ELB22', 'Elbow 22 mm, end feed', 'plumbing', 'each', 'STD', 1.2, 0.78, 0.4, { units: { bag: 25, box: 250 } }],
  ['TEE15', 'Tee 15 mm, end feed', 'plumbing', 'each', 'STD', 1.08, 0.66, 0.35, { units: { bag: 25 } }],
  ['VALVE15', 'Isolating valve 15 mm', 'plumbing', 'each', 'STD', 5.4, 3.6, 1.9, { units: { box: 10 } }],
  ['PTFE', 'PTFE tape 12 m', 'plumbing', 'each', 'STD', 1.44, 0.8, 0.3, { units: { box: 10 } }],
  ['FLUX', 'Soldering flux 100 g', 'plumbing', 'each', 'STD', 7.2, 4.9, 2.8, { tracked: 'batch' }],
  ['RAD600', 'Radiator 600 × 1000 mm', 'heating', 'each', 'STD', 118.8, 84, 58, {}],
  ['BOILER', 'Boiler HX-24', 'heating', 'each', 'STD', 1188, 870, 690, { brand: 'Halden', tracked: 'serial', warrantyMonths: 24, floor: 760 }],
  ['PUMP', 'Circulation pump CP-60', 'heating', 'each', 'STD', 142.8, 102, 71, { brand: 'Halden', tracked: 'serial', warrantyMonths: 24, reorderAt: 2, floor: 85 }],
  ['STAT', 'Room thermostat, wireless', 'heating', 'each', 'STD', 69, 48.5, 33, { brand: 'Halden' }],
  ['COALARM', 'Carbon monoxide alarm', 'heating', 'each', 'RED', 25.2, 18.5, 11, { tracked: 'expiry', shelfLifeDays: 2555 }],
  ['DRILL18', 'Cordless drill 18 V', 'tools', 'each', 'STD', 119, 92, 63, { brand: 'Torvik', tracked: 'serial', warrantyMonths: 36, floor: 70 }],
  ['BITS10', 'Drill bit set, 10 pieces', 'tools', 'each', 'STD', 14.4, 9.8, 5.2, { brand: 'Torvik' }],
  ['SAW22', 'Hand saw 22 in', 'tools', 'each', 'STD', 13.2, 8.9, 4.7, {}],
  ['TAPE8', 'Tape measure 8 m', 'tools', 'each', 'STD', 9.6, 6.2, 2.9, {}],
  ['LEVEL', 'Spirit level 600 mm', 'tools', 'each', 'STD', 18, 12.5, 6.8, {}],
  ['GLOVES', 'Work gloves, pair', 'tools', 'each', 'STD', 4.2, 2.6, 1.1, { units: { box: 12 } }],
  ['SCREW40', 'Wood screw 4 × 40 mm', 'fixings', 'each', 'STD', 0.06, 0.032, 0.014, { units: { box: 200 }, reorderAt: 2000 }],
  ['SCREW60', 'Wood screw 5 × 60 mm', 'fixings', 'each', 'STD', 0.096, 0.054, 0.024, { units: { box: 200 } }],
  ['PLUG7', 'Wall plug 7 mm', 'fixings', 'each', 'STD', 0.048, 0.026, 0.01, { units: { box: 100 } }],
  ['SEAL-CL', 'Sanitary sealant, clear', 'sealants', 'tube', 'STD', 5.99, 3.9, 2.2, { tracked: 'expiry', shelfLifeDays: 540, units: { box: 12 }, tradeFrom12: 3.3, reorderAt: 24 }],
  ['SEAL-WH', 'Sanitary sealant, white', 'sealants', 'tube', 'STD', 5.99, 3.9, 2.2, { tracked: 'expiry', shelfLifeDays: 540, units: { box: 12 }, tradeFrom12: 3.3 }],
  ['ADHES', 'Grab adhesive', 'sealants', 'tube', 'STD', 7.2, 4.8, 2.7, { tracked: 'expiry', shelfLifeDays: 540, units: { box: 12 }, tradeFrom12: 4.2 }],
  ['EMUL5', 'Emulsion white 5 L', 'paint', 'each', 'STD', 26.4, 18, 11.5, { brand: 'Fellbright', tracked: 'batch', units: { pallet: 96 }, tradeFrom12: 16.5 }],
  ['GLOSS25', 'Gloss white 2.5 L', 'paint', 'each', 'STD', 31.2, 22, 14.2, { brand: 'Fellbright', tracked: 'batch' }],
  ['BRUSH2', 'Paint brush 2 in', 'paint', 'each', 'STD', 6, 3.9, 1.8, { units: { box: 12 } }],
  ['ROLLER', 'Roller set 9 in', 'paint', 'each', 'STD', 10.8, 7.2, 3.6, {}],
  ['SAND', 'Building sand', 'building', 'kg', 'STD', 0.18, 0.11, 0.05, { decimals: 3, units: { bag: 25 } }],
  ['CABLE25', 'Twin and earth cable 2.5 mm²', 'electrical', 'm', 'STD', 1.5, 0.98, 0.62, { decimals: 2, units: { drum: 100 } }],
  ['COFFEE', 'Coffee beans, house blend', 'café', 'kg', 'ZERO', 17.5, 16, 9.8, { decimals: 3, weighedCode: '12345', cafe: 14.5 }],
  ['MILK2', 'Milk 2 L', 'café', 'each', 'ZERO', 1.65, 1.6, 1.1, { tracked: 'expiry', shelfLifeDays: 9, units: { tray: 8 }, cafe: 1.35 }],
  ['CUPS8', 'Paper cups 8 oz, 50', 'café', 'each', 'STD', 4.8, 3.6, 1.9, { units: { box: 20 }, cafe: 3.1 }],
  ['SYRUP', 'Vanilla syrup 1 L', 'café', 'each', 'STD', 8.4, 6.5, 3.8, { tracked: 'expiry', shelfLifeDays: 365, cafe: 5.6 }],
  ['VOUCHER25', 'Gift voucher £25', 'vouchers', 'each', 'OUT', 25, 25, 0, { type: 'voucher' }],
  ['PALLETD', 'Pallet deposit', 'deposits', 'each', 'OUT', 12, 12, 12, { type: 'deposit' }],
  ['CALLOUT', 'Call-out, per hour', 'services', 'hour', 'STD', 66, 55, 0, { type: 'service', decimals: 2 }],
  ['DELIVERY', 'Delivery charge', 'services', 'each', 'STD', 18, 15, 0, { type: 'fee' }],
  ['PIPECUT', 'Pipe cutting', 'services', 'each', 'STD', 3.6, 3, 0, { type: 'fee' }],
]

/** What stands where at the beginning, in stock units. Leeds is the whole shop; Whitby is small; the vans carry parts. */
export const opening: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  'leeds/main': {
    PIPE15: 360, PIPE22: 150, ELB15: 1250, ELB22: 500, TEE15: 300, VALVE15: 60, PTFE: 120, FLUX: 24, RAD600: 9, BOILER: 3, PUMP: 2, STAT: 12,
    COALARM: 30, DRILL18: 6, BITS10: 25, SAW22: 14, TAPE8: 30, LEVEL: 12, GLOVES: 96, SCREW40: 8000, SCREW60: 6000, PLUG7: 5000,
    'SEAL-CL': 72, 'SEAL-WH': 60, ADHES: 48, EMUL5: 110, GLOSS25: 24, BRUSH2: 60, ROLLER: 20, SAND: 1500, CABLE25: 600, COFFEE: 40, MILK2: 48,
    CUPS8: 60, SYRUP: 24, PALLETD: 10,
  },
  'whitby/shop': {
    PIPE15: 60, ELB15: 250, VALVE15: 12, PTFE: 30, PUMP: 1, COALARM: 8, DRILL18: 2, BITS10: 8, TAPE8: 10, GLOVES: 24, SCREW40: 2000, PLUG7: 1000,
    'SEAL-CL': 18, 'SEAL-WH': 24, EMUL5: 24, BRUSH2: 24, ROLLER: 8, COFFEE: 25, MILK2: 40, CUPS8: 40, SYRUP: 12,
  },
  'kendal/depot': {
    PIPE15: 600, PIPE22: 300, ELB15: 2500, ELB22: 1000, VALVE15: 100, RAD600: 20, BOILER: 6, PUMP: 5, STAT: 10, COALARM: 40, SCREW40: 12000,
    'SEAL-CL': 144, EMUL5: 192, SAND: 5000, CABLE25: 1200, COFFEE: 80, MILK2: 64, CUPS8: 120, SYRUP: 36, PALLETD: 24,
  },
  'kendal/van1': { 'SEAL-CL': 12, EMUL5: 16, COFFEE: 20, MILK2: 32, CUPS8: 20 },
  'kendal/van2': { PIPE15: 30, ELB15: 75, VALVE15: 10, PTFE: 10, FLUX: 4, PUMP: 2, STAT: 3, COALARM: 4 },
  'kendal/van3': { PIPE22: 15, ELB22: 50, PUMP: 1, CABLE25: 100 },
}
