// A blind count: scan, or type what lies there; what the books say is nowhere on this page. Each line remembers when it was counted and after
// which work, so that the count stays right whatever arrives later.
import { Button } from '@mantine/core'
import { useState, type ReactNode } from 'react'
import { useLocation } from 'wouter'
import { useStatus } from '../../design/device-context.ts'
import { SelectField } from '../../design/fields.tsx'
import { ActionBar, Page, PageHeader, Section } from '../../design/page.tsx'
import { useDraft } from '../../design/use-draft.ts'
import { t } from '../../design/words.ts'
import type { countStock } from '../../../modules/inventory/count-stock.ts'
import { BackLink } from '../shared/back-link.tsx'
import { RefusalNote } from '../shared/refusal-note.tsx'
import { useSave } from '../shared/use-save.ts'
import { useWorkplace } from '../shared/use-workplace.ts'
import { countLineOf, newGoods, stampCounted, type GoodsDraft } from './goods-draft.ts'
import { GoodsLines } from './goods-lines.tsx'
import { useWarehouses } from './use-warehouses.ts'

export function CountForm(): ReactNode {
  const [, go] = useLocation()
  const status = useStatus()
  const { today } = useWorkplace()
  const { all, chosen, choose } = useWarehouses()
  const [first] = useState(() => newGoods(crypto.randomUUID()))
  const draft = useDraft<GoodsDraft>('stock.count', first)
  const { save, refusal, mayOverride, isSaving, clear } = useSave()
  const { value } = draft
  if (value === null || chosen === null || status === null) return null

  const change = (next: (before: GoodsDraft) => GoodsDraft) => {
    clear()
    const now = { at: Date.now(), seq: status.seq, seen: status.watermark }
    draft.set((before) => stampCounted(before, next(before), now))
  }
  const submit = async (overrides: readonly string[] = []) => {
    const args = { warehouse: chosen, businessDate: today, lines: value.lines.map(countLineOf) }
    const saved = await save<typeof countStock>('inventory.countStock', args, { overrides, requestKey: value.id })
    if (saved === null) return
    draft.discard()
    go('/stock/counts')
  }
  return (
    <Page
      isNarrow
      header={
        <PageHeader
          title={t('stock.count')}
          {...(draft.isRestored && value.lines.length > 0 && { subtitle: t('form.draft-restored') })}
          back={<BackLink href="/stock/counts" />}
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
            {t('stock.count-done')}
          </Button>
        </ActionBar>
      }
    >
      {all.length > 1 && (
        <Section>
          <SelectField
            label={t('stock.store')}
            value={chosen}
            onChange={choose}
            choices={all.map(({ id, name }) => ({ value: id, label: name }))}
          />
        </Section>
      )}
      <GoodsLines lines={value.lines} last={value.last} mode="count" refusal={refusal} onChange={change} />
      <RefusalNote
        refusal={refusal}
        onOverride={mayOverride && refusal !== null ? () => void submit([refusal.code]) : undefined}
      />
    </Page>
  )
}
