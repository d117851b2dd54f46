// The command line as one object: what there is, and how a run of it ends. It reads no process arguments by itself, so
// that a test can run it.
import { Command, CommanderError } from 'commander'
import { readFileSync } from 'node:fs'
import { addCodeCommand } from './code-command.ts'
import { addProfileCommand } from './profile-command.ts'
import { addDeviceCommand } from './device-command.ts'
import { exitCodes, tell, type ExitCode } from './exit.ts'
import { addErasureCommands } from './erasure-command.ts'
import { addImportCommand } from './import-arguments.ts'
import { addRescueCommands } from './rescue-command.ts'
import { addServeCommand } from './serve-command.ts'
import { addTransfersCommand } from './transfers-command.ts'

const version = (
  JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string }
).version

const examples = `
Examples:
  $ holdfast serve --demo                         start a hub with its own database and a demo company
  $ holdfast code                                 a code that enrols one more device
  $ holdfast device enrol --hub URL --code CODE --sign-in NAME
                                                  make a folder a device of the hub
  $ holdfast import items items.csv --preview     see what would be imported
  $ holdfast import items items.csv               import it; a second run changes nothing

Exit codes: 0 done, 1 something was refused or a row was bad, 2 wrong usage, 3 port, disk, network.
HOLDFAST_DEBUG=1 shows where an error happened.`

/** The whole command line; `finish` is told the exit code of the command that ran. */
export function programOf(finish: (code: ExitCode) => void): Command {
  const program = new Command('holdfast')
    .description('Offline-first ERP and field CRM: the hub, its devices and what goes in and out.')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .showHelpAfterError('(add --help for what there is)')
    .exitOverride()
    .addHelpText('after', examples)
  addServeCommand(program, finish)
  addCodeCommand(program, finish)
  addProfileCommand(program, finish)
  addImportCommand(program, finish)
  addDeviceCommand(program, finish)
  addRescueCommands(program, finish)
  addErasureCommands(program, finish)
  addTransfersCommand(program, finish)
  return program
}

/** Runs the command line once. Answers the exit code and never throws. */
export async function runCommandLine(args: readonly string[]): Promise<ExitCode> {
  const state: { code: ExitCode } = { code: exitCodes.ok }
  try {
    await programOf((code) => (state.code = code)).parseAsync([...args], { from: 'user' })
    return state.code
  } catch (error) {
    // Commander has printed its own sentence; help and version are no error.
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage
    const { text, exitCode } = tell(error, process.env['HOLDFAST_DEBUG'] === '1')
    console.error(text)
    return exitCode
  }
}
