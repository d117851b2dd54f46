// One item: where it is, its batches, and its last movements.
import { Button } from '@mantine/core'
import { useState, type ReactNode } from 'react'
import { useStatusPart } from '../../design/device-context.ts'
import { DetailPane } from '../../design/detail-pane.tsx'
import { EmptyState } from '../../design/empty-state.tsx'
import { FactList, Section } from '../../design/page.tsx'
import { StatusChip } from '../../design/status-chip.tsx'
import { useView, useViewRow } from '../../design/use-view.ts'
import { Day, Quantity } from '../../design/values.tsx'
import { t } from '../../design/words.ts'
import type { itemBatches, itemEntries, itemSerials, itemStock } from '../../../modules/inventory/views.ts'
import type { itemCard } from '../../../modules/masters/views.ts'
import { LineTable } from '../shared/line-table.tsx'
import { wordOf } from '../customers/customer-tabs.tsx'
import { RateText } from '../shared/rate-text.tsx'
import { ShareSection } from '../shared/share-section.tsx'
import { useWorkplace } from '../shared/use-workplace.ts'
import classes from './stock.module.css'

const entriesMax = 30

interface PriceOfCard {
  readonly list: string | null
  readonly unit: string
  readonly rate: number
  readonly currency: string
  readonly minQuantity: number
}

/** Barcodes are kept with 14 digits; the ones on goods mostly have 13. */
const printed = (value: string): string => value.replace(/^0(?=\d{13}$)/, '')

export function ItemPane({
  itemId,
  warehouse,
  onClose,
}: {
  readonly itemId: string
  readonly warehouse: string | null
  readonly onClose: () => void
}): ReactNode {
  const { today } = useWorkplace()
  const contactAt = useStatusPart('lastContactAt')
  const [shown, setShown] = useState(entriesMax)
  const { row, isKnown } = useViewRow<typeof itemCard>('masters.itemCard', { item: itemId })
  const { rows: places } = useView<typeof itemStock>('inventory.itemStock', { item: itemId })
  const { rows: entries } = useView<typeof itemEntries>('inventory.itemEntries', { item: itemId, limit: shown })
  const { rows: batches } = useView<typeof itemBatches>(
    'inventory.itemBatches',
    warehouse === null ? null : { item: itemId, warehouse, today },
  )
  const { rows: serials } = useView<typeof itemSerials>(
    'inventory.itemSerials',
    row?.hasSerial === 1 ? { item: itemId } : null,
  )
  if (!isKnown) return null
  if (row === null) {
    return (
      <DetailPane title={t('screen.item')} onClose={onClose}>
        <EmptyState kind="elsewhere" text={t('screen.not-found')} />
      </DetailPane>
    )
  }
  const codes = JSON.parse(row.barcodes) as { value: string; unit: string }[]
  const prices = (JSON.parse(row.prices) as PriceOfCard[]).filter(({ list }) => list !== null)
  return (
    <DetailPane title={row.name} subtitle={row.code} onClose={onClose}>
      <div className={classes['pane']}>
        <FactList
          facts={[
            [t('pos.unit'), row.stockUnit],
            ...(codes.length === 0
              ? []
              : [[t('stock.barcodes'), codes.map(({ value }) => printed(value)).join(', ')] as const]),
          ]}
        />
        <Section title={t('stock.where')}>
          <LineTable
            heads={[t('stock.store'), t('stock.on-hand'), t('stock.available')]}
            rows={(places ?? []).map((place) => ({
              key: place.warehouse,
              cells: [
                <span key="store">
                  {place.warehouseName}
                  <span className={classes['below']}>
                    {place.isVehicle === 1 && `${t('stock.vehicle')} · `}
                    {t('stock.last-moved')} <Day day={place.lastMovedOn} />
                  </span>
                </span>,
                <Quantity key="here" value={place.onHand} unit={row.stockUnit} />,
                <Quantity key="free" value={place.available} />,
              ],
            }))}
          />
          <p className={classes['below']}>
            {contactAt === null ? t('screen.as-of-never') : t('stock.as-of', { at: contactAt })}
          </p>
        </Section>
        {row.isAllotted === 1 && warehouse !== null && (
          <ShareSection kind="stock" scope={warehouse} resource={itemId} unit={row.stockUnit} decimals={row.decimals} />
        )}
        {batches !== null && batches.length > 0 && (
          <Section title={t('pos.batch')}>
            <LineTable
              heads={[t('pos.batch'), t('pos.expires'), t('stock.on-hand')]}
              rows={batches.map((batch) => ({
                key: batch.number,
                cells: [
                  batch.number,
                  <span key="expires">
                    <Day day={batch.expiresOn} />{' '}
                    {batch.isRecalled === 1 ? (
                      <StatusChip tone="error">{t('stock.recalled')}</StatusChip>
                    ) : (
                      batch.isExpired === 1 && <StatusChip tone="attention">{t('stock.expired')}</StatusChip>
                    )}
                  </span>,
                  <Quantity key="here" value={batch.onHand} />,
                ],
              }))}
            />
          </Section>
        )}
        {serials !== null && serials.length > 0 && (
          <Section title={t('stock.serials')}>
            <LineTable
              heads={[t('stock.serial'), t('stock.store')]}
              rows={serials.map((serial) => ({
                key: serial.number,
                cells: [serial.number, serial.warehouseName ?? '–'],
              }))}
            />
          </Section>
        )}
        {prices.length > 0 && (
          <Section title={t('screen.price')}>
            <LineTable
              heads={[t('stock.price-list'), t('pos.unit'), t('screen.price')]}
              rows={prices.map((price, at) => ({
                key: String(at),
                cells: [price.list, price.unit, <RateText key="rate" rate={price.rate} currency={price.currency} />],
              }))}
            />
          </Section>
        )}
        <Section title={t('stock.movements')}>
          {entries !== null && entries.length === 0 ? (
            <p>{t('stock.no-movements')}</p>
          ) : (
            <LineTable
              heads={[t('screen.date'), t('stock.by'), t('screen.quantity')]}
              rows={(entries ?? []).map((entry) => ({
                key: entry.id,
                cells: [
                  <Day key="on" day={entry.businessDate} />,
                  <span key="by">
                    {wordOf('stock.document', entry.document.replace('.', '-'))}
                    <span className={classes['below']}>
                      {[entry.number, entry.warehouseName].filter((part) => part !== null).join(' · ')}
                    </span>
                  </span>,
                  <Quantity key="quantity" value={entry.quantity} />,
                ],
              }))}
            />
          )}
          {entries !== null && entries.length >= shown && (
            <Button variant="subtle" size="compact-sm" onClick={() => setShown((last) => last + entriesMax)}>
              {t('stock.older')}
            </Button>
          )}
        </Section>
      </div>
    </DetailPane>
  )
}
