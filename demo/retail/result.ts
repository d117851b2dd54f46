// The shape in which either side of the retail comparison states what it found: named sections of key → exact decimal text.
// Both sides write it and `compare.ts` reads it, so it holds no rule of the retailer and no number is ever a float.

export type Unit = 'count' | 'quantity' | 'money'

/** Every section, in the order it is printed. A key made of several parts joins them with `|`. */
export const sections = [
  { name: 'documentsByClass', title: 'Documents by class', unit: 'count' },
  { name: 'linesByClass', title: 'Lines by class', unit: 'count' },
  { name: 'quantityByMonth', title: 'Quantity by month|country|class', unit: 'quantity' },
  { name: 'valueByMonth', title: 'Value by month|country|class', unit: 'money' },
  { name: 'stockMovement', title: 'Stock movement by item', unit: 'quantity' },
  { name: 'openingStock', title: 'Opening stock by item', unit: 'quantity' },
  { name: 'receivable', title: 'Receivable by customer', unit: 'money' },
  { name: 'trialBalance', title: 'Trial balance by account (Dr +)', unit: 'money' },
  { name: 'deviceDocuments', title: 'Documents by device|class', unit: 'count' },
  { name: 'deviceLines', title: 'Lines by device|class', unit: 'count' },
  { name: 'deviceQuantity', title: 'Quantity by device|class', unit: 'quantity' },
  { name: 'deviceValue', title: 'Value by device|class', unit: 'money' },
  { name: 'deviceStock', title: 'Stock movement by device', unit: 'quantity' },
  { name: 'deviceTender', title: 'Tender by device|account', unit: 'money' },
  { name: 'returnLinks', title: 'Returned quantity, linked or not', unit: 'quantity' },
  { name: 'listed', title: 'Listed lines by reason|code', unit: 'count' },
  { name: 'exceptions', title: 'Exceptions by code', unit: 'count' },
] as const satisfies readonly { name: string; title: string; unit: Unit }[]

export type SectionName = (typeof sections)[number]['name']

/** Exact decimal text by key: counts `3`, quantities `-12` or `0.5`, money `-3.10`. A key that is missing means zero. */
export type Section = Readonly<Record<string, string>>

export type RetailResult = {
  readonly format: 1
  /** Who counted: "reference" or the product's name. Printed, never compared. */
  readonly side: string
  /** How many devices the invoices were split over. */
  readonly devices: number
  readonly sections: Readonly<Record<SectionName, Section>>
  /** Facts for the reader that only one side knows. Never compared. */
  readonly notes: Readonly<Record<string, string>>
}

/** The device of index 0 is `device-01`. */
export const deviceName = (index: number): string => `device-${String(index + 1).padStart(2, '0')}`

/** Where a key would be blank (no customer). */
export const noKey = '(none)'

/** A section from a map, keys ascending, zeros left out because "no entry" and "zero" are the same statement. */
export function toSection(map: ReadonlyMap<string, bigint>, print: (value: bigint) => string): Section {
  const kept = [...map].filter(([, value]) => value !== 0n)
  kept.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
  return Object.fromEntries(kept.map(([key, value]) => [key, print(value)]))
}

/** A result read from JSON. Throws a sentence that names the source and what is wrong with it. */
export function readResult(json: string, source: string): RetailResult {
  const wrong = (what: string): Error =>
    new Error(`${source} is not a retail result: ${what}. Write it again with --json.`)
  let parsed: Partial<RetailResult> | null
  try {
    parsed = JSON.parse(json) as Partial<RetailResult> | null
  } catch (cause) {
    throw wrong(`it is not JSON (${cause instanceof Error ? cause.message : String(cause)})`)
  }
  if (parsed === null || typeof parsed !== 'object' || parsed.format !== 1) throw wrong('"format" is not 1')
  if (!Number.isInteger(parsed.devices)) throw wrong('"devices" is not a whole number')
  const found: Partial<Record<string, Section>> = parsed.sections ?? {}
  for (const { name } of sections) {
    const section = found[name]
    if (section === undefined || section === null) throw wrong(`section "${name}" is missing`)
    for (const [key, value] of Object.entries(section)) {
      if (typeof value !== 'string') throw wrong(`"${name}" → "${key}" is not decimal text`)
    }
  }
  return parsed as RetailResult
}
