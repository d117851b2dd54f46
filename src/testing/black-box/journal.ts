// What a device was told, a line each, and how a journal is read. Plain words of the screen; nothing of the product's own types.
import { readFileSync } from 'node:fs'

export interface Told {
  readonly told: 'open' | 'saved' | 'outcome' | 'settled' | 'holds'
  readonly dev?: string
  readonly seq?: number
  readonly command?: string
  readonly args?: Readonly<Record<string, unknown>> | undefined
  readonly outcome?: string
  readonly watermark?: number
  readonly items?: readonly (readonly [id: string, name: string, stock: number])[]
}

/** A line that a kill cut off in the middle was not told: it is the last one, and left out. */
export function readJournal(path: string): Told[] {
  const text = readFileSync(path, 'utf8')
  const lines = text.split('\n')
  lines.pop()
  return lines.map((line) => JSON.parse(line) as Told)
}
