// A return of a sale that this device holds: how much of each line, where the goods go, and the money the way it came.
import { Button } from '@mantine/core'
import { useMemo, useState, type ReactNode } from 'react'
import { useLocation } from 'wouter'
import { SelectField, TextField } from '../../design/fields.tsx'
import { QuantityStepper } from '../../design/number-fields.tsx'
import { Section } from '../../design/page.tsx'
import { useDraft } from '../../design/use-draft.ts'
import { useView, useViewRow } from '../../design/use-view.ts'
import { Day, Money } from '../../design/values.tsx'
import { currentLocale, refusalText, t } from '../../design/words.ts'
import { formatQuantity } from '../../text/format.ts'
import { quantity6 } from '../../../kernel/amount.ts'
import type { returnSale } from '../../../modules/pos/return-sale.ts'
import { sale, saleLine, tender } from '../../../modules/pos/sale.ts'
import type { linesOfSale, returnsOfSale, saleById, tendersOfSale } from '../../../modules/pos/views.ts'
import { RefusalNote } from '../shared/refusal-note.tsx'
import { storedRow } from '../shared/stored-row.ts'
import { useSave } from '../shared/use-save.ts'
import { methodName } from './pay-sheet.tsx'
import {
  linkedLine,
  partyOfSale,
  refundOf,
  returnable,
  returnArgs,
  returnTotals,
  type Disposition,
  type Returning,
} from './return-args.ts'
import counts from './counting.module.css'
import pays from './pay.module.css'
import classes from './sell.module.css'
import type { Till } from './till.ts'

export const dispositionChoices = () => [
  { value: 'saleable' as const, label: t('pos.to-saleable') },
  { value: 'quarantine' as const, label: t('pos.to-quarantine') },
  { value: 'scrap' as const, label: t('pos.to-scrap') },
]

/** What was chosen so far; it outlives a reload. */
interface LinkedDraft {
  /** Names the return to come: a resend after a crash gives the first answer again. */
  readonly id: string
  readonly taken: Readonly<Record<string, Returning>>
  readonly reason: string
}

export function LinkedReturn({ till, saleId }: { readonly till: Till; readonly saleId: string }): ReactNode {
  const [, go] = useLocation()
  const { row } = useViewRow<typeof saleById>('pos.saleById', { sale: saleId })
  const { rows: lineRows } = useView<typeof linesOfSale>('pos.linesOfSale', { sale: saleId })
  const { rows: backRows } = useView<typeof returnsOfSale>('pos.returnsOfSale', { sale: saleId })
  const { rows: tenderRows } = useView<typeof tendersOfSale>('pos.tendersOfSale', { sale: saleId })
  const [first] = useState((): LinkedDraft => ({ id: crypto.randomUUID(), taken: {}, reason: '' }))
  const draft = useDraft<LinkedDraft>(`pos.return/${saleId}`, first, { isAtOnce: true })
  const { save, refusal, mayOverride, isSaving, clear } = useSave()
  const header = useMemo(() => (row === null ? null : storedRow(sale, row)), [row])
  const lines = useMemo(() => (lineRows ?? []).map((line) => storedRow(saleLine, line)), [lineRows])
  const before = useMemo(() => (backRows ?? []).map((line) => storedRow(saleLine, line)), [backRows])
  const paid = useMemo(() => (tenderRows ?? []).map((each) => storedRow(tender, each)), [tenderRows])
  if (draft.value === null) return null
  if (header === null || lineRows === null || backRows === null || tenderRows === null) return null
  const { id: requestKey, taken, reason } = draft.value

  const returns = lines.flatMap((line) => {
    const of = taken[line.id]
    return of === undefined || of.quantity <= 0 ? [] : [linkedLine(line, of, before, reason.trim())]
  })
  const totals = returnTotals(returns, { ...till, pricesIncludeTax: header.pricesIncludeTax })
  const refund = totals.ok ? refundOf(totals.total, paid, till.cashStepMinor) : null
  const set = (id: string, change: Partial<Returning>) => {
    clear()
    draft.set((last) => {
      const line: Returning = { quantity: 0, disposition: 'saleable', ...last.taken[id], ...change }
      return { ...last, taken: { ...last.taken, [id]: line } }
    })
  }
  const submit = async (overrides: readonly string[] = []) => {
    if (!totals.ok || refund === null) return
    const args = { ...returnArgs(till, returns, refund, totals, header.pricesIncludeTax), ...partyOfSale(header) }
    const saved = await save<typeof returnSale>('pos.returnSale', args, { overrides, requestKey, isQuiet: true })
    if (saved === null) return
    draft.discard()
    const id = saved.inserted['pos.sale']?.[0]
    if (id !== undefined) go(`/sell/done/${encodeURIComponent(id)}`)
  }
  return (
    <>
      <Section title={header.number ?? ''}>
        <p className={classes['dim']}>
          <Day day={header.businessDate} /> · {header.partyName ?? t('screen.walk-in')} ·{' '}
          <Money amount={header.total} currency={header.currency} />
        </p>
        <ul className={counts['return-lines']}>
          {lines
            .filter((line) => line.quantity > 0)
            .map((line) => {
              const left = returnable(line)
              return (
                <li key={line.id}>
                  <div>
                    <strong>{line.itemName}</strong>
                    <p className={classes['dim']}>
                      {t('pos.returnable', { left: formatQuantity(left, currentLocale()), unit: line.unit })} ·{' '}
                      <Money amount={line.total} currency={header.currency} />
                    </p>
                  </div>
                  <QuantityStepper
                    label={t('pos.back-of', { name: line.itemName })}
                    isLabelHidden
                    value={quantity6(taken[line.id]?.quantity ?? 0)}
                    isDisabled={left <= 0}
                    onChange={(quantity) => set(line.id, { quantity: quantity ?? 0 })}
                  />
                  {(taken[line.id]?.quantity ?? 0) > 0 && (
                    <SelectField
                      label={t('pos.goods-go')}
                      value={taken[line.id]?.disposition ?? 'saleable'}
                      choices={dispositionChoices()}
                      onChange={(disposition: Disposition) => set(line.id, { disposition })}
                    />
                  )}
                </li>
              )
            })}
        </ul>
      </Section>
      <Section title={t('pos.refund')}>
        <div className={counts['refund']}>
          <TextField
            label={t('screen.reason')}
            value={reason}
            onChange={(typed) => draft.set((last) => ({ ...last, reason: typed }))}
            lengthMax={200}
          />
          {!totals.ok && (
            <p className={classes['problem']} role="alert">
              {refusalText(totals.code, totals.facts)}
            </p>
          )}
          <ul className={pays['tenders']} aria-label={t('pos.refund')}>
            {returns.length > 0 &&
              refund?.tenders.map((each) => (
                <li key={each.refundOf}>
                  <span>{methodName(each.method)}</span>
                  <strong>
                    <Money amount={-each.amount} currency={till.currency} />
                  </strong>
                </li>
              ))}
          </ul>
          <RefusalNote
            refusal={refusal}
            onOverride={mayOverride && refusal !== null ? () => void submit([refusal.code]) : undefined}
          />
          <Button
            className={classes['pay'] ?? ''}
            disabled={returns.length === 0 || !totals.ok}
            loading={isSaving}
            onClick={() => void submit()}
          >
            {t('pos.refund-now')}
            {totals.ok && returns.length > 0 && <Money amount={-totals.total} currency={till.currency} />}
          </Button>
        </div>
      </Section>
    </>
  )
}
