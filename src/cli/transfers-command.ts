// `holdfast transfers`: the register of data that goes from one region into another, for whoever has to show it. It reads only.
import type { Command } from 'commander'
import type { TransferOfData } from '../sync/office-protocol.ts'
import { exitCodes, type ExitCode } from './exit.ts'
import { openHubOf, type HubFolder } from './hub-of-folder.ts'

const minute = (at: number): string => new Date(at).toISOString().slice(0, 16).replace('T', ' ')

export const lineOf = (each: TransferOfData): string =>
  [
    `${each.origin} → ${each.destination}  ${each.dev} ${each.userName ?? ''}`.trimEnd(),
    `${each.branchName ?? each.branch} since ${minute(each.since)}${each.ended === null ? '' : ` until ${minute(each.ended)}`}`,
    `under ${each.basis ?? `an entry that is gone (${each.transfer})`}${each.until === null ? '' : `, in force until ${each.until}`}`,
    each.categories.length === 0 ? 'of no named category' : `of ${each.categories.join(', ')}`,
    ...(each.protection === null || each.protection === '' ? [] : [`guarded by ${each.protection}`]),
  ].join('; ')

async function list(options: HubFolder & { readonly json?: boolean }): Promise<ExitCode> {
  const { transfersOf } = await import('../hub/transfers.ts')
  const transfers = await openHubOf(options, transfersOf)
  if (options.json === true) console.log(JSON.stringify(transfers))
  else if (transfers.length === 0) console.log('No device holds or held rows of another region.')
  else for (const each of transfers) console.log(lineOf(each))
  return exitCodes.ok
}

export function addTransfersCommand(program: Command, finish: (code: ExitCode) => void): void {
  program
    .command('transfers')
    .description('Show which devices of one region hold or held rows of another, and under which basis')
    .option('--data <folder>', 'the data folder of the hub', 'data')
    .option('--database-url <url>', 'the hub’s own PostgreSQL, if it has one (or DATABASE_URL)')
    .option('--json', 'for programs')
    .action(async (given: HubFolder & { json?: boolean }) => finish(await list(given)))
}
