// Which sealed lines are about somebody who is erased, for what the hub keeps without having run it (work of a copied device, values from an
// earlier release): by the ids in a line, of people and of rows about them, and by the moment in the ids of rows that a line made.
import type { PoolClient } from 'pg'
import type { Catalogue } from '../../kernel/catalogue.ts'
import { erasure } from '../../kernel/erasure.ts'
import { momentOfId } from '../../kernel/hash.ts'
import { columnOf } from '../../kernel/table.ts'
import { quoted } from '../../store/postgres/hub-tables.ts'
import type { ErasedPerson } from './subjects.ts'

const IDS = /[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/g

/** One answer a line. */
export async function areAboutErased(
  client: PoolClient,
  { tenant, catalogue }: { readonly tenant: string; readonly catalogue: Catalogue },
  lines: readonly string[],
): Promise<boolean[]> {
  if (!catalogue.tables.has(erasure.name)) return lines.map(() => false)
  const erased = await erasedPeople(client, tenant)
  const people = erased.map(({ subject }) => subject)
  if (people.length === 0) return lines.map(() => false)
  const named = lines.map((line) => line.match(IDS) ?? [])
  const about = new Set(people)
  const ids = [...new Set(named.flat())]
  for (const table of catalogue.tables.values()) {
    const fields = table.subject.filter((field) => field !== 'id')
    if (fields.length === 0) continue
    const isTheirs = fields.map((field) => `${quoted(columnOf(field))} = ANY ($3::text[])`).join(' OR ')
    const rows = await client.query<{ id: string }>(
      `SELECT id FROM ${table.sqlName} WHERE tenant_id = $1 AND id = ANY ($2::text[]) AND (${isTheirs})`,
      [tenant, ids, people],
    )
    for (const { id } of rows.rows) about.add(id)
  }
  const moments = lines.map((line) => (JSON.parse(line) as { at: number }).at)
  const makers = await momentsOfUnmade(client, { tenant, catalogue }, erased, new Set(moments))
  return lines.map(
    (_, index) => (named[index] ?? []).some((id) => about.has(id)) || makers.has(moments[index] ?? Number.NaN),
  )
}

const erasedPeople = async (client: PoolClient, tenant: string): Promise<ErasedPerson[]> =>
  (
    await client.query<ErasedPerson>(
      `SELECT subject, "table" FROM ${erasure.sqlName} WHERE tenant_id = $1 AND gone_at IS NULL`,
      [tenant],
    )
  ).rows

/**
 * Of these moments those at which an erased person's own row was made by a command that the hub doesn't have. Where the row is, it is made,
 * and another command of that millisecond has nothing to do with it.
 */
async function momentsOfUnmade(
  client: PoolClient,
  { tenant, catalogue }: { readonly tenant: string; readonly catalogue: Catalogue },
  erased: readonly ErasedPerson[],
  moments: ReadonlySet<number>,
): Promise<ReadonlySet<number>> {
  const unmade = new Map(
    erased.map(({ subject }) => [subject, momentOfId(subject)] as const).filter(([, moment]) => moments.has(moment)),
  )
  for (const name of new Set(erased.filter(({ subject }) => unmade.has(subject)).map(({ table }) => table))) {
    const table = catalogue.tables.get(name)
    if (table === undefined) continue
    const made = await client.query<{ id: string }>(
      `SELECT id FROM ${table.sqlName} WHERE tenant_id = $1 AND id = ANY ($2::text[])`,
      [tenant, [...unmade.keys()]],
    )
    for (const { id } of made.rows) unmade.delete(id)
  }
  return new Set(unmade.values())
}
