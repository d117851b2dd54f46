// A new order: for whom, then what. What the customer usually takes is one touch away; prices come from their list, stock is shown with its
// age, and what is typed survives a reload.
import { Button } from '@mantine/core'
import { useState, type ReactNode } from 'react'
import { useLocation, useSearchParams } from 'wouter'
import { EmptyState } from '../../design/empty-state.tsx'
import { Page, PageHeader, Section } from '../../design/page.tsx'
import { useViewRow, type RowOfView } from '../../design/use-view.ts'
import { ViewPicker } from '../../design/view-picker.tsx'
import { t } from '../../design/words.ts'
import type { customerCard } from '../../../modules/crm/views.ts'
import type { parties } from '../../../modules/masters/views.ts'
import { BackLink } from '../shared/back-link.tsx'
import { OrderForm } from './order-form.tsx'

export function NewOrder(): ReactNode {
  const [params, setParams] = useSearchParams()
  const [, go] = useLocation()
  const party = params.get('party')
  const { row, isKnown } = useViewRow<typeof customerCard>('crm.customerCard', party === null ? null : { party })
  if (party === null) return <ChooseCustomer onChoose={({ id }) => setParams({ party: id }, { replace: true })} />
  if (!isKnown) return null
  if (row === null)
    return (
      <EmptyState
        kind="elsewhere"
        text={t('screen.not-found')}
        primary={{ label: t('screen.customers'), run: () => go('/customers') }}
      />
    )
  return <OrderForm key={row.id} customer={row} />
}

function ChooseCustomer({ onChoose }: { readonly onChoose: (party: RowOfView<typeof parties>) => void }): ReactNode {
  const [, go] = useLocation()
  const [chosen] = useState(null)
  return (
    <Page isNarrow header={<PageHeader title={t('orders.new')} back={<BackLink href="/orders" />} />}>
      <Section>
        <ViewPicker<typeof parties>
          label={t('pos.find-customer')}
          value={chosen}
          autoFocus
          view="masters.parties"
          argsFor={(search) => ({ search, role: 'customer', limit: 20 })}
          rowKey={({ id }) => id}
          rowText={({ name }) => name}
          rowHint={({ code, phone }) => [code, phone].filter((part) => part !== null).join(' · ')}
          onChange={(party) => party !== null && onChoose(party)}
        />
        <Button variant="subtle" onClick={() => go('/customers/new')}>
          {t('crm.new-customer')}
        </Button>
      </Section>
    </Page>
  )
}
