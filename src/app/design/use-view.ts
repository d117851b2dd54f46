// Live queries: the rows of a view, read again when one of its tables changed on this device, by whom ever. The last rows stay on the screen
// until newer ones are there; a row that didn't change keeps its identity, so that memoised cells don't render again.
import { useEffect, useState } from 'react'
import { useDevice } from './device-context.ts'
import { keepIdentity } from './keep-identity.ts'
import { watchView } from './live-query.ts'

/** The row type of a view: `RowOfView<typeof orderList>`, with `import type`. */
export type RowOfView<V> = V extends { readonly row?: infer R } ? NonNullable<R> : Readonly<Record<string, unknown>>
export type ArgsOfView<V> = V extends { readonly sql: (args: infer A) => unknown }
  ? A
  : Readonly<Record<string, unknown>>

export interface Live<R> {
  /** null until the first answer. */
  readonly rows: readonly R[] | null
  /** A read is under way; the rows are the last ones. */
  readonly isReading: boolean
  readonly error: Error | null
  /** The arguments that the rows answer, as JSON: while new ones are read, those before. */
  readonly key: string
}

/**
 * `useView<typeof orderList>('orders.list', { branch })` with `import type { orderList }`: typed by the view, and no code of the module
 * comes to the page. `args` null asks nothing. Other args of the same view keep the old rows until the new ones are there.
 */
export function useView<V>(name: string, args: ArgsOfView<V> | null): Live<RowOfView<V>> {
  type R = RowOfView<V>
  const device = useDevice()
  const argsKey = JSON.stringify(args)
  const [state, setState] = useState<Live<R>>({ key: '', rows: null, isReading: args !== null, error: null })

  useEffect(() => {
    if (argsKey === 'null') return
    return watchView(device, name, JSON.parse(argsKey) as Record<string, unknown>, {
      reading: () => setState((last) => ({ ...last, isReading: true })),
      rows: (rows) =>
        setState((last) => ({
          key: argsKey,
          rows: keepIdentity(last.rows, rows as readonly R[]),
          isReading: false,
          error: null,
        })),
      failed: (error) => setState((last) => ({ ...last, isReading: false, error })),
    })
  }, [device, name, argsKey])

  return state
}

/** The first row of a view, or null while it isn't known or there is none. */
export function useViewRow<V>(
  name: string,
  args: ArgsOfView<V> | null,
): { row: RowOfView<V> | null; isKnown: boolean } {
  const { rows } = useView<V>(name, args)
  return { row: rows?.[0] ?? null, isKnown: rows !== null }
}
