// The other end of a device in a process of its own (asked-device-process.ts): asks it and waits for its answer, ends it politely or kills it.
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createInterface, type Interface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { AskedDeviceOptions, Asks } from './asked-device-process.ts'

const program = fileURLToPath(new URL('asked-device-process.ts', import.meta.url))

export class AskedDevice {
  readonly dev: string
  private readonly child: ChildProcess
  private readonly lines: Interface

  private constructor(child: ChildProcess, lines: Interface, dev: string) {
    this.child = child
    this.lines = lines
    this.dev = dev
  }

  static async start(options: AskedDeviceOptions): Promise<AskedDevice> {
    const child = spawn(process.execPath, ['--import', 'tsx', program, JSON.stringify(options)], {
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    const lines = createInterface({ input: child.stdout })
    const { dev } = (await answerOf(child, lines)) as { dev: string }
    return new AskedDevice(child, lines, dev)
  }

  /** One at a time. */
  async ask<A extends keyof Asks>(name: A, given: Asks[A]['in']): Promise<Asks[A]['out']> {
    const answer = answerOf(this.child, this.lines)
    this.child.stdin?.write(`${JSON.stringify([name, given])}\n`)
    return (await answer) as Asks[A]['out']
  }

  async end(): Promise<void> {
    if (this.child.exitCode !== null) return
    const ended = once(this.child, 'exit')
    this.child.stdin?.end()
    await ended
  }

  async kill(): Promise<void> {
    const ended = once(this.child, 'exit')
    if (this.child.kill('SIGKILL')) await ended
  }
}

async function answerOf(child: ChildProcess, lines: Interface): Promise<unknown> {
  const over = new AbortController()
  try {
    const [line] = (await Promise.race([
      once(lines, 'line', { signal: over.signal }),
      once(child, 'exit', { signal: over.signal }).then(([code]) => {
        throw new Error(`The device's process ended with ${String(code)} in the middle of a question.`)
      }),
    ])) as [string]
    return JSON.parse(line)
  } finally {
    over.abort()
  }
}
