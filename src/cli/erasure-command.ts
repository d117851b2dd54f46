// `holdfast erase` and `holdfast erasure`: to forget a person on the hub's own machine, and to see which devices have said that they did.
import type { Command } from 'commander'
import { exitCodes, usageWrong, type ExitCode } from './exit.ts'
import { openHubOf, type HubFolder } from './hub-of-folder.ts'

const day = (at: number): string => new Date(at).toISOString().slice(0, 16).replace('T', ' ')

async function erase(subject: string, options: HubFolder): Promise<ExitCode> {
  const { erasePerson } = await import('../hub/erasures.ts')
  const isDone = await openHubOf(options, (hub) => erasePerson(hub, subject))
  if (!isDone) throw usageWrong(`There is no party, contact or user ${subject}: give the id of their row.`)
  console.log('Erased on the hub. Devices forget with their next pull; `holdfast erasure` says which have.')
  return exitCodes.ok
}

async function list(options: HubFolder & { readonly json?: boolean }): Promise<ExitCode> {
  const { erasuresOf } = await import('../hub/erasures.ts')
  const erasures = await openHubOf(options, erasuresOf)
  if (options.json === true) console.log(JSON.stringify(erasures))
  else if (erasures.length === 0) console.log('Nobody was erased.')
  else
    for (const { pseudonym, at, byName, devices } of erasures) {
      const done = devices.filter(({ confirmedAt }) => confirmedAt !== null).length
      console.log(
        `${pseudonym}, ${day(at)}${byName === null ? '' : ` by ${byName}`}: ${done} of ${devices.length} devices have forgotten`,
      )
      for (const { dev, userName, seenAt, isShut } of devices.filter(({ confirmedAt }) => confirmedAt === null))
        console.log(
          `  ${dev} ${userName ?? ''} ${isShut ? 'is shut out and hears nothing' : seenAt === null ? 'was never heard of' : `last heard of ${day(seenAt)}`}`,
        )
    }
  return exitCodes.ok
}

export function addErasureCommands(program: Command, finish: (code: ExitCode) => void): void {
  const onHub = (command: Command): Command =>
    command
      .option('--data <folder>', 'the data folder of the hub', 'data')
      .option('--database-url <url>', 'the hub’s own PostgreSQL, if it has one (or DATABASE_URL)')
  onHub(
    program
      .command('erase')
      .description('Forget a person: what is said about them goes, documents stay under a pseudonym'),
  )
    .argument('<id>', 'of the row of a party, contact or user; it can’t be undone')
    .action(async (subject: string, given: HubFolder) => finish(await erase(subject, given)))
  onHub(program.command('erasure').description('Show who was erased, and which devices have said that they forgot'))
    .option('--json', 'for programs')
    .action(async (given: HubFolder & { json?: boolean }) => finish(await list(given)))
}
