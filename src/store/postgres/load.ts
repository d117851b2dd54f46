// Loads everything a batch missed: one statement a table for rows, one a shape of range. Reads only.
import type { ClientBase } from 'pg'
import { hash64 } from '../../kernel/hash.ts'
import type { Range } from '../../kernel/reader.ts'
import { columnOf, type AnyRow, type AnyTable } from '../../kernel/table.ts'
import type { BatchCache, Wanted } from './batch-cache.ts'
import { quoted, selectedOf, sqlTypeOf } from './hub-tables.ts'
import { inOneFlight } from './in-one-flight.ts'

/** Fills the cache with the wanted rows and ranges of one tenant, in one flight. */
export async function loadWanted(client: ClientBase, tenant: string, wanted: Wanted, cache: BatchCache): Promise<void> {
  const rows = [...wanted.rows].map(([table, ids]) => loadRows(client, tenant, { table, ids }, cache))
  const ranges = groupsOf(wanted).map((group) => loadGroup(client, tenant, group, cache))
  await inOneFlight([...rows, ...ranges])
}

async function loadRows(
  client: ClientBase,
  tenant: string,
  { table, ids }: { readonly table: AnyTable; readonly ids: ReadonlySet<string> },
  cache: BatchCache,
): Promise<void> {
  const found = await client.query<AnyRow & Record<string, unknown>>({
    name: `rows-${table.sqlName}`,
    text: `SELECT ${selectedOf(table, 't')} FROM ${table.sqlName} t WHERE t.tenant_id = $1 AND t.id = ANY ($2::text[])`,
    values: [tenant, [...ids]],
  })
  const byId = new Map(found.rows.map((row) => [row.id, row]))
  for (const id of ids) cache.putRow(table, id, byId.get(id) ?? null)
}

/** Bounds are numbers or text; on a flag they are 0 and 1. */
const bound = (type: string, value: string | number | null): unknown => (type === 'boolean' ? value !== 0 : value)

type Group = readonly { readonly table: AnyTable; readonly range: Range }[]

/** Ranges that one statement can load: same index, same fixed columns, same nulls, same bounds. */
function groupsOf(wanted: Wanted): Group[] {
  const groups = new Map<string, { table: AnyTable; range: Range }[]>()
  for (const each of wanted.ranges.values()) {
    const { table, range } = each
    const shape = [
      table.name,
      range.index,
      range.eq.map((value) => value === null).join(),
      range.from !== null,
      range.to !== null,
      range.desc,
      range.hasGone === true,
    ].join(' ')
    const group = groups.get(shape)
    if (group === undefined) groups.set(shape, [each])
    else group.push(each)
  }
  return [...groups.values()]
}

async function loadGroup(client: ClientBase, tenant: string, group: Group, cache: BatchCache): Promise<void> {
  const first = group[0]
  if (first === undefined) return
  const { table, range } = first
  const column = (index: number): string => `t.${quoted(columnOf(range.columns[index] as string))}`
  const typeOf = (index: number): string => sqlTypeOf(table, range.columns[index] as string).replace(' COLLATE "C"', '')
  const params: unknown[] = [tenant, group.map((_, index) => index), group.map((each) => each.range.limit)]
  const names = ['k', 'lim']
  const types = ['int[]', 'bigint[]']
  const where = range.hasGone === true ? ['t.tenant_id = $1'] : ['t.tenant_id = $1', 't.gone_at IS NULL']
  const bind = (name: string, type: string, values: unknown[]): void => {
    params.push(values)
    names.push(name)
    types.push(`${type}[]`)
  }
  for (const [index, value] of range.eq.entries()) {
    if (value === null) {
      where.push(`${column(index)} IS NULL`)
      continue
    }
    bind(
      `e${index}`,
      typeOf(index),
      group.map((each) => each.range.eq[index]),
    )
    where.push(`${column(index)} = q.e${index}`)
  }
  const next = range.eq.length
  if (range.from !== null) {
    bind(
      'lo',
      typeOf(next),
      group.map((each) => bound(typeOf(next), each.range.from)),
    )
    where.push(`${column(next)} >= q.lo`)
  }
  if (range.to !== null) {
    bind(
      'hi',
      typeOf(next),
      group.map((each) => bound(typeOf(next), each.range.to)),
    )
    where.push(`${column(next)} <= q.hi`)
  }
  const direction = range.desc ? 'DESC NULLS LAST' : 'ASC NULLS FIRST'
  const order = [
    ...range.columns.slice(next).map((name) => `t.${quoted(columnOf(name))} ${direction}`),
    `t.id ${range.desc ? 'DESC' : 'ASC'}`,
  ].join(', ')
  const unnest = types.map((type, index) => `$${index + 2}::${type}`).join(', ')
  const text = `SELECT q.k, r.* FROM unnest(${unnest}) AS q(${names.join(', ')}) CROSS JOIN LATERAL (SELECT ${selectedOf(table, 't')} FROM ${table.sqlName} t WHERE ${where.join(' AND ')} ORDER BY ${order} LIMIT q.lim) r`
  const found = await client.query<AnyRow & { k: number }>({ name: `range-${hash64(text)}`, text, values: params })
  const byRange: AnyRow[][] = group.map(() => [])
  for (const { k, ...row } of found.rows) byRange[k]?.push(row)
  for (const [index, each] of group.entries()) cache.putRange(table, each.range, byRange[index] ?? [])
}
