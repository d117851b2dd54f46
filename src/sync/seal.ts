// Seals and signatures: each line is sealed over its exact bytes and the seal before it, so that a device's history is a
// chain; a push stream is signed once. Both sides hash the bytes that travelled, never a re-serialisation.
import { assert } from '../kernel/assert.ts'
import { hex, isWellFormed, utf8 } from '../kernel/bytes.ts'
import { sha256Hex } from '../kernel/hash.ts'

/** SHA-256 over the previous seal, a line feed and the line's exact bytes; 64 hex digits. [SEAL1] */
export const sealOf = (prev: string, line: string): string => sha256Hex(`${prev}\n${line}`)

/** Hash of any signed text (certificate, lease): 64 hex digits. */
export const textHash = (text: string): string => sha256Hex(text)

/** The part of WebCrypto that Node and browsers share, typed by hand because this folder sees neither's types. */
interface Subtle {
  generateKey(
    algorithm: object,
    extractable: boolean,
    usages: readonly string[],
  ): Promise<{ privateKey: object; publicKey: object }>
  exportKey(format: 'jwk', key: object): Promise<Jwk>
  importKey(
    format: 'jwk',
    key: Jwk,
    algorithm: object,
    extractable: boolean,
    usages: readonly string[],
  ): Promise<object>
  sign(algorithm: object, key: object, bytes: Uint8Array): Promise<ArrayBuffer>
  verify(algorithm: object, key: object, signature: Uint8Array, bytes: Uint8Array): Promise<boolean>
}
export interface WebCrypto {
  readonly subtle: Subtle
  getRandomValues(bytes: Uint8Array): Uint8Array
}
declare const crypto: WebCrypto
declare function btoa(text: string): string
declare function atob(text: string): string
export const webCrypto = (): WebCrypto => crypto

export interface Jwk {
  readonly kty?: string
  readonly crv?: string
  readonly x?: string
  readonly y?: string
  readonly d?: string
}

const ECDSA = { name: 'ECDSA', namedCurve: 'P-256' }
const ECDSA_SHA256 = { name: 'ECDSA', hash: 'SHA-256' }

export const toBase64Url = (bytes: Uint8Array): string => {
  let binary = ''
  for (const byte of bytes) binary += String.fromCharCode(byte)
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

/** Bytes of base64url text, or null when it is none. */
export function fromBase64Url(text: string): Uint8Array | null {
  // One character beyond a multiple of four is no encoding of any bytes, and atob throws on it.
  if (!/^[A-Za-z0-9_-]*$/.test(text) || text.length % 4 === 1) return null
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'))
  return Uint8Array.from(binary, (char) => char.charCodeAt(0))
}

export const randomHex = (bytes: number): string => hex(webCrypto().getRandomValues(new Uint8Array(bytes)))

export interface DeviceKeys {
  readonly publicKey: Jwk
  readonly privateKey: Jwk
}

export async function newDeviceKeys(): Promise<DeviceKeys> {
  const { subtle } = webCrypto()
  const pair = await subtle.generateKey(ECDSA, true, ['sign', 'verify'])
  const strip = ({ kty, crv, x, y, d }: Jwk): Jwk => ({
    ...(kty && { kty }),
    ...(crv && { crv }),
    ...(x && { x }),
    ...(y && { y }),
    ...(d && { d }),
  })
  return {
    publicKey: strip(await subtle.exportKey('jwk', pair.publicKey)),
    privateKey: strip(await subtle.exportKey('jwk', pair.privateKey)),
  }
}

/** Signs text with a device's private key; base64url of the raw 64-byte signature. */
export async function makeSigner(privateKey: Jwk): Promise<(text: string) => Promise<string>> {
  const { subtle } = webCrypto()
  const key = await subtle.importKey('jwk', privateKey, ECDSA, false, ['sign'])
  return async (text) => toBase64Url(new Uint8Array(await subtle.sign(ECDSA_SHA256, key, utf8(text))))
}

/** A key that the platform accepts as a point of the curve, or null. */
export async function verifyingKey(publicKey: Jwk): Promise<object | null> {
  const { subtle } = webCrypto()
  // The platform throws on anything that is no P-256 key; to the caller that is an answer, not a fault.
  return subtle.importKey('jwk', publicKey, ECDSA, false, ['verify']).catch(() => null)
}

type Verifier = (publicKey: Jwk, signature: Uint8Array, text: string) => boolean
let nativeVerifier: Verifier | null = null
/** A signature of "holdfast", and of nothing else, by a key that is nobody's. */
const SAMPLE = {
  key: {
    kty: 'EC',
    crv: 'P-256',
    x: 'd2UXlFPF8kyE1VUIcsgbZEa_2ixAQ_6BycaunWaeYbg',
    y: 'Ph7GtIZ0Ux5W3Jqq6Udc9u2itfeoOW2polBI4r1SLQ8',
  },
  signature: 'WWd7AKaEe16J_5XydnCoP9VUwgVO2ntdvvp2jYCm_LG-rhxWISt-6faFwAbvRB4IFPtOIW5Tsj2Zl_OaXf_21g',
}

/**
 * Lets a platform that can verify at once stand in for WebCrypto, whose answer comes from another thread: a hub asks five times for each
 * exchange of a device. Called once at start; a stand-in that answers wrongly is a bug.
 */
export function adoptVerifier(native: Verifier): void {
  const signature = fromBase64Url(SAMPLE.signature) ?? new Uint8Array(0)
  const answers = [
    native(SAMPLE.key, signature, 'holdfast'),
    native(SAMPLE.key, signature, 'Holdfast'),
    native(SAMPLE.key, signature.subarray(1), 'holdfast'),
    native({ ...SAMPLE.key, x: SAMPLE.key.y }, signature, 'holdfast'),
  ]
  assert(answers.join() === 'true,false,false,false', 'The platform verifies signatures wrongly.')
  nativeVerifier = native
}

export async function isSignedBy(publicKey: Jwk, signature: string, text: string): Promise<boolean> {
  const bytes = fromBase64Url(signature)
  if (nativeVerifier !== null) return bytes !== null && isWellFormed(text) && nativeVerifier(publicKey, bytes, text)
  const key = bytes === null ? null : await verifyingKey(publicKey)
  if (bytes === null || key === null) return false
  return webCrypto().subtle.verify(ECDSA_SHA256, key, bytes, utf8(text))
}
