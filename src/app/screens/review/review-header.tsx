// The head of all three lists of the review: title, and tabs with how many wait in each.
import type { ReactNode } from 'react'
import { Link, useLocation } from 'wouter'
import { PageHeader } from '../../design/page.tsx'
import { useView } from '../../design/use-view.ts'
import { t } from '../../design/words.ts'
import type { exceptionList, lostList, parkedList } from '../../../modules/review/views.ts'
import classes from './review.module.css'

export function ReviewHeader(): ReactNode {
  const [location] = useLocation()
  const { rows: parked } = useView<typeof parkedList>('review.parkedList', {})
  const { rows: raised } = useView<typeof exceptionList>('review.exceptionList', {})
  const { rows: lost } = useView<typeof lostList>('review.lostList', {})
  const tabs = [
    { path: '/review', text: t('review.parked', { count: parked?.length ?? 0 }) },
    { path: '/review/exceptions', text: t('review.exceptions', { count: raised?.length ?? 0 }) },
    { path: '/review/values', text: t('review.values', { count: lost?.length ?? 0 }) },
  ]
  const current = tabs.toReversed().find(({ path }) => location.startsWith(path))?.path
  return (
    <>
      <PageHeader title={t('screen.review')} subtitle={t('review.lead')} />
      <nav className={classes['tabs']} aria-label={t('review.tabs')}>
        {tabs.map(({ path, text }) => (
          <Link key={path} href={path} aria-current={path === current ? 'page' : undefined}>
            {text}
          </Link>
        ))}
      </nav>
    </>
  )
}
