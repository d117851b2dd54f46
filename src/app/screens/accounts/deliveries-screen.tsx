// Deliveries: what was handed over, to whom, and what was refused.
import { IconTruckDelivery } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { Link, Route, Switch } from 'wouter'
import type { Blob } from '../../../kernel/blob.ts'
import { useMay } from '../../design/device-context.ts'
import { PhotoList } from '../../design/photo-list.tsx'
import { SignatureInk } from '../../design/signature-field.tsx'
import { StatusChip, type StatusChipProps } from '../../design/status-chip.tsx'
import { FactList } from '../../design/page.tsx'
import { useView, useViewRow, type RowOfView } from '../../design/use-view.ts'
import { Day, Quantity } from '../../design/values.tsx'
import { t } from '../../design/words.ts'
import type { deliveries, deliveryLines, deliveryProof } from '../../../modules/delivery/views.ts'
import { wordOf } from '../customers/customer-tabs.tsx'
import { LinkButton } from '../shared/link-button.tsx'
import { useWorkplace } from '../shared/use-workplace.ts'
import { DeliverPage } from './deliver-page.tsx'
import { DocumentScreen, useOpenId, useSearch } from './document-screen.tsx'
import { LineTable } from '../shared/line-table.tsx'
import { UndoButton } from '../shared/undo-button.tsx'
import classes from './accounts.module.css'

type Row = RowOfView<typeof deliveries>
const rowsMax = 200
const tones: Record<string, StatusChipProps['tone']> = { delivered: 'ok', part: 'info' }

export default function DeliveriesScreen(): ReactNode {
  return (
    <Switch>
      <Route path="/deliveries/new">
        <DeliverPage />
      </Route>
      <Route>
        <DeliveryList />
      </Route>
    </Switch>
  )
}

function DeliveryList(): ReactNode {
  const { today } = useWorkplace()
  const mayDeliver = useMay('delivery.deliver')
  const mayCancel = useMay('delivery.cancelDelivery')
  const mayBill = useMay('sales.invoice')
  const [search, setSearch] = useSearch()
  const live = useView<typeof deliveries>('delivery.deliveries', { search, limit: rowsMax })
  const openId = useOpenId('/deliveries')
  const one = useViewRow<typeof deliveries>('delivery.deliveries', openId === null ? null : { id: openId })
  return (
    <DocumentScreen<Row>
      title={t('screen.deliveries')}
      path="/deliveries"
      table="delivery.delivery"
      empty={t('accounts.no-deliveries')}
      live={live}
      one={one}
      search={search}
      onSearch={setSearch}
      actions={
        mayDeliver && (
          <LinkButton variant="filled" href="/deliveries/new" icon={<IconTruckDelivery size={18} aria-hidden />}>
            {t('deal.deliver')}
          </LinkButton>
        )
      }
      amountOf={null}
      status={(row) =>
        row.state === 'cancelled' ? (
          <StatusChip tone="neutral">{t('deal.cancelled')}</StatusChip>
        ) : (
          <StatusChip tone={tones[row.outcome] ?? 'attention'}>{wordOf('accounts.outcome', row.outcome)}</StatusChip>
        )
      }
      columns={[
        {
          id: 'recipient',
          head: t('accounts.recipient'),
          cell: (row) => row.recipient ?? '–',
          width: '160px',
          isMinor: true,
        },
      ]}
      detail={(row) => <Detail row={row} />}
      detailActions={(row) =>
        row.state === 'submitted' &&
        (mayCancel || mayBill) && (
          <>
            {mayCancel && (
              <UndoButton
                key={row.id}
                label={t('deal.cancel-delivery')}
                text={t('deal.cancel-delivery-text')}
                command="delivery.cancelDelivery"
                argsFor={(reason) => ({ delivery: row.id, businessDate: today, reason })}
              />
            )}
            {mayBill && row.order !== null && (
              <LinkButton variant="filled" href={`/invoices/new?order=${encodeURIComponent(row.order)}`}>
                {t('deal.bill-this')}
              </LinkButton>
            )}
          </>
        )
      }
    />
  )
}

function Detail({ row }: { readonly row: Row }): ReactNode {
  const { rows } = useView<typeof deliveryLines>('delivery.deliveryLines', { delivery: row.id })
  return (
    <>
      <FactList
        facts={[
          [t('screen.date'), <Day key="date" day={row.businessDate} />],
          [t('accounts.recipient'), row.recipient ?? '–'],
          ...(row.order === null
            ? []
            : [
                [
                  t('deal.order'),
                  <Link key="order" href={`/orders/${encodeURIComponent(row.order)}`}>
                    {row.orderNumber ?? t('screen.open')}
                  </Link>,
                ] as const,
              ]),
        ]}
      />
      <LineTable
        heads={[t('screen.item'), t('orders.delivered'), t('accounts.refused'), t('accounts.returned')]}
        rows={(rows ?? []).map((line) => ({
          key: line.id,
          cells: [
            line.itemName,
            <Quantity key="done" value={line.quantity} unit={line.unit} />,
            <Quantity key="refused" value={line.refusedQuantity} />,
            <Quantity key="back" value={line.returned} />,
          ],
        }))}
      />
      <Proof delivery={row.id} recipient={row.recipient} />
    </>
  )
}

/** What shows that it took place. Rows of the first version have names of pictures that were never kept: they show nothing. */
function Proof({ delivery, recipient }: { readonly delivery: string; readonly recipient: string | null }): ReactNode {
  const { row } = useViewRow<typeof deliveryProof>('delivery.deliveryProof', { delivery })
  if (row === null) return null
  const photos = (JSON.parse(row.photos ?? '[]') as readonly (Blob | string)[]).filter(
    (photo): photo is Blob => typeof photo === 'object',
  )
  const isSigned = row.signature?.startsWith('M') === true
  return (
    <>
      <section className={classes['proof']} aria-label={t('signature.signature')}>
        <h3>{t('signature.signature')}</h3>
        {isSigned ? (
          <SignatureInk ink={row.signature ?? ''} name={t('signature.of', { name: recipient ?? '–' })} />
        ) : (
          <p className={classes['dim']}>{t('signature.none')}</p>
        )}
      </section>
      <section className={classes['proof']} aria-label={t('photo.photos')}>
        <h3>{t('photo.photos')}</h3>
        <PhotoList photos={photos} />
      </section>
    </>
  )
}
