// Whom Brightwater deals with: customers of its three branches, six suppliers. All invented; phone numbers are from the
// ranges that the British regulator keeps free for fiction.

/** code, name, group, territory, town, phone, credit limit in £ (null: cash), days to pay. */
export type PartyTuple = readonly [
  string,
  string,
  string,
  string,
  string,
  string | null,
  number | null,
  number,
  PartyMore?,
]
export interface PartyMore {
  readonly isOnHold?: boolean
  readonly needsOrderNumber?: boolean
  readonly visitEveryDays?: number
  readonly taxCode?: string
  readonly country?: string
  /** Latitude and longitude × 10⁶. */
  readonly place?: readonly [number, number]
  readonly tags?: readonly string[]
}

export const customers: readonly PartyTuple[] = [
  ['C-001', 'Walk-in customer', 'retail', 'leeds', 'Leeds', null, null, 0],
  ['C-101', 'Aire Valley Plumbing', 'trade', 'leeds', 'Leeds', '0113 496 0101', 10_000, 30, { tags: ['heating'] }],
  ['C-102', 'Dale & Sons Builders', 'trade', 'leeds', 'Bradford', '0113 496 0102', 20_000, 30],
  ['C-103', 'Headingley Heating', 'trade', 'leeds', 'Leeds', '0113 496 0103', 7_500, 30, { tags: ['heating'] }],
  ['C-104', 'Kirkstall Kitchens', 'trade', 'leeds', 'Leeds', '0113 496 0104', 5_000, 30],
  ['C-105', 'Otley Property Care', 'trade', 'leeds', 'Otley', '0113 496 0105', 2_500, 30],
  ['C-106', 'Wharfe Electrical', 'trade', 'leeds', 'Ilkley', '0113 496 0106', 4_000, 30, { isOnHold: true }],
  ['C-107', 'Esk Joinery', 'trade', 'coast', 'Whitby', '01632 960107', 1_500, 30],
  ['C-108', 'Moors Maintenance', 'trade', 'coast', 'Pickering', '01632 960108', 3_000, 30],
  ['C-109', 'Scar Top Roofing', 'trade', 'coast', 'Scarborough', '01632 960109', 500, 30],
  ['C-110', 'Lakeland Plumbing & Gas', 'trade', 'lakes', 'Kendal', '01632 960110', 12_000, 30, { tags: ['heating'] }],
  ['C-111', 'Windermere Decorators', 'trade', 'lakes', 'Windermere', '01632 960111', 2_000, 30],
  ['C-112', 'Fell Side Holiday Lets', 'trade', 'lakes', 'Ambleside', '01632 960112', 6_000, 30],
  [
    'C-201',
    'Harbour Café',
    'café',
    'coast',
    'Whitby',
    '01632 960201',
    400,
    14,
    { visitEveryDays: 7, place: [54_486_300, -613_500] },
  ],
  [
    'C-202',
    'The Blue Kettle',
    'café',
    'coast',
    'Whitby',
    '01632 960202',
    400,
    14,
    { visitEveryDays: 7, place: [54_488_900, -615_200] },
  ],
  [
    'C-203',
    'Staithes Tea Room',
    'café',
    'coast',
    'Staithes',
    '01632 960203',
    300,
    14,
    { visitEveryDays: 14, place: [54_558_200, -790_100] },
  ],
  [
    'C-204',
    'Saltburn Roasters',
    'café',
    'coast',
    'Saltburn',
    '01632 960204',
    800,
    14,
    { visitEveryDays: 7, place: [54_583_000, -973_000] },
  ],
  [
    'C-205',
    'Robin Hood Bakery',
    'café',
    'coast',
    "Robin Hood's Bay",
    '01632 960205',
    300,
    14,
    { visitEveryDays: 14, place: [54_434_700, -535_100] },
  ],
  [
    'C-206',
    'Cliff Top Coffee',
    'café',
    'coast',
    'Scarborough',
    '01632 960206',
    500,
    14,
    { visitEveryDays: 7, place: [54_283_100, -399_800] },
  ],
  [
    'C-301',
    'Airedale District Council',
    'council',
    'leeds',
    'Leeds',
    '0113 496 0301',
    20_000,
    30,
    { needsOrderNumber: true },
  ],
  [
    'C-302',
    'Esk Coast Borough Council',
    'council',
    'coast',
    'Whitby',
    '01632 960302',
    15_000,
    30,
    { needsOrderNumber: true },
  ],
  [
    'C-303',
    'South Fells Council',
    'council',
    'lakes',
    'Kendal',
    '01632 960303',
    15_000,
    30,
    { needsOrderNumber: true },
  ],
  ['C-401', 'Liffey Fit-Out', 'trade', 'ireland', 'Dublin', null, 8_000, 30, { taxCode: 'EXPORT', country: 'IE' }],
  ['C-402', 'Corrib Interiors', 'trade', 'ireland', 'Galway', null, 5_000, 30, { taxCode: 'EXPORT', country: 'IE' }],
]

/** Marta met "another" café with a number that the office knows: the pair that is ready to merge. */
export const duplicate = {
  name: 'Blue Kettle Whitby',
  territory: 'coast',
  group: 'café',
  phone: '01632 960202',
} as const

export const suppliers: readonly (readonly [string, string, string])[] = [
  ['S-01', 'Northern Metals', 'Sheffield'],
  ['S-02', 'Halden Heating', 'Hull'],
  ['S-03', 'Torvik Tools', 'Birmingham'],
  ['S-04', 'Fellbright Paints', 'Darwen'],
  ['S-05', 'Coast & Crema Coffee', 'York'],
  ['S-06', 'Dalesway Dairy', 'Settle'],
]
/** Who supplies which group of items. */
export const supplierOf: Readonly<Record<string, string>> = {
  plumbing: 'S-01',
  fixings: 'S-01',
  building: 'S-01',
  electrical: 'S-01',
  deposits: 'S-01',
  heating: 'S-02',
  tools: 'S-03',
  sealants: 'S-04',
  paint: 'S-04',
  café: 'S-05',
}
export const supplierOfItem: Readonly<Record<string, string>> = { MILK2: 'S-06' }

/** The route: party, days from today, minutes after midnight, purpose. */
export const route: readonly (readonly [string, number, number, string])[] = [
  ['C-201', 0, 540, 'Weekly order'],
  ['C-202', 0, 575, 'Weekly order'],
  ['C-302', 0, 615, 'Quote for stores'],
  ['C-205', 0, 660, 'Shelf check'],
  ['C-206', 0, 735, 'Collect cheque'],
  ['C-109', 0, 790, 'Price talk'],
  ['C-203', 0, 860, 'Two-weekly order'],
  ['C-204', 0, 915, 'Weekly order'],
  ['C-107', 0, 960, 'New catalogue'],
  ['C-201', 7, 540, 'Weekly order'],
  ['C-202', 7, 575, 'Weekly order'],
  ['C-108', 1, 600, 'Maintenance contract'],
]

/** What Marta wrote down in the weeks before: party, days before today, note. */
export const calls: readonly (readonly [string, number, string])[] = [
  ['C-201', 7, 'Two trays of milk and 3 kg of beans. Asked for oat milk again.'],
  ['C-202', 7, 'Cellar full after the bank holiday. New manager: Jess.'],
  ['C-204', 7, 'Wants beans ground for filter. Pays by cheque.'],
  ['C-206', 14, 'Nobody there: closed for a refit until next week.'],
  ['C-203', 14, 'Cups in 12 oz would sell.'],
]

/** Promises: party, days from today, subject. */
export const promises: readonly (readonly [string, number, string])[] = [
  ['C-201', 2, 'Samples of oat milk'],
  ['C-302', -1, 'Send the framework price list'],
  ['C-106', 0, 'Talk about the overdue account before lifting the hold'],
  ['C-203', 5, 'Find a source of 12 oz cups'],
]
