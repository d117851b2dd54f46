// Runs an import: reads, plans a chunk at a time against how things stand, and runs a command for each row that changes
// something. A bad row is reported and stops nobody; what was saved stays saved if the import is stopped.
import type { Refusal } from '../../kernel/refusal.ts'
import { sayRefusal } from '../say-refusal.ts'
import type { CsvRow } from './csv.ts'
import type { ImportContext, ImportKind, Plan, Planner, ReadRow } from './kind.ts'
import { columnName, readRow, type BadCell, type RowReader } from './read-row.ts'

export interface ImportTally {
  readonly rows: number
  readonly created: number
  readonly changed: number
  readonly unchanged: number
  /** Rows that were not imported. */
  readonly bad: number
}

export interface ImportOutcome extends ImportTally {
  readonly badCells: readonly BadCell[]
  /** The line each command came from, by its sequence on the device. */
  readonly lineBySeq: ReadonlyMap<number, number>
}

export interface ImportRun {
  readonly reader: RowReader
  readonly rows: AsyncIterable<CsvRow>
  readonly context: ImportContext
  readonly onRow?: (tally: ImportTally) => void
  readonly isStopped?: () => boolean
}

/** One query a table for so many rows; small enough that progress moves. */
const CHUNK = 500

const refusedCell = (reader: RowReader, row: ReadRow, refusal: Refusal): BadCell => {
  const path = refusal.facts['path']
  const field = reader.kind.columns.find((column) => column.field === path)?.field ?? ''
  return {
    line: row.line,
    column: field === '' ? '' : columnName(reader, field),
    value: reader.kind.keyOf(row.values),
    reason: sayRefusal(refusal),
  }
}

class Running {
  readonly tally = { rows: 0, created: 0, changed: 0, unchanged: 0, bad: 0 }
  readonly badCells: BadCell[] = []
  readonly lineBySeq = new Map<number, number>()
  private readonly run: ImportRun
  private readonly planner: Planner

  constructor(run: ImportRun, planner: Planner) {
    this.run = run
    this.planner = planner
  }

  bad(faults: readonly BadCell[]): void {
    this.badCells.push(...faults)
    this.tally.bad += 1
    this.tally.rows += 1
  }

  async chunk(rows: readonly ReadRow[]): Promise<void> {
    if (rows.length === 0) return
    const plans = await this.planner.plan(rows)
    for (const [at, row] of rows.entries()) {
      if (this.run.isStopped?.() === true) return
      const plan = plans[at]
      if (plan !== undefined) await this.one(row, plan)
      this.run.onRow?.(this.tally)
    }
  }

  private async one(row: ReadRow, plan: Plan): Promise<void> {
    const { reader, context } = this.run
    if (plan.kind === 'bad') {
      const at = reader.mapping.positions.get(plan.field)
      this.bad([
        {
          line: row.line,
          column: columnName(reader, plan.field),
          value: row.cells[at ?? -1] ?? reader.mapping.constants.get(plan.field) ?? '',
          reason: plan.reason,
        },
      ])
      return
    }
    if (plan.kind === 'unchanged') {
      this.tally.rows += 1
      this.tally.unchanged += 1
      return
    }
    const answer = await context.device.run(plan.command, plan.args)
    if (!answer.saved) {
      this.bad([refusedCell(reader, row, answer.refusal)])
      return
    }
    this.lineBySeq.set(answer.seq, row.line)
    this.tally.rows += 1
    this.tally[plan.isNew ? 'created' : 'changed'] += 1
  }
}

/** Imports every row. Shape of the answer: counts, the bad cells, and which command came from which line. */
export async function importRows(kind: ImportKind, run: ImportRun): Promise<ImportOutcome> {
  const running = new Running(run, await kind.open(run.context))
  let rows: ReadRow[] = []
  let keys = new Set<string>()
  const flush = async (): Promise<void> => {
    const chunk = rows
    rows = []
    keys = new Set()
    await running.chunk(chunk)
  }
  for await (const each of run.rows) {
    if (run.isStopped?.() === true) break
    const reading = readRow(run.reader, each)
    if (!reading.ok) {
      running.bad(reading.faults)
      continue
    }
    const key = kind.keyOf(reading.row.values)
    // The second row of a thing is compared with what the first one made of it.
    if (keys.has(key) || rows.length >= CHUNK) await flush()
    keys.add(key)
    rows.push(reading.row)
  }
  await flush()
  return { ...running.tally, badCells: running.badCells, lineBySeq: running.lineBySeq }
}
