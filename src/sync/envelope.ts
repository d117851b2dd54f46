// The envelope of a command: built once at capture, sealed as one canonical line, never changed or migrated. Reading one
// checks its shape only; whether its author may do what it says is the hub's business.
import { isSha } from '../kernel/blob.ts'
import { canonical, parseCanonical } from '../kernel/canonical.ts'
import type { Catalogue } from '../kernel/catalogue.ts'
import type { AnyCommand } from '../kernel/command.ts'
import type { Base } from '../kernel/run.ts'
import { joinPersonal, standInFor } from './personal.ts'
import type { ParkReason } from './refusals.ts'
import { PROTOCOL, type Envelope, type Personal } from './protocol.ts'

/** The canonical line of an envelope: sorted keys, integers only. [CMD2] */
export const lineOf = (envelope: Envelope): string => canonical(envelope)

/** Whose ids and numbers the command's runs use: those of the life that captured it. */
export const spaceOf = ({ ep, seq, was }: Envelope): { readonly ep: number; readonly seq: number } =>
  was === undefined ? { ep, seq } : { ep: was.ep, seq: was.seq }

/** The envelope as that life captured it. */
export function originalOf(envelope: Envelope): Envelope {
  const { was: _, ...rest } = envelope
  return { ...rest, ...spaceOf(envelope) }
}

export type Opened =
  | {
      readonly ok: true
      readonly envelope: Envelope
      readonly command: AnyCommand | null
      readonly args: { readonly [key: string]: unknown }
      readonly base: Base
    }
  | { readonly ok: false; readonly reason: ParkReason; readonly detail: string }

/** Names, codes and hashes of an envelope are short; what is long is an argument. */
const SHORT = 200
/** Row ids hold 48 bits of the capture's time. */
const AT_MAX = 2 ** 48 - 1

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '' && value.length <= SHORT
const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0
const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const isAbsentOr = (value: unknown, fits: (value: unknown) => boolean): boolean => value === undefined || fits(value)

const isNumbers = (value: unknown): boolean =>
  isObject(value) &&
  Object.values(value).every(
    (counters) => Array.isArray(counters) && counters.every((counter) => isCount(counter) && counter > 0),
  )
const isBase = (value: unknown): boolean =>
  isObject(value) && Object.values(value).every((rows) => isObject(rows) && Object.values(rows).every(isObject))
const isOrigin = (value: unknown): boolean =>
  isObject(value) && isText(value['dev']) && isCount(value['ep']) && isCount(value['seq'])
const isFormer = (value: unknown): boolean =>
  isObject(value) &&
  isCount(value['ep']) &&
  value['ep'] > 0 &&
  isCount(value['seq']) &&
  isText(value['prev']) &&
  isText(value['seal'])
const isOffset = (value: unknown): boolean =>
  Array.isArray(value) && value.length === 2 && value.every(Number.isSafeInteger)
/** More than any command of ours names. */
const BLOBS_MAX = 500
const areShas = (value: unknown): boolean =>
  Array.isArray(value) && value.length <= BLOBS_MAX && value.every((sha) => typeof sha === 'string' && isSha(sha))

/** Parses a line; null when it is no envelope of this protocol. */
export function parseEnvelope(line: string): Envelope | null {
  const parsed = parseCanonical(line)
  if (!parsed.ok || typeof parsed.value !== 'object' || parsed.value === null || Array.isArray(parsed.value))
    return null
  const e = parsed.value as unknown as Envelope
  const isNamed =
    isText(e.dev) && isCount(e.ep) && e.ep > 0 && isCount(e.seq) && e.seq > 0 && isText(e.type) && isCount(e.tv)
  const isWorked =
    isObject(e.args) &&
    isText(e.user) &&
    isText(e.lease) &&
    isText(e.eff) &&
    isCount(e.p) &&
    isCount(e.seen) &&
    isText(e.app)
  const isDated = isCount(e.at) && e.at <= AT_MAX && isText(e.tz) && isCount(e.mono) && isAbsentOr(e.off, isOffset)
  const isDressed =
    isAbsentOr(e.nos, isNumbers) &&
    isAbsentOr(e.base, isBase) &&
    isAbsentOr(e.sup, isOrigin) &&
    isAbsentOr(e.was, isFormer) &&
    isAbsentOr(e.blobs, areShas)
  return isNamed && isWorked && isDated && isDressed ? e : null
}

/** The envelope with plain arguments of the command's current version: personal values joined, old versions upcast. [VER1] */
export function openEnvelope(catalogue: Catalogue, envelope: Envelope, pd: Personal | null): Opened {
  if (envelope.p !== PROTOCOL) return { ok: false, reason: 'sync.unknown-protocol', detail: String(envelope.p) }
  const command = catalogue.commands.get(envelope.type) ?? null
  const joined = joinPersonal(envelope.args, envelope.base, pd, (path) => standInFor(command?.args ?? {}, path))
  if (!joined.ok) return { ok: false, reason: 'sync.personal-mismatch', detail: joined.path }
  if (command === null) return { ok: true, envelope, command, ...joined.value }
  if (envelope.tv > command.version)
    return { ok: false, reason: 'sync.unknown-version', detail: `${envelope.type} ${envelope.tv}` }
  const args = upcast(command, envelope.tv, joined.value.args)
  if (args === null) return { ok: false, reason: 'sync.cannot-upcast', detail: `${envelope.type} ${envelope.tv}` }
  return { ok: true, envelope, command, args, base: joined.value.base }
}

type Args = { readonly [key: string]: unknown }

/** Null when arguments that claim an old version don't have its shape: an upcaster may trust that shape and breaks. */
function upcast(command: AnyCommand, from: number, given: Args): Args | null {
  let args = given
  try {
    for (let version = from; version < command.version; version++) args = command.upcast[version]?.(args) ?? args
    return args
  } catch {
    return null
  }
}
