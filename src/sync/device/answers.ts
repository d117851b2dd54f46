// The hub's answers to a push and to a pull, looked at before anything of them is used: one that lacks what it must have was cut or damaged
// on its way and counts as not received. Whether its rows are the hub's the digests say, not their shape.
import { parseLines } from '../ndjson.ts'
import type { Outcome, PullEnd, PullHead, PullLeft, PullRows, PushAnswer } from '../protocol.ts'
import type { PulledPage } from './settle.ts'

type Shape = Readonly<Record<string, 'string' | 'number' | 'list'>>

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isShaped = (value: unknown, shape: Shape): value is Readonly<Record<string, unknown>> =>
  isObject(value) &&
  Object.entries(shape).every(([name, type]) => {
    const field = value[name]
    return type === 'list'
      ? Array.isArray(field)
      : type === 'number'
        ? Number.isSafeInteger(field)
        : typeof field === type
  })

const OUTCOME: Shape = {
  dev: 'string',
  ep: 'number',
  seq: 'number',
  seal: 'string',
  outcome: 'string',
  eff: 'string',
  at: 'number',
}
const HEAD: Shape = { incarnation: 'string', w: 'number', upto: 'number', has: 'number', resets: 'list', names: 'list' }
const ROWS: Shape = { rows: 'string', cols: 'list', ids: 'list', buckets: 'list', vals: 'list' }
const LEFT: Shape = { left: 'string', ids: 'list', buckets: 'list' }

/** Decided by `w`: what claims to be later would stand on top of its own rows until then. */
const areOutcomes = (value: unknown, w: number): value is readonly Outcome[] =>
  Array.isArray(value) && value.every((each) => isShaped(each, OUTCOME) && Number(each['at']) <= w)
const areNamed = (value: unknown, shape: Shape): boolean =>
  Array.isArray(value) && value.every((each) => isShaped(each, shape))

/** Null when the text isn't a whole answer of a hub to a push. */
export function pushAnswerIn(text: string): PushAnswer | null {
  const answer = parseLines<unknown>(text)?.[0]
  const isWhole =
    isShaped(answer, { incarnation: 'string', w: 'number' }) &&
    answer['push'] === 1 &&
    areOutcomes(answer['outcomes'], Number(answer['w'])) &&
    areNamed(answer['problems'], { problem: 'string', dev: 'string' })
  return isWhole ? (answer as unknown as PushAnswer) : null
}

/** Null when the text isn't a whole answer of a hub to a pull. */
export function pageIn(text: string): PulledPage | null {
  const lines = parseLines<unknown>(text) ?? []
  const [head, end] = [lines[0], lines.at(-1)]
  if (!isShaped(head, HEAD) || head['pull'] !== 1 || !isObject(end) || !isObject(end['digests'])) return null
  if (!areNamed(head['resets'], { name: 'string', generation: 'number' })) return null
  if (head['leaves'] !== undefined && !areNamed(head['leaves'], { name: 'string', leaves: 'list' })) return null
  if (head['outcomes'] !== undefined && !areOutcomes(head['outcomes'], Number(head['w']))) return null
  const rows: PullRows[] = []
  const left: PullLeft[] = []
  for (const line of lines.slice(1, -1)) {
    if (isShaped(line, ROWS)) rows.push(line as unknown as PullRows)
    else if (isShaped(line, LEFT)) left.push(line as unknown as PullLeft)
    else return null
  }
  return { head: head as unknown as PullHead, rows, left, end: end as unknown as PullEnd }
}
