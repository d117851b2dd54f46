// The stores that a person may look into, their own branch's first, and the one that was chosen last on this device.
import { useMemo } from 'react'
import { useMay } from '../../design/device-context.ts'
import { useDraft } from '../../design/use-draft.ts'
import { useView } from '../../design/use-view.ts'
import type { places } from '../../../modules/masters/views.ts'
import { useWorkplace } from '../shared/use-workplace.ts'

export interface Warehouses {
  readonly all: readonly { readonly id: string; readonly name: string }[]
  /** null until it is known. */
  readonly chosen: string | null
  choose(id: string): void
}

export function useWarehouses(): Warehouses {
  const { branch } = useWorkplace()
  const { rows } = useView<typeof places>('masters.places', {})
  const kept = useDraft<string>('stock.warehouse', '')
  const mayAll = useMay('masters.allBranches')
  const all = useMemo(() => {
    const stores = (rows ?? []).filter(({ kind }) => kind === 'warehouse')
    const own = stores.filter((store) => store.branch === branch).toSorted((a, b) => a.isVehicle - b.isVehicle)
    // A device carries the stock of its person's branches and of no other.
    return mayAll || own.length === 0 ? [...own, ...stores.filter((store) => store.branch !== branch)] : own
  }, [rows, branch, mayAll])
  const chosen = all.find(({ id }) => id === kept.value)?.id ?? all[0]?.id ?? null
  return { all, chosen: rows === null || kept.value === null ? null : chosen, choose: (id) => kept.set(id) }
}
