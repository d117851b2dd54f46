// The head of the stock's lists: what may be done, how old the numbers are, and its parts as tabs.
import { IconClipboardCheck, IconPackageExport, IconPackageImport } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { Link, useLocation } from 'wouter'
import { useMay, useStatusPart } from '../../design/device-context.ts'
import { ActionBar, PageHeader } from '../../design/page.tsx'
import { useWidth } from '../../design/use-width.ts'
import { t } from '../../design/words.ts'
import { LinkButton } from '../shared/link-button.tsx'
import classes from './stock.module.css'

const tabs = [
  { path: '/stock', text: 'stock.on-hand' },
  { path: '/stock/receipts', text: 'stock.receipts' },
  { path: '/stock/issues', text: 'stock.issues' },
  { path: '/stock/counts', text: 'stock.counts' },
] as const

export function StockHeader(): ReactNode {
  const [location] = useLocation()
  const contactAt = useStatusPart('lastContactAt')
  const isPhone = useWidth() === 'phone'
  const mayReceive = useMay('inventory.receive')
  const mayIssue = useMay('inventory.issue')
  const mayCount = useMay('inventory.count')
  const current = tabs.toReversed().find(({ path }) => location.startsWith(path))?.path
  return (
    <>
      <PageHeader
        title={t('screen.stock')}
        subtitle={contactAt === null ? t('screen.as-of-never') : t('screen.as-of', { at: contactAt })}
        actions={!isPhone && <StockActions />}
      />
      {/* Who only looks has nothing to see in the others. */}
      {(mayReceive || mayIssue || mayCount) && (
        <nav className={classes['tabs']} aria-label={t('stock.tabs')}>
          {tabs.map(({ path, text }) => (
            <Link key={path} href={path} aria-current={path === current ? 'page' : undefined}>
              {t(text)}
            </Link>
          ))}
        </nav>
      )}
    </>
  )
}

/** On a phone they stand in reach of the thumb. */
export function StockBar(): ReactNode {
  const isPhone = useWidth() === 'phone'
  const mayReceive = useMay('inventory.receive')
  const mayIssue = useMay('inventory.issue')
  const mayCount = useMay('inventory.count')
  return isPhone && (mayReceive || mayIssue || mayCount) ? (
    <ActionBar>
      <StockActions />
    </ActionBar>
  ) : null
}

function StockActions(): ReactNode {
  const mayReceive = useMay('inventory.receive')
  const mayIssue = useMay('inventory.issue')
  const mayCount = useMay('inventory.count')
  return (
    <>
      {mayCount && (
        <LinkButton href="/stock/count" icon={<IconClipboardCheck size={18} aria-hidden />}>
          {t('stock.count')}
        </LinkButton>
      )}
      {mayIssue && (
        <LinkButton href="/stock/issue" icon={<IconPackageExport size={18} aria-hidden />}>
          {t('stock.issue')}
        </LinkButton>
      )}
      {mayReceive && (
        <LinkButton variant="filled" href="/stock/receive" icon={<IconPackageImport size={18} aria-hidden />}>
          {t('stock.receive')}
        </LinkButton>
      )}
    </>
  )
}
