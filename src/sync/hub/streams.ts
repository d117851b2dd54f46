// Reads a push body into device streams and checks what needs no database: shape, order, seals and length. What is wrong
// is said about the stream that has it; the others of the same body go on.
import { parseEnvelope } from '../envelope.ts'
import type { Envelope, Personal, PushHead, StreamHeader, StreamProblem } from '../protocol.ts'
import { sealOf } from '../seal.ts'

export interface ReceivedCommand {
  readonly envelope: Envelope
  readonly line: string
  readonly pd: Personal | null
  readonly seal: string
  readonly prev: string
}

export interface ReceivedStream {
  readonly header: StreamHeader
  readonly commands: readonly ReceivedCommand[]
}

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

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null && !Array.isArray(value)

const isHeader = (value: unknown): value is StreamHeader => {
  if (!isObject(value)) return false
  const texts = ['tenant', 'dev', 'prev', 'lastSeal', 'signature'].every((key) => typeof value[key] === 'string')
  const counts = ['ep', 'firstSeq', 'lastSeq'].every((key) => Number.isSafeInteger(value[key]) && Number(value[key]) >= 1)
  return texts && counts
}

/** Null when the body is no push at all (malformed batch): nothing of it is used. [PUSH1] */
export function readPush(body: string): ReceivedPush | null {
  if (!body.endsWith('\n')) return null
  const lines = body.slice(0, -1).split('\n')
  const head = parse(lines[0] ?? '')
  if (!isObject(head) || head['push'] !== 1) return null
  const streams: ReceivedStream[] = []
  const problems: StreamProblem[] = []
  let at = 1
  while (at < lines.length) {
    const opening = parse(lines[at] ?? '')
    const header = isObject(opening) ? opening['stream'] : undefined
    if (!isHeader(header)) return null
    at += 1
    const { commands, next, problem } = readCommands(header, lines, at)
    at = next
    if (problem === null) streams.push({ header, commands })
    else problems.push(problem)
  }
  return { head: head as unknown as PushHead, streams, problems }
}

function readCommands(header: StreamHeader, lines: readonly string[], start: number): { commands: ReceivedCommand[]; next: number; problem: StreamProblem | null } {
  const commands: ReceivedCommand[] = []
  let prev = header.prev
  let problem: StreamProblem | null = null
  let at = start
  for (; at < lines.length; at++) {
    const line = lines[at] ?? ''
    if (line.startsWith('{"stream":')) break
    if (line.startsWith('["pd",')) continue
    const envelope = parseEnvelope(line)
    if (envelope === null || envelope.dev !== header.dev || envelope.ep !== header.ep || envelope.seq !== header.firstSeq + commands.length) {
      problem ??= { problem: 'malformed', dev: header.dev, detail: `line ${at + 1}` }
      continue
    }
    const beside = lines[at + 1]?.startsWith('["pd",') === true ? parse(lines[at + 1] ?? '') : undefined
    const pd = Array.isArray(beside) && isObject(beside[1]) ? (beside[1] as unknown as Personal) : null
    const seal = sealOf(prev, line)
    commands.push({ envelope, line, pd, seal, prev })
    prev = seal
  }
  if (problem === null && (commands.length !== header.lastSeq - header.firstSeq + 1 || prev !== header.lastSeal)) {
    problem = { problem: 'seal', dev: header.dev, seq: header.lastSeq }
  }
  return { commands, next: at, problem }
}
