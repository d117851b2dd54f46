// The page's end of the device: asks the worker, keeps the last state and status for the screens, and tells who listens. No screen waits
// here for a network: every answer comes from the database on this device. A lock ends the worker and starts an empty one.
import type {
  BlobWhere,
  DeviceStatus,
  Foreseen,
  OutboxEntry,
  RunAnswer,
  RunOptions,
  SignedIn,
  Taken,
  WhoIsBack,
} from '../../sync/device/api.ts'
import type { OfficeAnswer } from '../../sync/device/office.ts'
import type { OfficeQuestions } from '../../sync/office-protocol.ts'
import type {
  Ask,
  CallName,
  EnrolAgainCall,
  EnrolCall,
  EntryAnswer,
  Fault,
  HostCalls,
  HostState,
  OfficeAsk,
  ToPage,
  UnlockCall,
  ViewAnswer,
} from '../worker/calls.ts'

/** outdated: another tab runs a newer app, and this one is to be loaded again. older-leader: the other way round. */
export type LinkPhase = HostState['phase'] | 'starting' | 'broken' | 'outdated' | 'older-leader'

/** What the screens see; a new object whenever anything in it changed. */
export interface LinkState {
  readonly phase: LinkPhase
  readonly slots: readonly string[]
  readonly notice: HostState['notice']
  readonly wasIdle: boolean
  readonly signedIn: SignedIn | null
  readonly status: DeviceStatus | null
  readonly fault: Fault | null
}

/** A fault of the worker, with the kind that it named. */
export class DeviceFaultError extends Error {
  override readonly name: string
  readonly kind: string | null
  constructor(fault: Fault) {
    super(fault.message)
    this.name = fault.name
    this.kind = fault.kind
  }
}

interface Waiting {
  readonly resolve: (value: never) => void
  readonly reject: (error: Error) => void
}

const atStart: LinkState = {
  phase: 'starting',
  slots: [],
  notice: null,
  wasIdle: false,
  signedIn: null,
  status: null,
  fault: null,
}

export class DeviceLink {
  private readonly startWorker: () => Worker
  private readonly waiting = new Map<string, Waiting>()
  private readonly listeners = new Set<() => void>()
  private readonly changeListeners = new Set<(tables: ReadonlySet<string>) => void>()
  private worker: Worker | null = null
  private state: LinkState = atStart

  /** `startWorker` makes a new device worker (its address passes Trusted Types there). */
  constructor(startWorker: () => Worker) {
    this.startWorker = startWorker
  }

  start(): void {
    const worker = this.startWorker()
    this.worker = worker
    worker.addEventListener('message', (event: MessageEvent<ToPage>) => {
      if (this.worker === worker) this.heard(event.data)
    })
    worker.addEventListener('error', (event) => {
      if (this.worker !== worker) return
      const message = event.message === '' ? 'The worker of this page could not be loaded.' : event.message
      this.set({ phase: 'broken', fault: { name: 'WorkerError', message, kind: null } })
    })
    this.ask('state', null).then(
      (state) => this.entered(state),
      () => {}, // A worker that can't start says so by itself (broken).
    )
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener)
    return () => void this.listeners.delete(listener)
  }

  readonly snapshot = (): LinkState => this.state

  onChange(listener: (tables: ReadonlySet<string>) => void): () => void {
    this.changeListeners.add(listener)
    return () => void this.changeListeners.delete(listener)
  }

  enrol(call: EnrolCall): Promise<EntryAnswer> {
    return this.ask('enrol', call)
  }

  /** The next life of this device; who works here is asked anew. */
  async enrolAgain(call: EnrolAgainCall): Promise<EntryAnswer> {
    const answer = await this.ask('enrolAgain', call)
    if (this.state.phase === 'open') await this.welcome()
    return answer
  }

  rescue(passphrase: string): Promise<HostCalls['rescue']['out']> {
    return this.ask('rescue', { passphrase })
  }

  unlock(call: UnlockCall): Promise<EntryAnswer> {
    return this.ask('unlock', call)
  }

  /** Ends the session in every tab. Resolves when this tab's worker is gone. */
  lock(isIdle = false): Promise<void> {
    return this.ask('lock', { isIdle }).then(
      () => {},
      () => {},
    )
  }

  /** Saves a command on this device. The request key makes a resend after a fail-over harmless. */
  run(command: string, args: Readonly<Record<string, unknown>>, options: RunOptions = {}): Promise<RunAnswer> {
    return this.ask('run', { command, args, options: { requestKey: crypto.randomUUID(), ...options } })
  }

  /** What a command would do, without doing it. */
  foresee(command: string, args: Readonly<Record<string, unknown>>): Promise<readonly Foreseen[]> {
    return this.ask('foresee', { command, args })
  }

  query(view: string, args: Readonly<Record<string, unknown>>): Promise<ViewAnswer> {
    return this.ask('query', { view, args })
  }

  outbox(): Promise<readonly OutboxEntry[]> {
    return this.ask('outbox', null)
  }

  /** What only the hub knows of the whole company; waits for it. */
  office<Q extends keyof OfficeQuestions>(question: Q, given: OfficeQuestions[Q]['in']): Promise<OfficeAnswer<Q>> {
    return this.ask('office', { question, given } as OfficeAsk) as Promise<OfficeAnswer<Q>>
  }

  acknowledge(seq: number): Promise<null> {
    return this.ask('acknowledge', { seq })
  }

  /** Keeps a photo or file on this device, encrypted, so that a command may name it. */
  take(content: Uint8Array): Promise<Taken> {
    return this.ask('take', { content })
  }

  /** Forgets a photo that was taken and isn't wanted after all. */
  untake(sha: string): Promise<null> {
    return this.ask('untake', { sha })
  }

  /** The bytes behind a name, from this device or from the hub. */
  blob(sha: string, size: number): Promise<Uint8Array | null | 'offline'> {
    return this.ask('blob', { sha, size })
  }

  blobsTaken(): Promise<Readonly<Record<string, BlobWhere>>> {
    return this.ask('blobsTaken', null)
  }

  async sync(): Promise<void> {
    this.set({ status: await this.ask('sync', null) })
  }

  /** Somebody is back at this page, or the network may be: the device may want to try. It is asked once, and nobody waits for an answer. */
  wake(who: WhoIsBack): void {
    if (this.state.phase !== 'open') return
    this.ask('wake', who).then(
      () => {},
      () => {}, // gone or locked meanwhile
    )
  }

  /** Reads the status again: counters and the time of the next try move between two events. */
  async refresh(): Promise<void> {
    this.set({ status: await this.ask('status', null) })
  }

  draft(key: string): Promise<string | null> {
    return this.ask('draftGet', { key })
  }

  keepDraft(key: string, value: string | null): Promise<null> {
    return this.ask('draftSet', { key, value })
  }

  private ask<N extends CallName>(name: N, input: HostCalls[N]['in']): Promise<HostCalls[N]['out']> {
    const id = crypto.randomUUID()
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject })
      this.worker?.postMessage({ id, ask: { name, input } as Ask })
    })
  }

  private heard(message: ToPage): void {
    if ('id' in message) return this.answered(message)
    switch (message.event) {
      case 'state':
        return this.entered(message.state)
      case 'status':
        return this.set({ status: message.status })
      case 'change': {
        const tables = new Set(message.tables)
        for (const listener of this.changeListeners) listener(tables)
        return
      }
      case 'locked':
        return this.restart(message.isIdle)
      case 'outdated':
        return this.set({ phase: 'outdated' })
      case 'older-leader':
        return this.set({ phase: 'older-leader' })
      case 'broken':
        return this.set({ phase: 'broken', fault: message.fault })
    }
  }

  private answered(answer: Extract<ToPage, { id: string }>): void {
    const waiting = this.waiting.get(answer.id)
    this.waiting.delete(answer.id)
    if ('fault' in answer) waiting?.reject(new DeviceFaultError(answer.fault))
    else waiting?.resolve(answer.value as never)
  }

  private entered(state: HostState): void {
    // Whatever the newer tab does: this one is to be loaded again.
    if (this.state.phase === 'outdated') return
    // The leading tab has gone and another opens the database: the person goes on, and what is asked meanwhile is answered then.
    if (state.phase === 'opening' && this.state.phase === 'open') return
    const isNew = state.phase !== this.state.phase
    const isOpen = state.phase === 'open'
    this.set({ ...state, ...(isOpen ? { wasIdle: false } : { signedIn: null, status: null }) })
    // Screens open when the person and the status are known: they never show an app of nobody.
    if (isOpen && (isNew || this.state.signedIn === null)) void this.welcome()
  }

  private async welcome(): Promise<void> {
    try {
      const [signedIn, status] = await Promise.all([this.ask('signedIn', null), this.ask('status', null)])
      this.set({ signedIn, status })
    } catch (error) {
      // Locked again meanwhile: the event says so. Anything else must be seen.
      if ((error as Error).name !== 'LockedError')
        this.set({
          phase: 'broken',
          fault: { name: (error as Error).name, message: (error as Error).message, kind: null },
        })
    }
  }

  private restart(wasIdle: boolean): void {
    // Nothing of the session stays in memory of this page: not the worker, not what it answered.
    this.worker?.terminate()
    this.worker = null
    const left = [...this.waiting.values()]
    this.waiting.clear()
    this.state = { ...atStart, wasIdle }
    this.tell()
    this.start()
    for (const { reject } of left) {
      reject(new DeviceFaultError({ name: 'LockedError', message: 'The device was locked.', kind: null }))
    }
  }

  private set(changed: Partial<LinkState>): void {
    this.state = { ...this.state, ...changed }
    this.tell()
  }

  private tell(): void {
    for (const listener of this.listeners) listener()
  }
}
