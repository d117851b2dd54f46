// The ticket of this till, kept in the device's database after every touch: a reload, a crash or a dead battery at any step loses nothing.
// A sale that was under way is finished with the same request key, so that it is booked once.
import { useCallback, useEffect, useRef, useState } from 'react'
import { useDevice } from '../../design/device-context.ts'
import { newTicket, type Ticket } from './ticket.ts'

export interface KeptTicket {
  /** null until the database has answered. */
  readonly ticket: Ticket | null
  /** It was found with its sale under way: a crash or a closed tab cut it off. */
  readonly wasCutOff: boolean
  change(next: (ticket: Ticket) => Ticket): void
  /** Begins an empty ticket. */
  clear(): void
}

const keyOf = (till: string): string => `pos.ticket/${till}`

export function useTicket(till: string): KeptTicket {
  const device = useDevice()
  const [ticket, setTicket] = useState<Ticket | null>(null)
  const [wasCutOff, setCutOff] = useState(false)
  const latest = useRef<Ticket | null>(null)
  /** How often this tab changed the ticket: what was read before a change of ours is out of date. */
  const changes = useRef(0)
  const otherTabs = useRef<BroadcastChannel | null>(null)

  const keep = useCallback(
    (next: Ticket) => {
      latest.current = next
      changes.current += 1
      setTicket(next)
      const isEmpty = next.lines.length === 0 && next.party === null && next.heldSale === null && next.pending === null
      // Asked in order on one worker: the ticket is on the disk before anything that follows it. Then the other tabs read it there.
      device.keepDraft(keyOf(till), isEmpty ? null : JSON.stringify(next)).then(
        () => otherTabs.current?.postMessage(null),
        () => null,
      )
    },
    [device, till],
  )

  useEffect(() => {
    let isLive = true
    const show = (found: Ticket) => {
      latest.current = found
      setTicket(found)
    }
    const begin = (kept: string | null) => {
      if (!isLive || latest.current !== null) return
      const found = kept === null ? newTicket(crypto.randomUUID()) : (JSON.parse(kept) as Ticket)
      setCutOff(found.pending !== null)
      show(found)
    }
    const readAgain = async () => {
      const before = changes.current
      const kept = await device.draft(keyOf(till))
      if (!isLive || changes.current !== before || kept === JSON.stringify(latest.current)) return
      show(kept === null ? newTicket(crypto.randomUUID()) : (JSON.parse(kept) as Ticket))
    }
    // One till has one ticket, in however many tabs it is open.
    const channel = new BroadcastChannel(`holdfast.${keyOf(till)}`)
    otherTabs.current = channel
    channel.addEventListener('message', () => void readAgain().catch(() => null))
    device.draft(keyOf(till)).then(begin, () => begin(null))
    return () => {
      isLive = false
      latest.current = null
      otherTabs.current = null
      channel.close()
    }
  }, [device, till])

  const change = useCallback(
    (next: (ticket: Ticket) => Ticket) => {
      if (latest.current !== null) keep(next(latest.current))
    },
    [keep],
  )
  const clear = useCallback(() => keep(newTicket(crypto.randomUUID())), [keep])
  return { ticket, wasCutOff, change, clear }
}
