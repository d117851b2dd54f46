// What the device tells the screens, held until the answer under way has left: a person waits for "saved", and a screen that draws its
// lists first shows it later. Changes of one turn are one event and only the last status counts. It never holds back an answer.
import type { DeviceStatus } from '../../sync/device/api.ts'
import type { HostEvent } from './calls.ts'

export class ToldLater {
  private readonly emit: (event: HostEvent) => void
  private readonly tables = new Set<string>()
  private lastStatus: DeviceStatus | null = null
  private timer: ReturnType<typeof setTimeout> | null = null

  constructor(emit: (event: HostEvent) => void) {
    this.emit = emit
  }

  change(tables: Iterable<string>): void {
    for (const table of tables) this.tables.add(table)
    this.plan()
  }

  status(status: DeviceStatus): void {
    this.lastStatus = status
    this.plan()
  }

  /** The device is locked: nothing more is told of it. */
  forget(): void {
    if (this.timer !== null) clearTimeout(this.timer)
    this.timer = null
    this.tables.clear()
    this.lastStatus = null
  }

  private plan(): void {
    this.timer ??= setTimeout(() => this.tell(), 0)
  }

  private tell(): void {
    const tables = [...this.tables]
    const status = this.lastStatus
    this.forget()
    if (tables.length > 0) this.emit({ event: 'change', tables })
    if (status !== null) this.emit({ event: 'status', status })
  }
}
