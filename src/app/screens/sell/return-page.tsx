// Goods that come back: by the number on the receipt (typed or scanned). A sale that this device holds is returned line by line at its own
// prices; another one by its number alone, within the role's limit.
import { Button } from '@mantine/core'
import type { ReactNode } from 'react'
import { useSearchParams } from 'wouter'
import { useViewRow } from '../../design/use-view.ts'
import { Page, PageHeader, Section } from '../../design/page.tsx'
import { ScanInput } from '../../design/scan-input.tsx'
import { t } from '../../design/words.ts'
import { readReceiptCode } from '../../../modules/pos/receipt.ts'
import type { saleByNumber } from '../../../modules/pos/views.ts'
import { BackLink } from '../shared/back-link.tsx'
import { LinkedReturn } from './linked-return.tsx'
import counts from './counting.module.css'
import type { Till } from './till.ts'
import { UnlinkedReturn } from './unlinked-return.tsx'

export function ReturnPage({ till }: { readonly till: Till }): ReactNode {
  const [params, setParams] = useSearchParams()
  const number = params.get('number') ?? ''
  // In the address, so that a reload comes back to it.
  const isWithout = params.has('without')
  const { row, isKnown } = useViewRow<typeof saleByNumber>('pos.saleByNumber', number === '' ? null : { number })
  const find = (code: string) => {
    setParams({ number: readReceiptCode(code)?.number ?? code.trim().toUpperCase() }, { replace: true })
  }
  return (
    <Page
      isNarrow
      header={<PageHeader title={t('pos.return')} subtitle={till.tillName} back={<BackLink href="/sell" />} />}
    >
      <Section title={t('pos.receipt-number')}>
        <div className={counts['find']}>
          <ScanInput
            onCode={find}
            label={t('pos.receipt-number')}
            placeholder={t('pos.receipt-number-hint')}
            autoFocus={number === ''}
          />
          <Button variant="default" onClick={() => setParams({ without: '1' }, { replace: true })}>
            {t('pos.no-receipt')}
          </Button>
        </div>
      </Section>
      {number !== '' && isKnown && row !== null && row.number === number && (
        <LinkedReturn key={row.id} till={till} saleId={row.id} />
      )}
      {number !== '' && isKnown && row === null && <UnlinkedReturn key={number} till={till} originalNumber={number} />}
      {number === '' && isWithout && <UnlinkedReturn key="none" till={till} originalNumber={null} />}
    </Page>
  )
}
