// The vault of a device: one random 256-bit data key, wrapped once for each person who may open it. The file is kept outside of the
// database and holds no password hash; offline sign-in is the unwrapping itself. It must never hold the data key in clear.
import { argon2Default, isAllowedCost, stretch, type Argon2Cost } from './kdf.ts'
import { fromBase64, randomBytes, toBase64, unwrapKey, wrapKey, type WrappedKey } from './seal-key.ts'

/** The JSON that the caller keeps: in Node vault.json beside the database, in a browser a file of OPFS. */
export interface VaultFile {
  readonly format: 'holdfast-vault'
  readonly version: 1
  /** 16 random bytes, base64; bound to each slot, so that none can be moved to another vault. */
  readonly vault: string
  readonly slots: readonly PassphraseSlot[]
}

/** One way to the data key. `slot` is chosen by the caller (the user's id) and shown to nobody who isn't at the device anyway. */
export interface PassphraseSlot {
  readonly slot: string
  readonly kind: 'passphrase'
  readonly kdf: Argon2Cost & { readonly name: 'argon2id'; readonly salt: string }
  readonly wrapped: WrappedKey
}

/** Whose slot, and the passphrase of that person. */
export interface SlotSecret {
  readonly slot: string
  readonly passphrase: string
}

/** Why a vault stays shut, or isn't changed; expected, and translated on screen. */
export type VaultRefusal = 'vault.wrong-passphrase' | 'vault.no-such-slot' | 'vault.slot-exists' | 'vault.last-slot'
export type VaultResult<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly refusal: VaultRefusal }

/** The file isn't a vault that this version can read. */
export class VaultDamagedError extends Error {
  override readonly name = 'VaultDamagedError'
}

/** A new vault with its first slot. Keep the file before using the key (32 bytes): without it the database is lost. */
export async function createVault(
  first: SlotSecret,
  cost: Argon2Cost = argon2Default,
): Promise<{ file: VaultFile; key: Uint8Array }> {
  const key = randomBytes(32)
  const vault = toBase64(randomBytes(16))
  return { key, file: { format: 'holdfast-vault', version: 1, vault, slots: [await newSlot(vault, key, first, cost)] } }
}

/** The data key, or `vault.wrong-passphrase` / `vault.no-such-slot`. Takes as long as the slot's Argon2id, right or wrong. */
export async function unlockVault(file: VaultFile, secret: SlotSecret): Promise<VaultResult<Uint8Array>> {
  const slot = file.slots.find((candidate) => candidate.slot === secret.slot)
  if (!slot) return { ok: false, refusal: 'vault.no-such-slot' }
  const wrappingKey = await stretch(secret.passphrase, fromBase64(slot.kdf.salt), slot.kdf)
  const key = await unwrapKey(slot.wrapped, wrappingKey, contextOf(file.vault, slot))
  wrappingKey.fill(0)
  return key ? { ok: true, value: key } : { ok: false, refusal: 'vault.wrong-passphrase' }
}

/** The file with one more slot; `opener` must be able to open it. Refused when the slot exists. */
export async function addSlot(
  file: VaultFile,
  opener: SlotSecret,
  added: SlotSecret,
  cost: Argon2Cost = argon2Default,
): Promise<VaultResult<VaultFile>> {
  if (file.slots.some(({ slot }) => slot === added.slot)) return { ok: false, refusal: 'vault.slot-exists' }
  return withKey(file, opener, async (key) => ({
    ...file,
    slots: [...file.slots, await newSlot(file.vault, key, added, cost)],
  }))
}

/** The file with another passphrase for this slot, with a new salt. The data key, and so the database, stays as it is. */
export async function changePassphrase(
  file: VaultFile,
  old: SlotSecret,
  passphrase: string,
  cost: Argon2Cost = argon2Default,
): Promise<VaultResult<VaultFile>> {
  return withKey(file, old, async (key) => {
    const renewed = await newSlot(file.vault, key, { slot: old.slot, passphrase }, cost)
    return { ...file, slots: file.slots.map((slot) => (slot.slot === old.slot ? renewed : slot)) }
  })
}

/** The file without this slot. The last one is never removed: that would be a wipe, which is another thing. */
export function removeSlot(file: VaultFile, slot: string): VaultResult<VaultFile> {
  const slots = file.slots.filter((candidate) => candidate.slot !== slot)
  if (slots.length === file.slots.length) return { ok: false, refusal: 'vault.no-such-slot' }
  if (slots.length === 0) return { ok: false, refusal: 'vault.last-slot' }
  return { ok: true, value: { ...file, slots } }
}

/** Reads a vault's JSON. Throws VaultDamagedError when it isn't one, or names a cost that we would never have stored. */
export function parseVault(json: string): VaultFile {
  let found: unknown
  try {
    found = JSON.parse(json)
  } catch {
    throw damaged('it is not JSON')
  }
  const file = found as Partial<VaultFile> | null
  if (typeof file !== 'object' || file?.format !== 'holdfast-vault') throw damaged('it is not a vault')
  if (file.version !== 1)
    throw damaged(`it is of version ${String(file.version)}, and this program knows version 1; update the program`)
  if (!isBase64(file.vault, 16) || !Array.isArray(file.slots) || file.slots.length === 0 || !file.slots.every(isSlot))
    throw damaged('a slot is incomplete')
  return file as VaultFile
}

async function withKey(
  file: VaultFile,
  opener: SlotSecret,
  change: (key: Uint8Array) => Promise<VaultFile>,
): Promise<VaultResult<VaultFile>> {
  const opened = await unlockVault(file, opener)
  if (!opened.ok) return opened
  const changed = await change(opened.value)
  opened.value.fill(0)
  return { ok: true, value: changed }
}

async function newSlot(vault: string, key: Uint8Array, secret: SlotSecret, cost: Argon2Cost): Promise<PassphraseSlot> {
  if (secret.passphrase === '') throw new TypeError('The passphrase is empty: ask for one.')
  if (!isAllowedCost(cost))
    throw new RangeError('The cost of Argon2id must be at least 19 MiB and 2 passes: use calibrate().')
  const salt = randomBytes(16)
  const slot = {
    slot: secret.slot,
    kind: 'passphrase',
    kdf: { name: 'argon2id', memoryKib: cost.memoryKib, iterations: cost.iterations, salt: toBase64(salt) },
  } as const
  const wrappingKey = await stretch(secret.passphrase, salt, cost)
  const wrapped = await wrapKey(key, wrappingKey, contextOf(vault, slot))
  wrappingKey.fill(0)
  return { ...slot, wrapped }
}

/** What a slot's key is bound to: neither its cost nor its owner nor its vault can be exchanged. */
function contextOf(vault: string, { slot, kind, kdf }: Omit<PassphraseSlot, 'wrapped'>): string {
  return JSON.stringify(['holdfast-vault', 1, vault, slot, kind, kdf.name, kdf.memoryKib, kdf.iterations, kdf.salt])
}

function isSlot(candidate: unknown): boolean {
  const slot = candidate as {
    slot?: unknown
    kind?: unknown
    kdf?: Partial<PassphraseSlot['kdf']>
    wrapped?: Partial<WrappedKey>
  } | null
  const { kdf, wrapped } = slot ?? {}
  return (
    typeof slot?.slot === 'string' &&
    slot.kind === 'passphrase' &&
    kdf?.name === 'argon2id' &&
    isBase64(kdf.salt, 16) &&
    isAllowedCost({ memoryKib: kdf.memoryKib ?? 0, iterations: kdf.iterations ?? 0 }) &&
    wrapped?.name === 'AES-256-GCM' &&
    isBase64(wrapped.iv, 12) &&
    isBase64(wrapped.ciphertext, 48)
  )
}

function isBase64(text: unknown, bytes: number): boolean {
  if (typeof text !== 'string') return false
  try {
    return fromBase64(text).byteLength === bytes
  } catch {
    return false
  }
}

function damaged(why: string): VaultDamagedError {
  return new VaultDamagedError(
    `The vault of this device cannot be read: ${why}. Restore vault.json from a copy, or enrol the device again.`,
  )
}
