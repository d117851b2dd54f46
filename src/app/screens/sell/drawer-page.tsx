// Money in, out or to the safe, and opening the drawer for nothing: each with its reason. What the drawer holds is not shown before the close.
import { Button, SegmentedControl } from '@mantine/core'
import { useState, type ReactNode } from 'react'
import { SelectField, TextField } from '../../design/fields.tsx'
import { Form } from '../../design/form.tsx'
import { MoneyField } from '../../design/number-fields.tsx'
import { Page, PageHeader, Section } from '../../design/page.tsx'
import { useWidth } from '../../design/use-width.ts'
import { t, type TextKey } from '../../design/words.ts'
import type { AmountMinor } from '../../../kernel/amount.ts'
import type { cashIn } from '../../../modules/pos/cash-in.ts'
import type { cashOut } from '../../../modules/pos/cash-out.ts'
import type { openDrawer } from '../../../modules/pos/open-drawer.ts'
import type { safeDrop } from '../../../modules/pos/safe-drop.ts'
import { BackLink } from '../shared/back-link.tsx'
import { RefusalNote } from '../shared/refusal-note.tsx'
import { useSave } from '../shared/use-save.ts'
import type { Till } from './till.ts'
import classes from './sell.module.css'

const kinds = ['drop', 'in', 'out', 'open'] as const
type Kind = (typeof kinds)[number]
const kindText: Record<Kind, TextKey> = {
  drop: 'pos.safe-drop',
  in: 'pos.cash-in',
  out: 'pos.cash-out',
  open: 'pos.open-drawer',
}
const inReasons = {
  change: 'pos.reason-change',
  correction: 'pos.reason-correction',
  'other-income': 'pos.reason-other-income',
} as const satisfies Record<string, TextKey>
const outReasons = {
  'petty-cash': 'pos.reason-petty-cash',
  change: 'pos.reason-change',
  correction: 'pos.reason-correction',
} as const satisfies Record<string, TextKey>

export function DrawerPage({ till }: { readonly till: Till }): ReactNode {
  const [kind, setKind] = useState<Kind>('drop')
  const [amount, setAmount] = useState<AmountMinor | null>(null)
  const [why, setWhy] = useState('')
  const [inReason, setInReason] = useState<keyof typeof inReasons>('change')
  const [outReason, setOutReason] = useState<keyof typeof outReasons>('petty-cash')
  const isPhone = useWidth() === 'phone'
  const [errors, setErrors] = useState<Record<string, string>>({})
  const { save, refusal, mayOverride, isSaving, clear } = useSave()

  const submit = async (overrides: readonly string[] = []) => {
    const wrong: Record<string, string> = {}
    if (kind !== 'open' && (amount === null || amount <= 0)) wrong['amount'] = t('form.required')
    if (kind === 'open' && why.trim() === '') wrong['why'] = t('form.reason-needed')
    setErrors(wrong)
    if (Object.keys(wrong).length > 0) return
    const about = {
      shift: till.shift,
      businessDate: till.businessDate,
      ...(kind !== 'open' && why.trim() !== '' && { remarks: why.trim() }),
    }
    const saved =
      kind === 'open'
        ? await save<typeof openDrawer>('pos.openDrawer', { ...about, reason: why.trim() }, { overrides })
        : amount === null
          ? null
          : kind === 'drop'
            ? await save<typeof safeDrop>('pos.safeDrop', { ...about, amount }, { overrides })
            : kind === 'in'
              ? await save<typeof cashIn>('pos.cashIn', { ...about, amount, reason: inReason }, { overrides })
              : await save<typeof cashOut>('pos.cashOut', { ...about, amount, reason: outReason }, { overrides })
    if (saved === null) return
    setAmount(null)
    setWhy('')
  }
  return (
    <Page
      isNarrow
      header={<PageHeader title={t('pos.drawer')} subtitle={till.tillName} back={<BackLink href="/sell" />} />}
    >
      <Section>
        <Form
          label={t('pos.drawer')}
          onSubmit={() => void submit()}
          errors={errors}
          names={{ amount: t('screen.amount'), why: t('screen.reason') }}
        >
          <SegmentedControl
            fullWidth
            orientation={isPhone ? 'vertical' : 'horizontal'}
            aria-label={t('pos.drawer-kind')}
            value={kind}
            onChange={(next) => {
              clear()
              setKind(kinds.find((each) => each === next) ?? 'drop')
            }}
            data={kinds.map((each) => ({ value: each, label: t(kindText[each]) }))}
          />
          {kind !== 'open' && (
            <MoneyField
              label={t('screen.amount')}
              name="amount"
              value={amount}
              onChange={setAmount}
              currency={till.currency}
              error={errors['amount'] ?? null}
              isRequired
            />
          )}
          {kind === 'in' && (
            <SelectField
              label={t('screen.reason')}
              value={inReason}
              onChange={setInReason}
              choices={choicesOf(inReasons)}
            />
          )}
          {kind === 'out' && (
            <SelectField
              label={t('screen.reason')}
              value={outReason}
              onChange={setOutReason}
              choices={choicesOf(outReasons)}
            />
          )}
          <TextField
            label={kind === 'open' ? t('screen.reason') : t('pos.remarks')}
            name="why"
            value={why}
            onChange={setWhy}
            isRequired={kind === 'open'}
            error={errors['why'] ?? null}
            lengthMax={200}
          />
          <RefusalNote
            refusal={refusal}
            onOverride={mayOverride && refusal !== null ? () => void submit([refusal.code]) : undefined}
          />
          <div className={classes['sheet-buttons']}>
            <Button type="submit" loading={isSaving}>
              {t(kindText[kind])}
            </Button>
          </div>
        </Form>
      </Section>
    </Page>
  )
}

const choicesOf = <C extends string>(texts: Record<C, TextKey>) =>
  (Object.entries(texts) as [C, TextKey][]).map(([value, key]) => ({ value, label: t(key) }))
