// Streams the rows of a CSV file without holding it: encoding by its mark, delimiter found by itself, line numbers as an
// editor shows them. It never judges a value; a file that can't be read at all is told with the line.
import { createReadStream } from 'node:fs'
import { pipeline, Transform, type Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import Papa from 'papaparse'
import { worldWrong } from '../exit.ts'

export interface CsvRow {
  /** Line in the file on which the row begins, from 1. */
  readonly line: number
  readonly cells: readonly string[]
  /** Why the row can't be taken apart; null when it can. */
  readonly flaw: string | null
}

export interface CsvOptions {
  /** Absent: found from the first rows. */
  readonly delimiter?: string | undefined
  /** Absent: by the byte order mark, else UTF-8. */
  readonly encoding?: string | undefined
  /** Bytes of the file read so far. */
  readonly onBytes?: ((bytes: number) => void) | undefined
}

const marks: readonly (readonly [encoding: string, mark: readonly number[]])[] = [
  ['utf-8', [0xef, 0xbb, 0xbf]],
  ['utf-16le', [0xff, 0xfe]],
  ['utf-16be', [0xfe, 0xff]],
]

/** Bytes → text. A file that isn't what it says is refused at the first wrong byte: half a name is no name. */
class Decode extends Transform {
  private decoder: InstanceType<typeof TextDecoder> | null = null
  private readonly named: string | undefined
  private readonly path: string

  constructor(path: string, named: string | undefined) {
    super({ readableObjectMode: false, encoding: 'utf8' })
    this.path = path
    this.named = named
  }

  override _transform(chunk: Buffer, _encoding: string, done: (error?: Error | null, text?: string) => void): void {
    this.decoder ??= new TextDecoder(
      this.named ?? marks.find(([, mark]) => mark.every((byte, at) => chunk[at] === byte))?.[0] ?? 'utf-8',
      { fatal: true },
    )
    this.give(() => this.decoder?.decode(chunk, { stream: true }) ?? '', done)
  }

  override _flush(done: (error?: Error | null, text?: string) => void): void {
    this.give(() => this.decoder?.decode() ?? '', done)
  }

  private give(decode: () => string, done: (error?: Error | null, text?: string) => void): void {
    let text: string
    try {
      text = decode()
    } catch (cause) {
      const { encoding } = this.decoder ?? { encoding: 'utf-8' }
      done(
        worldWrong(
          `${this.path} is not ${encoding.toUpperCase()}. Save it as "CSV UTF-8", or name its encoding: --encoding windows-1252.`,
          cause,
        ),
      )
      return
    }
    done(null, text)
  }
}

const linesIn = (cells: readonly string[]): number =>
  cells.reduce((sum, cell) => sum + (cell.match(/\r\n|\n|\r/g)?.length ?? 0), 1)

const flawOf = ({ code }: Papa.ParseError): string =>
  code === 'MissingQuotes'
    ? 'a quoted cell is never closed: close it with a quote'
    : 'a quote stands in the middle of a cell: double it, or quote the whole cell'

interface Parsed {
  readonly rows: readonly (readonly string[])[]
  readonly flaws: ReadonlyMap<number, string>
  readonly next: () => void
}

/** Papa's calls as a stream that waits for its reader, so that a large file never piles up in memory. */
async function* parse(text: Readable, delimiter: string | undefined): AsyncGenerator<Parsed> {
  const waiting: Parsed[] = []
  const state: { isDone: boolean; error: Error | null } = { isDone: false, error: null }
  let wake = (): void => {}
  Papa.parse<string[]>(text, {
    delimiter: delimiter ?? '',
    skipEmptyLines: false,
    chunk: ({ data, errors }, parser) => {
      const flaws = errors
        .filter(({ type }) => type === 'Quotes')
        .map((error) => [error.row ?? 0, flawOf(error)] as const)
      parser.pause()
      waiting.push({ rows: data, flaws: new Map(flaws), next: () => parser.resume() })
      wake()
    },
    complete: () => {
      state.isDone = true
      wake()
    },
    error: (error) => {
      state.error = error
      wake()
    },
  })
  for (;;) {
    const next = waiting.shift()
    if (next !== undefined) {
      yield next
      next.next()
    } else if (state.error !== null) {
      throw state.error
    } else if (state.isDone) {
      return
    } else {
      await new Promise<void>((resolve) => (wake = resolve))
    }
  }
}

/** The file's rows, blank lines left out; `.gz` is unpacked on the way. Throws a sentence when the file can't be read. */
export async function* readCsv(path: string, options: CsvOptions = {}): AsyncGenerator<CsvRow> {
  const raw = createReadStream(path)
  raw.on('data', () => options.onBytes?.(raw.bytesRead))
  const text = new Decode(path, options.encoding)
  const failed = (error: Error | null | undefined): void => {
    if (error != null) text.destroy(error)
  }
  if (path.endsWith('.gz')) pipeline(raw, createGunzip(), text, failed)
  else pipeline(raw, text, failed)
  let line = 1
  try {
    for await (const { rows, flaws } of parse(text, options.delimiter)) {
      for (const [at, row] of rows.entries()) {
        const begun = line
        line += linesIn(row)
        const cells = row.map((cell) => cell.trim())
        const flaw = flaws.get(at) ?? null
        if (flaw !== null || cells.some((cell) => cell !== '')) yield { line: begun, cells, flaw }
      }
    }
  } finally {
    raw.destroy()
  }
}
