// Goods in and goods out: scan first, the last scan in large with an undo, then the list. What was counted is kept while one counts; the
// document is one command.
import { Button } from '@mantine/core'
import { useState, type ReactNode } from 'react'
import { useLocation } from 'wouter'
import { useDevice } from '../../design/device-context.ts'
import { SelectField, TextField } from '../../design/fields.tsx'
import { FieldGrid } from '../../design/form.tsx'
import { ActionBar, Page, PageHeader, Section } from '../../design/page.tsx'
import { ScanInput } from '../../design/scan-input.tsx'
import { useDraft } from '../../design/use-draft.ts'
import { ViewPicker } from '../../design/view-picker.tsx'
import { refusalText, t } from '../../design/words.ts'
import type { issueGoods } from '../../../modules/inventory/issue-goods.ts'
import type { receiveGoods } from '../../../modules/inventory/receive-goods.ts'
import type { items, parties } from '../../../modules/masters/views.ts'
import { BackLink } from '../shared/back-link.tsx'
import { lineOfRefusal, RefusalNote } from '../shared/refusal-note.tsx'
import { useSave } from '../shared/use-save.ts'
import { useWorkplace } from '../shared/use-workplace.ts'
import {
  addGoods,
  changeGoods,
  issueLineOf,
  newGoods,
  receiveLineOf,
  removeGoods,
  type CountableItem,
  type GoodsDraft,
} from './goods-draft.ts'
import { GoodsRow } from './goods-row.tsx'
import { LastScan } from './last-scan.tsx'
import classes from './stock.module.css'
import { useWarehouses } from './use-warehouses.ts'

const issueReasons = ['consumption', 'breakage', 'expired', 'sample', 'loss', 'own-use', 'correction'] as const
type IssueReason = (typeof issueReasons)[number]
const isReason = (code: string): code is IssueReason => issueReasons.some((reason) => reason === code)

export function GoodsForm({ mode }: { readonly mode: 'receive' | 'issue' }): ReactNode {
  const [, go] = useLocation()
  const device = useDevice()
  const { today } = useWorkplace()
  const { all, chosen, choose } = useWarehouses()
  const [first] = useState(() => newGoods(crypto.randomUUID()))
  const draft = useDraft<GoodsDraft>(`stock.${mode}`, first)
  const [unknown, setUnknown] = useState<string | null>(null)
  const { save, refusal, mayOverride, isSaving, clear } = useSave()
  const { value } = draft
  if (value === null || chosen === null) return null

  const change = (next: (last: GoodsDraft) => GoodsDraft) => {
    clear()
    draft.set(next)
  }
  const scanned = async (code: string) => {
    const { rows } = await device.query('masters.itemByScan', { scanned: code })
    const found = rows[0] as unknown as (CountableItem & { unit: string }) | undefined
    setUnknown(found === undefined ? code : null)
    if (found !== undefined) change((last) => addGoods(last, found, found.unit))
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
  const about = lineOfRefusal(refusal)
  const last = value.lines.find(({ key }) => key === value.last) ?? null
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
      <Section title={t('stock.goods')}>
        <div className={classes['scan']}>
          <ScanInput onCode={(code) => void scanned(code)} autoFocus />
          <ViewPicker<typeof items>
            label={t('pos.add-item')}
            value={null}
            view="masters.items"
            argsFor={(search) => ({ search, limit: 20 })}
            rowKey={({ id }) => id}
            rowText={({ name }) => name}
            rowHint={({ code }) => code}
            onChange={(item) => item !== null && change((before) => addGoods(before, item))}
          />
        </div>
        <LastScan line={last} unknown={unknown} onUndo={(key) => change((before) => undo(before, key))} />
        <ol className={classes['rows']} aria-label={t('stock.goods')}>
          {value.lines.map((line, at) => (
            <GoodsRow
              key={line.key}
              line={line}
              mode={mode}
              problem={about === `line/${at}` && refusal !== null ? refusalText(refusal.code, refusal.facts) : null}
              onChange={(next) => change((before) => changeGoods(before, line.key, next))}
              onRemove={() => change((before) => removeGoods(before, line.key))}
            />
          ))}
        </ol>
      </Section>
      <RefusalNote
        refusal={refusal}
        onOverride={mayOverride && refusal !== null ? () => void submit([refusal.code]) : undefined}
      />
    </Page>
  )
}

const ONE_SCAN = 1_000_000

/** Takes the last scan back: one less, or the line when it was its first. */
function undo(draft: GoodsDraft, key: string): GoodsDraft {
  const line = draft.lines.find((each) => each.key === key)
  if (line === undefined) return draft
  return line.quantity > ONE_SCAN
    ? changeGoods(draft, key, { quantity: line.quantity - ONE_SCAN })
    : removeGoods(draft, key)
}
