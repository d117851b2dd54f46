// How the command line ends: the exit codes a script may rely on, and the wrongs that are told in a sentence. It never
// hides a bug: what isn't one of these is printed as what it is.

export const exitCodes = {
  ok: 0,
  /** The work went through, but something was refused or a row was bad: it is named in the output. */
  refused: 1,
  /** The command line itself is wrong. */
  usage: 2,
  /** The world: a port is taken, a disk is full, the hub can't be reached. */
  world: 3,
} as const
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]

/** A wrong the person at the keyboard can mend: what it is, then how to mend it. */
export class Wrong extends Error {
  override readonly name: string = 'Wrong'
  readonly exitCode: ExitCode
  constructor(exitCode: ExitCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.exitCode = exitCode
  }
}

export const usageWrong = (message: string): Wrong => new Wrong(exitCodes.usage, message)
export const worldWrong = (message: string, cause?: unknown): Wrong => new Wrong(exitCodes.world, message, { cause })

/** A property of an error as text; empty when it isn't text or a number. */
function wordOf(error: unknown, property: 'code' | 'path' | 'port'): string {
  const value = (error as { readonly [property: string]: unknown } | null)?.[property]
  return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
}
const pathOf = (error: unknown): string => wordOf(error, 'path') || 'The file'

/** Errors of the operating system, by their code. */
const sentences: { readonly [code: string]: (error: unknown) => string } = {
  EADDRINUSE: (error) =>
    `Port ${wordOf(error, 'port')} is taken by another program. Stop it, or choose another with --port.`,
  EADDRNOTAVAIL: () => 'This machine has no such address. Choose another with --host.',
  EACCES: (error) => `${pathOf(error)} may not be used by this user. Change its rights, or choose another place.`,
  EPERM: (error) => `${pathOf(error)} may not be used by this user. Change its rights, or choose another place.`,
  ENOENT: (error) => `${pathOf(error)} does not exist. Check the name.`,
  EISDIR: (error) => `${pathOf(error)} is a folder, not a file. Name the file in it.`,
  ENOTDIR: (error) => `${pathOf(error)} is a file where a folder is needed. Choose another place.`,
  ENOSPC: () => 'The disk is full. Free some space, then run the command again: what was saved stays saved.',
  EDQUOT: () => 'Your disk quota is used up. Free some space, then run the command again: what was saved stays saved.',
  EROFS: (error) => `${pathOf(error)} is on a disk that can't be written. Choose another place.`,
  ECONNREFUSED: () => 'Nothing answers at that address. Is the hub running? Start it with `holdfast serve`.',
  ENOTFOUND: () => 'That host name is unknown. Check the address and the network.',
  ETIMEDOUT: () => 'The hub does not answer. Check the address and the network.',
}

/** What to print and which code to end with. With `isDebugging` the stack stands below. */
export function tell(error: unknown, isDebugging: boolean): { readonly text: string; readonly exitCode: ExitCode } {
  const known = error instanceof Wrong ? error : fromWorld(error)
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error)
  if (known === null) {
    const text = isDebugging
      ? stack
      : `${error instanceof Error ? error.message : String(error)}\nSet HOLDFAST_DEBUG=1 to see where it happened.`
    return { text, exitCode: exitCodes.world }
  }
  return { text: isDebugging ? `${known.message}\n${stack}` : known.message, exitCode: known.exitCode }
}

function fromWorld(error: unknown): Wrong | null {
  for (let each: unknown = error; each instanceof Error; each = each.cause) {
    const sentence = sentences[wordOf(each, 'code')]
    if (sentence !== undefined) return worldWrong(sentence(each), error)
    if (each.name === 'LeaseOverError') return worldWrong(each.message, error)
    if (each.name === 'OfflineError')
      return worldWrong(`${each.message} Check the address and the network, then try again.`, error)
  }
  return null
}
