// The ticket beside the catalogue: its lines with what they come to, the totals, and the way to pay. A refusal stands at the line that it is
// about. It shows sums and computes none.
import { ActionIcon, Button } from '@mantine/core'
import { IconAlertTriangle, IconTag, IconUser, IconX } from '@tabler/icons-react'
import { memo, type ReactNode } from 'react'
import { EmptyState } from '../../design/empty-state.tsx'
import { Money } from '../../design/values.tsx'
import { currentLocale, refusalText, t } from '../../design/words.ts'
import { formatQuantity } from '../../text/format.ts'
import type { Refusal } from '../../../kernel/refusal.ts'
import type { LineTotals } from '../../../modules/pricing/price-types.ts'
import type { Quote, QuotedLine } from '../../../modules/pricing/quote.ts'
import { lineOfRefusal } from '../shared/refusal-note.tsx'
import { RateText } from '../shared/rate-text.tsx'
import { FreeOffers, type FreeOffersProps } from './free-offers.tsx'
import type { Ticket, TicketLine } from './ticket.ts'
import type { PricedTicket } from './ticket-sale.ts'
import classes from './sell.module.css'

export interface TicketPanelProps {
  readonly ticket: Ticket
  readonly quote: Quote | null
  readonly priced: PricedTicket | null
  readonly currency: string
  readonly selected: string | null
  readonly refusal: Refusal | null
  readonly onSelect: (key: string) => void
  readonly onEdit: (key: string) => void
  readonly onRemove: (key: string) => void
  readonly onAddFree: FreeOffersProps['onAdd']
  readonly onCustomer: () => void
  readonly onDiscount: () => void
  readonly onPay: () => void
}

const noOffers: Quote['offered'] = []

export function TicketPanel(props: TicketPanelProps): ReactNode {
  const { ticket, quote, priced, currency, selected, refusal, onCustomer, onDiscount, onPay } = props
  const totals = priced?.totals ?? null
  const about = lineOfRefusal(refusal)
  return (
    <section className={classes['ticket']} aria-label={t('pos.ticket')}>
      <div className={classes['ticket-head']}>
        <button type="button" className={classes['customer']} onClick={onCustomer}>
          <IconUser size={18} aria-hidden />
          <span>{ticket.party?.name ?? t('screen.walk-in')}</span>
        </button>
        {ticket.heldName !== null && <span className={classes['dim']}>{ticket.heldName}</span>}
      </div>
      {ticket.lines.length === 0 ? (
        <EmptyState text={t('pos.ticket-empty')} />
      ) : (
        <ol className={classes['lines']} aria-label={t('pos.lines')}>
          {ticket.lines.map((line, at) => (
            <Line
              key={line.key}
              line={line}
              quoted={quote?.lines.find((each) => each.line === line.key)}
              sums={totals?.ok === true ? totals.lines[at] : undefined}
              currency={currency}
              isSelected={line.key === selected}
              problem={about === `line/${at}` && refusal !== null ? refusalText(refusal.code, refusal.facts) : null}
              onSelect={props.onSelect}
              onEdit={props.onEdit}
              onRemove={props.onRemove}
            />
          ))}
        </ol>
      )}
      <FreeOffers offered={quote?.offered ?? noOffers} onAdd={props.onAddFree} />
      <div className={classes['ticket-foot']}>
        {totals !== null && !totals.ok && (
          <p className={classes['problem']} role="alert">
            {refusalText(totals.code, totals.facts)}
          </p>
        )}
        {ticket.lines.length > 0 && (
          <dl className={classes['sums']}>
            {totals?.ok === true && totals.discount !== 0 && (
              <>
                <dt>{t('screen.discount')}</dt>
                <dd>
                  <Money amount={-totals.discount} currency={currency} />
                </dd>
              </>
            )}
            <dt>{t('pos.tax-of-it')}</dt>
            <dd>{totals?.ok === true ? <Money amount={totals.tax} currency={currency} /> : '–'}</dd>
            <dt className={classes['total']}>{t('screen.total')}</dt>
            <dd className={classes['total']} data-testid="ticket-total">
              {totals?.ok === true ? <Money amount={totals.total} currency={currency} /> : '–'}
            </dd>
          </dl>
        )}
        <div className={classes['pay-row']}>
          <Button
            variant="default"
            size="md"
            onClick={onDiscount}
            disabled={ticket.lines.length === 0}
            leftSection={<IconTag size={18} aria-hidden />}
          >
            {t('screen.discount')}
          </Button>
          <Button className={classes['pay'] ?? ''} onClick={onPay} disabled={priced?.isReady !== true}>
            {t('pos.pay')} <kbd>F9</kbd>
          </Button>
        </div>
      </div>
    </section>
  )
}

interface LineProps {
  readonly line: TicketLine
  readonly quoted: QuotedLine | undefined
  readonly sums: LineTotals | undefined
  readonly currency: string
  readonly isSelected: boolean
  readonly problem: string | null
  readonly onSelect: (key: string) => void
  readonly onEdit: (key: string) => void
  readonly onRemove: (key: string) => void
}

const Line = memo(function Line({
  line,
  quoted,
  sums,
  currency,
  isSelected,
  problem,
  onSelect,
  onEdit,
  onRemove,
}: LineProps): ReactNode {
  const wrong = problem ?? lineProblem(line, quoted)
  return (
    <li className={classes['line']} data-selected={isSelected || undefined}>
      <button
        type="button"
        className={classes['line-main']}
        aria-current={isSelected || undefined}
        onFocus={() => onSelect(line.key)}
        onClick={() => onEdit(line.key)}
      >
        <span className={classes['line-name']}>{line.name}</span>
        <span className={classes['line-sum']}>
          {sums === undefined ? (
            ''
          ) : (
            <Money amount={sums.gross - sums.ruleDiscount - sums.lineDiscount} currency={currency} />
          )}
        </span>
        <span className={classes['dim']}>
          {formatQuantity(line.quantity, currentLocale())} {line.unit} ×{' '}
          {quoted?.source == null ? '–' : <RateText rate={quoted.rate} currency={currency} />}
          {quoted?.source === 'manual' && ` · ${t('pos.price-by-hand')}`}
          {quoted !== undefined && offerOf(quoted)}
          {line.discount !== null && ` · ${t('screen.discount')}`}
          {line.serials.length > 0 && ` · ${line.serials.join(', ')}`}
        </span>
        {wrong !== null && (
          <span className={classes['line-problem']} role="alert">
            <IconAlertTriangle size={14} aria-hidden /> {wrong}
          </span>
        )}
      </button>
      <ActionIcon
        variant="subtle"
        color="gray"
        size={40}
        onClick={() => onRemove(line.key)}
        aria-label={t('pos.remove-line', { name: line.name })}
      >
        <IconX size={18} />
      </ActionIcon>
    </li>
  )
})

function offerOf({ free, rules }: QuotedLine): string {
  if (free > 0) return ` · ${t('pos.free-of-line', { quantity: formatQuantity(free, currentLocale()) })}`
  return rules.length > 0 ? ` · ${t('pos.offer')}` : ''
}

/** What keeps a line from being sold, before anything was tried. */
function lineProblem(line: TicketLine, quoted: QuotedLine | undefined): string | null {
  if (line.hasSerial && line.serials.length === 0) return t('pos.serial-needed')
  return quoted?.flaw == null ? null : refusalText(quoted.flaw, { item: line.code, unit: line.unit })
}
