// Which rows of a table carry work that the hub hasn't taken, or not taken yet: the mark in lists. It asks the device's own book of pending work and never
// guesses from times.
import { useEffect, useRef, useState } from 'react'
import { useDevice, useStatusPart } from '../../design/device-context.ts'
import type { OutboxState } from '../../../sync/device/api.ts'

const none: ReadonlyMap<string, OutboxState> = new Map()

/** Ids of the table's rows with pending work, or with an edit that was refused or is in review, and how far it is. */
export function useUnsent(table: string): ReadonlyMap<string, OutboxState> {
  const device = useDevice()
  // The last contact moves when the hub has answered; what is saved here comes as a change.
  const contact = useStatusPart('lastContactAt')
  const needsYou = useStatusPart('needsYou')
  const [unsent, setUnsent] = useState(none)
  const known = useRef('')

  useEffect(() => {
    let isLive = true
    const read = async () => {
      const views = ['shell.inQuestion', 'shell.unsent'].map((view) => device.query(view, { table }))
      // Work that waits on a row says more of it than an edit before that wasn't taken.
      const rows = (await Promise.all(views)).flatMap((answer) => answer.rows)
      const text = JSON.stringify(rows)
      if (!isLive || text === known.current) return
      known.current = text
      setUnsent(new Map(rows.map((row) => [String(row['id']), row['state'] as OutboxState])))
    }
    // A mark that can't be read is no reason to lose the list.
    read().catch(() => null)
    const stop = device.onChange((tables) => {
      if (tables.has(table)) read().catch(() => null)
    })
    return () => {
      isLive = false
      stop()
    }
    // oxlint-disable-next-line react/exhaustive-effect-dependencies -- the hub answered: then it is read again
  }, [device, table, contact, needsYou])
  return unsent
}
