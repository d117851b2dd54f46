// A receipt as it was stored, on the screen and on 80 mm paper: number, lines, taxes, payments and the seal as a QR code. It lays out what
// receiptOf gives and computes nothing.
import { useMemo, type ReactNode } from 'react'
import { encode } from 'uqr'
import { useView, useViewRow } from '../../design/use-view.ts'
import { currentLocale, t } from '../../design/words.ts'
import { formatDay, localDecimal } from '../../text/format.ts'
import { receiptOf, type Receipt, type ReceiptHouse } from '../../../modules/pos/receipt.ts'
import { sale, saleLine, tender } from '../../../modules/pos/sale.ts'
import type { receiptHouse } from '../../../modules/pos/till-views.ts'
import type { linesOfSale, saleById, tendersOfSale } from '../../../modules/pos/views.ts'
import type { sealOfNumber } from '../../worker/shell-views.ts'
import { storedRow } from '../shared/stored-row.ts'
import { methodName } from './pay-sheet.tsx'
import classes from './receipt.module.css'

/** The receipt of a sale by its id; null until everything of it was read, or when it isn't on this device. */
export function useReceipt(
  saleId: string,
  copy: number | null,
): { readonly receipt: Receipt | null; readonly hasSeal: boolean; readonly isKnown: boolean } {
  const { row: header, isKnown } = useViewRow<typeof saleById>('pos.saleById', { sale: saleId })
  const { rows: lines } = useView<typeof linesOfSale>('pos.linesOfSale', { sale: saleId })
  const { rows: tenders } = useView<typeof tendersOfSale>('pos.tendersOfSale', { sale: saleId })
  const { row: house } = useViewRow<typeof receiptHouse>('pos.receiptHouse', { sale: saleId })
  const { rows: seals } = useView<typeof sealOfNumber>(
    'shell.sealOfNumber',
    header === null ? null : { number: header.number ?? '' },
  )
  const seal = seals?.[0]?.seal ?? null
  const receipt = useMemo(() => {
    if (header === null || lines === null || tenders === null || house === null || seals === null) return null
    const of: ReceiptHouse = { ...house, address: addressLines(house.address).filter((line) => line !== house.branch) }
    return receiptOf({
      sale: storedRow(sale, header),
      lines: lines.map((line) => storedRow(saleLine, line)),
      tenders: tenders.map((each) => storedRow(tender, each)),
      house: of,
      seal: seal ?? '',
      copy,
    })
  }, [header, lines, tenders, house, seals, seal, copy])
  return { receipt, hasSeal: seal !== null, isKnown }
}

function addressLines(address: string | null): readonly string[] {
  if (address === null) return []
  const { lines = [], town, postcode } = JSON.parse(address) as { lines?: string[]; town?: string; postcode?: string }
  return [...lines, [town, postcode].filter((part) => part !== undefined).join(' ')].filter((line) => line !== '')
}

/** `hasSeal`: another device's sale is shown without its code, because only the till that made it holds the seal. */
export function ReceiptPaper({
  receipt,
  hasSeal,
}: {
  readonly receipt: Receipt
  readonly hasSeal: boolean
}): ReactNode {
  const { house } = receipt
  const local = (decimal: string): string => localDecimal(decimal, currentLocale())
  return (
    <article className={classes['paper']} aria-label={t('pos.receipt-of', { number: receipt.number })}>
      <header className={classes['house']}>
        <strong>{house.name}</strong>
        <span>{house.branch}</span>
        {house.address.map((line) => (
          <span key={line}>{line}</span>
        ))}
        {house.taxId !== null && <span>{t('pos.tax-id', { id: house.taxId })}</span>}
      </header>
      {receipt.copy !== null && <p className={classes['copy']}>{t('pos.copy', { number: receipt.copy })}</p>}
      {receipt.kind !== 'sale' && (
        <p className={classes['copy']}>{t(receipt.kind === 'return' ? 'pos.return' : 'pos.exchange')}</p>
      )}
      <ul className={classes['lines']}>
        {receipt.lines.map((line, at) => (
          <li key={`${line.code} ${at}`}>
            <span>{line.name}</span>
            <span>{local(line.amount)}</span>
            <small>
              {local(line.quantity)} {line.unit} × {local(line.rate)}
              {line.discount !== null && ` − ${local(line.discount.replace('-', ''))}`}
            </small>
            {line.serials.length > 0 && <small>{t('pos.serial-of', { serials: line.serials })}</small>}
          </li>
        ))}
      </ul>
      <dl className={classes['sums']}>
        <dt>
          <strong>{t('screen.total')}</strong>
        </dt>
        <dd>
          <strong>
            {local(receipt.total)} {receipt.currency}
          </strong>
        </dd>
        {receipt.cashRounding !== null && <Pair name={t('pos.rounding-line')} value={local(receipt.cashRounding)} />}
        {receipt.tenders.map((each, at) => (
          <Pair key={`${each.method} ${at}`} name={methodName(each.method)} value={local(each.given ?? each.amount)} />
        ))}
        {receipt.change !== null && <Pair name={t('pos.change')} value={local(receipt.change)} />}
      </dl>
      <dl className={classes['sums']}>
        {receipt.taxes.map((tax) => (
          <Pair
            key={`${tax.code} ${tax.percent}`}
            name={t('pos.tax-line', { percent: local(tax.percent), base: local(tax.base) })}
            value={local(tax.tax)}
          />
        ))}
      </dl>
      <footer className={classes['foot']}>
        {hasSeal && <QrCode text={receipt.code} />}
        <strong>{receipt.number}</strong>
        <span>
          {new Intl.DateTimeFormat(currentLocale(), {
            dateStyle: 'medium',
            timeStyle: 'short',
            timeZone: receipt.tz,
          }).format(receipt.capturedAt)}
        </span>
        {receipt.originalNumber !== null && <span>{t('pos.return-of', { number: receipt.originalNumber })}</span>}
        {receipt.party !== null && <span>{receipt.party}</span>}
        <span>{t('pos.served-by', { cashier: house.cashier, till: house.till })}</span>
        <span className={classes['day']}>{formatDay(receipt.businessDate, currentLocale())}</span>
      </footer>
    </article>
  )
}

const Pair = ({ name, value }: { readonly name: string; readonly value: string }): ReactNode => (
  <>
    <dt>{name}</dt>
    <dd>{value}</dd>
  </>
)

/** One path of squares: crisp on paper, and no image to load. */
function QrCode({ text }: { readonly text: string }): ReactNode {
  const { size, path } = useMemo(() => {
    const { data, size } = encode(text, { ecc: 'M', border: 1 })
    const squares = data.flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? [`M${x} ${y}h1v1h-1z`] : [])))
    return { size, path: squares.join('') }
  }, [text])
  return (
    <svg
      className={classes['code']}
      viewBox={`0 0 ${size} ${size}`}
      role="img"
      aria-label={t('pos.seal-code')}
      shapeRendering="crispEdges"
    >
      <rect width={size} height={size} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  )
}
