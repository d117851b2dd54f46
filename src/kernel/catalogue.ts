// The catalogue: every table, command, view and posting pass of the modules that a deployable composes, by name.
// Both sides build it from the same modules; a name that appears twice is a bug at start, not at use.
import { assert } from './assert.ts'
import type { AnyCommand } from './command.ts'
import { allotmentTables } from './allotment.ts'
import { cut } from './completeness.ts'
import { erasure, erasureReceipt } from './erasure.ts'
import type { ExceptionOwner, Exceptions } from './exception-owner.ts'
import { kernelTables } from './kernel-tables.ts'
import { ledgerTables } from './ledger.ts'
import { fiscalPeriod } from './period.ts'
import { stockCountTables } from './stock-count.ts'
import type { Pass } from './run.ts'
import type { AnyTable } from './table.ts'
import type { View } from './view.ts'

export interface Module {
  readonly name: string
  readonly tables: readonly AnyTable[]
  readonly commands: readonly AnyCommand[]
  readonly views?: readonly View<never, unknown>[]
  readonly passes?: readonly Pass[]
  /** What its commands and passes may raise. Modules that share a code name the same owner. */
  readonly exceptions?: Exceptions
}

export interface Catalogue {
  readonly tables: ReadonlyMap<string, AnyTable>
  readonly commands: ReadonlyMap<string, AnyCommand>
  readonly views: ReadonlyMap<string, View<never, unknown>>
  readonly passes: readonly Pass[]
  readonly exceptions: ReadonlyMap<string, ExceptionOwner>
  /** Lines of each header, for re-routing. */
  readonly linesOf: ReadonlyMap<string, readonly AnyTable[]>
  /** The local schema: the newest that a table, a column or a routing of it names (sync.md §11). */
  readonly schema: number
}

const kernelModule: Module = {
  name: 'kernel',
  tables: [...kernelTables, ...ledgerTables, ...allotmentTables, ...stockCountTables, cut, fiscalPeriod],
  commands: [],
}

function byName<T extends { readonly name: string }>(what: string, all: readonly T[]): ReadonlyMap<string, T> {
  const named = new Map<string, T>()
  for (const each of all) {
    assert(!named.has(each.name), `The ${what} ${each.name} is declared twice.`)
    named.set(each.name, each)
  }
  return named
}

function ownersOf(modules: readonly Module[]): ReadonlyMap<string, ExceptionOwner> {
  const owners = new Map<string, ExceptionOwner>()
  for (const { exceptions = {} } of modules) {
    for (const [code, declared] of Object.entries(exceptions)) {
      const known = owners.get(code) ?? declared
      const isSame = known.owner === declared.owner && known.isUrgent === declared.isUrgent
      assert(isSame, `The exception ${code} is declared with two owners.`)
      owners.set(code, declared)
    }
  }
  return owners
}

export function catalogueOf(modules: readonly Module[]): Catalogue {
  const all = [kernelModule, ...modules]
  const declared = all.flatMap((module) => module.tables)
  // Where rows are about people somebody may be erased.
  const hasPeople = declared.some(({ subject }) => subject.length > 0)
  const tables = byName('table', hasPeople ? [...declared, erasure, erasureReceipt] : declared)
  const linesOf = new Map<string, AnyTable[]>()
  for (const table of tables.values()) {
    if (table.parent === null) continue
    const header = table.parent.table.name
    assert(tables.has(header), `${table.name} belongs to ${header}, which no module declares.`)
    linesOf.set(header, [...(linesOf.get(header) ?? []), table])
  }
  return {
    tables,
    commands: byName(
      'command',
      all.flatMap((module) => module.commands),
    ),
    views: byName(
      'view',
      all.flatMap((module) => module.views ?? []),
    ),
    passes: all.flatMap((module) => module.passes ?? []),
    exceptions: ownersOf(all),
    linesOf,
    schema: Math.max(...[...tables.values()].flatMap(schemasOf)),
  }
}

const schemasOf = (table: AnyTable): number[] => [
  table.bucketsSince,
  ...table.fieldNames.map((field) => table.fields[field]?.traits.since ?? table.since),
]
