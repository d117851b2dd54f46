// What was asked of the hub from this page and isn't answered yet, so that nobody asks twice while the network is away.
import { useCallback, useState } from 'react'

let asked: ReadonlySet<string> = new Set()

export function useAsked(): { readonly isAsked: (id: string) => boolean; readonly mark: (id: string) => void } {
  const [, again] = useState(0)
  const mark = useCallback((id: string) => {
    asked = new Set(asked).add(id)
    again((count) => count + 1)
  }, [])
  return { isAsked: (id) => asked.has(id), mark }
}
