// What a store has, by name, code or scan, with its age; one item opens beside it with all its places and movements.
import { useState, type ReactNode } from 'react'
import { useLocation } from 'wouter'
import { CardLines } from '../../design/data-cards.tsx'
import { DataList } from '../../design/data-list.tsx'
import { useDevice, useMay } from '../../design/device-context.ts'
import { SelectField } from '../../design/fields.tsx'
import { Page } from '../../design/page.tsx'
import { StatusChip } from '../../design/status-chip.tsx'
import { useView, type RowOfView } from '../../design/use-view.ts'
import { useWedge } from '../../design/use-wedge.ts'
import { Quantity } from '../../design/values.tsx'
import { t } from '../../design/words.ts'
import type { stockList } from '../../../modules/inventory/views.ts'
import { ItemPane } from './item-pane.tsx'
import { StockBar, StockHeader } from './stock-header.tsx'
import classes from './stock.module.css'
import { useWarehouses } from './use-warehouses.ts'

type Row = RowOfView<typeof stockList>
const rowsMax = 300

export function StockList({ openItem }: { readonly openItem: string | null }): ReactNode {
  const [, go] = useLocation()
  const device = useDevice()
  const { all, chosen, choose } = useWarehouses()
  const [search, setSearch] = useState('')
  const [withAll, setWithAll] = useState(false)
  const [isLowOnly, setLowOnly] = useState(false)
  const mayReceive = useMay('inventory.receive')
  const { rows, error } = useView<typeof stockList>(
    'inventory.stockList',
    chosen === null ? null : { warehouse: chosen, search, withAll, isLowOnly, limit: rowsMax },
  )
  const scanned = async (code: string) => {
    const { rows: found } = await device.query('masters.itemByScan', { scanned: code })
    const item = found[0]?.['id']
    // What nobody knows stands in the search, where it can be seen and changed.
    if (typeof item === 'string') go(`/stock/${encodeURIComponent(item)}`)
    else setSearch(code)
  }
  useWedge((code) => void scanned(code))
  const level = (row: Row): ReactNode =>
    row.onHand < 0 ? (
      <StatusChip tone="error">{t('stock.negative')}</StatusChip>
    ) : row.isLow === 1 ? (
      <StatusChip tone="attention">{t('stock.low')}</StatusChip>
    ) : null
  return (
    <Page
      isFilled
      header={<StockHeader />}
      actions={<StockBar />}
      detail={openItem !== null && <ItemPane itemId={openItem} warehouse={chosen} onClose={() => go('/stock')} />}
    >
      {all.length > 1 && (
        <div className={classes['store']}>
          <SelectField
            label={t('stock.store')}
            value={chosen ?? ''}
            onChange={choose}
            choices={all.map(({ id, name }) => ({ value: id, label: name }))}
          />
        </div>
      )}
      <DataList<Row>
        label={t('screen.stock')}
        rows={rows}
        error={error}
        rowKey={({ item }) => item}
        openKey={openItem}
        onOpen={({ item }) => go(`/stock/${encodeURIComponent(item)}`)}
        toolbar={{
          search: { value: search, onChange: setSearch, placeholder: t('pos.search') },
          chips: [
            { id: 'low', label: t('stock.low-only'), isOn: isLowOnly, toggle: () => setLowOnly((last) => !last) },
            { id: 'all', label: t('stock.with-all'), isOn: withAll, toggle: () => setWithAll((last) => !last) },
          ],
          isFiltered: search !== '' || isLowOnly,
          onClear: () => {
            setSearch('')
            setLowOnly(false)
          },
        }}
        empty={{
          text: t('stock.none'),
          ...(mayReceive && { primary: { label: t('stock.receive'), run: () => go('/stock/receive') } }),
        }}
        card={(row) => (
          <CardLines
            title={row.name}
            figure={<Quantity value={row.available} unit={row.stockUnit} />}
            below={
              <>
                <span>{row.code}</span>
                {level(row)}
              </>
            }
          />
        )}
        columns={[
          { id: 'name', head: t('screen.item'), cell: (row) => row.name },
          { id: 'code', head: t('crm.code'), cell: (row) => row.code, width: '130px', isMinor: true },
          { id: 'level', head: t('screen.status'), cell: level, width: '120px' },
          {
            id: 'reserved',
            head: t('stock.reserved'),
            cell: (row) => <Quantity value={row.reserved} />,
            align: 'end',
            width: '110px',
            isMinor: true,
          },
          {
            id: 'onHand',
            head: t('stock.on-hand'),
            cell: (row) => <Quantity value={row.onHand} unit={row.stockUnit} />,
            align: 'end',
            width: '140px',
            isMinor: true,
          },
          {
            id: 'available',
            head: t('stock.available'),
            cell: (row) => <Quantity value={row.available} unit={row.stockUnit} />,
            align: 'end',
            width: '140px',
          },
        ]}
      />
    </Page>
  )
}
