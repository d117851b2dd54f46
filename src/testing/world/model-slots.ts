// Slots of the simulated company as the reference sees them: rows of a natural key that are made, removed, made again and brought
// back, whose order their own use changes. It shares no code with the kernel.
import { isGiven } from './model-merge.ts'
import { least } from './model-order.ts'
import type { Books } from './model-shares.ts'
import type { ModelRow, Told, Verdict } from './model.ts'

const SLOT = 'sim.slot'

/** Null: the command isn't about slots. */
export function meaningOfSlot(books: Books, told: Told): Verdict | null {
  const { zone, name, note } = told.args as Record<string, string>
  const key = [String(zone), String(name)]
  const found = books.row(SLOT, key)
  switch (told.command) {
    case 'sim.useSlot':
      // Made again, a slot is new but for its sums.
      if (found === undefined || found.isGone) books.put(SLOT, key, { zone, name, note: note ?? null, isGone: false })
      else if (isGiven(note)) books.put(SLOT, key, { note })
      books.add(SLOT, key, {}, 'uses', 1)
      if (!books.isOlder()) books.add(SLOT, key, {}, 'turns', 1)
      return 'stands'
    case 'sim.dropSlot':
      if (found === undefined || found.isGone) books.raise(told, 'NO_SLOT')
      else books.put(SLOT, key, { isGone: true })
      return 'stands'
    case 'sim.takeLeast':
      for (let time = 0; time < Number(told.args['times']); time++) {
        const slot = least(living(books, zone), 'uses')
        if (slot === undefined) {
          books.raise(told, 'NO_SLOT')
          break
        }
        books.add(SLOT, [String(slot['zone']), String(slot['name'])], {}, 'uses', 2)
      }
      return 'stands'
    default:
      return null
  }
}

const living = (books: Books, zone: string | undefined): ModelRow[] =>
  [...books.rows(SLOT)].filter((row) => !row.isGone && row['zone'] === zone)
