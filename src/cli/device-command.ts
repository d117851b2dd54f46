// `holdfast device`: a headless device from the command line, for integrations and for looking at what a device holds.
// It prints what people read, or with --json what programs read; it never waits for the network except in `sync`.
import { scoreOf } from '../sync/device/integrity.ts'
import type { Command } from 'commander'
import type { DeviceStatus, OutboxEntry } from '../sync/device/api.ts'
import type { Device } from '../sync/device/device.ts'
import { withEnrolled } from './device-folder.ts'
import { exitCodes, usageWrong, worldWrong, type ExitCode } from './exit.ts'
import { sayRefusal } from './say-refusal.ts'
import { writeFileSync } from 'node:fs'

interface Common {
  readonly device: string
  readonly json?: boolean
}

const when = (ms: number | null): string =>
  ms === null ? 'never' : new Date(ms).toISOString().replace('T', ' ').slice(0, 19)

function formatStatus(status: DeviceStatus): string {
  const { integrity } = status
  const lines: readonly (readonly [string, string])[] = [
    ['device', `${status.device}, epoch ${status.epoch}`],
    ['hub', status.hubUrl],
    [
      'waiting',
      status.waiting === 0
        ? 'nothing: the hub has it all'
        : `${status.waiting} saved here and not yet settled, the oldest since ${when(status.oldestWaitingAt)}`,
    ],
    [
      'needs you',
      status.needsYou === 0 ? 'nothing' : `${status.needsYou} refused or in review (see: holdfast device outbox)`,
    ],
    ['last contact', when(status.lastContactAt)],
    [
      'rows held',
      `${integrity.rowsHeld.toLocaleString('en-GB')}${status.isReady ? '' : ', first download not complete'}`,
    ],
    [
      'proved',
      `${(scoreOf(integrity) * 100).toFixed(1)} %${integrity.broken.length > 0 ? `, broken: ${integrity.broken.join(', ')}` : ''}`,
    ],
    ...(status.isPushOnly
      ? [
          [
            'lease',
            `over since ${when(status.leaseUntil)}: nothing is shown until \`holdfast device sync\` reaches the hub`,
          ] as const,
        ]
      : []),
    ...(status.fault === null ? [] : [['fault', status.fault] as const]),
  ]
  return lines.map(([name, value]) => `${name.padEnd(13)} ${value}`).join('\n')
}

const formatEntry = ({ seq, command, state, reason, facts, about, at }: OutboxEntry): string => {
  const named = [about['number'], about['party'] ?? about['name']].filter((each) => each != null).join(' ')
  const why =
    reason === null || state === 'accepted' ? '' : `  ${sayRefusal({ code: reason as `${string}.${string}`, facts })}`
  return `${String(seq).padStart(6)}  ${when(at)}  ${state.padEnd(8)}  ${command.padEnd(26)}  ${named}${why}`
}

function jsonArgument(text: string | undefined, what: string): Record<string, unknown> {
  if (text === undefined) return {}
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>
  } catch {
    // Told below, like any other value that is no object.
  }
  throw usageWrong(`${what} must be a JSON object, such as '{"search":"pump"}', not ${text}`)
}

const print = (options: Common, value: unknown, text: () => string): void =>
  console.log(options.json === true ? JSON.stringify(value, null, 1) : text())

async function sync(device: Device, options: Common): Promise<ExitCode> {
  const status = await device.sync()
  print(options, status, () => formatStatus(status))
  if (status.fault !== null)
    throw worldWrong(
      `The device can't work with the hub: ${status.fault}. Enrol it again if the hub no longer knows it.`,
    )
  if (!status.isOnline)
    throw worldWrong(
      `The hub at ${status.hubUrl} can't be reached. Nothing is lost: ${status.waiting} commands wait on this device.`,
    )
  return status.needsYou > 0 ? exitCodes.refused : exitCodes.ok
}

async function run(
  device: Device,
  name: string,
  args: Record<string, unknown>,
  options: Common & { override: string[] },
): Promise<ExitCode> {
  const answer = await device.run(name, args, { overrides: options.override })
  print(options, answer, () =>
    answer.saved
      ? `Saved as command ${answer.seq}.${answer.warnings.map(({ code }) => ` Warning: ${code}.`).join('')}`
      : sayRefusal(answer.refusal),
  )
  return answer.saved ? exitCodes.ok : exitCodes.refused
}

export function addDeviceCommand(program: Command, finish: (code: ExitCode) => void): void {
  const device = program.command('device').description('A headless device: enrol it, look at it, run commands on it')
  const sub = (name: string, description: string): Command =>
    device
      .command(name)
      .description(description)
      .option('--device <folder>', 'the device’s folder', 'device')
      .option('--json', 'print JSON')

  sub('enrol', 'Make a folder a device of a hub')
    .requiredOption('--hub <url>', 'address of the hub')
    .requiredOption('--code <code>', 'enrolment code, as the hub printed it')
    .requiredOption('--sign-in <name>', 'who works on it; the password is asked for, or HOLDFAST_PASSWORD')
    .action(async (options: Common & { hub: string; code: string; signIn: string }) => {
      const { enrol } = await import('./open-enrolled.ts')
      const enrolled = await enrol({
        directory: options.device,
        hubUrl: options.hub,
        code: options.code,
        signIn: options.signIn,
      })
      try {
        finish(await sync(enrolled, options))
      } finally {
        await enrolled.close()
      }
    })
  sub('status', 'What waits, what needs you, when the hub was last reached').action(async (options: Common) =>
    finish(
      await withEnrolled(options.device, async (opened) => {
        const status = await opened.status()
        print(options, status, () => formatStatus(status))
        return exitCodes.ok
      }),
    ),
  )
  sub('sync', 'Exchange with the hub now').action(async (options: Common) =>
    finish(await withEnrolled(options.device, (opened) => sync(opened, options))),
  )
  sub('outbox', 'Commands of this device and what became of them, newest first').action(async (options: Common) =>
    finish(
      await withEnrolled(options.device, async (opened) => {
        const entries = await opened.outbox()
        print(options, entries, () =>
          entries.length === 0 ? 'Nothing was done on this device yet.' : entries.map(formatEntry).join('\n'),
        )
        return entries.some(({ needsYou }) => needsYou) ? exitCodes.refused : exitCodes.ok
      }),
    ),
  )
  sub('rescue', 'Save what waits as an encrypted file, for `holdfast rescue` on the hub’s machine')
    .requiredOption('--out <file>', 'where to; it must not exist')
    .action(async (options: Common & { out: string }) =>
      finish(
        await withEnrolled(options.device, async (opened) => {
          const { secretOf } = await import('./open-enrolled.ts')
          const passphrase = await secretOf('HOLDFAST_RESCUE_PASSPHRASE', 'A passphrase for the rescue file')
          const rescue = await opened.rescue(passphrase)
          if (rescue === null) console.log('Nothing waits: the hub has it all.')
          else {
            writeFileSync(options.out, rescue.file, { mode: 0o600, flag: 'wx' })
            console.log(
              `${rescue.commands} commands and ${rescue.files} photos or files are in ${options.out}. They stay on this device too.`,
            )
            if (rescue.filesLeft > 0)
              console.log(`${rescue.filesLeft} photos or files didn’t fit: they are on this device only.`)
          }
          return exitCodes.ok
        }),
      ),
    )
  sub('query', 'Read a view, such as masters.items')
    .argument('<view>', 'its name')
    .argument('[args]', 'its arguments as JSON')
    .action(async (view: string, args: string | undefined, options: Common) => {
      const given = jsonArgument(args, 'The arguments of a view')
      finish(
        await withEnrolled(options.device, async (opened) => {
          if (!opened.replica.catalogue.views.has(view))
            throw usageWrong(
              `There is no view ${view}. There is: ${[...opened.replica.catalogue.views.keys()].join(', ')}.`,
            )
          console.log(JSON.stringify(await opened.query(view, given), null, 1))
          return exitCodes.ok
        }),
      )
    })
  sub('run', 'Run a command, such as masters.saveUnit')
    .argument('<command>', 'its name')
    .argument('[args]', 'its arguments as JSON')
    .option(
      '--override <rule>',
      'a rule that may fail, if the permission allows it (repeat for several)',
      (value: string, before: string[]) => [...before, value],
      [],
    )
    .action(async (name: string, args: string | undefined, options: Common & { override: string[] }) => {
      const given = jsonArgument(args, 'The arguments of a command')
      finish(await withEnrolled(options.device, (opened) => run(opened, name, given, options)))
    })
  device.addHelpText(
    'after',
    `
Examples:
  $ holdfast device enrol --hub http://localhost:8080 --code ABCDE12345 --sign-in priya
  $ holdfast device query masters.items '{"search":"pump"}'
  $ holdfast device run masters.saveUnit '{"code":"box","name":"Box"}'
The device is encrypted: its passphrase is asked for, or HOLDFAST_PASSPHRASE.`,
  )
}
