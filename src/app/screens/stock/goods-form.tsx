// Goods in and goods out: scan first, the last scan in large with an undo, then the list. What was counted is kept while one counts; the
// document is one command.
import { Button } from '@mantine/core'
import { useState, type ReactNode } from 'react'
import { useLocation } from 'wouter'
import { SelectField, TextField } from '../../design/fields.tsx'
import { FieldGrid } from '../../design/form.tsx'
import { ActionBar, Page, PageHeader, Section } from '../../design/page.tsx'
import { useDraft } from '../../design/use-draft.ts'
import { ViewPicker } from '../../design/view-picker.tsx'
import { t } from '../../design/words.ts'
import type { issueGoods } from '../../../modules/inventory/issue-goods.ts'
import type { receiveGoods } from '../../../modules/inventory/receive-goods.ts'
import type { parties } from '../../../modules/masters/views.ts'
import { BackLink } from '../shared/back-link.tsx'
import { RefusalNote } from '../shared/refusal-note.tsx'
import { useSave } from '../shared/use-save.ts'
import { useWorkplace } from '../shared/use-workplace.ts'
import { issueLineOf, newGoods, receiveLineOf, type GoodsDraft } from './goods-draft.ts'
import { GoodsLines } from './goods-lines.tsx'
import { useWarehouses } from './use-warehouses.ts'

const issueReasons = ['consumption', 'breakage', 'expired', 'sample', 'loss', 'own-use', 'correction'] as const
type IssueReason = (typeof issueReasons)[number]
const isReason = (code: string): code is IssueReason => issueReasons.some((reason) => reason === code)

export function GoodsForm({ mode }: { readonly mode: 'receive' | 'issue' }): ReactNode {
  const [, go] = useLocation()
  const { today } = useWorkplace()
  const { all, chosen, choose } = useWarehouses()
  const [first] = useState(() => newGoods(crypto.randomUUID()))
  const draft = useDraft<GoodsDraft>(`stock.${mode}`, first)
  const { save, refusal, mayOverride, isSaving, clear } = useSave()
  const { value } = draft
  if (value === null || chosen === null) return null

  const change = (next: (last: GoodsDraft) => GoodsDraft) => {
    clear()
    draft.set(next)
  }
  const submit = async (overrides: readonly string[] = []) => {
    const options = { overrides, requestKey: value.id }
    const saved =
      mode === 'receive'
        ? await save<typeof receiveGoods>(
            'inventory.receiveGoods',
            {
              warehouse: chosen,
              businessDate: today,
              ...(value.supplier !== null && { supplier: value.supplier.id }),
              ...(value.supplierNote.trim() !== '' && { supplierNote: value.supplierNote.trim() }),
              lines: value.lines.map(receiveLineOf),
            },
            options,
          )
        : await save<typeof issueGoods>(
            'inventory.issueGoods',
            {
              warehouse: chosen,
              businessDate: today,
              reason: isReason(value.reason) ? value.reason : 'consumption',
              ...(value.purpose.trim() !== '' && { purpose: value.purpose.trim() }),
              lines: value.lines.map(issueLineOf),
            },
            options,
          )
    if (saved === null) return
    draft.discard()
    go('/stock')
  }
  return (
    <Page
      isNarrow
      header={
        <PageHeader
          title={t(mode === 'receive' ? 'stock.receive' : 'stock.issue')}
          {...(draft.isRestored && value.lines.length > 0 && { subtitle: t('form.draft-restored') })}
          back={<BackLink href="/stock" />}
          actions={
            value.lines.length > 0 && (
              <Button variant="subtle" onClick={draft.discard}>
                {t('form.discard-draft')}
              </Button>
            )
          }
        />
      }
      actions={
        <ActionBar summary={t('stock.lines', { count: value.lines.length })}>
          <Button size="md" onClick={() => void submit()} disabled={value.lines.length === 0} loading={isSaving}>
            {t(mode === 'receive' ? 'stock.book-in' : 'stock.book-out')}
          </Button>
        </ActionBar>
      }
    >
      <Section>
        <FieldGrid>
          {all.length > 1 && (
            <SelectField
              label={t('stock.store')}
              value={chosen}
              onChange={choose}
              choices={all.map(({ id, name }) => ({ value: id, label: name }))}
            />
          )}
          {mode === 'receive' ? (
            <>
              <ViewPicker<typeof parties>
                label={t('stock.supplier')}
                value={null}
                placeholder={value.supplier?.name ?? ''}
                view="masters.parties"
                argsFor={(search) => ({ search, role: 'supplier', limit: 20 })}
                rowKey={({ id }) => id}
                rowText={({ name }) => name}
                onChange={(party) =>
                  change((before) => ({
                    ...before,
                    supplier: party === null ? null : { id: party.id, name: party.name },
                  }))
                }
              />
              <TextField
                label={t('stock.supplier-note')}
                value={value.supplierNote}
                onChange={(supplierNote) => change((before) => ({ ...before, supplierNote }))}
                lengthMax={64}
              />
            </>
          ) : (
            <>
              <SelectField
                label={t('screen.reason')}
                value={value.reason}
                onChange={(reason) => change((before) => ({ ...before, reason }))}
                choices={issueReasons.map((reason) => ({ value: reason, label: t(`stock.reason-${reason}`) }))}
              />
              <TextField
                label={t('stock.purpose')}
                value={value.purpose}
                onChange={(purpose) => change((before) => ({ ...before, purpose }))}
                lengthMax={200}
              />
            </>
          )}
        </FieldGrid>
      </Section>
      <GoodsLines lines={value.lines} last={value.last} mode={mode} refusal={refusal} onChange={change} />
      <RefusalNote
        refusal={refusal}
        onOverride={mayOverride && refusal !== null ? () => void submit([refusal.code]) : undefined}
      />
    </Page>
  )
}
