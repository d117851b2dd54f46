// What can be sold: groups, search and tiles with today's price. A touch adds one to the ticket. It reads the catalogue of this device only.
import { CloseButton, TextInput } from '@mantine/core'
import { IconSearch } from '@tabler/icons-react'
import { useDeferredValue, useMemo, useState, type ReactNode, type RefObject } from 'react'
import { EmptyState } from '../../design/empty-state.tsx'
import { useView } from '../../design/use-view.ts'
import { currentLocale, t } from '../../design/words.ts'
import { formatMoney } from '../../text/format.ts'
import { lineAmount, ONE6, quantity6 } from '../../../kernel/amount.ts'
import type { items } from '../../../modules/masters/views.ts'
import type { itemGroups } from '../../../modules/pos/till-views.ts'
import { quoteLine, type PriceReader } from '../../../modules/pricing/quote.ts'
import { usePriceReader } from '../shared/use-quote.ts'
import type { Addable } from './ticket.ts'
import type { SaleSettings } from './ticket-sale.ts'
import tiles from './catalogue.module.css'
import classes from './sell.module.css'

const tilesMax = 60

export interface CatalogueProps {
  readonly settings: SaleSettings
  readonly party: string | null
  readonly onAdd: (item: Addable) => void
  readonly search: RefObject<HTMLInputElement | null>
}

export function Catalogue({ settings, party, onAdd, search }: CatalogueProps): ReactNode {
  const [typed, setTyped] = useState('')
  const [group, setGroup] = useState<string | null>(null)
  const wanted = useDeferredValue(typed)
  const { rows: groups } = useView<typeof itemGroups>('pos.itemGroups', {})
  const { rows } = useView<typeof items>('masters.items', {
    search: wanted,
    ...(group !== null && wanted === '' && { group }),
    limit: tilesMax,
  })
  const reader = usePriceReader(
    useMemo(() => (rows ?? []).map(({ id }) => id), [rows]),
    party,
  )
  const clear = () => {
    setTyped('')
    setGroup(null)
  }
  return (
    <section className={tiles['catalogue']} aria-label={t('pos.catalogue')}>
      <TextInput
        ref={search}
        type="search"
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
        onKeyDown={(event) => {
          const first = rows?.[0]
          if (event.key !== 'Enter' || typed === '' || first === undefined) return
          onAdd(first)
          setTyped('')
        }}
        placeholder={t('pos.search')}
        aria-label={t('pos.search')}
        leftSection={<IconSearch size={18} aria-hidden />}
        rightSection={typed === '' ? null : <CloseButton aria-label={t('form.clear')} onClick={() => setTyped('')} />}
        size="md"
        autoComplete="off"
        enterKeyHint="go"
      />
      <div className={classes['groups']} role="group" aria-label={t('pos.groups')}>
        <button type="button" className={classes['chip']} aria-pressed={group === null} onClick={() => setGroup(null)}>
          {t('screen.all')}
        </button>
        {(groups ?? []).map((each) => (
          <button
            key={each.group}
            type="button"
            className={classes['chip']}
            aria-pressed={group === each.group}
            onClick={() => setGroup(each.group)}
          >
            {groupName(each.group)}
          </button>
        ))}
      </div>
      {rows !== null && rows.length === 0 ? (
        <EmptyState
          kind="no-match"
          text={t('pos.nothing-found', { typed: wanted })}
          secondary={{ label: t('list.clear'), run: clear }}
        />
      ) : (
        <ul className={tiles['tiles']} aria-label={t('pos.items')}>
          {(rows ?? []).map((item) => (
            <li key={item.id}>
              <button type="button" className={tiles['tile']} onClick={() => onAdd(item)}>
                <span className={tiles['tile-name']}>{item.name}</span>
                <span className={tiles['tile-foot']}>
                  <span className={classes['dim']}>{item.code}</span>
                  <strong>{priceText(reader, item, settings, party)}</strong>
                </span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}

/** Groups are keys like `power-tools`; people read them as words. */
export const groupName = (group: string): string => {
  const words = group.replaceAll('-', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}

function priceText(
  reader: PriceReader | null,
  item: { id: string; stockUnit: string },
  settings: SaleSettings,
  party: string | null,
): string {
  if (reader === null) return ''
  const { businessDate, currency, minorDigits, pricesIncludeTax, priceList } = settings
  const given = { businessDate, currency, minorDigits, pricesIncludeTax, party, profileList: priceList }
  const quoted = quoteLine(reader, given, { item: item.id, unit: item.stockUnit, quantity: quantity6(ONE6) })
  return quoted.source === null
    ? '–'
    : formatMoney(lineAmount(quantity6(ONE6), quoted.rate, minorDigits), currency, currentLocale())
}
