// The X report of an open shift and the Z report of a closed one: sales, taxes, money and openings of the drawer, then the counts. An open
// shift shows no expected cash: the count at its close is blind.
import { Button } from '@mantine/core'
import { IconPrinter } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { Page, PageHeader, Section } from '../../design/page.tsx'
import { useView } from '../../design/use-view.ts'
import { Money } from '../../design/values.tsx'
import { currentLocale, t } from '../../design/words.ts'
import { formatQuantity } from '../../text/format.ts'
import { hasText } from '../../text/translate.ts'
import type { shiftCounts } from '../../../modules/pos/till-views.ts'
import type { ReportLine, shiftReport } from '../../../modules/pos/views.ts'
import { BackLink } from '../shared/back-link.tsx'
import { LinkButton } from '../shared/link-button.tsx'
import { useWorkplace } from '../shared/use-workplace.ts'
import { methodName } from './pay-sheet.tsx'
import tables from './counting.module.css'
import classes from './sell.module.css'

const nameOf = (line: ReportLine): string => {
  if (line.section === 'taxes') return `${line.name} ${formatQuantity(Number(line.detail), currentLocale())} %`
  if (line.section === 'cash') {
    const [method = '', kind = ''] = line.name.split('/')
    return `${methodName(method)} · ${wordOf('pos.cash-kind', kind)}`
  }
  return wordOf(line.section === 'sales' ? 'pos.sale-kind' : 'pos.drawer-kind-of', line.name)
}

const wordOf = (prefix: string, code: string): string => {
  const key = `${prefix}.${code}`
  return hasText(key) ? t(key) : code
}

export function ShiftReport({ shift, isOpen }: { readonly shift: string; readonly isOpen: boolean }): ReactNode {
  const { currency } = useWorkplace()
  const { rows } = useView<typeof shiftReport>('pos.shiftReport', { shift })
  const { rows: counts } = useView<typeof shiftCounts>('pos.shiftCounts', { shift })
  if (rows === null || counts === null) return null
  // Cash sums would tell what the drawer holds.
  const sections = (['sales', 'taxes', 'cash', 'drawer'] as const).filter((section) => !isOpen || section !== 'cash')
  const difference = counts.reduce((sum, count) => sum + count.difference, 0)
  return (
    <Page
      isNarrow
      header={
        <PageHeader
          title={isOpen ? t('pos.x-report') : t('pos.z-report', { number: counts[0]?.number ?? '' })}
          back={<BackLink href="/sell" />}
          actions={
            <Button variant="default" leftSection={<IconPrinter size={18} aria-hidden />} onClick={() => print()}>
              {t('pos.print')}
            </Button>
          }
        />
      }
    >
      {counts.length > 0 && (
        <Section
          title={difference === 0 ? t('pos.count-fits') : difference < 0 ? t('pos.count-short') : t('pos.count-over')}
        >
          <table className={tables['report']}>
            <thead>
              <tr>
                <th scope="col">{t('pos.method')}</th>
                <th scope="col">{t('pos.counted')}</th>
                <th scope="col">{t('pos.expected')}</th>
                <th scope="col">{t('pos.difference')}</th>
              </tr>
            </thead>
            <tbody>
              {counts.map((count) => (
                <tr key={`${count.method} ${count.currency}`}>
                  <th scope="row">{methodName(count.method)}</th>
                  <td>
                    <Money amount={count.counted} currency={count.currency} />
                  </td>
                  <td>
                    <Money amount={count.expected} currency={count.currency} />
                  </td>
                  <td data-tone={count.difference === 0 ? undefined : 'attention'}>
                    <Money amount={count.difference} currency={count.currency} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </Section>
      )}
      {sections.map((section) => {
        const lines = rows.filter((row) => row.section === section)
        return (
          <Section key={section} title={t(`pos.report-${section}`)}>
            {lines.length === 0 ? (
              <p className={classes['dim']}>{t('screen.none')}</p>
            ) : (
              <table className={tables['report']}>
                <tbody>
                  {lines.map((line) => (
                    <tr key={`${line.name} ${line.detail ?? ''}`}>
                      <th scope="row">{nameOf(line)}</th>
                      <td className={classes['dim']}>
                        {section === 'taxes' ? <Money amount={line.besideMinor} currency={currency} /> : line.count}
                      </td>
                      <td>
                        <Money amount={line.amountMinor} currency={section === 'cash' ? line.detail : currency} />
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            )}
          </Section>
        )
      })}
      <LinkButton href="/sell">{t(isOpen ? 'pos.sell' : 'pos.open-shift')}</LinkButton>
    </Page>
  )
}
