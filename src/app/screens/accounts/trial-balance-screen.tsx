// The trial balance, where the profile carries the ledger: accounts with their debit and credit, and the entries of one of them. The sums must
// be equal; the screen says so and never makes them.
import { useState, type ReactNode } from 'react'
import { CardLines } from '../../design/data-cards.tsx'
import { DataList } from '../../design/data-list.tsx'
import { DetailPane } from '../../design/detail-pane.tsx'
import { SelectField } from '../../design/fields.tsx'
import { Page, PageHeader } from '../../design/page.tsx'
import { StatusChip } from '../../design/status-chip.tsx'
import { useView, type RowOfView } from '../../design/use-view.ts'
import { Day, Money } from '../../design/values.tsx'
import { currentLocale, t } from '../../design/words.ts'
import type { ledgerEntries, trialBalances } from '../../../modules/accounting/views.ts'
import { wordOf } from '../customers/customer-tabs.tsx'
import { useWorkplace } from '../shared/use-workplace.ts'
import { LineTable } from '../shared/line-table.tsx'

type Row = RowOfView<typeof trialBalances>

const monthsShown = 24

/** This month and those before it, `YYYY-MM`. */
export function lastMonths(today: string, count = monthsShown): readonly string[] {
  const first = Number(today.slice(0, 4)) * 12 + Number(today.slice(5, 7)) - 1
  return Array.from({ length: count }, (_, back) => {
    const at = first - back
    return `${String(Math.floor(at / 12)).padStart(4, '0')}-${String((at % 12) + 1).padStart(2, '0')}`
  })
}

const monthText = (month: string): string =>
  new Intl.DateTimeFormat(currentLocale(), { month: 'long', year: 'numeric', timeZone: 'UTC' }).format(
    Date.parse(`${month}-01T00:00:00Z`),
  )

/** The company's own name of an account; without one, what its purpose is called. */
function accountName({ name, account }: { readonly name: string | null; readonly account: string }): string {
  if (name !== null) return name
  return account.startsWith('tax-') ? t('ledger.tax', { code: account.slice(4) }) : wordOf('ledger', account)
}

export default function TrialBalanceScreen(): ReactNode {
  const { company, today } = useWorkplace()
  const [month, setMonth] = useState(today.slice(0, 7))
  const [openAccount, setOpen] = useState<string | null>(null)
  const { rows, error } = useView<typeof trialBalances>('accounting.trialBalance', { company, upTo: month })
  const sum = (sign: 1 | -1) => (rows ?? []).reduce((all, { balance }) => all + Math.max(0, sign * balance), 0)
  const [debit, credit] = [sum(1), sum(-1)]
  const open = rows?.find(({ account }) => account === openAccount) ?? null
  const nameOf = (row: Row): string => accountName(row)
  return (
    <Page
      isFilled
      header={
        <PageHeader
          title={t('screen.trial-balance')}
          {...(rows !== null && rows.length > 0 && { subtitle: t('deal.sums', { debit, credit }) })}
          status={
            rows !== null &&
            rows.length > 0 && (
              <StatusChip tone={debit === credit ? 'ok' : 'error'}>
                {debit === credit ? t('accounts.balances') : t('accounts.differs')}
              </StatusChip>
            )
          }
          actions={
            <SelectField
              label={t('accounts.up-to')}
              value={month}
              onChange={setMonth}
              choices={lastMonths(today).map((each) => ({ value: each, label: monthText(each) }))}
            />
          }
        />
      }
      detail={
        open !== null && (
          <DetailPane title={nameOf(open)} subtitle={open.account} onClose={() => setOpen(null)}>
            <Entries company={company} account={open.account} />
          </DetailPane>
        )
      }
    >
      <DataList<Row>
        label={t('screen.trial-balance')}
        rows={rows}
        error={error}
        rowKey={({ account }) => account}
        openKey={openAccount}
        onOpen={({ account }) => setOpen(account)}
        empty={{ text: t('accounts.no-ledger') }}
        card={(row) => (
          <CardLines
            title={accountName(row)}
            figure={t(row.balance > 0 ? 'deal.debit-of' : 'deal.credit-of', { amount: Math.abs(row.balance) })}
            below={<span>{row.account}</span>}
          />
        )}
        columns={[
          { id: 'name', head: t('accounts.account'), cell: nameOf },
          { id: 'code', head: t('crm.code'), cell: (row) => row.account, width: '200px', isMinor: true },
          {
            id: 'debit',
            head: t('accounts.debit'),
            cell: (row) => (row.balance > 0 ? <Money amount={row.balance} /> : ''),
            align: 'end',
            width: '160px',
          },
          {
            id: 'credit',
            head: t('accounts.credit'),
            cell: (row) => (row.balance < 0 ? <Money amount={-row.balance} /> : ''),
            align: 'end',
            width: '160px',
          },
        ]}
      />
    </Page>
  )
}

function Entries({ company, account }: { readonly company: string; readonly account: string }): ReactNode {
  const { rows } = useView<typeof ledgerEntries>('accounting.ledgerEntries', { company, account })
  return (
    <LineTable
      heads={[t('screen.date'), t('accounts.document'), t('screen.amount')]}
      rows={(rows ?? []).map((entry) => ({
        key: entry.id,
        cells: [
          <Day key="on" day={entry.businessDate} />,
          wordOf('ledger-document', entry.document),
          <Money key="amount" amount={entry.amount} />,
        ],
      }))}
    />
  )
}
