// The ticket of this till, kept in the device's database after every touch: a reload, a crash or a dead battery at any step loses nothing.
// A sale that was under way is finished with the same request key, so that it is booked once.
import { useCallback, useEffect, useRef, useState } from 'react'
import { useDevice } from '../../design/device-context.ts'
import { newTicket, type Ticket } from './ticket.ts'

export interface KeptTicket {
  /** null until the database has answered. */
  readonly ticket: Ticket | null
  change(next: (ticket: Ticket) => Ticket): void
  /** Begins an empty ticket. */
  clear(): void
}

const keyOf = (till: string): string => `pos.ticket/${till}`

export function useTicket(till: string): KeptTicket {
  const device = useDevice()
  const [ticket, setTicket] = useState<Ticket | null>(null)
  const latest = useRef<Ticket | null>(null)

  const keep = useCallback(
    (next: Ticket) => {
      latest.current = next
      setTicket(next)
      const isEmpty = next.lines.length === 0 && next.party === null && next.heldSale === null && next.pending === null
      // Asked in order on one worker: the ticket is on the disk before anything that follows it.
      device.keepDraft(keyOf(till), isEmpty ? null : JSON.stringify(next)).catch(() => null)
    },
    [device, till],
  )

  useEffect(() => {
    let isLive = true
    const begin = (kept: string | null) => {
      if (!isLive) return
      const found = kept === null ? newTicket(crypto.randomUUID()) : (JSON.parse(kept) as Ticket)
      latest.current = found
      setTicket(found)
    }
    device.draft(keyOf(till)).then(begin, () => begin(null))
    return () => {
      isLive = false
    }
  }, [device, till])

  const change = useCallback(
    (next: (ticket: Ticket) => Ticket) => {
      if (latest.current !== null) keep(next(latest.current))
    },
    [keep],
  )
  const clear = useCallback(() => keep(newTicket(crypto.randomUUID())), [keep])
  return { ticket, change, clear }
}
