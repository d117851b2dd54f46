// Where Brightwater works and who works there. The people of the demo are also its sign-ins.

/** code, name, territory, town. */
export const branches: readonly (readonly [string, string, string, string])[] = [
  ['leeds', 'Leeds Trade Counter', 'leeds', 'Leeds'],
  ['whitby', 'Whitby Harbour Shop', 'coast', 'Whitby'],
  ['kendal', 'Kendal Depot', 'lakes', 'Kendal'],
]

/** branch, code, name, whether it drives. */
export const warehouses: readonly (readonly [string, string, string, boolean])[] = [
  ['leeds', 'main', 'Leeds main warehouse', false],
  ['whitby', 'shop', 'Whitby shop floor', false],
  ['kendal', 'depot', 'Kendal depot', false],
  ['kendal', 'van1', 'Van 1 (Dan)', true],
  ['kendal', 'van2', 'Van 2 (Aisha)', true],
  ['kendal', 'van3', 'Van 3', true],
]

/** branch, code, name, warehouse. */
export const tills: readonly (readonly [string, string, string, string])[] = [
  ['leeds', 'till1', 'Leeds till 1', 'leeds/main'],
  ['leeds', 'till2', 'Leeds till 2', 'leeds/main'],
  ['whitby', 'till1', 'Whitby till', 'whitby/shop'],
  ['kendal', 'till1', 'Kendal till', 'kendal/depot'],
]

export const methods = [
  { code: 'cash', kind: 'cash' },
  { code: 'card', kind: 'card', floorLimitMinor: 10_000 },
  { code: 'voucher', kind: 'voucher' },
  { code: 'store-credit', kind: 'voucher' },
  { code: 'account', kind: 'account' },
] as const

/** sign-in name, name, role, branch, further territories, own van. */
export const people: readonly (readonly [string, string, string, string, readonly string[], string?])[] = [
  ['priya', 'Priya Shah', 'cashier', 'leeds', []],
  ['tom', 'Tom Barker', 'cashier', 'whitby', []],
  ['marta', 'Marta Kowalska', 'rep', 'leeds', ['coast']],
  ['dan', 'Dan Whitlock', 'driver', 'kendal', ['coast'], 'kendal/van1'],
  ['aisha', 'Aisha Rahman', 'technician', 'kendal', [], 'kendal/van2'],
  ['owen', 'Owen Pryce', 'storekeeper', 'kendal', []],
  ['lena', 'Lena Fischer', 'inspector', 'kendal', []],
  ['grace', 'Grace Adeyemi', 'manager', 'leeds', ['coast']],
  ['victor', 'Victor Lindqvist', 'accountant', 'leeds', []],
  ['sam', 'Sam Okafor', 'admin', 'leeds', []],
]

const streets = [
  'Canal Road',
  'Mill Lane',
  'Station Road',
  'Quarry Street',
  'Bridge Street',
  'Church Walk',
  'Dock Road',
]

/** A street and number for a code: the same one each time. */
export function streetOf(code: string): string {
  let sum = 0
  for (let at = 0; at < code.length; at++) sum += code.charCodeAt(at)
  return `${1 + ((sum * 7) % 88)} ${streets[sum % streets.length]}`
}
