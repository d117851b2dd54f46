// Erases a person (a party, a contact, a user): from here on there is only a pseudonym. Documents, ledgers and numbers stay as the law wants
// them kept; what they said about the person goes. The hub alone knows every row, and no later command brings anything back.
import type { Module } from '../../kernel/catalogue.ts'
import { ELSEWHERE, command, type Command, type Context } from '../../kernel/command.ts'
import {
  baseWithoutPersonal,
  ERASE_SUBJECT,
  erasure,
  indexBy,
  personalFieldsOf,
  pseudonymOf,
  withoutPersonal,
} from '../../kernel/erasure.ts'
import { assert } from '../../kernel/assert.ts'
import { code, text } from '../../kernel/field.ts'
import { momentOfId } from '../../kernel/hash.ts'
import { reviewItem } from '../../kernel/kernel-tables.ts'
import type { AnyTable } from '../../kernel/table.ts'

/** `table`: one whose rows are people themselves (party, contact, user). */
const args = { table: code(), subject: text(64) }

interface Business {
  readonly tables: ReadonlyMap<string, AnyTable>
  readonly commands: ReadonlyMap<string, Command>
}

/** `modules`: all whose rows may be about people. [ERASE1] */
export const eraseSubjectOf = (modules: readonly Module[]): Command<typeof args> => {
  const all = modules.flatMap(({ tables }) => tables)
  const business: Business = {
    tables: new Map(all.map((each) => [each.name, each])),
    commands: new Map(modules.flatMap(({ commands }) => commands.map((each) => [each.name, each] as const))),
  }
  for (const each of all) {
    assert(
      each.subject.length > 0 || personalFieldsOf(each).length === 0,
      `${each.name} holds personal data and doesn't say whose: declare its subject.`,
    )
    for (const field of each.subject) if (field !== 'id') indexBy(each, field)
  }
  return command(ERASE_SUBJECT, {
    kind: 'request',
    version: 1,
    permission: 'privacy.erase',
    args,
    run(ctx, a) {
      const of = business.tables.get(a.table)
      if (of?.subject[0] !== 'id') return ctx.refuse('privacy.unknown-subject', { table: a.table })
      const found = ctx.get(of, a.subject, { soft: true })
      // A hub that was restored erases again by what its key store says, also whom it doesn't know yet.
      if (found === null && !ctx.isHub) ctx.refuse('privacy.unknown-subject', { table: a.table })
      const keeper = found === null || found === ELSEWHERE ? null : (found as { mergedInto?: string | null }).mergedInto
      const person = { table: a.table, subject: keeper ?? a.subject }
      ctx.describe({ party: pseudonymOf(person.subject) })
      if (!note(ctx, person)) return
      ctx.onHub(() => eraseAll(ctx, business, person))
    },
  })
}

interface Person {
  readonly table: string
  readonly subject: string
}

/** False when somebody did it before. */
function note(ctx: Context, { table, subject }: Person): boolean {
  const known = ctx.getByKey(erasure, { subject })
  if (known !== null && known !== ELSEWHERE) return false
  ctx.insert(erasure, { id: ctx.idOf(erasure, { subject }), subject, table, by: ctx.user, at: ctx.now })
  return true
}

/** The person, and whoever is theirs: contacts of a party, parties that were merged into it. */
function eraseAll(ctx: Context, { tables, commands }: Business, first: Person): void {
  const people: Person[] = [first]
  const ids = new Set<string>()
  for (const { subject } of people) {
    ids.add(subject)
    for (const of of tables.values())
      for (const field of of.subject)
        for (const id of ctx.erase(of, field, subject)) {
          ids.add(id)
          const isPerson = of.subject[0] === 'id' && field !== 'id' && !people.some((each) => each.subject === id)
          if (isPerson && note(ctx, { table: of.name, subject: id })) people.push({ table: of.name, subject: id })
        }
  }
  // One that would make them names nobody: it is told by the moment that their ids begin with, where nothing else made them.
  const unmade = people.filter(({ table, subject }) => rowOf(ctx, tables.get(table), subject) === null)
  const made = new Set(unmade.map(({ subject }) => momentOfId(subject)))
  for (const state of ['open', 'resubmitted', 'forced', 'discarded'] as const)
    for (const item of ctx.find(reviewItem, 'byState', { state })) {
      if (!made.has(item.capturedAt) && !namesAny(item.args, ids) && !namesAny(item.base, ids)) continue
      const fields = commands.get(item.command)?.args
      ctx.patch(reviewItem, item.id, {
        args: fields === undefined ? {} : withoutPersonal(fields, item.args as Readonly<Record<string, unknown>>),
        base: item.base === null ? null : baseWithoutPersonal(tables, item.base),
      })
    }
}

const rowOf = (ctx: Context, of: AnyTable | undefined, subject: string): unknown =>
  of === undefined ? null : ctx.get(of, subject, { soft: true })

function namesAny(value: unknown, ids: ReadonlySet<string>): boolean {
  if (typeof value === 'string') return ids.has(value)
  if (typeof value !== 'object' || value === null) return false
  return Object.entries(value).some(([key, inner]) => ids.has(key) || namesAny(inner, ids))
}
