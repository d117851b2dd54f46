// What the customer has earned and hasn't taken yet ("3 for 2", a mug with the coffee): added by one touch, and free by the company's own
// rule. It grants nothing itself.
import { Button } from '@mantine/core'
import { IconGift } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useView } from '../../design/use-view.ts'
import { currentLocale, t } from '../../design/words.ts'
import { formatQuantity } from '../../text/format.ts'
import type { items } from '../../../modules/masters/views.ts'
import type { FreeGoods } from '../../../modules/pricing/price-types.ts'
import type { Addable } from './ticket.ts'
import classes from './sell.module.css'

export interface FreeOffersProps {
  readonly offered: readonly FreeGoods[]
  readonly onAdd: (item: Addable, unit: string, quantity: number) => void
}

export function FreeOffers({ offered, onAdd }: FreeOffersProps): ReactNode {
  const ids = [...new Set(offered.map(({ item }) => item))].sort()
  const { rows } = useView<typeof items>('masters.items', ids.length === 0 ? null : { ids, limit: ids.length })
  const known = new Map((rows ?? []).map((row) => [row.id, row]))
  const shown = offered.flatMap((goods) => {
    const item = known.get(goods.item)
    return item === undefined ? [] : [{ goods, item }]
  })
  if (shown.length === 0) return null
  return (
    <ul className={classes['offers']} aria-label={t('pos.free-offers')}>
      {shown.map(({ goods, item }) => (
        <li key={`${goods.rule} ${goods.item}`}>
          <IconGift size={18} aria-hidden />
          <span>
            {t('pos.free-offer', {
              quantity: formatQuantity(goods.quantity, currentLocale()),
              unit: goods.unit,
              name: item.name,
            })}
          </span>
          <Button variant="default" onClick={() => onAdd(item, goods.unit, goods.quantity)}>
            {t('pos.add-free')}
          </Button>
        </li>
      ))}
    </ul>
  )
}
