// The connection to PostgreSQL as `pg` writes to it: statements that are sent in one turn of this process leave in one packet, so that
// a flight of small ones wakes the server once and costs one call of the system. What is large leaves at once, and the server works
// on it while the next statement is being written.
import { Socket } from 'node:net'

/** More than this doesn't wait for the turn's end. */
const HELD_BYTES_MAX = 32 * 1024

export class FlightSocket extends Socket {
  private isHeld = false

  /** `pg` calls it before the messages of a statement with a name or parameters (a plain text goes alone). */
  override cork(): void {
    if (!this.isHeld) {
      this.isHeld = true
      super.cork()
      process.nextTick(() => this.letGo())
    }
    super.cork()
  }

  /** And this behind them. */
  override uncork(): void {
    super.uncork()
    if (this.writableLength > HELD_BYTES_MAX) this.letGo()
  }

  private letGo(): void {
    if (!this.isHeld) return
    this.isHeld = false
    super.uncork()
  }
}
