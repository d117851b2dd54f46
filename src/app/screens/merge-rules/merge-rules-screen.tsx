// Which of two changes of one field counts: the declared rule of each field, the company's own where it has one, and what another one would
// have made of the clashes so far. A rule decides about clashes to come; nothing that was decided moves.
import { Button } from '@mantine/core'
import { useState, type ReactNode } from 'react'
import type { MergeRule } from '../../../kernel/field.ts'
import type { setMergeRuleOf } from '../../../modules/review/set-merge-rule.ts'
import type { mergeFieldsOf, pastClashes } from '../../../modules/review/views.ts'
import { CardLines } from '../../design/data-cards.tsx'
import { DataList } from '../../design/data-list.tsx'
import { Clamped } from '../../design/data-table.tsx'
import { DetailPane } from '../../design/detail-pane.tsx'
import { Page, PageHeader, Section } from '../../design/page.tsx'
import { StatusChip } from '../../design/status-chip.tsx'
import { showToast } from '../../design/toast-store.ts'
import { useView, type RowOfView } from '../../design/use-view.ts'
import { When } from '../../design/values.tsx'
import { t } from '../../design/words.ts'
import { fieldName, valueText } from '../review/fact-text.ts'
import { useFactContext } from '../review/facts-table.tsx'
import { tableName } from '../review/foresight-text.ts'
import { ruleText } from '../review/lost-text.ts'
import classes from '../review/review.module.css'
import { RefusalNote } from '../shared/refusal-note.tsx'
import { usePeople } from '../shared/use-people.ts'
import { useSave } from '../shared/use-save.ts'
import { underRule } from './past-clash.ts'

type Row = RowOfView<ReturnType<typeof mergeFieldsOf>>
const keyOf = ({ table, field }: Pick<Row, 'table' | 'field'>): string => `${table}.${field}`
/** Past clashes told one by one; the others are counted. */
const TOLD_MAX = 20

export default function MergeRulesScreen(): ReactNode {
  const [search, setSearch] = useState('')
  const [isUsed, setUsed] = useState(false)
  const [openKey, setOpen] = useState<string | null>(null)
  const { rows, error } = useView<ReturnType<typeof mergeFieldsOf>>('review.mergeFields', { search, isUsed })
  const open = rows?.find((row) => keyOf(row) === openKey) ?? null
  return (
    <Page
      isFilled
      header={<PageHeader title={t('screen.merge-rules')} subtitle={t('rules.lead')} />}
      detail={open !== null && <RulePane key={keyOf(open)} row={open} onClose={() => setOpen(null)} />}
    >
      <DataList<Row>
        label={t('screen.merge-rules')}
        rows={rows}
        error={error}
        rowKey={keyOf}
        isTwoLined
        openKey={open === null ? null : keyOf(open)}
        onOpen={(row) => setOpen(keyOf(row))}
        toolbar={{
          search: { value: search, onChange: setSearch, placeholder: t('rules.search') },
          chips: [{ id: 'used', label: t('rules.used'), isOn: isUsed, toggle: () => setUsed(!isUsed) }],
          isFiltered: search !== '' || isUsed,
          onClear: () => (setSearch(''), setUsed(false)),
        }}
        card={(row) => (
          <CardLines
            title={t('review.field-of', { field: fieldName(row.field), table: tableName(row.table) })}
            below={
              <>
                <span>{ruleText(row.own ?? row.declared)}</span>
                {row.own !== null && <StatusChip tone="info">{t('rules.own')}</StatusChip>}
              </>
            }
          />
        )}
        columns={[
          {
            id: 'field',
            head: t('rules.field'),
            cell: (row) => <Clamped>{fieldName(row.field)}</Clamped>,
            width: '24%',
          },
          {
            id: 'table',
            head: t('rules.record'),
            cell: (row) => <Clamped>{tableName(row.table)}</Clamped>,
            width: '20%',
          },
          { id: 'rule', head: t('rules.rule'), cell: (row) => <Clamped>{ruleText(row.own ?? row.declared)}</Clamped> },
          {
            id: 'own',
            head: t('screen.status'),
            cell: (row) => (row.own === null ? '–' : <StatusChip tone="info">{t('rules.own')}</StatusChip>),
            width: '130px',
          },
          {
            id: 'clashes',
            head: t('rules.clashes'),
            cell: (row) => String(row.clashes),
            align: 'end',
            width: '110px',
            isMinor: true,
          },
        ]}
      />
    </Page>
  )
}

function RulePane({ row, onClose }: { readonly row: Row; readonly onClose: () => void }): ReactNode {
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
        <fieldset className={classes['choices']}>
          <legend>{t('rules.rule')}</legend>
          {[null, ...fits].map((each) => (
            <label key={each ?? 'declared'}>
              <input type="radio" name="rule" checked={rule === each} onChange={() => setRule(each)} />
              <span>{each === null ? t('rules.declared', { rule: ruleText(row.declared) }) : ruleText(each)}</span>
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
function PastClashes({ row, rule }: { readonly row: Row; readonly rule: MergeRule }): ReactNode {
  const { rows } = useView<typeof pastClashes>('review.pastClashes', { table: row.table, field: row.field })
  const looked = (rows ?? []).map((clash) => ({ clash, ...underRule(clash, rule) }))
  const others = looked.filter(({ isOther }) => isOther)
  const context = useFactContext(looked.map(({ clash, stood, would }) => [clash.rowId, stood, would]))
  if (rows === null) return null
  const shown = others.slice(0, TOLD_MAX)
  return (
    <Section title={t('rules.past')}>
      <p aria-live="polite">{t('rules.otherwise', { all: rows.length, count: others.length })}</p>
      {shown.length > 0 && (
        <ul className={classes['effects']}>
          {shown.map(({ clash, stood, would }) => (
            <li key={clash.id}>
              {t('rules.would', {
                row: context.nameOf(clash.rowId) ?? tableName(row.table),
                stood: valueText(row.field, stood, context),
                would: valueText(row.field, would, context),
              })}
            </li>
          ))}
        </ul>
      )}
      {others.length > shown.length && (
        <p className={classes['dim']}>{t('review.foreseen.more', { count: others.length - shown.length })}</p>
      )}
      <p className={classes['dim']}>{t('rules.past-help')}</p>
    </Section>
  )
}
