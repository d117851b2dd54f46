// `holdfast serve`: starts the hub and stays. It prints what a person needs to begin (address, sign-ins, codes) and ends
// cleanly on Ctrl-C or SIGTERM. It holds no logic of the hub.
import { spinner } from '@clack/prompts'
import type { Command } from 'commander'
import { exitCodes, usageWrong, worldWrong, type ExitCode } from './exit.ts'
import { stopSignal } from './stop-signal.ts'
import type { ServedHub, ServeOptions } from '../hub/serve.ts'
import type { DemoSignIns } from './demo-company.ts'
import { isEmpty } from './first-account.ts'
import { standardLimits } from '../hub/door.ts'
import { GIB } from '../sync/hub/blob-room.ts'

interface ServeArguments {
  readonly port: string
  readonly host: string
  readonly data: string
  readonly databaseUrl?: string
  readonly blobsS3?: string
  readonly demo?: boolean
  readonly tlsCert?: string
  readonly tlsKey?: string
  readonly oldestSchema?: string
  readonly photoRoom?: string
}

const PORT_MAX = 65_535
const steps: Readonly<Record<string, string>> = {
  database: 'Starting the database',
  schema: 'Preparing the schema',
  listening: 'Opening the port',
  demo: 'Filling the demo company',
}

/** Undefined where it isn't given. */
function countOf(option: string, given: string | undefined): number | undefined {
  if (given === undefined) return undefined
  const count = Number(given)
  if (!(Number.isSafeInteger(count) && count > 0))
    throw usageWrong(`--${option} takes a whole number from 1 on, not "${given}".`)
  return count
}

function optionsOf(given: ServeArguments): ServeOptions {
  const port = Number(given.port)
  if (!Number.isInteger(port) || port < 0 || port > PORT_MAX)
    throw usageWrong(`--port takes a number from 0 to ${PORT_MAX}, not "${given.port}".`)
  if ((given.tlsCert === undefined) !== (given.tlsKey === undefined))
    throw usageWrong('--tls-cert and --tls-key go together: give both.')
  const oldestSchema = countOf('oldest-schema', given.oldestSchema)
  const photoRoom = countOf('photo-room', given.photoRoom)
  const databaseUrl = given.databaseUrl ?? process.env['DATABASE_URL']
  const databaseAppUrl = process.env['DATABASE_APP_URL']
  return {
    dataDir: given.data,
    port,
    host: given.host,
    ...(databaseUrl !== undefined && { databaseUrl }),
    ...(databaseAppUrl !== undefined && { databaseAppUrl }),
    ...(oldestSchema !== undefined && { oldestSchema }),
    ...(photoRoom !== undefined && {
      limits: { ...standardLimits, room: { ...standardLimits.room, tenantBytes: photoRoom * GIB } },
    }),
    ...(given.tlsCert !== undefined &&
      given.tlsKey !== undefined && { tls: { certFile: given.tlsCert, keyFile: given.tlsKey } }),
  }
}

/** Where photos and files lie, if it isn't the data folder. */
async function blobsOf(given: ServeArguments): Promise<Pick<ServeOptions, 'blobs'>> {
  const setting = given.blobsS3 ?? process.env['HOLDFAST_BLOBS_S3']
  if (setting === undefined) return {}
  const { s3BlobsFrom, S3SettingFault } = await import('../hub/blob-s3.ts')
  try {
    return { blobs: s3BlobsFrom(setting, process.env, Date.now) }
  } catch (fault) {
    if (fault instanceof S3SettingFault) throw usageWrong(fault.message)
    throw fault
  }
}

/** What is said while it starts: a spinner on a terminal, a line a step in a log. */
function starting(): { say: (step: string) => void; end: (text: string) => void } {
  if (!process.stdout.isTTY) return { say: (step) => console.log(`${steps[step] ?? step} …`), end: () => {} }
  const turning = spinner()
  turning.start('Starting')
  return { say: (step) => turning.message(steps[step] ?? step), end: (text) => turning.stop(text) }
}

/** The demo company's sign-ins; fills an empty hub first. A hub with data of its own is left as it is. */
async function demoOf(served: ServedHub, dataDir: string, say: (step: string) => void): Promise<DemoSignIns | null> {
  const { demoSignIns, fillDemoCompany } = await import('./demo-company.ts')
  const known = demoSignIns(dataDir)
  if (known !== null || !(await isEmpty(served.hub))) return known
  say('demo')
  return fillDemoCompany(served, dataDir, (done, total) => say(`Filling the demo company: ${done} of ${total}`))
}

async function demoOrStop(
  served: ServedHub,
  dataDir: string,
  say: (step: string) => void,
): Promise<DemoSignIns | null> {
  try {
    return await demoOf(served, dataDir, say)
  } catch (error) {
    await served.stop()
    throw error
  }
}

async function start(given: ServeArguments): Promise<{ served: ServedHub; signIns: DemoSignIns | null }> {
  const options = { ...optionsOf(given), ...(await blobsOf(given)) }
  const shown = starting()
  try {
    const { serve } = await import('../hub/serve.ts')
    const served = await serve({ ...options, progress: shown.say })
    const signIns = given.demo === true ? await demoOrStop(served, options.dataDir, shown.say) : null
    shown.end('The hub is ready')
    return { served, signIns }
  } catch (error) {
    shown.end('The hub could not start')
    if (error instanceof Error && (error.name === 'PortError' || error.name === 'DatabaseFault'))
      throw worldWrong(error.message, error)
    throw error
  }
}

export function addServeCommand(program: Command, finish: (code: ExitCode) => void): void {
  program
    .command('serve')
    .description('Start the hub, with its own database unless you name one')
    .option('--port <number>', 'port to listen on; 0 for any free one', '8080')
    .option('--host <address>', 'address to listen on; 0.0.0.0 for the whole network', '127.0.0.1')
    .option('--data <folder>', 'where the hub keeps its database and keys', 'data')
    .option('--database-url <url>', 'your own PostgreSQL instead (or DATABASE_URL)')
    .option('--blobs-s3 <url>', 'photos and files in an S3 bucket, https://endpoint/bucket (or HOLDFAST_BLOBS_S3)')
    .option(
      '--photo-room <GiB>',
      `how much of photos and files the company may keep (${standardLimits.room.tenantBytes / GIB})`,
    )
    .option('--demo', 'fill an empty hub with the demo company')
    .option('--no-demo', 'leave an empty hub empty')
    .option('--tls-cert <file>', 'certificate (PEM), for HTTPS')
    .option('--tls-key <file>', 'its private key (PEM)')
    .option('--oldest-schema <number>', 'apps before it begin nothing new until they are updated; they still send')
    .addHelpText(
      'after',
      `
Examples:
  $ holdfast serve --demo
  $ holdfast serve --host 0.0.0.0 --port 443 --tls-cert cert.pem --tls-key key.pem
  $ DATABASE_URL=postgres://… holdfast serve --no-demo`,
    )
    .action(async (given: ServeArguments) => {
      const stop = stopSignal()
      const { served, signIns } = await start(given)
      const { welcome } = await import('./welcome.ts')
      console.log(await welcome(served, { isTls: given.tlsCert !== undefined, host: given.host, signIns }))
      await stop.stopped
      console.log('\nStopping …')
      await served.stop()
      stop.forget()
      finish(exitCodes.ok)
    })
}
