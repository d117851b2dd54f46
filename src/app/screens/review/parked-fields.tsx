// The fields that parked work would set, each with what its author saw and wanted, what stands on this device now, and what the choice makes
// of it. Work that sets nothing that anybody saw before has none.
import type { ReactNode } from 'react'
import type { Foreseen, ForeseenEdit } from '../../../sync/device/api.ts'
import { useSignedIn } from '../../design/device-context.ts'
import { t } from '../../design/words.ts'
import { usePeople } from '../shared/use-people.ts'
import type { Choice } from './choices.ts'
import { fieldName, type FactContext } from './fact-text.ts'
import { useFactContext } from './facts-table.tsx'
import { FieldDiff } from './field-diff.tsx'
import { isSilent, rowName, tableName, typedText } from './foresight-text.ts'
import type { ParkedRow } from './inbox-item.ts'
import { useForesight } from './use-foresight.ts'

export interface ParkedFieldsProps {
  readonly row: ParkedRow
  readonly choice: Choice['id'] | null
  /** What the choice would do; null while that isn't known. */
  readonly steps: readonly Foreseen[] | null
}

export function ParkedFields({ row, choice, steps }: ParkedFieldsProps): ReactNode {
  const { user } = useSignedIn()
  const nameOf = usePeople()
  // Whatever is chosen, and whoever looks: of work that is sent again as it was.
  const asked = useForesight('review.resubmit', { item: row.id })?.[0]?.edits ?? []
  const edits = asked.filter(({ field }) => !isSilent(field))
  const context = useFactContext(edits.map(({ seen, wanted, now, after }) => [seen, wanted, now, after]))
  if (edits.length === 0) return null
  const isOneRow = edits.every(({ table, id }) => table === edits[0]?.table && id === edits[0].id)
  const fields = edits.map((edit) => ({
    key: keyOf(edit),
    name: isOneRow ? fieldName(edit.field) : nameIn(edit, context),
    before: typedText(edit, edit.seen, context),
    stands: edit.row === null ? t('review.not-here') : typedText(edit, edit.now, context),
    wanted: typedText(edit, edit.wanted, context),
    result: choice === null ? null : resultOf(edit, choice, steps, context),
  }))
  // What somebody else changed meanwhile is what there is to think about.
  const inOrder = fields.toSorted((a, b) => Number(b.before !== b.stands) - Number(a.before !== a.stands))
  const name = row.user === user ? t('review.you') : nameOf(row.user)
  return (
    <FieldDiff heads={{ stands: t('review.stands-now'), wanted: t('review.wanted-by', { name }) }} fields={inOrder} />
  )
}

const keyOf = ({ table, id, field }: ForeseenEdit): string => `${table}/${id}/${field}`

const nameIn = (edit: ForeseenEdit, context: FactContext): string =>
  t('review.of', { field: fieldName(edit.field), name: rowName(edit, context) ?? tableName(edit.table) })

function resultOf(
  edit: ForeseenEdit,
  choice: Choice['id'],
  steps: readonly Foreseen[] | null,
  context: FactContext,
): string {
  if (choice === 'discard') return edit.row === null ? t('review.not-here') : typedText(edit, edit.now, context)
  const foreseen = steps?.[0]?.edits.find((each) => keyOf(each) === keyOf(edit))
  return foreseen === undefined ? '–' : typedText(edit, foreseen.after, context)
}
