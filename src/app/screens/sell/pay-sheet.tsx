// Taking the money: what is left, quick amounts for cash, several ways to pay side by side, and the change. The sale is booked only by its
// last button; until then everything can be taken back.
import { ActionIcon, Button, Drawer } from '@mantine/core'
import { IconCash, IconCreditCard, IconGift, IconReceipt, IconWallet, IconX } from '@tabler/icons-react'
import { useState, type KeyboardEvent, type ReactNode } from 'react'
import { TextField } from '../../design/fields.tsx'
import { Keypad } from '../../design/keypad.tsx'
import { entryOf, textOf } from '../../design/number-entry.ts'
import { Money } from '../../design/values.tsx'
import { currentLocale, t } from '../../design/words.ts'
import { formatMoney } from '../../text/format.ts'
import type { AmountMinor } from '../../../kernel/amount.ts'
import type { Refusal } from '../../../kernel/refusal.ts'
import { RefusalNote } from '../shared/refusal-note.tsx'
import type { TicketParty, TicketTender } from './ticket.ts'
import { dueOf, quickAmounts, tenderOf } from './ticket-sale.ts'
import type { Till } from './till.ts'
import pays from './pay.module.css'
import classes from './sell.module.css'

export interface PaySheetProps {
  readonly isOpen: boolean
  readonly till: Till
  readonly total: AmountMinor
  readonly tenders: readonly TicketTender[]
  readonly party: TicketParty | null
  readonly refusal: Refusal | null
  readonly isBusy: boolean
  readonly onTenders: (tenders: readonly TicketTender[]) => void
  readonly onComplete: () => void
  readonly onOverride?: (() => void) | undefined
  readonly onClose: () => void
}

const icons = {
  cash: IconCash,
  card: IconCreditCard,
  voucher: IconGift,
  account: IconReceipt,
  other: IconWallet,
} as const

export const methodName = (code: string): string => {
  const known = {
    cash: t('pos.cash'),
    card: t('pos.card'),
    account: t('pos.account'),
    voucher: t('pos.voucher'),
    'store-credit': t('pos.store-credit'),
  }[code]
  return known ?? code.charAt(0).toUpperCase() + code.slice(1).replaceAll('-', ' ')
}

export function PaySheet(props: PaySheetProps): ReactNode {
  const { isOpen, onClose } = props
  return (
    <Drawer
      opened={isOpen}
      onClose={onClose}
      position="right"
      size={480}
      title={t('pos.pay')}
      closeButtonProps={{ 'aria-label': t('form.close') }}
    >
      {isOpen && <Paying {...props} />}
    </Drawer>
  )
}

function Paying(props: PaySheetProps): ReactNode {
  const { till, total, tenders, party, refusal, isBusy, onTenders, onComplete, onOverride } = props
  const { currency, minorDigits, cashStepMinor } = till
  const [typed, setTyped] = useState('')
  const [reference, setReference] = useState('')
  const due = dueOf(total, tenders, cashStepMinor)
  // Coins decide the rounding: what is left is shown as it would be paid in cash until something else is chosen.
  const inCash = dueOf(total, tenders, cashStepMinor, true)
  const isPaid = tenders.length > 0 && due.left === 0
  const entered = entryOf(typed, minorDigits)
  const methods = till.methods.filter(({ kind }) => kind !== 'account' || (party !== null && till.isOnAccountAllowed))
  const money = (amount: number) => formatMoney(amount, currency, currentLocale())

  const add = (method: (typeof methods)[number], handed: number | null) => {
    const left = method.kind === 'cash' ? inCash.left : due.left
    const tender = tenderOf(method, handed ?? left, left, reference.trim() === '' ? null : reference.trim())
    if (tender.amount <= 0) return
    onTenders([...tenders, tender])
    setTyped('')
    setReference('')
  }
  const takeBack = (at: number) => onTenders(tenders.filter((_, each) => each !== at))
  const cash = methods.find(({ kind }) => kind === 'cash')
  const hear = (event: KeyboardEvent) => {
    if (event.key === 'F9' && isPaid && !isBusy) {
      event.preventDefault()
      event.stopPropagation()
      onComplete()
    }
  }
  return (
    // oxlint-disable-next-line jsx-a11y/no-static-element-interactions -- F9 beside the button that does the same
    <div className={pays['paying']} onKeyDown={hear}>
      <div className={pays['due']} aria-live="polite">
        <span>{due.change > 0 ? t('pos.change') : isPaid ? t('pos.paid-in-full') : t('pos.left-to-pay')}</span>
        <strong>{money(due.change > 0 ? due.change : due.left)}</strong>
        <span className={classes['dim']}>{t('pos.of-total', { total: money(total) })}</span>
        {due.rounding !== 0 && (
          <span className={classes['dim']}>{t('pos.rounding', { amount: money(due.rounding) })}</span>
        )}
      </div>
      {tenders.length > 0 && (
        <ul className={pays['tenders']} aria-label={t('pos.tenders')}>
          {tenders.map((tender, at) => (
            <li key={`${tender.method} ${at}`}>
              <span>{methodName(tender.method)}</span>
              {tender.reference !== null && <span className={classes['dim']}>{tender.reference}</span>}
              <strong>
                <Money amount={tender.given ?? tender.amount} currency={currency} />
              </strong>
              <ActionIcon
                variant="subtle"
                color="gray"
                size={36}
                onClick={() => takeBack(at)}
                aria-label={t('pos.take-back', { method: methodName(tender.method) })}
              >
                <IconX size={16} />
              </ActionIcon>
            </li>
          ))}
        </ul>
      )}
      {!isPaid && (
        <>
          {cash !== undefined && (
            <div className={pays['quick']} role="group" aria-label={t('pos.quick-cash')}>
              {quickAmounts(inCash.left, minorDigits).map((amount) => (
                <button key={amount} type="button" onClick={() => add(cash, amount)}>
                  {money(amount)}
                </button>
              ))}
            </div>
          )}
          <TextField
            label={t('pos.amount-typed')}
            value={typed}
            error={entered.ok ? null : entered.message}
            placeholder={textOf(due.left, minorDigits, minorDigits)}
            onChange={setTyped}
            name="amount"
          />
          <Keypad value={typed} onChange={setTyped} hasDecimals={minorDigits > 0} />
          <div className={pays['methods']} role="group" aria-label={t('pos.methods')}>
            {methods.map((method) => {
              const Icon = icons[method.kind]
              return (
                <Button
                  key={method.code}
                  variant="default"
                  size="md"
                  disabled={!entered.ok}
                  onClick={() => add(method, entered.ok ? entered.value : null)}
                  leftSection={<Icon size={20} aria-hidden />}
                >
                  {methodName(method.code)}
                </Button>
              )
            })}
          </div>
          <TextField
            label={t('pos.reference')}
            value={reference}
            onChange={setReference}
            lengthMax={128}
            help={t('pos.reference-help')}
          />
        </>
      )}
      <RefusalNote refusal={refusal} onOverride={onOverride} />
      <div className={pays['complete']}>
        <Button
          className={classes['pay'] ?? ''}
          onClick={onComplete}
          disabled={!isPaid}
          loading={isBusy}
          data-autofocus={isPaid || undefined}
        >
          {t('pos.complete')} <kbd>F9</kbd>
        </Button>
      </div>
    </div>
  )
}
