// What is known of a value that lost: who changed what when and by which rule one of them stands; before, theirs, yours, and what the choice
// makes of it.
import type { ReactNode } from 'react'
import { useSignedIn } from '../../design/device-context.ts'
import { FactList } from '../../design/page.tsx'
import { t } from '../../design/words.ts'
import { usePeople } from '../shared/use-people.ts'
import { combined, type Choice } from './choices.ts'
import { valueText } from './fact-text.ts'
import { useFactContext } from './facts-table.tsx'
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
      <FactList
        facts={[
          [t('review.before'), shown(row, row.base, context)],
          [t('review.from-stands', { name: named(row.isMine === 1 ? row.otherBy : row.by) }), stands],
          [t('review.from-lost', { name: named(row.isMine === 1 ? row.by : row.otherBy) }), lost],
          ...(choice === null ? [] : [[t('review.result'), <strong key="result">{result}</strong>] as const]),
        ]}
      />
    </>
  )
}
