// The file of people's keys, in memory: for hubs that have no folder of their own.
import type { KeyFile } from '../hub/subject-keys.ts'

export class MemoryKeyFile implements KeyFile {
  private text = ''
  private changes = 0

  /** Another file with what is in this one. */
  copy(): MemoryKeyFile {
    const file = new MemoryKeyFile()
    file.replace(this.text)
    return file
  }

  stand(): string {
    return this.changes === 0 ? '' : String(this.changes)
  }

  read(): string {
    return this.text
  }

  append(text: string, behind: string): string | null {
    const isKnown = behind === this.stand()
    this.text += text
    this.changes += 1
    return isKnown ? this.stand() : null
  }

  replace(text: string): void {
    this.text = text
    this.changes += 1
  }
}
