// The hub's rows beside the reference's: every field of every row, and what was raised, lost and parked. A few lines of
// its own, so that no comparison of the product is believed.
import { CONFIRM_ERASURE } from '../../kernel/erasure.ts'
import type { HubRows } from './hub-log.ts'
import type { Model, ModelRow } from './model.ts'
import { EMPTY } from './model-merge.ts'
import { isAboutOne } from './model-people.ts'
import type { Release } from './sim-catalogue.ts'

export type TableFields = Readonly<Record<string, readonly string[]>>

const source = ['document', 'documentId', 'businessDate', 'branch']
const olderFields: TableFields = {
  'sim.note': ['title', 'body', 'first', 'most', 'least', 'tags', 'secret', 'score'],
  'sim.job': ['number', 'state', 'branch', 'day', 'rank', 'due', 'paid', 'lines'],
  'sim.jobLine': ['document', 'item', 'quantity'],
  'sim.lineNote': ['document', 'text'],
  'sim.shelf': ['branch', 'item', 'onHand', 'reserved'],
  'sim.move': ['branch', 'item', 'quantity'],
  'sim.slot': ['zone', 'name', 'note', 'uses'],
  'kernel.allotment': ['kind', 'scope', 'resource', 'area', 'device', 'granted', 'used'],
  'kernel.allotmentSum': ['kind', 'scope', 'resource', 'area', 'granted', 'used'],
  'sim.photo': ['note', 'picture'],
  'sim.person': ['name', 'phone', 'calls'],
  'sim.call': ['person', 'said'],
  'sim.settlement': ['job', 'branch', 'day', 'paid'],
  'sim.settlementEntry': ['document', 'account', 'amount'],
  'kernel.cashEntry': [...source, 'till', 'shift', 'method', 'kind', 'currency', 'amount'],
  'kernel.cashBalance': ['shift', 'method', 'currency', 'branch', 'businessDate', 'amount'],
  'kernel.reviewItem': ['dev', 'ep', 'seq', 'command', 'branch', 'state', 'waitsFor', 'remark'],
}

/** What an app of each release knows. */
export const fieldsOf: Readonly<Record<Release, TableFields>> = {
  older: olderFields,
  newer: {
    ...olderFields,
    'sim.note': [...(olderFields['sim.note'] ?? []), 'mood'],
    'sim.slot': [...(olderFields['sim.slot'] ?? []), 'turns'],
    'sim.stamp': ['document', 'said'],
  },
}

/** What no device ever has. */
const hubFields: TableFields = {
  'kernel.glEntry': [...source, 'company', 'account', 'purpose', 'amount', 'party'],
  'kernel.glBalance': ['company', 'branch', 'account', 'month', 'amount'],
}

interface Sight {
  /** What they know of rows. */
  readonly fields: TableFields
  /** People of whom nothing is compared: erasure-law.ts knows what must be left of them. */
  readonly erased: ReadonlySet<string>
}

/** Every field of every row of the simulated company, beside the reference's, but of rows about people who are erased. */
export function differingRows(model: Model, rows: HubRows, { fields: known, erased }: Sight): string[] {
  const wrong: string[] = []
  for (const [table, fields] of Object.entries(known)) {
    const expected = new Map(model.tables.get(table))
    for (const row of rows.get(table) ?? []) {
      const should = expected.get(row.id)
      expected.delete(row.id)
      // What a device says by itself nobody was told of, nor that the hub parks it when the device was shut out.
      if (isAboutOne(erased, row) || row['command'] === CONFIRM_ERASURE) continue
      if (should === undefined)
        wrong.push(`${table} ${row.id} should not be there: ${JSON.stringify(fields.map((field) => row[field]))}.`)
      else wrong.push(...differing(table, fields, row, should))
    }
    for (const row of expected.values()) if (!isAboutOne(erased, row)) wrong.push(`${table} ${row.id} is missing.`)
  }
  return wrong
}

const ofLives: ReadonlySet<string> = new Set(['FORK', 'NUMBER_TWICE', 'LATE_AUTHORITY'])

export function differencesToModel(model: Model, rows: HubRows, erased: ReadonlySet<string>): string[] {
  const wrong = differingRows(model, rows, { fields: { ...fieldsOf.newer, ...hubFields }, erased })
  // What a device's lives and its being shut out raise is no command's doing: the laws of lives know of it.
  const raised = (rows.get('kernel.exception') ?? [])
    .filter((row) => !ofLives.has(String(row['code'])))
    .map((row) => `${String(row['dev'])}/${String(row['ep'])}/${String(row['seq'])} ${String(row['code'])}`)
  const lost = (rows.get('kernel.lostValue') ?? []).map((row) =>
    JSON.stringify([row['dev'], row['rowId'], row['field'], row['kept'], row['lost']]),
  )
  const ofOthers = (values: readonly string[]): string[] =>
    values.filter((value) => !erased.has((JSON.parse(value) as string[])[1] ?? ''))
  return [
    ...wrong,
    ...unlike('exception', raised, model.exceptions),
    ...unlike('lost value', ofOthers(lost), ofOthers(model.lost)),
  ]
}

/** A set has no order, and a picture is known by its name. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(String).toSorted()
  return typeof value === 'object' && value !== null && 'sha' in value ? value.sha : value
}

/** Whether a row is another one than before, for whoever looks at it. `fields`: those that they know; null: they know nothing of such rows. */
export const isOther = (fields: readonly string[] | null, before: ModelRow | undefined, after: ModelRow): boolean =>
  fields !== null &&
  (before === undefined ||
    before.isGone !== after.isGone ||
    fields.some((field) => asSeen(field, before[field]) !== asSeen(field, after[field])))

const asSeen = (field: string, value: unknown): string => JSON.stringify(plain(value ?? EMPTY[field] ?? null))

export function differing(
  table: string,
  fields: readonly string[],
  row: Readonly<Record<string, unknown>>,
  should: ModelRow,
): string[] {
  const wrong: string[] = []
  if ((row['goneAt'] !== null) !== should.isGone)
    wrong.push(`${table} ${should.id} is ${should.isGone ? 'there' : 'gone'}, and should not be.`)
  for (const field of fields) {
    const [is, wanted] = [asSeen(field, row[field]), asSeen(field, should[field])]
    if (is !== wanted) wrong.push(`${table} ${should.id} .${field} is ${is}, and should be ${wanted}.`)
  }
  return wrong
}

function unlike(what: string, is: readonly string[], should: readonly string[]): string[] {
  const left = [...should]
  const wrong: string[] = []
  for (const each of is) {
    const at = left.indexOf(each)
    if (at === -1) wrong.push(`There is the ${what} ${each}, and should not be.`)
    else left.splice(at, 1)
  }
  return [...wrong, ...left.map((each) => `The ${what} ${each} is missing.`)]
}
