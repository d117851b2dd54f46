// `holdfast import`: opens the file and the device, shows what was understood, asks where a person is there to ask, runs
// and reports. A bad row ends it with exit code 1, never half-way.
import { confirm, isCancel, progress, select } from '@clack/prompts'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { basename, extname } from 'node:path'
import type { DeviceApi } from '../../sync/device/api.ts'
import { exitCodes, usageWrong, type ExitCode } from '../exit.ts'
import type { CellStyle } from './cell.ts'
import { mapColumns, type Mapping } from './columns.ts'
import { readCsv, type CsvOptions, type CsvRow } from './csv.ts'
import { importRows, type ImportOutcome, type ImportTally } from './import-rows.ts'
import type { ImportKind, ReadRow } from './kind.ts'
import { importKinds } from './kinds.ts'
import { readRow, type BadCell, type RowReader } from './read-row.ts'
import { formatBadCells, formatMapping, formatOutcome, formatRows, writeBadCells } from './report.ts'
import { settleImport } from './settle-import.ts'

export interface ImportOptions {
  readonly map: readonly string[]
  readonly set: readonly string[]
  readonly preview?: boolean
  readonly yes?: boolean
  readonly delimiter?: string
  readonly encoding?: string
  readonly decimalComma?: boolean
  readonly dates: CellStyle['dates']
  /** The day of opening balances. */
  readonly on: string
  readonly report?: string
  readonly quiet?: boolean
}

export interface ImportRequest {
  readonly kind: string
  readonly file: string
  readonly options: ImportOptions
  /** Lends the device for the run, and closes it after if it was opened for it. */
  readonly withDevice: <T>(use: (device: DeviceApi) => Promise<T>) => Promise<T>
  readonly isStopped: () => boolean
}

const PREVIEW_ROWS = 10
const delimiters: Readonly<Record<string, string>> = { tab: '\t', comma: ',', semicolon: ';', pipe: '|' }

function kindOf(name: string): ImportKind {
  const found = importKinds.find((kind) => kind.name === name)
  if (found === undefined)
    throw usageWrong(`There is no import of "${name}". There is: ${importKinds.map((kind) => kind.name).join(', ')}.`)
  return found
}

interface Opened {
  readonly headers: readonly string[]
  readonly rows: AsyncGenerator<CsvRow>
}

async function openFile(file: string, options: CsvOptions): Promise<Opened> {
  const rows = readCsv(file, options)
  const first = await rows.next()
  if (first.done === true) throw usageWrong(`${file} is empty: even the row that names the columns is missing.`)
  if (first.value.flaw !== null) throw usageWrong(`${file}, line ${first.value.line}: ${first.value.flaw}.`)
  return { headers: first.value.cells, rows }
}

const isAsking = (options: ImportOptions): boolean =>
  process.stdin.isTTY && process.stdout.isTTY && options.yes !== true && options.quiet !== true

/** Asks for each required column that wasn't found; without a person there, says how to name them. */
async function completeMapping(kind: ImportKind, headers: readonly string[], options: ImportOptions): Promise<Mapping> {
  let map = options.map
  for (;;) {
    const mapping = mapColumns(kind, headers, { map, set: options.set })
    const missing = mapping.missing[0]
    if (missing === undefined) return mapping
    if (!isAsking(options)) {
      const wanted = mapping.missing.map(
        ({ field, title }) => `${title} (--map ${field}=Column or --set ${field}=value)`,
      )
      throw usageWrong(`No column was found for: ${wanted.join('; ')}.\nThe file has: ${headers.join(', ')}.`)
    }
    const chosen = await select({
      message: `Which column is the ${missing.title.toLowerCase()}? (${missing.about})`,
      options: mapping.unused.map((header) => ({ value: header, label: header })),
    })
    if (isCancel(chosen)) throw usageWrong('Stopped: nothing was imported.')
    map = [...map, `${missing.field}=${chosen}`]
  }
}

const styleOf = ({ decimalComma, dates }: ImportOptions): CellStyle => ({ decimalComma: decimalComma ?? false, dates })

/** Reads the whole file without a device: the first rows as understood, and every cell that couldn't be. */
async function preview(
  reader: RowReader,
  rows: AsyncIterable<CsvRow>,
): Promise<{ first: ReadRow[]; bad: BadCell[]; count: number }> {
  const first: ReadRow[] = []
  const bad: BadCell[] = []
  let count = 0
  for await (const each of rows) {
    count += 1
    const reading = readRow(reader, each)
    if (!reading.ok) bad.push(...reading.faults)
    else if (first.length < PREVIEW_ROWS) first.push(reading.row)
  }
  return { first, bad, count }
}

/** Runs the whole command. Answers the exit code; throws a Wrong when it couldn't begin. */
export async function importFile({
  kind: name,
  file,
  options,
  withDevice,
  isStopped,
}: ImportRequest): Promise<ExitCode> {
  const kind = kindOf(name)
  const csv = { delimiter: delimiters[options.delimiter ?? ''] ?? options.delimiter, encoding: options.encoding }
  const opened = await openFile(file, csv)
  const reader: RowReader = {
    kind,
    headers: opened.headers,
    mapping: await completeMapping(kind, opened.headers, options),
    style: styleOf(options),
  }
  await opened.rows.return(undefined)
  if (options.preview === true || isAsking(options)) {
    const seen = await preview(reader, (await openFile(file, csv)).rows)
    if (options.quiet !== true) {
      console.log(
        `${file}: ${seen.count.toLocaleString('en-GB')} rows of ${kind.name}\n\n${formatMapping(reader)}\n\nFirst rows as understood:\n${formatRows(reader, seen.first)}`,
      )
      if (seen.bad.length > 0) console.log(`\nNot understood:\n${formatBadCells(seen.bad)}`)
    }
    if (options.preview === true) return seen.bad.length > 0 ? exitCodes.refused : exitCodes.ok
    const go = await confirm({ message: `Import these ${seen.count.toLocaleString('en-GB')} rows?` })
    if (isCancel(go) || !go) throw usageWrong('Stopped: nothing was imported.')
  }
  return withDevice((device) => runAndReport({ reader, file, csv, options, device, isStopped }))
}

interface Running {
  readonly reader: RowReader
  readonly file: string
  readonly csv: CsvOptions
  readonly options: ImportOptions
  readonly device: DeviceApi
  readonly isStopped: () => boolean
}

async function runAndReport(running: Running): Promise<ExitCode> {
  const { reader, file, options, device } = running
  const shown = progressOf(options, (await stat(file)).size)
  const { rows } = await openFile(file, { ...running.csv, onBytes: shown.onBytes })
  const context = { device, style: reader.style, businessDate: options.on }
  const captured = await importRows(reader.kind, {
    reader,
    rows,
    context,
    onRow: shown.onRow,
    isStopped: running.isStopped,
  })
  shown.stop(formatOutcome(captured))
  const settled = await settleImport(device, captured, reader)
  const outcome: ImportOutcome = {
    ...captured,
    bad: captured.bad + settled.bad.length,
    badCells: [...captured.badCells, ...settled.bad],
  }
  if (options.quiet !== true) console.log(settled.note)
  if (running.isStopped()) console.log('Stopped before the end. What was saved stays saved; run it again to go on.')
  if (outcome.badCells.length === 0) return running.isStopped() ? exitCodes.refused : exitCodes.ok
  const report = options.report ?? `${basename(file, extname(file))}.bad-rows.csv`
  writeBadCells(report, outcome.badCells)
  console.log(
    `${formatBadCells(outcome.badCells)}\n\nAll of them are in ${report}. Mend them in the file and import it again: rows that stand are left alone.`,
  )
  return exitCodes.refused
}

interface Shown {
  readonly onBytes: (bytes: number) => void
  readonly onRow: (tally: ImportTally) => void
  readonly stop: (text: string) => void
}

/** A bar on a terminal, nothing in a pipe. */
function progressOf(options: ImportOptions, size: number): Shown {
  if (!process.stdout.isTTY || options.quiet === true) {
    return {
      onBytes: () => {},
      onRow: () => {},
      stop: (text) => (options.quiet === true ? undefined : console.log(text)),
    }
  }
  const bar = progress({ max: 100 })
  bar.start('Importing')
  let percent = 0
  let bytes = 0
  return {
    onBytes: (read) => (bytes = read),
    onRow: ({ rows, bad }) => {
      const now = Math.floor((100 * bytes) / Math.max(1, size))
      if (now > percent || rows % 100 === 0)
        bar.advance(Math.max(0, now - percent), `${rows.toLocaleString('en-GB')} rows${bad > 0 ? `, ${bad} bad` : ''}`)
      percent = Math.max(percent, now)
    },
    stop: (text) => bar.stop(text),
  }
}

/** Whether the file can be opened at all, before anything else is asked. Throws the file system's own error. */
export function ensureReadable(file: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const stream = createReadStream(file, { end: 0 })
    stream.on('error', reject).on('readable', () => {
      stream.destroy()
      resolve()
    })
  })
}
