// How master rows come to stand: made by their natural key the first time, afterwards only what differs is set. So a
// file imported twice changes nothing, and two people who make the same thing make one row.
import { ELSEWHERE, type Context, type Eq } from '../../kernel/command.ts'
import type { AnyTable, FieldName, Insert, Patch, Row } from '../../kernel/table.ts'

/** Values for a table's fields: absent leaves a field alone, null empties an optional one and leaves any other alone. */
export type Given<T extends AnyTable> = { readonly [K in FieldName<T>]?: Row<T>[K] | null | undefined }

/** The given values that may be written. */
export function changesOf<T extends AnyTable>(table: T, given: Given<T>): Patch<T> {
  const changes: Record<string, unknown> = {}
  for (const [field, value] of Object.entries(given)) {
    const isOptional = table.fields[field]?.traits.need === 'optional'
    if (value !== undefined && (value !== null || isOptional)) changes[field] = value
  }
  return changes as Patch<T>
}

/** Makes the row of this key, or sets what differs. Returns its id. */
export function bringToStand<T extends AnyTable>(ctx: Context, table: T, key: Eq<T>, given: Given<T>): string {
  const id = ctx.idOf(table, key)
  const changes = changesOf(table, given)
  const standing = ctx.getByKey(table, { ...key, ...changes })
  if (standing === ELSEWHERE) {
    ctx.rule('masters.not-on-this-device', false, { table: table.name })
  } else if (standing === null) {
    ctx.insert(table, { ...key, ...changes, id } as unknown as Insert<T>)
  } else {
    // The kernel writes what differs from what was seen, and nothing else.
    ctx.patch(table, id, changes)
  }
  return id
}

/** A region is compared as it is written, so there is one way to write it: `EU`, `UK`, `US-CA`. */
export function mustBeRegion(ctx: Context, region: string): void {
  if (!/^[A-Z][A-Z0-9-]*$/.test(region)) ctx.refuse('masters.region-not-upper-case', { region })
}

/** The row, or a refusal that names what is missing. Null when it exists but not on this device. */
export function mustExist<T extends AnyTable>(ctx: Context, table: T, id: string, noun: string): Row<T> | null {
  const found = ctx.get(table, id)
  if (found === null) ctx.refuse(`masters.unknown-${noun}`, { id })
  return found === ELSEWHERE ? null : found
}
