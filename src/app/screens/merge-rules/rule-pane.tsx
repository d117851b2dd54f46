// One field's rule: which one holds, which others mean something for such a field, and what the chosen one would have made of the clashes so
// far. Nothing that was decided moves.
import { Button } from '@mantine/core'
import { useState, type ReactNode } from 'react'
import type { MergeRule } from '../../../kernel/field.ts'
import type { setMergeRuleOf } from '../../../modules/review/set-merge-rule.ts'
import type { mergeFieldsOf, pastClashes } from '../../../modules/review/views.ts'
import { DetailPane } from '../../design/detail-pane.tsx'
import { Section } from '../../design/page.tsx'
import { StatusChip } from '../../design/status-chip.tsx'
import { showToast } from '../../design/toast-store.ts'
import { useView, type RowOfView } from '../../design/use-view.ts'
import { When } from '../../design/values.tsx'
import { currentLocale, t } from '../../design/words.ts'
import { capital } from '../../text/format.ts'
import { fieldName, valueText, type FactContext } from '../review/fact-text.ts'
import { useFactContext } from '../review/facts-table.tsx'
import { tableName } from '../review/foresight-text.ts'
import { ruleText } from '../review/lost-text.ts'
import classes from '../review/review.module.css'
import { RefusalNote } from '../shared/refusal-note.tsx'
import { usePeople } from '../shared/use-people.ts'
import { useSave } from '../shared/use-save.ts'
import { underRule, type Otherwise } from './past-clash.ts'

export type RuleRow = RowOfView<ReturnType<typeof mergeFieldsOf>>
type Clash = RowOfView<typeof pastClashes>
/** Past clashes told one by one; the others are counted. */
const TOLD_MAX = 20

export function RulePane({ row, onClose }: { readonly row: RuleRow; readonly onClose: () => void }): ReactNode {
  const nameOf = usePeople()
  const { save, refusal, isSaving } = useSave()
  const [rule, setRule] = useState<MergeRule | null>(row.own)
  const fits = JSON.parse(row.fits) as MergeRule[]
  const set = (to: MergeRule | null) =>
    save<ReturnType<typeof setMergeRuleOf>>(
      'review.setMergeRule',
      { table: row.table, field: row.field, rule: to === 'stamp' ? null : to },
      { isQuiet: true },
    )
  const apply = async () => {
    const before = row.own
    if ((await set(rule)) === null) return
    showToast({ tone: 'ok', text: t('rules.set'), action: { label: t('review.undo'), run: () => void set(before) } })
    onClose()
  }
  return (
    <DetailPane
      title={t('review.field-of', { field: fieldName(row.field), table: tableName(row.table) })}
      subtitle={row.own === null ? t('rules.declared', { rule: ruleText(row.declared) }) : ruleText(row.own)}
      {...(row.isSensitive === 1 && { status: <StatusChip tone="attention">{t('review.sensitive')}</StatusChip> })}
      onClose={onClose}
      actions={
        <Button loading={isSaving} disabled={rule === row.own} onClick={() => void apply()}>
          {t('review.apply')}
        </Button>
      }
    >
      <div className={classes['pane']}>
        {row.setBy !== null && (
          <p className={classes['dim']}>
            {t('rules.set-by', { name: nameOf(row.setBy) })} <When at={row.setAt} />
          </p>
        )}
        {row.isEdited === 0 && <p className={classes['dim']}>{t('rules.not-edited')}</p>}
        <fieldset className={classes['choices']}>
          <legend>{t('rules.rule')}</legend>
          {[null, ...fits].map((each) => (
            <label key={each ?? 'declared'}>
              <input type="radio" name="rule" checked={rule === each} onChange={() => setRule(each)} />
              <span>
                {each === null
                  ? t('rules.declared', { rule: ruleText(row.declared) })
                  : capital(ruleText(each), currentLocale())}
              </span>
            </label>
          ))}
        </fieldset>
        <PastClashes row={row} rule={rule ?? row.declared} />
        <RefusalNote refusal={refusal} />
      </div>
    </DetailPane>
  )
}

/** What the rule would have made of the clashes that this device knows. */
function PastClashes({ row, rule }: { readonly row: RuleRow; readonly rule: MergeRule }): ReactNode {
  const { rows } = useView<typeof pastClashes>('review.pastClashes', { table: row.table, field: row.field })
  const looked = (rows ?? []).map((clash) => ({ clash, ...underRule(clash, rule) }))
  const others = looked.filter(({ isOther }) => isOther)
  const context = useFactContext(looked.map(({ clash, before, stood, would }) => [clash.rowId, before, stood, would]))
  if (rows === null) return null
  const shown = others.slice(0, TOLD_MAX)
  return (
    <Section title={t('rules.past')}>
      <p aria-live="polite">{t('rules.otherwise', { all: rows.length, count: others.length })}</p>
      {shown.length > 0 && (
        <ol className={classes['cards']}>
          {shown.map(({ clash, ...otherwise }) => (
            <PastClashCard key={clash.id} row={row} clash={clash} otherwise={otherwise} context={context} />
          ))}
        </ol>
      )}
      {others.length > shown.length && (
        <p className={classes['dim']}>{t('rules.past-more', { count: others.length - shown.length })}</p>
      )}
      <p className={classes['dim']}>{t('rules.past-help')}</p>
    </Section>
  )
}

function PastClashCard({
  row,
  clash,
  otherwise,
  context,
}: {
  readonly row: RuleRow
  readonly clash: Clash
  readonly otherwise: Otherwise
  readonly context: FactContext
}): ReactNode {
  const text = (value: unknown): string => valueText(row.field, value, context)
  return (
    <li>
      <p>
        <strong>{context.nameOf(clash.rowId) ?? tableName(row.table)}</strong>{' '}
        <span className={classes['dim']}>
          <When at={clash.at} />
        </span>
      </p>
      <dl className={classes['facts']}>
        <div>
          <dt>{t('review.before')}</dt>
          <dd>{text(otherwise.before)}</dd>
        </div>
        <div>
          <dt>{t('rules.stood')}</dt>
          <dd>{text(otherwise.stood)}</dd>
        </div>
        <div>
          <dt>{t('rules.would')}</dt>
          <dd>
            <strong>{text(otherwise.would)}</strong>
          </dd>
        </div>
      </dl>
    </li>
  )
}
