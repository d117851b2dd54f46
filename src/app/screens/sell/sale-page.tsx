// A sale that was made: right after it with the change in large, and later from the list, to print a copy or to take goods back.
import { Button } from '@mantine/core'
import { IconPrinter, IconReceiptRefund } from '@tabler/icons-react'
import { useState, type ReactNode } from 'react'
import { useLocation } from 'wouter'
import { EmptyState } from '../../design/empty-state.tsx'
import { Page, PageHeader } from '../../design/page.tsx'
import { currentLocale, t } from '../../design/words.ts'
import { localDecimal } from '../../text/format.ts'
import type { reprintReceipt } from '../../../modules/pos/reprint-receipt.ts'
import { BackLink } from '../shared/back-link.tsx'
import { LinkButton } from '../shared/link-button.tsx'
import { RefusalNote } from '../shared/refusal-note.tsx'
import { useSave } from '../shared/use-save.ts'
import { ReceiptPaper, useReceipt } from './receipt-view.tsx'
import classes from './receipt.module.css'
import type { Till } from './till.ts'
import { useTillKeys } from './use-till-keys.ts'

export function SaleDone({ saleId }: { readonly saleId: string }): ReactNode {
  const [, go] = useLocation()
  const { receipt, hasSeal } = useReceipt(saleId, null)
  const next = () => go('/sell')
  useTillKeys({ F9: next, Enter: next }, true)
  if (receipt === null) return null
  const isRefund = receipt.total.startsWith('-')
  return (
    <div className={classes['done']}>
      <h1 className={classes['change']} aria-live="polite">
        {isRefund ? t('pos.give-back') : receipt.change === null ? t('pos.sale-done') : t('pos.change')}
        <strong>
          {localDecimal(
            (isRefund ? receipt.total : (receipt.change ?? receipt.total)).replace('-', ''),
            currentLocale(),
          )}{' '}
          {receipt.currency}
        </strong>
      </h1>
      <div className={classes['buttons']}>
        <Button variant="default" onClick={() => print()} leftSection={<IconPrinter size={18} aria-hidden />}>
          {t('pos.print')}
        </Button>
        <Button onClick={next} data-autofocus>
          {t('pos.next-customer')}
        </Button>
      </div>
      <ReceiptPaper receipt={receipt} hasSeal={hasSeal} />
    </div>
  )
}

export function SalePage({ till, saleId }: { readonly till: Till; readonly saleId: string }): ReactNode {
  const [copy, setCopy] = useState(1)
  const { receipt, hasSeal } = useReceipt(saleId, copy)
  const { save, refusal, isSaving } = useSave()
  const reprint = async () => {
    const saved = await save<typeof reprintReceipt>(
      'pos.reprintReceipt',
      { shift: till.shift, businessDate: till.businessDate, sale: saleId, reason: t('pos.copy-reason') },
      { isQuiet: true },
    )
    if (saved === null) return
    print()
    setCopy((last) => last + 1)
  }
  if (receipt === null) return <EmptyState kind="elsewhere" text={t('screen.not-found')} />
  return (
    <Page
      header={
        <PageHeader
          title={receipt.number}
          back={<BackLink href="/sell/sales" />}
          actions={
            <>
              {receipt.kind !== 'return' && (
                <LinkButton
                  href={`/sell/return?number=${encodeURIComponent(receipt.number)}`}
                  icon={<IconReceiptRefund size={18} aria-hidden />}
                >
                  {t('pos.return')}
                </LinkButton>
              )}
              <Button
                onClick={() => void reprint()}
                loading={isSaving}
                leftSection={<IconPrinter size={18} aria-hidden />}
              >
                {t('pos.print-copy')}
              </Button>
            </>
          }
        />
      }
    >
      <RefusalNote refusal={refusal} />
      <ReceiptPaper receipt={receipt} hasSeal={hasSeal} />
    </Page>
  )
}
