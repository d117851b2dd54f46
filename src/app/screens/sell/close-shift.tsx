// Closing the till: a blind count of the coins and of the other ways to pay; what was expected is shown only when the count was handed in.
// Parked tickets are carried over by name. The list of the shift's documents goes with it, whatever of them was sent.
import { Button } from '@mantine/core'
import { useState, type ReactNode } from 'react'
import { useLocation } from 'wouter'
import { useDevice } from '../../design/device-context.ts'
import { NoteField } from '../../design/fields.tsx'
import { FieldGrid } from '../../design/form.tsx'
import { MoneyField } from '../../design/number-fields.tsx'
import { ActionBar, Page, PageHeader, Section } from '../../design/page.tsx'
import { useDraft } from '../../design/use-draft.ts'
import { useView } from '../../design/use-view.ts'
import { t } from '../../design/words.ts'
import { amountMinor } from '../../../kernel/amount.ts'
import type { closeShift } from '../../../modules/pos/close-shift.ts'
import type { documentsOfShift, expectedCash, heldSales } from '../../../modules/pos/views.ts'
import type { RowOfView } from '../../design/use-view.ts'
import { BackLink } from '../shared/back-link.tsx'
import { RefusalNote } from '../shared/refusal-note.tsx'
import { useSave } from '../shared/use-save.ts'
import { CoinCount, coinsOf, coinSum, type Coins } from './coins.tsx'
import { methodName } from './pay-sheet.tsx'
import type { Till } from './till.ts'
import counts from './counting.module.css'

interface Closing {
  readonly coins: readonly Coins[]
  /** Counted by method, minor units; methods beside cash. */
  readonly counted: Readonly<Record<string, number | null>>
  readonly remarks: string
}

export function CloseShift({ till }: { readonly till: Till }): ReactNode {
  const [, go] = useLocation()
  const device = useDevice()
  const draft = useDraft<Closing>(`pos.close-shift/${till.shift}`, {
    coins: coinsOf(till.currency),
    counted: {},
    remarks: '',
  })
  const { rows: held } = useView<typeof heldSales>('pos.heldSales', { till: till.till })
  const { rows: drawer } = useView<typeof expectedCash>('pos.expectedCash', { shift: till.shift })
  const { save, refusal, mayOverride, isSaving } = useSave()
  const [missing, setMissing] = useState<string | null>(null)
  if (draft.value === null) return null
  const { coins, counted, remarks } = draft.value
  // Only ways that were used are counted, also those whose refunds took all back. Which they are is no secret; how much is.
  const used = new Set((drawer ?? []).map(({ method }) => method))
  const others = till.methods.filter(({ kind, code }) => kind !== 'cash' && kind !== 'account' && used.has(code))

  const close = async (overrides: readonly string[] = []) => {
    const uncounted = others.find(({ code }) => counted[code] == null)
    if (uncounted !== undefined) return setMissing(uncounted.code)
    setMissing(null)
    // Read at the last moment: everything this device saved for the shift until now.
    const [expected, documents] = await Promise.all([
      device.query('pos.expectedCash', { shift: till.shift }),
      device.query('pos.documentsOfShift', { shift: till.shift }),
    ])
    const expectedOf = (method: string): number =>
      (expected.rows as unknown as RowOfView<typeof expectedCash>[]).find(
        (row) => row.method === method && row.currency === till.currency,
      )?.amountMinor ?? 0
    const { currency } = till
    const cash = till.methods.filter(({ kind }) => kind === 'cash')
    const counts = [
      ...cash.map(({ code, kind }, at) => ({
        method: code,
        kind,
        currency,
        expected: amountMinor(expectedOf(code)),
        counted: amountMinor(at === 0 ? coinSum(coins) : 0),
        ...(at === 0 && { denominations: coins.filter(({ count }) => count > 0) }),
        handedOver: amountMinor(at === 0 ? coinSum(coins) : 0),
      })),
      ...others.map(({ code, kind }) => ({
        method: code,
        kind,
        currency,
        expected: amountMinor(expectedOf(code)),
        counted: amountMinor(counted[code] ?? 0),
      })),
    ]
    const saved = await save<typeof closeShift>(
      'pos.closeShift',
      {
        shift: till.shift,
        businessDate: till.businessDate,
        minorDigits: till.minorDigits,
        counts,
        documents: (documents.rows as unknown as RowOfView<typeof documentsOfShift>[]).map(
          ({ kind, id, amountMinor: amount }) => ({ kind, id, amountMinor: amount }),
        ),
        carriedOver: (held ?? []).map(({ id }) => id),
        ...(remarks.trim() !== '' && { remarks: remarks.trim() }),
      },
      { overrides },
    )
    if (saved === null) return
    draft.discard()
    go(`/sell/report/${encodeURIComponent(till.shift)}`)
  }
  return (
    <Page
      isNarrow
      header={
        <PageHeader
          title={t('pos.close-shift')}
          subtitle={t('pos.close-shift-lead')}
          back={<BackLink href="/sell" />}
        />
      }
      actions={
        <ActionBar>
          <Button size="md" onClick={() => void close()} loading={isSaving}>
            {t('pos.hand-in-count')}
          </Button>
        </ActionBar>
      }
    >
      <Section title={t('pos.cash')}>
        <CoinCount
          coins={coins}
          currency={till.currency}
          onChange={(next) => draft.set((last) => ({ ...last, coins: next }))}
        />
      </Section>
      {others.length > 0 && (
        <Section title={t('pos.other-methods')}>
          <FieldGrid>
            {others.map(({ code }) => {
              const amount = counted[code]
              return (
                <MoneyField
                  key={code}
                  label={methodName(code)}
                  help={t('pos.other-methods-help')}
                  value={amount == null ? null : amountMinor(amount)}
                  currency={till.currency}
                  error={missing === code && amount == null ? t('pos.count-this') : null}
                  onChange={(next) => draft.set((last) => ({ ...last, counted: { ...last.counted, [code]: next } }))}
                />
              )
            })}
          </FieldGrid>
        </Section>
      )}
      {held !== null && held.length > 0 && (
        <Section title={t('pos.carried-over')}>
          <p>{t('pos.carried-over-text', { names: held.map(({ name }) => name) })}</p>
        </Section>
      )}
      <Section>
        <NoteField
          label={t('pos.remarks')}
          value={remarks}
          onChange={(next) => draft.set((last) => ({ ...last, remarks: next }))}
          rows={2}
        />
      </Section>
      <div className={counts['after']}>
        <RefusalNote
          refusal={refusal}
          onOverride={mayOverride && refusal !== null ? () => void close([refusal.code]) : undefined}
        />
      </div>
    </Page>
  )
}
