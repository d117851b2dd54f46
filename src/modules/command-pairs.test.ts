// Every pair of commands, both orders, on two and on three devices (the conflict matrix): two people who don't know of each
// other do them to the same rows. The laws are written here; a pair that breaks one is named with what it broke.
import { beforeAll, expect, test } from 'vitest'
import type { Effects } from '../kernel/effects.ts'
import type { AnyCommand } from '../kernel/command.ts'
import { ERASE_SUBJECT } from '../kernel/erasure.ts'
import { lostValue } from '../kernel/kernel-tables.ts'
import {
  cashBalance,
  cashEntry,
  glEntry,
  partyBalance,
  partyEntry,
  stockBalance,
  stockEntry,
} from '../kernel/ledger.ts'
import { REMOVAL } from '../kernel/settle-row.ts'
import type { AnyRow, AnyTable } from '../kernel/table.ts'
import { builders } from '../testing/command-builders.ts'
import { captureOf, decide, type Captured, type Decided, type Layer } from '../testing/command-pairs.ts'
import { aLivingWorld, type LivingWorld } from '../testing/living-world.ts'
import { catalogue } from './all.ts'

let world: LivingWorld
const commands: readonly AnyCommand[] = [...catalogue.commands.values()]
const captured = new Map<string, Captured[]>()
const of = (command: AnyCommand, who: number): Captured => {
  const own = captured.get(command.name)?.[who]
  if (own === undefined) throw new Error(`${command.name} was not captured.`)
  return own
}

beforeAll(() => {
  world = aLivingWorld()
})

test('every command has a builder, and each is taken by itself', () => {
  const missing = commands.filter(({ name }) => !builders.has(name)).map(({ name }) => name)
  expect(missing, 'add them to src/testing/command-builders.ts').toEqual([])
  expect([...builders.keys()].filter((name) => !catalogue.commands.has(name))).toEqual([])
  const alone: string[] = []
  for (const command of commands) {
    const build = builders.get(command.name)
    if (build === undefined) continue
    captured.set(
      command.name,
      [0, 1, 2].map((who) => captureOf(world, command, build, who)),
    )
    const done = decide(catalogue, world.hub, of(command, 0), 1)
    if (done.outcome !== 'stands') alone.push(`${command.name}: ${JSON.stringify(done.run.refusal)}`)
  }
  expect(alone).toEqual([])
})

const sums = (rows: Iterable<readonly [string, number]>): Map<string, number> => {
  const all = new Map<string, number>()
  for (const [key, amount] of rows) all.set(key, (all.get(key) ?? 0) + amount)
  return new Map([...all].filter(([, amount]) => amount !== 0))
}
type Fields = Readonly<Record<string, unknown>>
const inserted = (effects: Effects, table: AnyTable): Fields[] =>
  [...(effects.ofTable(table)?.values() ?? [])].flatMap(({ insert }) => (insert === null ? [] : [insert as Fields]))

/** What a ledger's entries come to, beside what its balances changed by. */
function ledgerFault(
  effects: Effects,
  entry: AnyTable,
  balance: AnyTable,
  keyed: readonly string[],
  amounts: (row: Fields) => [unknown, unknown][],
): string | null {
  const entries = sums(
    inserted(effects, entry).flatMap((row) =>
      amounts(row).map(
        ([name, amount]) => [[...keyed.map((field) => row[field]), name].join(' '), Number(amount)] as const,
      ),
    ),
  )
  const balances = sums(
    [...(effects.ofTable(balance)?.values() ?? [])].flatMap(({ add, frame, id }) =>
      Object.entries(add ?? {}).map(([name, amount]) => {
        const key = (frame ?? {}) as Record<string, unknown>
        if (keyed.some((field) => key[field] === undefined))
          throw new Error(`A balance ${balance.name} ${id} without its key.`)
        return [[...keyed.map((field) => key[field]), name].join(' '), amount] as const
      }),
    ),
  )
  const isSame = entries.size === balances.size && [...entries].every(([key, amount]) => balances.get(key) === amount)
  return isSame
    ? null
    : `${balance.name} changed by ${JSON.stringify([...balances])}, its entries say ${JSON.stringify([...entries])}`
}

/** L5 for one command: every entry is in its balance, and every document is zero in the general ledger. */
function bookFaults({ run: { effects } }: Decided): string[] {
  const documents = sums(
    inserted(effects, glEntry).map((row) => [String(row['documentId']), Number(row['amount'])] as const),
  )
  return [
    ledgerFault(effects, stockEntry, stockBalance, ['item', 'warehouse'], (row) => [[row['state'], row['quantity']]]),
    ledgerFault(effects, cashEntry, cashBalance, ['shift', 'method', 'currency'], (row) => [['amount', row['amount']]]),
    ledgerFault(effects, partyEntry, partyBalance, ['party', 'company'], (row) => [[row['account'], row['amount']]]),
    documents.size === 0 ? null : `the general ledger is off by ${JSON.stringify([...documents])}`,
  ].filter((fault) => fault !== null)
}

const edited = new Set(
  commands.flatMap(({ edits }) => edits?.fields.map((field) => `${edits.table.name}.${field}`) ?? []),
)

/** Where two people can disagree a command says that it edits it: what isn't said is on no list of merge rules. */
const unsaidLosses = ({ run: { effects } }: Decided): string[] =>
  inserted(effects, lostValue)
    .filter(({ field }) => field !== REMOVAL)
    .map(({ table, field }) => `${String(table)}.${String(field)}`)
    .filter((field) => !edited.has(field))
    .map((field) => `${field} lost a value, and no command says that it edits it`)

/** Laws of one decision: it came to something, the device's prediction on the hub's rows is the hub's, the books balance. */
function faultsOf({ command }: Captured, done: Decided): string[] {
  const faults = [...bookFaults(done), ...unsaidLosses(done)]
  if (done.outcome === 'parked') faults.push(`parked: ${JSON.stringify(done.run.refusal)}`)
  if (done.outcome === 'refused' && command.kind !== 'request') faults.push('refused, but it happened')
  if (done.outcome === 'stands' && done.replayed !== done.run.eff()) faults.push('the device predicts otherwise')
  return faults
}

/** What differs between two ends, but for stamps: who and when of a change that both made. */
function differences(one: Layer[], other: Layer[]): string[] {
  const different: string[] = []
  const read = (layers: Layer[], table: AnyTable, id: string): AnyRow | null => layers.at(-1)?.get(table, id) ?? null
  const touched = new Map<string, Set<string>>()
  for (const { images } of [...one, ...other])
    for (const [name, rows] of images)
      for (const id of rows.keys()) touched.set(name, (touched.get(name) ?? new Set()).add(id))
  for (const [name, ids] of touched) {
    const table = catalogue.tables.get(name)
    if (table === undefined || table.side === 'hub') continue
    for (const id of ids) {
      const [a, b] = [read(one, table, id), read(other, table, id)]
      const fields = table.fieldNames.filter(
        (field) =>
          table.fields[field]?.traits.merge !== 'stamp' && JSON.stringify(a?.[field]) !== JSON.stringify(b?.[field]),
      )
      if (fields.length > 0) different.push(`${name}.${fields.join('+')}`)
    }
  }
  return different
}

/** The first of an order meets the world as it stood: decided once. */
const first = new Map<Captured, Decided>()
function decideFirst(each: Captured): Decided {
  const done = first.get(each) ?? decide(catalogue, world.hub, each, 2)
  first.set(each, done)
  return done
}

function inOrder(order: readonly Captured[]): { decided: Decided[]; layers: Layer[]; faults: string[] } {
  const decided: Decided[] = []
  const faults: string[] = []
  let below = world.hub as Parameters<typeof decide>[1]
  for (const [at, each] of order.entries()) {
    const done = at === 0 ? decideFirst(each) : decide(catalogue, below, each, at + 2)
    faults.push(...faultsOf(each, done).map((fault) => `${each.command.name}: ${fault}`))
    decided.push(done)
    below = done.state
  }
  return { decided, layers: decided.map(({ state }) => state), faults }
}

/** Orders of the same commands: the laws in each, and one end for any two of them unless somebody was told. */
function compared(...orders: (readonly Captured[])[]): (readonly [string, string])[] {
  const ends = orders.map(inOrder)
  const label = (orders[0] ?? []).map(({ command }) => command.name).join(' × ')
  const untold = ends.filter(({ decided }) => !decided.some(({ isNamed }) => isNamed))
  const silent = untold.flatMap((one, at) =>
    untold.slice(at + 1).flatMap((other) => differences(one.layers, other.layers).map((each) => `silent: ${each}`)),
  )
  return [...new Set([...ends.flatMap(({ faults }) => faults), ...silent])].map((fault) => [fault, label])
}

const bothOrders = (a: Captured, b: Captured): (readonly [string, string])[] => compared([a, b], [b, a])

/** What two do with what a third does between them, either of them first, and what the third does before both. */
const amongTwo = (a: Captured, b: Captured, again: Captured): (readonly [string, string])[] =>
  compared([a, b, again], [again, b, a], [b, a, again])

/** One line a fault, with the first pairs that show it. */
function told(faults: readonly (readonly [string, string])[]): string[] {
  const shown = new Map<string, string[]>()
  for (const [fault, label] of faults) shown.set(fault, [...(shown.get(fault) ?? []), label])
  return [...shown].map(([fault, labels]) => `${fault} (${labels.length}: ${labels.slice(0, 3).join(', ')})`)
}

/** A busy machine is slow, not wrong. */
const PATIENCE_MS = 300_000

test(
  'two devices: every pair, both orders',
  () => {
    const faults = commands.flatMap((a, at) => commands.slice(at).flatMap((b) => bothOrders(of(a, 0), of(b, 1))))
    expect(told(faults)).toEqual([])
  },
  PATIENCE_MS,
)

test(
  'three devices: every pair, with a third who does either of them again, and either of them first',
  () => {
    // Over all of both lists: so each of a pair is once the one that is done twice.
    const faults = commands.flatMap((a) => commands.flatMap((b) => amongTwo(of(a, 0), of(b, 1), of(a, 2))))
    expect(told(faults)).toEqual([])
  },
  PATIENCE_MS,
)

test('a command that edits changes no row by an argument of the same name that it doesn’t say', () => {
  const unsaid = commands
    // An erasure takes away whatever is about a person, whatever the fields are called.
    .filter(({ kind, name }) => kind !== 'fact' && name !== ERASE_SUBJECT)
    .flatMap((command) => {
      const { effects } = decide(catalogue, world.hub, of(command, 0), 1).run
      return [...effects]
        .filter(({ patch, table }) => patch !== null && table.side === 'both')
        .flatMap(({ patch, table }) => Object.keys(patch ?? {}).map((field) => ({ table, field })))
        .filter(({ table, field }) => field in command.args && !edited.has(`${table.name}.${field}`))
        .map(({ table, field }) => `${command.name}: ${table.name}.${field}`)
    })
  expect(unsaid).toEqual([])
})
