// `holdfast code`: makes enrolment codes on the hub's own machine, while the hub runs or not. Whoever may read the data
// folder may do this; a code alone enrols nobody, a sign-in and its password are needed too.
import type { Command } from 'commander'
import { exitCodes, usageWrong, type ExitCode } from './exit.ts'
import { openHubOf } from './hub-of-folder.ts'

interface CodeArguments {
  readonly data: string
  readonly databaseUrl?: string
  readonly count: string
  readonly minutes: string
}

const COUNT_MAX = 100
const MINUTES_MAX = 24 * 60

function whole(text: string, option: string, max: number): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 1 || value > max)
    throw usageWrong(`${option} takes a number from 1 to ${max}, not "${text}".`)
  return value
}

async function makeCodes(given: CodeArguments): Promise<string[]> {
  const count = whole(given.count, '--count', COUNT_MAX)
  const minutes = whole(given.minutes, '--minutes', MINUTES_MAX)
  const { newEnrolmentCode } = await import('../hub/enrolment.ts')
  return openHubOf(given, async (hub) => {
    const codes: string[] = []
    while (codes.length < count) codes.push(await newEnrolmentCode(hub, null, minutes))
    return codes
  })
}

export function addCodeCommand(program: Command, finish: (code: ExitCode) => void): void {
  program
    .command('code')
    .description('Make an enrolment code for a device')
    .option('--data <folder>', 'the data folder of the hub', 'data')
    .option('--database-url <url>', 'the hub’s own PostgreSQL, if it has one (or DATABASE_URL)')
    .option('--count <number>', 'how many codes', '1')
    .option('--minutes <number>', 'how long they live', '10')
    .action(async (given: CodeArguments) => {
      for (const code of await makeCodes(given)) console.log(code)
      finish(exitCodes.ok)
    })
}
