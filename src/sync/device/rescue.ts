// The rescue file: everything this device saved and the hub may not have, sealed and signed as it would travel, with its photos, encrypted
// under a passphrase chosen for the file. It needs no hub and no room on the disk, shows nothing, and takes nothing out of the outbox.
import { createVault, parseVault, unlockVault, VaultDamagedError, type VaultFile } from '../../store/vault/vault.ts'
import { sealBytes, openBytes, type WrappedKey } from '../../store/vault/seal-key.ts'
import type { Argon2Cost } from '../../store/vault/kdf.ts'
import { COMMANDS_PER_PUSH_MAX, PROTOCOL, type PushHead } from '../protocol.ts'
import { makeSigner } from '../seal.ts'
import { nextBatch, streamLines } from './outgoing.ts'
import type { Replica } from './replica.ts'

const SLOT = 'rescue'
const CONTEXT = 'holdfast-rescue-1'
const FILE_CONTEXT = `${CONTEXT} file`
/** A file is built in memory, on a phone too: photos beyond it stay on the device, and the person is told. */
const FILES_BYTES_MAX = 64 * 1024 * 1024

interface RescueFile {
  readonly format: 'holdfast-rescue'
  /** 1: without photos, and `sealed` holds the bodies alone. */
  readonly version: 1 | 2
  readonly vault: VaultFile
  readonly sealed: WrappedKey
  readonly files?: readonly WrappedKey[]
}

/** What is sealed in a file of version 2. */
interface Inside {
  readonly dev: string
  readonly bodies: readonly string[]
}

export interface Rescue {
  /** The file's text. */
  readonly file: string
  readonly commands: number
  /** Photos in it, and those that didn't fit. */
  readonly files: number
  readonly filesLeft: number
}

export interface OpenedRescue {
  /** Whose it is; null in a file of version 1. */
  readonly dev: string | null
  /** As pushes have them. */
  readonly bodies: readonly string[]
  readonly files: readonly Uint8Array[]
}

/** Null when nothing waits. The outbox stays as it is: what also arrives the usual way counts once. [LIFE5] */
export async function makeRescue(replica: Replica, passphrase: string, cost?: Argon2Cost): Promise<Rescue | null> {
  const identity = replica.identity()
  if (identity === null) return null
  const sign = await makeSigner(identity.keys.privateKey)
  const bodies: string[] = []
  let commands = 0
  let after = 0
  for (;;) {
    const batch = nextBatch(replica, COMMANDS_PER_PUSH_MAX, after)
    const last = batch.at(-1)
    if (last === undefined) break
    const head: PushHead = { push: 1, protocol: PROTOCOL, incarnation: identity.incarnation, streams: 1 }
    bodies.push(`${[JSON.stringify(head), ...(await streamLines(replica, identity, sign, batch, true))].join('\n')}\n`)
    commands += batch.length
    after = last.seq
  }
  const waiting = replica.blobs.onlyHere()
  if (commands === 0 && waiting.length === 0) return null
  const { file: vault, key } = await createVault({ slot: SLOT, passphrase }, cost)
  const inside: Inside = { dev: identity.dev, bodies }
  const sealed = await sealBytes(new TextEncoder().encode(JSON.stringify(inside)), key, CONTEXT)
  const files: WrappedKey[] = []
  let bytes = 0
  for (const sha of waiting) {
    const content = replica.blobs.pieces.read(sha)
    if (bytes + content.length > FILES_BYTES_MAX) break
    bytes += content.length
    files.push(await sealBytes(content, key, FILE_CONTEXT))
  }
  key.fill(0)
  const file: RescueFile = { format: 'holdfast-rescue', version: 2, vault, sealed, files }
  return {
    file: `${JSON.stringify(file)}\n`,
    commands,
    files: files.length,
    filesLeft: waiting.length - files.length,
  }
}

/** What is in a rescue file, or null when the passphrase is another one. Throws VaultDamagedError when it is no such file. */
export async function openRescue(text: string, passphrase: string): Promise<OpenedRescue | null> {
  let found: Partial<RescueFile> | null
  try {
    found = JSON.parse(text) as Partial<RescueFile> | null
  } catch {
    throw new VaultDamagedError('This is no rescue file, or it was cut.')
  }
  const isKnown = found?.version === 1 || found?.version === 2
  if (found?.format !== 'holdfast-rescue' || !isKnown || found.sealed === undefined)
    throw new VaultDamagedError('This is no rescue file of a version that this program knows.')
  const opened = await unlockVault(parseVault(JSON.stringify(found.vault)), { slot: SLOT, passphrase })
  if (!opened.ok) return null
  const key = opened.value
  const plain = async (sealed: WrappedKey, context: string): Promise<Uint8Array> => {
    const bytes = await openBytes(sealed, key, context)
    if (bytes === undefined) throw new VaultDamagedError('The rescue file was altered: nothing of it is used.')
    return bytes
  }
  const inside = JSON.parse(new TextDecoder().decode(await plain(found.sealed, CONTEXT))) as Inside | string[]
  if (Array.isArray(inside)) return { dev: null, bodies: inside, files: [] }
  const files: Uint8Array[] = []
  for (const sealed of found.files ?? []) files.push(await plain(sealed, FILE_CONTEXT))
  return { ...inside, files }
}

declare class TextEncoder {
  encode(text: string): Uint8Array
}
declare class TextDecoder {
  decode(bytes: Uint8Array): string
}
