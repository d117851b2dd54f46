// A live query without a screen: reads a view, and reads it again when one of the view's tables changed on this device, by
// whom ever. It never reads for a change of other tables, and never twice at once.
import type { ViewAnswer } from '../worker/calls.ts'

export interface LiveSource {
  query(view: string, args: Readonly<Record<string, unknown>>): Promise<ViewAnswer>
  onChange(listener: (tables: ReadonlySet<string>) => void): () => void
}

export interface LiveTold {
  reading(): void
  rows(rows: ViewAnswer['rows']): void
  failed(error: Error): void
}

/** Begins with a read; returns how to stop, after which nothing is told any more. */
export function watchView(
  device: LiveSource,
  name: string,
  args: Readonly<Record<string, unknown>>,
  told: LiveTold,
): () => void {
  let isLive = true
  let isReading = false
  let isStale = false
  /** Of the view; null until its first answer: any change may be one of its own. */
  let tables: ReadonlySet<string> | null = null
  const read = async (): Promise<void> => {
    if (isReading) {
      isStale = true
      return
    }
    isReading = true
    told.reading()
    try {
      const answer = await device.query(name, args)
      tables = new Set(answer.tables)
      if (isLive) told.rows(answer.rows)
    } catch (error) {
      if (isLive) told.failed(error as Error)
    }
    isReading = false
    // Many changes during one read are one more read.
    if (isStale && isLive) {
      isStale = false
      void read()
    }
  }
  void read()
  const stop = device.onChange((changed) => {
    const own = tables
    if (own === null || [...changed].some((table) => own.has(table))) void read()
  })
  return () => {
    isLive = false
    stop()
  }
}
