// Which column of the file is which field: by the header's words, or as the person says with --map. It never guesses
// from what stands in the cells, and it never uses one column twice by itself.
import { usageWrong } from '../exit.ts'
import type { ImportColumn, ImportKind } from './kind.ts'

export interface Mapping {
  /** Position of each field's column in the file. */
  readonly positions: ReadonlyMap<string, number>
  /** Fields that have the same value in every row: said with --set. */
  readonly constants: ReadonlyMap<string, string>
  /** Headers that no field takes. */
  readonly unused: readonly string[]
  /** Required columns that were not found. */
  readonly missing: readonly ImportColumn[]
}

const plain = (header: string): string =>
  header
    .normalize('NFC')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, '')

const namesOf = (column: ImportColumn): string[] => [column.field, column.title, ...column.synonyms].map(plain)

/** `field=Column` pairs; a field may be said by its name or its title. */
export function pairsOf(kind: ImportKind, pairs: readonly string[], option: string): ReadonlyMap<string, string> {
  return new Map(
    pairs.map((pair) => {
      const at = pair.indexOf('=')
      if (at < 1) throw usageWrong(`${option} takes field=${option === '--map' ? 'Column' : 'value'}, not "${pair}".`)
      const said = plain(pair.slice(0, at))
      const column = kind.columns.find(({ field, title }) => plain(field) === said || plain(title) === said)
      if (column === undefined)
        throw usageWrong(
          `${option} ${pair}: ${kind.name} have no field "${pair.slice(0, at)}". They have: ${kind.columns.map(({ field }) => field).join(', ')}.`,
        )
      return [column.field, pair.slice(at + 1).trim()]
    }),
  )
}

/** A column said by its header or its number from 1. */
function positionOf(headers: readonly string[], said: string): number {
  const at = headers.findIndex((header) => plain(header) === plain(said))
  if (at >= 0) return at
  const number = Number(said)
  if (Number.isInteger(number) && number >= 1 && number <= headers.length) return number - 1
  throw usageWrong(`The file has no column "${said}". It has: ${headers.join(', ')}.`)
}

/** Finds every field's column: first what was said, then exact names, then the synonyms in their order. */
export function mapColumns(
  kind: ImportKind,
  headers: readonly string[],
  said: { map: readonly string[]; set: readonly string[] },
): Mapping {
  const positions = new Map<string, number>()
  const constants = pairsOf(kind, said.set, '--set')
  for (const [field, header] of pairsOf(kind, said.map, '--map')) positions.set(field, positionOf(headers, header))
  const taken = new Set(positions.values())
  const found = headers.map(plain)
  const rankMax = Math.max(...kind.columns.map((column) => namesOf(column).length))
  for (let rank = 0; rank < rankMax; rank++) {
    for (const column of kind.columns) {
      const name = namesOf(column)[rank]
      const at = name === undefined ? -1 : found.indexOf(name)
      if (at < 0 || taken.has(at) || positions.has(column.field) || constants.has(column.field)) continue
      positions.set(column.field, at)
      taken.add(at)
    }
  }
  return {
    positions,
    constants,
    unused: headers.filter((_, at) => !taken.has(at)),
    missing: kind.columns.filter(
      ({ field, isRequired }) => isRequired && !positions.has(field) && !constants.has(field),
    ),
  }
}
