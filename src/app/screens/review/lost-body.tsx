// What is known of a value that lost: who changed what when and by which rule one of them stands; before, theirs, yours, and what the choice
// makes of it.
import type { ReactNode } from 'react'
import { useSignedIn } from '../../design/device-context.ts'
import { t } from '../../design/words.ts'
import { usePeople } from '../shared/use-people.ts'
import { combined, type Choice } from './choices.ts'
import { fieldName, valueText } from './fact-text.ts'
import { useFactContext } from './facts-table.tsx'
import { FieldDiff } from './field-diff.tsx'
import type { LostRow } from './inbox-item.ts'
import { lostSentence, recordedIn, shown } from './lost-text.ts'
import classes from './review.module.css'

export function LostBody({ row, choice }: { readonly row: LostRow; readonly choice: Choice['id'] | null }): ReactNode {
  const { user } = useSignedIn()
  const nameOf = usePeople()
  const context = useFactContext(recordedIn(row))
  const [stands, lost] = [shown(row, row.kept, context), shown(row, row.lost, context)]
  const named = (id: string | null): string =>
    id === null ? t('review.somebody') : id === user ? t('review.you') : nameOf(id)
  const result =
    choice === 'restore' ? lost : choice === 'combine' ? valueText(row.field, combined(row), context) : stands
  return (
    <>
      <p className={classes['sentence']}>{lostSentence(row, nameOf, user, context)}</p>
      <FieldDiff
        heads={{
          stands: t('review.from-stands', { name: named(row.isMine === 1 ? row.otherBy : row.by) }),
          wanted: t('review.from-lost', { name: named(row.isMine === 1 ? row.by : row.otherBy) }),
        }}
        fields={[
          {
            key: row.field,
            name: fieldName(row.field),
            before: shown(row, row.base, context),
            stands,
            wanted: lost,
            result: choice === null ? null : result,
          },
        ]}
      />
    </>
  )
}
