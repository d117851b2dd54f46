// The envelope of a command: built once at capture, sealed as one canonical line, never changed or migrated. Reading one
// checks its shape only; whether its author may do what it says is the hub's business.
import { canonical, parseCanonical } from '../kernel/canonical.ts'
import type { Catalogue } from '../kernel/catalogue.ts'
import type { AnyCommand } from '../kernel/command.ts'
import type { Base } from '../kernel/run.ts'
import { joinPersonal } from './personal.ts'
import { PROTOCOL, type Envelope, type Personal } from './protocol.ts'

/** The canonical line of an envelope: sorted keys, integers only. [CMD2] */
export const lineOf = (envelope: Envelope): string => canonical(envelope)

export type Opened =
  | { readonly ok: true; readonly envelope: Envelope; readonly command: AnyCommand | null; readonly args: { readonly [key: string]: unknown }; readonly base: Base }
  | { readonly ok: false; readonly reason: string; readonly detail: string }

const isText = (value: unknown): value is string => typeof value === 'string' && value !== ''
const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0

/** Parses a line; null when it is no envelope of this protocol. */
export function parseEnvelope(line: string): Envelope | null {
  const parsed = parseCanonical(line)
  if (!parsed.ok || typeof parsed.value !== 'object' || parsed.value === null || Array.isArray(parsed.value)) return null
  const e = parsed.value as unknown as Envelope
  const isWhole =
    isText(e.dev) && isCount(e.ep) && isCount(e.seq) && e.seq > 0 && isText(e.type) && isCount(e.tv) &&
    typeof e.args === 'object' && e.args !== null && isText(e.user) && isText(e.lease) &&
    Number.isSafeInteger(e.at) && isText(e.tz) && isText(e.eff) && isCount(e.p)
  return isWhole ? e : null
}

/** The envelope with plain arguments of the command's current version: personal values joined, old versions upcast. [VER1] */
export function openEnvelope(catalogue: Catalogue, envelope: Envelope, pd: Personal | null): Opened {
  if (envelope.p !== PROTOCOL) return { ok: false, reason: 'sync.unknown-protocol', detail: String(envelope.p) }
  const joined = joinPersonal(envelope.args, envelope.base, pd)
  if (!joined.ok) return { ok: false, reason: 'sync.personal-mismatch', detail: joined.path }
  const command = catalogue.commands.get(envelope.type) ?? null
  if (command === null) return { ok: true, envelope, command, ...joined.value }
  if (envelope.tv > command.version) return { ok: false, reason: 'sync.unknown-version', detail: `${envelope.type} ${envelope.tv}` }
  let args: { readonly [key: string]: unknown } = joined.value.args
  for (let version = envelope.tv; version < command.version; version++) args = command.upcast[version]?.(args) ?? args
  return { ok: true, envelope, command, args, base: joined.value.base }
}
