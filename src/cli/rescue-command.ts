// `holdfast rescue`, `holdfast quarantine` and `holdfast revoke`: what an administrator does for a device that can't push any more, on the hub's own machine.
import { readFileSync } from 'node:fs'
import type { Command } from 'commander'
import { exitCodes, usageWrong, worldWrong, type ExitCode } from './exit.ts'
import { openHubOf, type HubFolder } from './hub-of-folder.ts'

async function rescue(path: string, given: HubFolder): Promise<ExitCode> {
  const [{ openRescue }, { receiveRescue, receiveRescuedFiles }, { secretOf }] = await Promise.all([
    import('../sync/device/rescue.ts'),
    import('../sync/hub/rescue.ts'),
    import('./open-enrolled.ts'),
  ])
  const text = readFileSync(path, 'utf8')
  const passphrase = await secretOf('HOLDFAST_RESCUE_PASSPHRASE', `Passphrase of ${path}`)
  let opened: Awaited<ReturnType<typeof openRescue>>
  try {
    opened = await openRescue(text, passphrase)
  } catch (error) {
    throw usageWrong(`${path} can't be used: ${error instanceof Error ? error.message : String(error)}`)
  }
  if (opened === null) throw worldWrong('The passphrase does not open this rescue file. Nothing was changed.')
  const { dev, bodies, files } = opened
  const { answers, photos } = await openHubOf(given, async (hub) => {
    const taken = []
    for (const body of bodies) taken.push(await receiveRescue(hub.pushContext, body))
    // After the commands that name them.
    return { answers: taken, photos: dev === null ? 0 : await receiveRescuedFiles(hub.blobContext, dev, files) }
  })
  const outcomes = answers.flatMap((answer) => answer.outcomes)
  const problems = answers.flatMap((answer) => answer.problems)
  const count = (kind: string): number => outcomes.filter(({ outcome }) => outcome === kind).length
  console.log(
    outcomes.length === 0 && problems.length === 0
      ? 'The hub has all of it already.'
      : `${count('accepted') + count('adjusted')} accepted, ${count('refused')} refused, ${count('parked')} in review. What the hub had before counts once.`,
  )
  if (files.length > 0) console.log(`${photos} of ${files.length} photos and files are on the hub.`)
  for (const problem of problems) console.error(`Not taken: ${JSON.stringify(problem)}`)
  return problems.length > 0 || photos < files.length || count('refused') + count('parked') > 0
    ? exitCodes.refused
    : exitCodes.ok
}

interface QuarantineGiven extends HubFolder {
  readonly take?: boolean
}

async function quarantine(given: string, options: QuarantineGiven): Promise<ExitCode> {
  const dev = given.toUpperCase()
  const [{ quarantinedWork }, { takeQuarantined }, { inTenant }] = await Promise.all([
    import('../sync/hub/quarantine.ts'),
    import('../sync/hub/rescue.ts'),
    import('../sync/hub/tenant.ts'),
  ])
  const { work, taken } = await openHubOf(options, async (hub) => ({
    work: await inTenant(hub.pool, hub.tenant, (client) => quarantinedWork(client, hub.tenant, dev)),
    taken: options.take === true ? await takeQuarantined(hub.pushContext, dev) : null,
  }))
  for (const { ep, seq, type, user, at } of work)
    console.log(`life ${ep}  ${String(seq).padStart(6)}  ${new Date(at).toISOString()}  ${type}  ${user}`)
  if (work.length === 0) {
    console.log(`Nothing of ${dev} is kept.`)
    return exitCodes.ok
  }
  if (taken === null) {
    console.log(`${work.length} kept. They count when the device goes on in its next life, or with --take.`)
    return exitCodes.ok
  }
  const count = (kind: string): number => taken.outcomes.filter(({ outcome }) => outcome === kind).length
  console.log(
    `${count('accepted') + count('adjusted')} accepted, ${count('refused')} refused, ${count('parked')} in review. What the hub had before counts once.`,
  )
  if (taken.problem !== null) console.error(`Not taken: ${JSON.stringify(taken.problem)}`)
  return taken.problem !== null || count('refused') + count('parked') > 0 ? exitCodes.refused : exitCodes.ok
}

interface RevokeGiven extends HubFolder {
  readonly lost?: boolean
  readonly person?: string
}

async function revoke(dev: string | undefined, given: RevokeGiven): Promise<ExitCode> {
  if ((dev === undefined) === (given.person === undefined))
    throw usageWrong('Name the device (K7Q2), or the person by --person and their sign-in: one of the two.')
  const { revokeDevice, revokePerson } = await import('../hub/revoke-device.ts')
  if (dev === undefined) {
    const signIn = given.person ?? ''
    if (!(await openHubOf(given, (hub) => revokePerson(hub, signIn)))) throw usageWrong(`Nobody signs in as ${signIn}.`)
    console.log(
      `${signIn} gets nothing from now on, on no device. What was done until now still counts when it arrives; what is done later goes to review.`,
    )
    return exitCodes.ok
  }
  const revoked = await openHubOf(given, (hub) => revokeDevice(hub, { dev, isLost: given.lost === true }))
  if (revoked === null) throw usageWrong(`There is no device ${dev}. Its code is on its sync screen, such as K7Q2.`)
  const seen = revoked.lastSeenAt === null ? 'never sent anything' : `sent ${revoked.commands} commands so far`
  console.log(
    `${dev.toUpperCase()} gets nothing from now on; it ${seen}. ${
      given.lost === true
        ? 'Whatever it still sends goes to review.'
        : 'What it did until now still counts when it arrives; what it does later goes to review.'
    }`,
  )
  return exitCodes.ok
}

export function addRescueCommands(program: Command, finish: (code: ExitCode) => void): void {
  const onHub = (command: Command): Command =>
    command
      .option('--data <folder>', 'the data folder of the hub', 'data')
      .option('--database-url <url>', 'the hub’s own PostgreSQL, if it has one (or DATABASE_URL)')
  onHub(program.command('rescue').description('Bring the work of a device that can’t send it: its rescue file'))
    .argument('<file>', 'as the device saved it')
    .action(async (path: string, given: HubFolder) => finish(await rescue(path, given)))
  onHub(
    program
      .command('quarantine')
      .description('Show the work of a copied or replaced device that was kept and doesn’t count yet'),
  )
    .argument('<device>', 'its code, such as K7Q2')
    .option('--take', 'take it in: each piece is applied, refused or goes to review, once')
    .action(async (dev: string, given: QuarantineGiven) => finish(await quarantine(dev, given)))
  onHub(program.command('revoke').description('Shut a device or a person out; what was done before still counts'))
    .argument('[device]', 'its code, such as K7Q2')
    .option('--lost', 'it may be in a stranger’s hands: everything it still sends goes to review')
    .option('--person <sign-in>', 'a person instead, on every device')
    .action(async (dev: string | undefined, given: RevokeGiven) => finish(await revoke(dev, given)))
}
