// What is known of a named exception: the fact stands, and this is what somebody should look at.
import type { ReactNode } from 'react'
import type { Facts } from '../../../kernel/refusal.ts'
import { Section } from '../../design/page.tsx'
import { commandText, currentLocale, dutyText, exceptionText, t } from '../../design/words.ts'
import { formatWhen } from '../../text/format.ts'
import { usePeople } from '../shared/use-people.ts'
import { FactsTable, parsed, useFactContext } from './facts-table.tsx'
import type { ExceptionRow } from './inbox-item.ts'
import classes from './review.module.css'

export function ExceptionBody({ row }: { readonly row: ExceptionRow }): ReactNode {
  const nameOf = usePeople()
  const facts = parsed(row.facts)
  const context = useFactContext(facts)
  return (
    <>
      <p className={classes['sentence']}>
        {t('review.exception-sentence', {
          name: nameOf(row.user),
          command: commandText(row.command),
          when: formatWhen(row.raisedAt, context.now, currentLocale()),
          reason: exceptionText(row.code, facts as Facts),
        })}
      </p>
      {row.owner !== null && <p className={classes['dim']}>{t('review.goes-to', { duty: dutyText(row.owner) })}</p>}
      <Section title={t('review.facts')}>
        <FactsTable facts={facts} context={context} />
      </Section>
    </>
  )
}
