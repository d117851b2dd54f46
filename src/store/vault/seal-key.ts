// Wraps the data key under another key with AES-256-GCM of the platform. A wrapped key says nothing but its length, and unwraps only with
// the same key and the same context; it must never be unwrapped without that check.

interface Subtle {
  importKey(
    format: 'raw',
    key: Uint8Array,
    algorithm: 'AES-GCM',
    extractable: false,
    usages: readonly ('encrypt' | 'decrypt')[],
  ): Promise<object>
  encrypt(algorithm: AesGcm, key: object, data: Uint8Array): Promise<ArrayBuffer>
  decrypt(algorithm: AesGcm, key: object, data: Uint8Array): Promise<ArrayBuffer>
}
interface AesGcm {
  readonly name: 'AES-GCM'
  readonly iv: Uint8Array
  readonly additionalData: Uint8Array
}
declare const crypto: { readonly subtle: Subtle; getRandomValues(bytes: Uint8Array): Uint8Array }
declare const TextEncoder: { new (): { encode(text: string): Uint8Array } }

/** Base64, as kept in the vault's file. */
export interface WrappedKey {
  readonly name: 'AES-256-GCM'
  readonly iv: string
  readonly ciphertext: string
}

/** Wraps bytes of any length under a key of 32 bytes that is used for nothing else; `context` is bound to it. */
export const sealBytes = wrapKey
/** The bytes, or undefined when the key or the context is another one (or the text was altered). */
export const openBytes = unwrapKey

export function randomBytes(length: number): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(length))
}

/** Wraps `key` (32 bytes) under `wrappingKey` (32 bytes); `context` is bound to it and must be given again. */
export async function wrapKey(key: Uint8Array, wrappingKey: Uint8Array, context: string): Promise<WrappedKey> {
  const iv = randomBytes(12)
  const imported = await crypto.subtle.importKey('raw', wrappingKey, 'AES-GCM', false, ['encrypt'])
  const ciphertext = await crypto.subtle.encrypt(
    { name: 'AES-GCM', iv, additionalData: new TextEncoder().encode(context) },
    imported,
    key,
  )
  return { name: 'AES-256-GCM', iv: toBase64(iv), ciphertext: toBase64(new Uint8Array(ciphertext)) }
}

/** The key, or undefined when the wrapping key or the context is another one (or the text was altered). */
export async function unwrapKey(
  wrapped: WrappedKey,
  wrappingKey: Uint8Array,
  context: string,
): Promise<Uint8Array | undefined> {
  const imported = await crypto.subtle.importKey('raw', wrappingKey, 'AES-GCM', false, ['decrypt'])
  const algorithm: AesGcm = {
    name: 'AES-GCM',
    iv: fromBase64(wrapped.iv),
    additionalData: new TextEncoder().encode(context),
  }
  try {
    return new Uint8Array(await crypto.subtle.decrypt(algorithm, imported, fromBase64(wrapped.ciphertext)))
  } catch (error) {
    if ((error as { name?: unknown }).name === 'OperationError') return undefined
    throw error
  }
}

declare const btoa: (binary: string) => string
declare const atob: (base64: string) => string

export function toBase64(bytes: Uint8Array): string {
  // A call takes some ten thousands of arguments at most.
  let binary = ''
  for (let at = 0; at < bytes.length; at += 8192) binary += String.fromCharCode(...bytes.subarray(at, at + 8192))
  return btoa(binary)
}

/** Throws when the text isn't base64. */
export function fromBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
}
