// What happened, in the notation of docs/sync.md: `A:c7'` saved without an answer, `c7` accepted, `c7*` adjusted, `c7!`
// refused, `c7?` parked, `@42` a watermark. It holds no seal, no signature and no real time: two runs of one plan write
// the same bytes.
import type { HubAnswer } from '../../sync/device/transport.ts'
import type { Outcome, PullHead, PushAnswer } from '../../sync/protocol.ts'
import type { VirtualTime } from './virtual-time.ts'

const MARKS: Readonly<Record<Outcome['outcome'], string>> = { accepted: '', adjusted: '*', refused: '!', parked: '?' }

export class Trace {
  readonly lines: string[] = []
  private readonly time: VirtualTime
  private readonly start: number

  constructor(time: VirtualTime) {
    this.time = time
    this.start = time.now
  }

  say(line: string): void {
    this.lines.push(`${this.time.now - this.start} ${line}`)
  }

  saved(name: string, seq: number, command: string): void {
    this.say(`${name}:c${seq}' ${command}`)
  }

  /** An answer that reached the device as the hub gave it. */
  heard(name: string, path: string, { status, text }: HubAnswer): void {
    if (status !== 200) return this.say(`${name} ${path} ${status}`)
    if (path === '/sync/push') {
      const { outcomes, problems, w } = JSON.parse(text) as PushAnswer
      const told = outcomes.map(({ seq, outcome }) => `c${seq}${MARKS[outcome]}`)
      this.say(`${name} push ${[...told, ...problems.map(({ problem }) => problem)].join(' ')} @${w}`)
    }
    if (path === '/sync/pull') {
      const { w, upto, more } = JSON.parse(text.slice(0, text.indexOf('\n'))) as PullHead
      this.say(`${name} pull ${more ? `to ${upto} of` : ''}@${w}`)
    }
  }
}
