// Everything that waits for a decision on this device, of all kinds, in one list, with how long such things took until they were settled.
import { mayDo } from '../../../kernel/lease.ts'
import { hasDuty } from '../../../kernel/exception-owner.ts'
import type { Facts } from '../../../kernel/refusal.ts'
import type { exceptionList, lostList, parkedList, settledTimes } from '../../../modules/review/views.ts'
import { useSignedIn } from '../../design/device-context.ts'
import { useView } from '../../design/use-view.ts'
import { commandText, exceptionText, t } from '../../design/words.ts'
import { aboutText, fieldName, idsIn, isId, type FactContext } from './fact-text.ts'
import { parsed, useFactContext } from './facts-table.tsx'
import { tableName } from './foresight-text.ts'
import {
  groupOf,
  inOrder,
  kindOfGroup,
  typeOfGroup,
  type ExceptionRow,
  type InboxItem,
  type LostRow,
  type ParkedRow,
} from './inbox-item.ts'
import { recordedIn, shown, titleOf } from './lost-text.ts'

export interface Inbox {
  /** Null until all kinds are read: half an inbox would jump. */
  readonly items: readonly InboxItem[] | null
  readonly error: Error | null
  /** How long those of a group that were settled had waited on average, ms; null when none was yet. */
  readonly timeOf: (group: string) => number | null
}

type SignedIn = ReturnType<typeof useSignedIn>

/** What it was, and what it is about: its number or its customer where it has one. */
function parkedTitle({ about, args, command }: ParkedRow, context: FactContext): string {
  const known = { ...parsed(args), ...parsed(about) }
  const { number, partyName, party, name, subject, text } = known
  const said = [number, partyName, party, name, subject, text].find(
    (each): each is string => typeof each === 'string' && each !== '' && !isId(each),
  )
  const named = said ?? aboutText(known, context)
  return named === null ? commandText(command) : `${commandText(command)} · ${named}`
}

const parkedItem = (row: ParkedRow, who: SignedIn, context: FactContext): InboxItem => ({
  kind: 'parked',
  row,
  id: row.id,
  group: groupOf('parked', row.command),
  title: parkedTitle(row, context),
  why: exceptionText(row.reason, parsed(row.facts) as Facts),
  by: row.user,
  since: row.parkedAt,
  branch: row.branch,
  owner: null,
  isUrgent: false,
  isMine: mayDo(who, 'review.settle') && row.branch === who.branch,
})

function exceptionItem(row: ExceptionRow, who: SignedIn, context: FactContext): InboxItem {
  const facts = parsed(row.facts)
  const about = aboutText(facts, context)
  return {
    kind: 'exception',
    row,
    id: row.id,
    group: groupOf('exception', row.code),
    title: exceptionText(row.code, facts as Facts),
    why: about === null ? commandText(row.command) : `${about} · ${commandText(row.command)}`,
    by: row.user,
    since: row.raisedAt,
    branch: row.branch,
    owner: row.owner,
    isUrgent: row.isUrgent === 1,
    isMine: mayDo(who, 'review.closeException') && row.owner !== null && hasDuty(who, row.owner),
  }
}

const lostItem = (row: LostRow, who: SignedIn, context: FactContext): InboxItem => ({
  kind: 'value',
  row,
  id: row.id,
  group: groupOf('value', `${row.table}.${row.field}`),
  title: titleOf(row, context),
  why: t('review.kept-and-lost', { kept: shown(row, row.kept, context), lost: shown(row, row.lost, context) }),
  by: row.by,
  since: row.at,
  branch: row.branch,
  owner: null,
  isUrgent: false,
  isMine: mayDo(who, 'review.settle') && (row.branch === null || row.branch === who.branch),
})

/** What a group is called: `Order`, `More was sold than was there.`, `Phone (customer)`. */
export function groupText(group: string): string {
  const type = typeOfGroup(group)
  switch (kindOfGroup(group)) {
    case 'parked':
      return commandText(type)
    case 'exception':
      return exceptionText(type)
    case 'value': {
      const dot = type.lastIndexOf('.')
      return t('review.field-of', { field: fieldName(type.slice(dot + 1)), table: tableName(type.slice(0, dot)) })
    }
  }
}

export function useInbox(): Inbox {
  const who = useSignedIn()
  const parked = useView<typeof parkedList>('review.parkedList', {})
  const raised = useView<typeof exceptionList>('review.exceptionList', {})
  const lost = useView<typeof lostList>('review.lostList', {})
  const { rows: times } = useView<typeof settledTimes>('review.settledTimes', {})
  const context = useFactContext([
    // Of lines only the document's own names are needed: a long one has hundreds.
    parked.rows?.map(({ args }) => Object.values(parsed(args)).filter(isId)) ?? [],
    raised.rows?.map(({ facts }) => idsIn(parsed(facts))) ?? [],
    lost.rows?.map(recordedIn) ?? [],
  ])
  const isRead = parked.rows !== null && raised.rows !== null && lost.rows !== null
  const items = isRead
    ? inOrder([
        ...(parked.rows ?? []).map((row) => parkedItem(row, who, context)),
        ...(raised.rows ?? []).map((row) => exceptionItem(row, who, context)),
        ...(lost.rows ?? []).map((row) => lostItem(row, who, context)),
      ])
    : null
  const timeOf = (group: string): number | null =>
    times?.find(({ kind, type }) => groupOf(kind, type) === group)?.averageMs ?? null
  return { items, error: parked.error ?? raised.error ?? lost.error, timeOf }
}
