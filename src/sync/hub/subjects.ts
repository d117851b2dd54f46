// Whose the personal values of a command are, so that they are kept under the key of that person, and not at all where that person was
// erased. It reads rows of the part and decides nothing about the business.
import { ELSEWHERE } from '../../kernel/command.ts'
import type { Catalogue } from '../../kernel/catalogue.ts'
import type { Effects } from '../../kernel/effects.ts'
import { erasedMadeAt, erasure, erasureId, namedSubjects, personalFieldsOf, subjectsOf } from '../../kernel/erasure.ts'
import type { Reader } from '../../kernel/reader.ts'
import type { Decision, Incoming } from './apply.ts'

/** Values of nobody: of a command about no person. They have a key too, so that no plain value lies in a backup. */
export const NOBODY = ''

export interface Whose {
  /** By path, as the values travel. */
  readonly subjects: ReadonlyMap<string, string>
  readonly erased: ReadonlySet<string>
}

/** Keys of people: each value lies under one, and with it goes. Made when first used; durable before the value is. */
export interface SubjectKeys {
  seal(tenant: string, values: readonly { readonly subject: string; readonly plain: string }[]): Promise<string[]>
  /** Null where the key is gone or the text is none of ours. */
  open(
    tenant: string,
    values: readonly { readonly subject: string; readonly sealed: string }[],
  ): Promise<(string | null)[]>
  /** No key from here on, on any copy that is made later; who it was of is remembered. */
  destroy(tenant: string, people: readonly ErasedPerson[]): Promise<void>
  /** Everybody whose key was destroyed. */
  destroyed(tenant: string): Promise<readonly ErasedPerson[]>
}

export interface ErasedPerson {
  readonly subject: string
  readonly table: string
}

export const isErasedOn = (reader: Reader, tenant: string, subject: string): boolean => {
  const row = reader.get(erasure, erasureId(tenant, subject), { subject })
  return row !== null && row !== ELSEWHERE && row.goneAt === null
}

/**
 * Who of the people that a command names, or whose row it would have made, is erased, before or without asking its handler. A hub that
 * was restored may have lost what it made them by, and park it when it comes again.
 */
export function erasedNamed(
  reader: Reader,
  catalogue: Catalogue,
  { command, args, frame }: Incoming,
): readonly string[] {
  const { base, tenant } = frame
  const named = namedSubjects(catalogue.tables, reader, { fields: command?.args ?? {}, args, base })
  return [...[...named].filter((subject) => isErasedOn(reader, tenant, subject)), ...madeOf(reader, catalogue, frame)]
}

/** Erased people whose own rows a command of this moment would make; nobody in a catalogue that can erase nobody. */
const madeOf = (reader: Reader, { tables }: Catalogue, { at }: Incoming['frame']): readonly string[] =>
  tables.has(erasure.name) ? erasedMadeAt(tables, reader, at) : []

export function whoseValues(
  reader: Reader,
  catalogue: Catalogue,
  incoming: Incoming,
  { outcome, effects }: Pick<Decision, 'outcome' | 'effects'>,
): Whose {
  const { command, args, frame, personal = [] } = incoming
  const subjects = new Map<string, string>()
  if (personal.length === 0) return { subjects, erased: new Set() }
  const { base, tenant } = frame
  const main =
    (outcome === 'parked' ? madeOf(reader, catalogue, frame)[0] : undefined) ??
    writtenAbout(reader, effects) ??
    namedSubjects(catalogue.tables, reader, { fields: command?.args ?? {}, args, base })
      .values()
      .next().value ??
    NOBODY
  for (const path of personal) {
    const [side, table = '', id = ''] = path.split('/')
    const of = side === 'base' ? catalogue.tables.get(table) : undefined
    const row = of === undefined || of.subject[0] === 'id' ? null : reader.get(of, id, null)
    const own = of === undefined ? undefined : subjectsOf(of, id, row !== null && row !== ELSEWHERE ? row : {})[0]
    subjects.set(path, own ?? main)
  }
  const people = new Set(subjects.values())
  people.delete(NOBODY)
  return { subjects, erased: new Set([...people].filter((subject) => isErasedOn(reader, tenant, subject))) }
}

/** Whom the first row with personal values is about that a command wrote. */
function writtenAbout(reader: Reader, effects: Effects): string | null {
  let met: string | null = null
  for (const { table, id, insert, patch } of effects) {
    if (table.subject.length === 0) continue
    const values = insert ?? (table.subject[0] === 'id' ? {} : reader.get(table, id, null))
    const subject = subjectsOf(table, id, values !== null && values !== ELSEWHERE ? values : {})[0]
    if (subject === undefined) continue
    const written = insert ?? patch ?? {}
    if (personalFieldsOf(table).some((field) => (written[field] ?? null) !== null)) return subject
    met ??= subject
  }
  return met
}
