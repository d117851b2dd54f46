// What is written about people means, in the reference's words, until they are erased: of an erased person only erasure-law.ts knows what
// must be left, which is nothing. It shares no code with the kernel and must never look at what it judges.
import { merged, type Merged } from './model-merge.ts'
import type { ModelRow, Told, Verdict } from './model.ts'

const PERSON = 'sim.person'
const CALL = 'sim.call'

/** The reference's books, as far as people are in them. */
export interface Books {
  row(table: string, id: string): ModelRow | undefined
  put(table: string, id: string, fields: Readonly<Record<string, unknown>>): void
  add(table: string, id: string, field: string, by: number): void
  lose(told: Told, id: string, lost: Merged['lost'][number]): void
}

/** Null: it isn't about people. */
export function meaningOfPeople(books: Books, told: Told): Verdict | null {
  const { person, ...wanted } = told.args
  const row = books.row(PERSON, String(person))
  switch (told.command) {
    case 'sim.addPerson':
      books.put(PERSON, made(told, PERSON), told.args)
      return 'stands'
    case 'sim.editPerson': {
      if (row === undefined) return 'stands'
      const { changes, lost } = merged(row, wanted, told.seen)
      for (const each of lost) books.lose(told, row.id, each)
      if (Object.keys(changes).length > 0) books.put(PERSON, row.id, changes)
      return 'stands'
    }
    case 'sim.callPerson':
      books.put(CALL, made(told, CALL), told.args)
      if (row !== undefined) books.add(PERSON, row.id, 'calls', 1)
      return 'stands'
    default:
      return null
  }
}

/** The id of a row that the command made, as its device told it. */
export function made(told: Told, table: string, index = 0): string {
  const id = told.made[table]?.[index]
  if (id === undefined)
    throw new Error(`${told.dev} ${told.seq} ${told.command} didn't tell of row ${index} of ${table}.`)
  return id
}

/** Whether a row is about one of them. */
export const isAboutOne = (people: ReadonlySet<string>, { id, person }: Readonly<Record<string, unknown>>): boolean =>
  people.has(String(id)) || people.has(String(person))
