// Which of two changes of one field counts: the declared rule of each field that an edit sets, and the company's own where it has one. A rule
// decides about clashes to come; nothing that was decided moves.
import { useState, type ReactNode } from 'react'
import type { mergeFieldsOf } from '../../../modules/review/views.ts'
import { CardLines } from '../../design/data-cards.tsx'
import { DataList } from '../../design/data-list.tsx'
import { Clamped } from '../../design/data-table.tsx'
import { Page, PageHeader } from '../../design/page.tsx'
import { StatusChip } from '../../design/status-chip.tsx'
import { useView } from '../../design/use-view.ts'
import { currentLocale, t } from '../../design/words.ts'
import { capital } from '../../text/format.ts'
import { fieldName } from '../review/fact-text.ts'
import { tableName } from '../review/foresight-text.ts'
import { ruleName } from '../review/lost-text.ts'
import { RulePane, type RuleRow } from './rule-pane.tsx'
import { foundRules } from './found-rules.ts'

const keyOf = ({ table, field }: Pick<RuleRow, 'table' | 'field'>): string => `${table}.${field}`

export default function MergeRulesScreen(): ReactNode {
  const [search, setSearch] = useState('')
  const [isUsed, setUsed] = useState(false)
  const [openKey, setOpen] = useState<string | null>(null)
  const { rows, error } = useView<ReturnType<typeof mergeFieldsOf>>('review.mergeFields', {})
  const shown = rows === null ? null : foundRules(rows, { search, isUsed, locale: currentLocale() })
  const open = rows?.find((row) => keyOf(row) === openKey) ?? null
  return (
    <Page
      isFilled
      header={<PageHeader title={t('screen.merge-rules')} subtitle={t('rules.lead')} />}
      detail={open !== null && <RulePane key={keyOf(open)} row={open} onClose={() => setOpen(null)} />}
    >
      <DataList<RuleRow>
        label={t('screen.merge-rules')}
        rows={shown}
        error={error}
        rowKey={keyOf}
        openKey={open === null ? null : keyOf(open)}
        onOpen={(row) => setOpen(keyOf(row))}
        toolbar={{
          search: { value: search, onChange: setSearch, placeholder: t('rules.search') },
          chips: [{ id: 'used', label: t('rules.used'), isOn: isUsed, toggle: () => setUsed(!isUsed) }],
          isFiltered: search !== '' || isUsed,
          onClear: () => (setSearch(''), setUsed(false)),
        }}
        groups={{ of: ({ table }) => table, head: (table) => capital(tableName(table), currentLocale()) }}
        card={(row) => (
          <CardLines
            title={fieldName(row.field)}
            below={
              <>
                <span>{ruleName(row.own ?? row.declared)}</span>
                {row.own !== null && <StatusChip tone="info">{t('rules.own')}</StatusChip>}
                {row.clashes > 0 && <span>{t('rules.clash-count', { count: row.clashes })}</span>}
              </>
            }
          />
        )}
        columns={[
          { id: 'field', head: t('rules.field'), cell: (row) => <Clamped>{fieldName(row.field)}</Clamped> },
          { id: 'rule', head: t('rules.rule'), cell: (row) => <Clamped>{ruleName(row.own ?? row.declared)}</Clamped> },
          {
            id: 'own',
            head: t('screen.status'),
            cell: (row) => (row.own === null ? '–' : <StatusChip tone="info">{t('rules.own')}</StatusChip>),
            width: '130px',
          },
          {
            id: 'clashes',
            head: t('rules.clashes'),
            cell: (row) => (row.clashes === 0 ? '–' : String(row.clashes)),
            align: 'end',
            width: '120px',
            isMinor: true,
          },
        ]}
      />
    </Page>
  )
}
