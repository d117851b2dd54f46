// Reads a push body into device streams and checks what needs no database: shape, order, seals and length. What is wrong
// is said about the stream that has it; the others of the same body go on.
import { parseEnvelope } from '../envelope.ts'
import {
  COMMANDS_PER_PUSH_MAX,
  PROTOCOL,
  type Envelope,
  type Personal,
  type PushHead,
  type StreamHeader,
  type StreamProblem,
} from '../protocol.ts'
import { committedPaths, parsePersonal } from '../personal.ts'
import type { CodesOf } from '../refusals.ts'
import { sealOf } from '../seal.ts'

export interface ReceivedCommand {
  readonly envelope: Envelope
  readonly line: string
  /** The values of the line's commitments and no others; null when it has none or what came is unusable. */
  readonly pd: Personal | null
  /** A commitment came without its value: the first such path. */
  readonly missingPd: string | null
  readonly seal: string
  readonly prev: string
}

export interface ReceivedStream {
  readonly header: StreamHeader
  /** Leases (compact JWS) that the device shows because the hub may have lost them; unverified. */
  readonly leases: readonly string[]
  /** Shown with the stream of an earlier life: its certificate, unverified. */
  readonly life?: string
  readonly commands: readonly ReceivedCommand[]
}

/** Each command may have a lease of its own. */
const LEASES_MAX = COMMANDS_PER_PUSH_MAX

/** Why a body is no push: nothing of it is used. */
export type PushRefusal = CodesOf<'push'>

export interface ReceivedPush {
  readonly head: PushHead
  readonly streams: readonly ReceivedStream[]
  readonly problems: readonly StreamProblem[]
}

const parse = (line: string): unknown => {
  try {
    return JSON.parse(line) as unknown
  } catch {
    return undefined
  }
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isHeader = (value: unknown): value is StreamHeader => {
  if (!isObject(value)) return false
  const texts = ['tenant', 'dev', 'prev', 'lastSeal', 'signature'].every((key) => typeof value[key] === 'string')
  const counts = ['ep', 'firstSeq', 'lastSeq'].every(
    (key) => Number.isSafeInteger(value[key]) && Number(value[key]) >= 1,
  )
  return texts && counts
}

/** The streams of a body, each with its own problems, or why the whole is no push. [PUSH1] */
export function readPush(body: string): ReceivedPush | PushRefusal {
  if (!body.endsWith('\n')) return 'push.malformed'
  const lines = body.slice(0, -1).split('\n')
  const head = parse(lines[0] ?? '')
  if (!isObject(head) || head['push'] !== 1) return 'push.malformed'
  if (head['protocol'] !== PROTOCOL) return 'push.other-protocol'
  const streams: ReceivedStream[] = []
  const problems: StreamProblem[] = []
  let at = 1
  let total = 0
  while (at < lines.length) {
    const opening = parse(lines[at] ?? '')
    const header = isObject(opening) ? opening['stream'] : undefined
    if (!isHeader(header)) return 'push.malformed'
    at += 1
    const shownLife = lines[at]?.startsWith('["life",') === true ? parse(lines[at++] ?? '') : undefined
    const life = Array.isArray(shownLife) && typeof shownLife[1] === 'string' ? shownLife[1] : undefined
    const leases: string[] = []
    for (; lines[at]?.startsWith('["lease",') === true; at++) {
      const shown = parse(lines[at] ?? '')
      if (Array.isArray(shown) && typeof shown[1] === 'string' && leases.length < LEASES_MAX) leases.push(shown[1])
    }
    const { commands, next, problem } = readCommands(header, lines, at)
    at = next
    total += commands.length
    if (total > COMMANDS_PER_PUSH_MAX) return 'push.too-many'
    if (problem === null) streams.push({ header, leases, commands, ...(life !== undefined && { life }) })
    else problems.push(problem)
  }
  return { head: head as unknown as PushHead, streams, problems }
}

function readCommands(
  header: StreamHeader,
  lines: readonly string[],
  start: number,
): { commands: ReceivedCommand[]; next: number; problem: StreamProblem | null } {
  const commands: ReceivedCommand[] = []
  let prev = header.prev
  let problem: StreamProblem | null = null
  let at = start
  for (; at < lines.length; at++) {
    const line = lines[at] ?? ''
    if (line.startsWith('{"stream":')) break
    if (line.startsWith('["pd",')) continue
    const envelope = parseEnvelope(line)
    if (
      envelope === null ||
      envelope.dev !== header.dev ||
      envelope.ep !== header.ep ||
      envelope.seq !== header.firstSeq + commands.length
    ) {
      problem ??= { problem: 'malformed', dev: header.dev, detail: `line ${at + 1}` }
      continue
    }
    const beside = lines[at + 1]?.startsWith('["pd",') === true ? parse(lines[at + 1] ?? '') : undefined
    const seal = sealOf(prev, line)
    commands.push({
      envelope,
      line,
      ...personalOf(envelope, Array.isArray(beside) ? beside[1] : undefined),
      seal,
      prev,
    })
    prev = seal
  }
  if (problem === null && (commands.length !== header.lastSeq - header.firstSeq + 1 || prev !== header.lastSeal)) {
    problem = { problem: 'seal', dev: header.dev, seq: header.lastSeq }
  }
  return { commands, next: at, problem }
}

/** Only what the sealed line commits to is kept: anything else beside it was never sealed and is nobody's. */
function personalOf(envelope: Envelope, given: unknown): Pick<ReceivedCommand, 'pd' | 'missingPd'> {
  const paths = committedPaths(envelope.args, envelope.base)
  if (paths.size === 0) return { pd: null, missingPd: null }
  const held = parsePersonal(given) ?? {}
  const kept = Object.entries(held).filter(([path]) => paths.has(path))
  const missingPd = [...paths].find((path) => !Object.hasOwn(held, path)) ?? null
  return { pd: kept.length === 0 ? null : Object.fromEntries(kept), missingPd }
}
