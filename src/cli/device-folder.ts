// What a device's folder says of itself before it is opened: whether it is a device, and of which hub. Cheap on purpose,
// so that a wrong folder is told at once.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Device } from '../sync/device/device.ts'
import { usageWrong } from './exit.ts'

const HUB_FILE = 'hub-url'

export const isDeviceFolder = (directory: string): boolean => existsSync(join(directory, HUB_FILE))

/** The hub's address; throws a sentence when the folder is no device. */
export function hubUrlOf(directory: string): string {
  if (!isDeviceFolder(directory))
    throw usageWrong(
      `${directory} is no device yet. Make it one: holdfast device enrol --device ${directory} --hub URL --code CODE --sign-in NAME`,
    )
  return readFileSync(join(directory, HUB_FILE), 'utf8').trim()
}

export const rememberHub = (directory: string, hubUrl: string): void =>
  writeFileSync(join(directory, HUB_FILE), `${hubUrl}\n`)

/** Opens the enrolled device of a folder for one use and closes it after. */
export async function withEnrolled<T>(directory: string, use: (device: Device) => Promise<T>): Promise<T> {
  hubUrlOf(directory)
  // The product's modules load only now: a wrong folder needn't wait for them.
  const { openEnrolled } = await import('./open-enrolled.ts')
  const device = await openEnrolled(directory)
  try {
    return await use(device)
  } finally {
    await device.close()
  }
}
