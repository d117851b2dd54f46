// For pages that ask the hub to do something and show what it says of it: tells when the hub has decided what was asked, by the outbox.
import { useEffect, useState } from 'react'
import { useOutbox } from './use-outbox.ts'

/** Returns what to call with the sequence of the command; `decided` is called once its outcome has come down. */
export function useDecided(decided: () => void): (seq: number) => void {
  const [asked, setAsked] = useState<number | null>(null)
  const isDecided = useOutbox()?.find(({ seq }) => seq === asked)?.isSettled === true
  useEffect(() => {
    if (isDecided) decided()
  }, [isDecided, decided])
  return setAsked
}
