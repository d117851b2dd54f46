// What a device may say of a row: here it is, there is none, or that it can't know. For every table of the product, random
// rows and random profiles, on a real encrypted file: "there is none" is never said of a row that the hub has.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { catalogueOf } from '../../kernel/catalogue.ts'
import { command, ELSEWHERE } from '../../kernel/command.ts'
import { keyId } from '../../kernel/hash.ts'
import { runCommand } from '../../kernel/run.ts'
import type { AnyRow, AnyTable } from '../../kernel/table.ts'
import { modules } from '../../modules/all.ts'
import { anyRow, pick, seededDraw, type Draw, type Places } from '../../testing/any-row.ts'
import { aLoneDevice, type LoneDevice } from '../../testing/lone-device.ts'
import { aLease } from '../../testing/two-sides.ts'

const catalogue = catalogueOf(modules)
const tables = [...catalogue.tables.values()]
const carried = tables.filter(({ side }) => side === 'both')
const places: Places = {
  companies: ['bw', 'other'],
  branches: ['leeds', 'whitby'],
  territories: ['leeds', 'coast'],
  months: ['2026-01', '2026-02'],
}

let device: LoneDevice
beforeAll(async () => (device = await aLoneDevice(catalogue)))
afterAll(() => device.end())

/** What a handler is told, as it is told. */
function told(
  table: AnyTable,
  ask: { readonly id: string } | { readonly key: Readonly<Record<string, unknown>> },
): unknown {
  let answer: unknown
  const probe = command('test.probe', {
    kind: 'fact',
    version: 1,
    permission: 'test.probe',
    args: {},
    run: (ctx) => (answer = 'id' in ask ? ctx.get(table, ask.id) : ctx.getByKey(table, ask.key as never)),
  })
  const frame = { tenant: 't1', dev: 'K7Q2', ep: 1, seq: 1, at: 0, tz: 'UTC', lease: aLease(), nos: {}, base: {} }
  runCommand(probe, {}, { phase: 'replay', reader: device.replica.store, frame })
  return answer
}

interface Hub {
  readonly rows: Map<AnyTable, AnyRow[]>
  bucketsOf(table: AnyTable, row: AnyRow): readonly string[]
}

/** A few rows of every table, lines with their headers, some of them removed. */
function aHubOf(draw: Draw): Hub {
  const rows = new Map<AnyTable, AnyRow[]>()
  const rowsOf = (table: AnyTable): AnyRow[] => {
    const standing = rows.get(table)
    if (standing !== undefined) return standing
    const made: AnyRow[] = []
    rows.set(table, made)
    for (let at = 0; at < 4; at++) {
      const mark = `${table.sqlName}-${at}`
      const parent = table.parent === null ? null : pick(draw, rowsOf(table.parent.table))
      const drawn = anyRow(
        table,
        mark,
        { draw, places, mark },
        table.parent === null ? {} : { [table.parent.field]: parent?.id },
      )
      const id =
        table.key === null ? mark : keyId('t1', table.name, table.key.map((field) => drawn[field] ?? null) as never)
      // Two rows of one key are one row.
      if (!made.some((row) => row.id === id)) made.push({ ...drawn, id, goneAt: draw(5) === 0 ? 1 : null })
    }
    return made
  }
  for (const table of tables) rowsOf(table)
  const bucketsOf = (table: AnyTable, row: AnyRow): readonly string[] => {
    if (table.parent === null) return table.bucketsOf(row)
    const { table: of, field } = table.parent
    const header = rowsOf(of).find(({ id }) => id === row[field])
    return header === undefined ? [] : bucketsOf(of, header)
  }
  return { rows, bucketsOf }
}

/** The device holds these buckets whole and nothing else. */
function download({ rows, bucketsOf }: Hub, held: ReadonlySet<string>): void {
  const { db, store } = device.replica
  db.transaction(() => {
    db.run('DELETE FROM bucket')
    for (const name of held) db.run('INSERT INTO bucket (name, is_complete) VALUES (?, 1)', [name])
    for (const table of tables) {
      db.run(`DELETE FROM ${table.sqlName}`)
      for (const row of rows.get(table) ?? [])
        if (bucketsOf(table, row).some((bucket) => held.has(bucket))) store.put(table, row)
    }
  })
  device.replica.bucketsChanged()
}

const ROUNDS = Number(process.env['HOLDFAST_ROUNDS'] ?? 12)

test(
  '[PROF3] a row, none, or elsewhere: as an oracle says, for every table, random rows and random profiles',
  { timeout: 120_000 },
  () => {
    const draw = seededDraw(31)
    const answers = { row: 0, none: 0, elsewhere: 0 }
    for (let round = 0; round < ROUNDS; round++) {
      const hub = aHubOf(draw)
      const all = [
        ...new Set(carried.flatMap((table) => (hub.rows.get(table) ?? []).flatMap((row) => hub.bucketsOf(table, row)))),
      ]
      const held = new Set(all.filter(() => draw(2) === 0))
      download(hub, held)
      for (const table of carried) {
        const isWhole = table.whole.some((bucket) => held.has(bucket))
        for (const row of hub.rows.get(table) ?? []) {
          const isHeld = hub.bucketsOf(table, row).some((bucket) => held.has(bucket))
          const due = isHeld ? (row.goneAt === null ? row : null) : isWhole ? 'never: whole carries it' : ELSEWHERE
          const where = `${table.name} with ${[...held].join(' ')}`
          expect([where, told(table, { id: row.id })]).toEqual([where, due])
          // By its key, together with what says where it lives.
          if (table.key !== null) expect([where, told(table, { key: row })]).toEqual([where, due])
          if (due === ELSEWHERE) answers.elsewhere += 1
          else if (due !== null) answers.row += 1
        }
        const none = told(table, { id: 'never made' })
        expect(none).toBe(isWhole ? null : ELSEWHERE)
        if (none === null) answers.none += 1
      }
    }
    expect(Math.min(...Object.values(answers))).toBeGreaterThan(ROUNDS)
  },
)

test('[PROF3] a bucket that is said to carry a table whole carries each of its rows', () => {
  const draw = seededDraw(7)
  for (let round = 0; round < 20; round++) {
    const hub = aHubOf(draw)
    for (const table of carried)
      for (const row of hub.rows.get(table) ?? [])
        expect([table.name, hub.bucketsOf(table, row)]).toEqual([table.name, expect.arrayContaining([...table.whole])])
  }
})

test('[PROF3] a key without what says where its row lives is never taken for "there is none"', () => {
  const draw = seededDraw(9)
  const hub = aHubOf(draw)
  download(hub, new Set(['stock:leeds', 'parties:leeds']))
  for (const table of carried) {
    if (table.key === null) continue
    const { key } = table
    for (const row of hub.rows.get(table) ?? []) {
      const bare = Object.fromEntries(key.map((field) => [field, row[field] ?? null]))
      if (row.goneAt === null && told(table, { key: bare }) === null)
        expect.fail(`${table.name}: the hub has ${row.id}`)
    }
  }
})

test('a bucket that is still on its way says nothing', () => {
  const draw = seededDraw(5)
  const hub = aHubOf(draw)
  download(hub, new Set())
  device.replica.db.run(
    "INSERT INTO bucket (name, is_complete) VALUES ('company', 0), ('catalogue', 0), ('parties', 0)",
  )
  device.replica.bucketsChanged()
  for (const table of carried) expect([table.name, told(table, { id: 'x' })]).toEqual([table.name, ELSEWHERE])
})
