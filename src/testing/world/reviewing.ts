// What people do about parked commands, from what their own device shows them: send one again as it is or mended, force it,
// discard it or think better of that. Two of them may do it at once, and now and then somebody decides what isn't theirs yet.
import { CONFIRM_ERASURE } from '../../kernel/erasure.ts'
import type { Replica } from '../../sync/device/replica.ts'
import type { Dice } from './dice.ts'
import type { Intent } from './work.ts'

interface Shown {
  readonly id: string
  readonly seal: string
  readonly command: string
  readonly args: string
  readonly state: 'open' | 'discarded'
}

/** What a device says by itself (of a lost one it is parked) nobody was told of: the reference can't say what becomes of it. */
const SHOWN_SQL = `SELECT r.id, r.seal, r.command, r.args, r.state FROM kernel_review_item r
  LEFT JOIN kernel_review_item p ON p.id = r.waits_for
  WHERE r.gone_at IS NULL AND r.command <> '${CONFIRM_ERASURE}' AND r.state IN ('open', 'discarded')`
/** What waits for another one is nobody's to decide. */
const OWN_SQL = `${SHOWN_SQL} AND (r.waits_for IS NULL OR p.state <> 'open') ORDER BY r.id LIMIT 8`

/** Null: nothing is parked where they look. */
export type ReviewKind = 'again' | 'mended' | 'force' | 'discard' | 'reopen'

export function decisionOf({ db }: Replica, dice: Dice, wanted?: ReviewKind): Intent | null {
  const all = db.all<Shown>(dice.isOneIn(12) ? `${SHOWN_SQL} ORDER BY r.id` : OWN_SQL)
  const shown = wanted === 'reopen' ? all.filter(({ state }) => state === 'discarded') : all
  if (shown.length === 0) return null
  const { id, seal, state, ...parked } = dice.pick(shown)
  const about = (verb: string, more: Readonly<Record<string, unknown>>): Intent => ({
    command: `review.${verb}`,
    args: { item: id, ...more },
    seen: null,
    item: seal,
  })
  if (state === 'discarded') return wanted === 'reopen' || dice.isOneIn(3) ? about('reopen', { kind: 'parked' }) : null
  switch (wanted ?? dice.pickOf({ again: 3, mended: 5, force: 2, discard: 2 })) {
    case 'again':
      return about('resubmit', {})
    case 'mended':
      return about('resubmit', { args: mended(db, dice, parked) })
    case 'force':
      return about('force', { reason: `forced ${dice.whole(99)}` })
    case 'discard':
      return about('discard', { reason: `of no use ${dice.whole(99)}` })
    case 'reopen':
      return null
  }
}

/** As a person would: what names a row that isn't there names another one, what is too long is short. */
function mended(db: Replica['db'], dice: Dice, { command, args }: Pick<Shown, 'command' | 'args'>): object {
  const given = JSON.parse(args) as Readonly<Record<string, unknown>>
  const notes = db.all<{ id: string }>('SELECT id FROM sim_note WHERE gone_at IS NULL ORDER BY id LIMIT 8')
  const note = notes.length === 0 ? {} : { note: dice.pick(notes).id }
  switch (command) {
    case 'sim.receive':
      return { ...given, item: `part ${dice.whole(9)}` }
    case 'sim.poison':
      return { ...given, ...note, isMended: true }
    case 'sim.editNote':
    case 'sim.scoreNote':
      return { ...given, ...note }
    case 'sim.replyNote':
      return { ...given, ...(note.note !== undefined && { to: note.note }) }
    default:
      return given
  }
}
