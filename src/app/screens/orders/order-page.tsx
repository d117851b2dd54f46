// One order: its axes, lines with what was delivered and billed, its invoices, and what may still be done with it.
import { Button } from '@mantine/core'
import { useState, type ReactNode } from 'react'
import { Link, useLocation } from 'wouter'
import { ConfirmSheet } from '../../design/confirm-sheet.tsx'
import { useMay, useStatusPart } from '../../design/device-context.ts'
import { EmptyState } from '../../design/empty-state.tsx'
import { ActionBar, FactList, Page, PageHeader, Section } from '../../design/page.tsx'
import { RowMark } from '../../design/row-mark.tsx'
import { useView, useViewRow, type RowOfView } from '../../design/use-view.ts'
import { Day, Money, Quantity } from '../../design/values.tsx'
import { t } from '../../design/words.ts'
import { billingOf, fulfilmentOf, type LineSums, type Progress } from '../../../modules/sales/order-sums.ts'
import type { cancelOrder } from '../../../modules/sales/cancel-order.ts'
import type { releaseOrder } from '../../../modules/sales/release-order.ts'
import type { shortCloseOrder } from '../../../modules/sales/short-close-order.ts'
import type { invoicesOfOrder, orderById, orderLines } from '../../../modules/sales/views.ts'
import { BackLink } from '../shared/back-link.tsx'
import { LineTable } from '../shared/line-table.tsx'
import { RateText } from '../shared/rate-text.tsx'
import { RefusalNote } from '../shared/refusal-note.tsx'
import { useSave } from '../shared/use-save.ts'
import { useUnsent } from '../shared/use-unsent.ts'
import { useWorkplace } from '../shared/use-workplace.ts'
import { AxisChip, OrderFlag, progressOf } from './order-state.tsx'
import classes from './orders.module.css'

type Order = RowOfView<typeof orderById>
type Line = RowOfView<typeof orderLines>

export function OrderPage({ orderId }: { readonly orderId: string }): ReactNode {
  const [, go] = useLocation()
  const { row, isKnown } = useViewRow<typeof orderById>('sales.orderById', { order: orderId })
  const { rows: lines } = useView<typeof orderLines>('sales.orderLines', { order: orderId })
  const { rows: bills } = useView<typeof invoicesOfOrder>('sales.invoicesOfOrder', { order: orderId })
  if (!isKnown || lines === null || bills === null) return null
  if (row === null)
    return (
      <EmptyState
        kind="elsewhere"
        text={t('screen.not-found')}
        primary={{ label: t('screen.orders'), run: () => go('/orders') }}
      />
    )
  return <Found order={row} lines={lines} bills={bills} />
}

const sumsOf = (line: Line): LineSums =>
  ({ ...line, isGoods: line.isGoods === 1, excessConfirmed: 0 }) as unknown as LineSums

function Found({
  order,
  lines,
  bills,
}: {
  readonly order: Order
  readonly lines: readonly Line[]
  readonly bills: readonly RowOfView<typeof invoicesOfOrder>[]
}): ReactNode {
  const { today } = useWorkplace()
  const contactAt = useStatusPart('lastContactAt')
  const unsent = useUnsent('sales.order')
  const { save, refusal, isSaving } = useSave()
  const [asking, setAsking] = useState<'cancel' | 'close' | null>(null)
  const mayOrder = useMay('sales.order')
  const mayRelease = useMay('accounting.releaseOrder')
  const sums = lines.map(sumsOf)
  const billed = bills.reduce((sum, { total }) => sum + total, 0)
  const settled = bills.reduce((sum, { total, owed }) => sum + total - owed, 0)
  const payment: Progress = progressOf(settled, billed)
  const isTouched = lines.some(({ delivered, billed: done }) => delivered !== 0 || done !== 0)
  const isOpen = order.state === 'submitted' && order.isShortClosed === 0
  const settle = async (reason: string) => {
    const about = { order: order.id, businessDate: today, reason }
    const saved =
      asking === 'cancel'
        ? await save<typeof cancelOrder>('sales.cancelOrder', about)
        : await save<typeof shortCloseOrder>('sales.shortCloseOrder', about)
    if (saved !== null) setAsking(null)
  }
  return (
    <Page
      header={
        <PageHeader
          title={order.number}
          back={<BackLink href="/orders" />}
          status={
            <>
              <RowMark state={unsent.get(order.id) ?? null} />
              <OrderFlag order={order} />
            </>
          }
          subtitle={<Link href={`/customers/${encodeURIComponent(order.party)}`}>{order.partyName}</Link>}
        />
      }
      actions={
        isOpen &&
        (mayOrder || mayRelease) && (
          <ActionBar>
            {mayOrder && (
              <Button variant="default" onClick={() => setAsking(isTouched ? 'close' : 'cancel')}>
                {t(isTouched ? 'orders.short-close' : 'orders.cancel')}
              </Button>
            )}
            {mayRelease && order.isOnHold === 1 && (
              <Button
                loading={isSaving}
                onClick={() =>
                  void save<typeof releaseOrder>('sales.releaseOrder', { order: order.id, businessDate: today })
                }
              >
                {t('orders.release')}
              </Button>
            )}
          </ActionBar>
        )
      }
    >
      {order.state !== 'cancelled' && (
        <div className={classes['axes']}>
          <AxisChip axis="fulfilment" progress={fulfilmentOf(sums)} />
          <AxisChip axis="billing" progress={billingOf(sums)} />
          {bills.length > 0 && <AxisChip axis="payment" progress={payment} />}
          <span className={classes['dim']}>
            {contactAt === null ? t('screen.as-of-never') : t('screen.as-of', { at: contactAt })}
          </span>
        </div>
      )}
      <RefusalNote refusal={refusal} />
      <Section>
        <FactList
          facts={[
            [t('screen.date'), <Day key="date" day={order.businessDate} />],
            [t('orders.deliver-on'), <Day key="deliver" day={order.deliverOn} />],
            ...(order.customerOrderNumber === null
              ? []
              : [[t('orders.customer-number'), order.customerOrderNumber] as const]),
            [t('crm.terms'), order.termsDays === 0 ? t('crm.at-once') : t('crm.days', { days: order.termsDays })],
            ...(order.remarks === null ? [] : [[t('pos.remarks'), order.remarks] as const]),
            ...(order.cancelReason === null ? [] : [[t('screen.reason'), order.cancelReason] as const]),
          ]}
        />
      </Section>
      <Section title={t('orders.lines')}>
        <LineTable
          heads={[
            t('screen.item'),
            t('orders.ordered'),
            t('orders.delivered'),
            t('orders.billed'),
            t('screen.price'),
            t('screen.total'),
          ]}
          rows={lines.map((line) => ({
            key: line.id,
            cells: [
              line.itemName,
              <Quantity key="ordered" value={line.quantity + line.amended - line.closed} unit={line.unit} />,
              line.isGoods === 1 ? <Quantity key="delivered" value={line.delivered} /> : '–',
              <Quantity key="billed" value={line.billed} />,
              <RateText key="rate" rate={line.rate} currency={order.currency} />,
              <Money key="total" amount={line.total} currency={order.currency} />,
            ],
          }))}
          sums={[
            { label: t('screen.tax'), value: <Money amount={order.tax} currency={order.currency} /> },
            { label: t('screen.total'), value: <Money amount={order.total} currency={order.currency} /> },
          ]}
        />
      </Section>
      {bills.length > 0 && (
        <Section title={t('screen.invoices')}>
          <LineTable
            heads={[t('screen.number'), t('screen.date'), t('screen.total')]}
            rows={bills.map((bill) => ({
              key: bill.id,
              cells: [
                <Link key="number" href={`/invoices/${encodeURIComponent(bill.id)}`}>
                  {bill.number}
                </Link>,
                <Day key="date" day={bill.businessDate} />,
                <Money key="total" amount={bill.total} currency={bill.currency} />,
              ],
            }))}
          />
        </Section>
      )}
      <ConfirmSheet
        isOpen={asking !== null}
        title={t(asking === 'close' ? 'orders.short-close' : 'orders.cancel')}
        confirmLabel={t(asking === 'close' ? 'orders.short-close' : 'orders.cancel')}
        isGrave
        needsReason
        isBusy={isSaving}
        onConfirm={(reason) => void settle(reason)}
        onClose={() => setAsking(null)}
      >
        <p>{t(asking === 'close' ? 'orders.short-close-text' : 'orders.cancel-text')}</p>
      </ConfirmSheet>
    </Page>
  )
}
