// The rights of this version, by the area that a person knows, and how they are given and taken in a role: one by one, an area with all that
// comes to it later (`sales.*`), or everything (`*`). Codes that this version doesn't know stay as they are. Pure; what a right lets somebody
// do is said where the command is declared.
import { duties } from '../../../kernel/exception-owner.ts'

/** `<area>.<right>` are the codes that leases carry. */
export const areas = {
  pos: ['sell', 'return', 'returnFreely', 'cash', 'shift', 'settleCards', 'linkReturn'],
  sales: ['order', 'invoice', 'creditNote', 'receivePayment'],
  crm: ['visit', 'note', 'followUp'],
  delivery: ['deliver', 'takeBack', 'cancelDelivery'],
  inventory: ['see', 'receive', 'receiveWithoutOrder', 'issue', 'count', 'settleCount', 'cancel', 'openStock'],
  allotment: ['ask', 'grant'],
  pricing: ['setPriceByHand', 'discountFreely', 'setRules'],
  payments: ['writeOff'],
  accounting: [
    'journal',
    'chart',
    'closePeriod',
    'postIntoSoftClosed',
    'releaseOrder',
    'allocatePayment',
    'payOut',
    'reversePayment',
    'recordExpense',
    'writeOffDebt',
    'listLines',
  ],
  masters: [
    'createParty',
    'editParty',
    'mergeParties',
    'setCredit',
    'edit',
    'recallBatch',
    'setPrices',
    'setTax',
    'import',
    'allBranches',
    'configure',
    'setRights',
    'setMergeRule',
    'seeDevices',
  ],
  review: ['settle', 'force', 'closeException', 'closeCut'],
  privacy: ['erase'],
  duty: duties,
  /** Which rules is said by the rule's own code: only all of them are given here. */
  override: [],
} as const
export type Area = keyof typeof areas
export const EVERYTHING = '*'
export const areaNames = Object.keys(areas) as readonly Area[]
export const rightsOf = (area: Area): readonly string[] => areas[area].map((right) => `${area}.${right}`)
const wholeOf = (area: Area): string => `${area}.*`
const known = new Set(areaNames.flatMap((area) => [wholeOf(area), ...rightsOf(area)]))

export type Given = readonly string[]

export const hasEverything = (given: Given): boolean => given.includes(EVERYTHING)
export const hasWhole = (given: Given, area: Area): boolean => given.includes(wholeOf(area)) || hasEverything(given)
export const hasRight = (given: Given, area: Area, right: string): boolean =>
  given.includes(right) || hasWhole(given, area)

/** Held, and of no area of this version: of another release, or of a rule by its name. */
export const unknownIn = (given: Given): readonly string[] =>
  given.filter((right) => right !== EVERYTHING && !known.has(right)).toSorted()

const sorted = (given: Iterable<string>): Given => [...new Set(given)].sort()

/** Everything, or all areas one by one instead. */
export const withEverything = (given: Given, isOn: boolean): Given =>
  isOn ? [EVERYTHING] : sorted([...given.filter((right) => right !== EVERYTHING), ...areaNames.map(wholeOf)])

/** The whole area, or its rights one by one instead. */
export function withWhole(given: Given, area: Area, isOn: boolean): Given {
  const others = given.filter((right) => right !== wholeOf(area) && !rightsOf(area).includes(right))
  return sorted([...others, ...(isOn ? [wholeOf(area)] : rightsOf(area))])
}

export const withRight = (given: Given, right: string, isOn: boolean): Given =>
  sorted(isOn ? [...given, right] : given.filter((each) => each !== right))
