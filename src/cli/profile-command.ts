// `holdfast profile`: what a person's device carries, or would carry with a changed role, before anybody publishes it. It
// reads only.
import { readFileSync } from 'node:fs'
import type { Command } from 'commander'
import type { ArgsFor } from '../kernel/command.ts'
import { shapeFault } from '../kernel/field.ts'
import type { Row } from '../kernel/table.ts'
import type { role } from '../modules/masters/people.ts'
import { draftRole, setRole } from '../modules/masters/set-role.ts'
import type { ProfileEstimate } from '../sync/office-protocol.ts'
import { exitCodes, usageWrong, type ExitCode } from './exit.ts'
import { openHubOf } from './hub-of-folder.ts'

interface ProfileArguments {
  readonly data: string
  readonly databaseUrl?: string
  readonly role?: string
  readonly json?: boolean
}

/** A role as the command `masters.setRole` takes it. */
function draftIn(path: string): Row<typeof role> {
  let args: unknown
  try {
    args = JSON.parse(readFileSync(path, 'utf8'))
  } catch (fault) {
    throw usageWrong(`${path} is no readable JSON file: ${fault instanceof Error ? fault.message : String(fault)}`)
  }
  const fault = shapeFault(setRole.schema, args)
  if (fault !== null) throw usageWrong(`${path} is no role: ${fault.path} ${fault.reason}`)
  return draftRole(args as ArgsFor<typeof setRole>)
}

const megabytes = (bytes: number): string => `${(bytes / 1_000_000).toFixed(1)} MB`

function linesOf({ buckets, rows, bytes, tables, region, leftOut = {} }: ProfileEstimate): string[] {
  const personal = tables.flatMap((each) => each.personal.map((field) => `${each.table}.${field}`))
  return [
    `${buckets} buckets, ${rows} rows, ${megabytes(bytes)}, ${tables.reduce((sum, each) => sum + each.fields, 0)} fields`,
    `Personal: ${personal.length === 0 ? 'none' : personal.join(', ')}`,
    ...Object.entries(leftOut).map(
      ([origin, names]) => `Left out, ${origin} may not enter ${region ?? 'here'}: ${names.join(', ')}`,
    ),
    ...tables.map((each) => `${String(each.rows).padStart(9)}  ${megabytes(each.bytes).padStart(10)}  ${each.table}`),
  ]
}

export function addProfileCommand(program: Command, finish: (code: ExitCode) => void): void {
  program
    .command('profile <sign-in>')
    .description('Say what a person’s device carries: rows, size, personal data')
    .option('--data <folder>', 'the data folder of the hub', 'data')
    .option('--database-url <url>', 'the hub’s own PostgreSQL, if it has one (or DATABASE_URL)')
    .option('--role <file>', 'with this role (JSON as for masters.setRole) instead of the one of its code')
    .option('--json', 'for programs')
    .action(async (signIn: string, given: ProfileArguments) => {
      const draft = given.role === undefined ? null : draftIn(given.role)
      const { estimateProfile } = await import('../hub/profile-estimate.ts')
      const estimate = await openHubOf(given, (hub) => estimateProfile(hub, signIn, draft))
      if (estimate === null) throw usageWrong(`Nobody signs in as "${signIn}".`)
      if (given.json === true) console.log(JSON.stringify(estimate, null, 2))
      else for (const line of linesOf(estimate)) console.log(line)
      finish(exitCodes.ok)
    })
}
