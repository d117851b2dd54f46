// What people can decide about something in review, by its kind: each choice is one command with its arguments. The same list serves one
// item, its keys, and many at once; what a command may do is decided on the hub.
import { settleField } from '../../../kernel/merge.ts'
import type { TextKey } from '../../design/words.ts'
import type { InboxItem, LostRow } from './inbox-item.ts'

export interface Choice {
  readonly id: 'resubmit' | 'force' | 'discard' | 'close' | 'keep' | 'restore' | 'combine'
  readonly command: string
  readonly permission: string
  /** A reason that the books need, a note that may be given, or neither. */
  readonly note: 'needed' | 'free' | 'none'
  readonly noteLabel: TextKey
  readonly help: TextKey | null
  readonly isGrave: boolean
  /** It only says no, and can be taken back. [REV5] */
  readonly mayUndo: boolean
  /** A dry run shows what it does. */
  readonly isForeseen: boolean
}

const usual = {
  note: 'none',
  noteLabel: 'form.reason',
  help: null,
  isGrave: false,
  mayUndo: false,
  isForeseen: false,
} as const
const aboutValue = {
  ...usual,
  command: 'review.restoreLost',
  permission: 'review.settle',
  note: 'free',
  noteLabel: 'review.note',
  mayUndo: true,
} as const

const byKind: Readonly<Record<InboxItem['kind'], readonly Choice[]>> = {
  parked: [
    { ...usual, id: 'resubmit', command: 'review.resubmit', permission: 'review.settle', isForeseen: true },
    {
      ...usual,
      id: 'force',
      command: 'review.force',
      permission: 'review.force',
      note: 'needed',
      help: 'review.force-text',
      isForeseen: true,
    },
    {
      ...usual,
      id: 'discard',
      command: 'review.discard',
      permission: 'review.settle',
      note: 'needed',
      help: 'review.discard-text',
      isGrave: true,
      mayUndo: true,
    },
  ],
  exception: [
    {
      ...usual,
      id: 'close',
      command: 'review.closeException',
      permission: 'review.closeException',
      note: 'needed',
      noteLabel: 'review.remark',
      mayUndo: true,
    },
  ],
  value: [
    { ...aboutValue, id: 'keep' },
    { ...aboutValue, id: 'restore' },
    { ...aboutValue, id: 'combine' },
  ],
}

const read = (text: string | null): unknown => (text === null ? null : JSON.parse(text))

/** Both values in one, where that means something: texts below each other, lists united; null otherwise. */
export function combined({ base, kept, lost }: Pick<LostRow, 'base' | 'kept' | 'lost'>): unknown {
  const [before, stands, other] = [base, kept, lost].map(read)
  if (Array.isArray(stands) && Array.isArray(other)) return settleField('union', before, stands, other).value
  const areTexts = typeof stands === 'string' && typeof other === 'string' && /\p{L}.*\s/su.test(stands + other)
  return areTexts ? settleField('append', before, stands, other).value : null
}

export const choicesFor = (item: InboxItem, may: (permission: string) => boolean): readonly Choice[] =>
  byKind[item.kind].filter(
    ({ id, permission }) =>
      may(permission) && (id !== 'combine' || (item.kind === 'value' && combined(item.row) !== null)),
  )

/** What can be decided about all of them alike. */
export function choicesForAll(items: readonly InboxItem[], may: (permission: string) => boolean): readonly Choice[] {
  const [first, ...others] = items
  if (first === undefined) return []
  return choicesFor(first, may).filter(({ id, command }) =>
    others.every((item) => choicesFor(item, may).some((each) => each.id === id && each.command === command)),
  )
}

export type Args = Readonly<Record<string, unknown>>

/** `changed` takes the place of the arguments of what is sent again. */
export function argsOf(item: InboxItem, choice: Choice, note: string, changed: Args | null = null): Args {
  const said = note.trim()
  switch (choice.id) {
    case 'resubmit':
      return { item: item.id, ...(changed !== null && { args: changed }) }
    case 'force':
    case 'discard':
      return { item: item.id, reason: said }
    case 'close':
      return { exception: item.id, remark: said }
    case 'keep':
    case 'restore':
    case 'combine':
      return {
        lost: item.id,
        restore: choice.id !== 'keep',
        ...(choice.id === 'combine' && item.kind === 'value' && { instead: [combined(item.row)] }),
        ...(said !== '' && { remark: said }),
      }
  }
}
