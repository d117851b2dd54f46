// Values that a handler gives for a row's fields: only those that it gave, and only such as the table can have. What is
// wrong here is a bug of the handler, never a refusal.
import { assert } from './assert.ts'
import type { AnyTable } from './table.ts'

export function withoutUndefined(fields: object): Record<string, unknown> {
  const defined: Record<string, unknown> = {}
  for (const field of Object.keys(fields)) {
    const value = (fields as Record<string, unknown>)[field]
    if (value !== undefined) defined[field] = value
  }
  return defined
}

/** An insert needs every required field, and a patch may not set a sum. */
export function checkFields(table: AnyTable, fields: object, verb: 'insert' | 'patch'): void {
  for (const field of Object.keys(fields)) {
    const value = (fields as Record<string, unknown>)[field]
    const traits = table.fields[field]?.traits
    // The sentence is only made when it is needed: this runs for every field of every row.
    if (traits === undefined) assert(false, `${table.name} has no field ${field}.`)
    if (verb === 'patch' && traits.isDelta === true) assert(false, `${table.name}.${field} changes only by add.`)
    if (typeof value === 'number' && !Number.isSafeInteger(value))
      assert(false, `${table.name}.${field} must be an exact integer, not ${String(value)}.`)
  }
  if (verb === 'patch') return
  for (const field of table.fieldNames) {
    const isMissing =
      table.fields[field]?.traits.need === 'required' && (fields as Record<string, unknown>)[field] == null
    if (isMissing) assert(false, `${table.name}.${field} is required.`)
  }
}
