// The rescue file: everything this device saved and the hub may not have, sealed and signed as it would travel, encrypted under a
// passphrase chosen for the file. It needs no hub and no room on the disk, shows nothing, and takes nothing out of the outbox.
import { createVault, parseVault, unlockVault, VaultDamagedError, type VaultFile } from '../../store/vault/vault.ts'
import { sealBytes, openBytes, type WrappedKey } from '../../store/vault/seal-key.ts'
import type { Argon2Cost } from '../../store/vault/kdf.ts'
import { COMMANDS_PER_PUSH_MAX, PROTOCOL, type PushHead } from '../protocol.ts'
import { makeSigner } from '../seal.ts'
import { nextBatch, streamLines } from './outgoing.ts'
import type { Replica } from './replica.ts'

const SLOT = 'rescue'
const CONTEXT = 'holdfast-rescue-1'

interface RescueFile {
  readonly format: 'holdfast-rescue'
  readonly version: 1
  readonly vault: VaultFile
  readonly sealed: WrappedKey
}

export interface Rescue {
  /** The file's text. */
  readonly file: string
  readonly commands: number
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
  if (commands === 0) return null
  const { file: vault, key } = await createVault({ slot: SLOT, passphrase }, cost)
  const sealed = await sealBytes(new TextEncoder().encode(JSON.stringify(bodies)), key, CONTEXT)
  key.fill(0)
  const file: RescueFile = { format: 'holdfast-rescue', version: 1, vault, sealed }
  return { file: `${JSON.stringify(file)}\n`, commands }
}

/** The push bodies in a rescue file, or null when the passphrase is another one. Throws VaultDamagedError when it is no such file. */
export async function openRescue(text: string, passphrase: string): Promise<readonly string[] | null> {
  let found: Partial<RescueFile> | null
  try {
    found = JSON.parse(text) as Partial<RescueFile> | null
  } catch {
    throw new VaultDamagedError('This is no rescue file, or it was cut.')
  }
  if (found?.format !== 'holdfast-rescue' || found.version !== 1 || found.sealed === undefined)
    throw new VaultDamagedError('This is no rescue file of a version that this program knows.')
  const opened = await unlockVault(parseVault(JSON.stringify(found.vault)), { slot: SLOT, passphrase })
  if (!opened.ok) return null
  const bytes = await openBytes(found.sealed, opened.value, CONTEXT)
  if (bytes === undefined) throw new VaultDamagedError('The rescue file was altered: nothing of it is used.')
  return JSON.parse(new TextDecoder().decode(bytes)) as string[]
}

declare class TextEncoder {
  encode(text: string): Uint8Array
}
declare class TextDecoder {
  decode(bytes: Uint8Array): string
}
