// Tills in a process of their own, so that two cores can capture at once and the hub has one while they exchange. The
// parent names the step, the child does it; a child whose parent is gone ends by itself.
import { fork, type ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { TillsHere, type Tills, type TillsOptions, type TillsReport } from './replay-tills.ts'

type Step = keyof Tills
type ToChild = { readonly options: TillsOptions } | { readonly step: Step }
type ToParent = { readonly say: string } | { readonly done: TillsReport | null } | { readonly failed: string }

/** Tills worked by a child process. */
export class TillsElsewhere implements Tills {
  private readonly child: ChildProcess
  private readonly say: (text: string) => void
  private settle: { resolve: (done: TillsReport | null) => void; reject: (error: Error) => void } | null = null

  constructor(options: TillsOptions, say: (text: string) => void) {
    this.say = say
    this.child = fork(fileURLToPath(import.meta.url), ['--tills'], { execArgv: process.execArgv })
    this.child.on('message', (message) => this.told(message as ToParent))
    this.child.on('exit', (code) =>
      this.settle?.reject(new Error(`A process of tills ended with ${code} before it was done.`)),
    )
    this.child.send({ options } satisfies ToChild)
  }

  private told(message: ToParent): void {
    if ('say' in message) this.say(message.say)
    else if ('failed' in message) this.settle?.reject(new Error(message.failed))
    else this.settle?.resolve(message.done)
  }

  private step(step: Step): Promise<TillsReport | null> {
    return new Promise((resolve, reject) => {
      this.settle = { resolve, reject }
      this.child.send({ step } satisfies ToChild)
    })
  }

  open = async (): Promise<void> => void (await this.step('open'))
  capture = async (): Promise<void> => void (await this.step('capture'))
  captureAgain = async (): Promise<void> => void (await this.step('captureAgain'))
  exchange = async (): Promise<void> => void (await this.step('exchange'))

  async report(): Promise<TillsReport> {
    const report = await this.step('report')
    if (report === null) throw new Error('A process of tills reported nothing.')
    return report
  }

  async close(): Promise<void> {
    if (!this.child.connected) return
    await this.step('close')
    this.settle = null
    this.child.disconnect()
  }
}

function workHere(): void {
  const tell = (message: ToParent): void => void process.send?.(message)
  let tills: TillsHere | null = null
  process.on('disconnect', () => process.exit())
  process.on('message', (message) => {
    const told = message as ToChild
    if ('options' in told) {
      tills = new TillsHere(told.options, (say) => tell({ say }))
      return
    }
    Promise.resolve(tills?.[told.step]()).then(
      (done) => tell({ done: done ?? null }),
      (error: unknown) => tell({ failed: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
    )
  })
}

if (process.argv[2] === '--tills') workHere()
