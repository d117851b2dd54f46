// The arguments of `holdfast import`.
import { Option, type Command } from 'commander'
import type { ExitCode } from './exit.ts'
import type { ImportOptions } from './import/import-command.ts'
import { withEnrolled } from './device-folder.ts'
import { stopSignal } from './stop-signal.ts'

const today = (): string => new Date().toISOString().slice(0, 10)
const several = (value: string, before: readonly string[]): readonly string[] => [...before, value]

export function addImportCommand(program: Command, finish: (code: ExitCode) => void): void {
  program
    .command('import')
    .description('Bring in items, barcodes, prices, parties or opening stock from a CSV file')
    .argument('<kind>', 'items, barcodes, prices, parties, opening-stock')
    .argument('<file>', 'CSV, also .gz; the first row names the columns')
    .option('--map <field=Column>', 'which column is which field (repeat for several)', several, [])
    .option('--set <field=value>', 'the same value in every row (repeat for several)', several, [])
    .option('--preview', 'show the first rows as understood and every bad cell; import nothing')
    .option('-y, --yes', 'do not ask')
    .option('--device <folder>', 'the enrolled device that imports', 'device')
    .option('--delimiter <char>', 'comma, semicolon, tab, pipe or the character itself; default: found by itself')
    .option('--encoding <name>', 'such as windows-1252; default: by the file’s mark, else UTF-8')
    .option('--decimal-comma', 'numbers are written 1.234,50')
    .addOption(
      new Option('--dates <order>', 'order of a date written with slashes')
        .choices(['ymd', 'dmy', 'mdy'])
        .default('ymd'),
    )
    .option('--on <date>', 'the day of opening balances', today())
    .option('--report <file>', 'where the bad rows are written; default: FILE.bad-rows.csv here')
    .option('-q, --quiet', 'print only what went wrong')
    .addHelpText(
      'after',
      `
Examples:
  $ holdfast import items items.csv --set taxCode=std --map group=Department
  $ holdfast import prices preise.csv --decimal-comma --set priceList=trade
  $ holdfast import opening-stock stock.csv --on 2026-11-30 --set warehouse=main`,
    )
    .action(async (kind: string, file: string, options: ImportOptions & { device: string }) => {
      const { ensureReadable, importFile } = await import('./import/import-command.ts')
      await ensureReadable(file)
      const stop = stopSignal()
      finish(
        await importFile({
          kind,
          file,
          options,
          withDevice: (use) => withEnrolled(options.device, use),
          isStopped: () => stop.signal.aborted,
        }),
      )
      stop.forget()
    })
}
