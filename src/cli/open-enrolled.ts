// Opens an enrolled device folder for one command. The passphrase comes from the environment or is asked for; it is
// never an argument, because arguments are visible to every user of the machine.
import { isCancel, password } from '@clack/prompts'
import { openDevice, type OpenDeviceOptions } from '../device/open-device.ts'
import { catalogue } from '../modules/all.ts'
import type { Device } from '../sync/device/device.ts'
import { hubUrlOf, isDeviceFolder, rememberHub } from './device-folder.ts'
import { usageWrong, worldWrong } from './exit.ts'

/** A secret from the environment, or typed at the terminal. */
export async function secretOf(variable: string, message: string): Promise<string> {
  const given = process.env[variable]
  if (given !== undefined && given !== '') return given
  if (!process.stdin.isTTY) throw usageWrong(`${message}: set ${variable}, or run this at a terminal to be asked.`)
  const typed = await password({ message })
  if (isCancel(typed) || typed === '') throw usageWrong('Stopped: nothing was done.')
  return typed
}

async function open(
  directory: string,
  options: Omit<OpenDeviceOptions, 'directory' | 'catalogue' | 'passphrase' | 'isAutomatic'>,
): Promise<Device> {
  const passphrase = await secretOf('HOLDFAST_PASSPHRASE', `Passphrase of the device in ${directory}`)
  try {
    // A command line exchanges when it says so, and ends when it is done.
    return await openDevice({ ...options, directory, passphrase, catalogue, isAutomatic: false })
  } catch (error) {
    if (!(error instanceof Error)) throw error
    if (error.name === 'HubError')
      throw worldWrong(
        `The hub did not enrol this device (${error.message}). Check the sign-in and ask for a new code: each is used once and lasts ten minutes.`,
        error,
      )
    if (/passphrase|lock|in use|other process/i.test(error.message)) throw worldWrong(error.message, error)
    throw error
  }
}

/** Opens the device of this folder; throws a sentence when it can't be. */
export const openEnrolled = (directory: string): Promise<Device> => open(directory, { hubUrl: hubUrlOf(directory) })

export interface EnrolGiven {
  readonly directory: string
  readonly hubUrl: string
  readonly code: string
  readonly signIn: string
}

/** Makes the folder a device of the hub. */
export async function enrol({ directory, hubUrl, code, signIn }: EnrolGiven): Promise<Device> {
  if (isDeviceFolder(directory))
    throw usageWrong(`${directory} is a device already. Choose another folder with --device.`)
  const password = await secretOf('HOLDFAST_PASSWORD', `Password of ${signIn}`)
  const device = await open(directory, { hubUrl, enrol: { code, signIn, password } })
  rememberHub(directory, hubUrl)
  return device
}
