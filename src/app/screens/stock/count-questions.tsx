// Movements so near to a count that the clocks can't tell which came first: the stock controller says it, and the books follow.
import { Button } from '@mantine/core'
import type { ReactNode } from 'react'
import { useMay } from '../../design/device-context.ts'
import { Section } from '../../design/page.tsx'
import { useView } from '../../design/use-view.ts'
import { Quantity } from '../../design/values.tsx'
import { t } from '../../design/words.ts'
import type { countQuestions } from '../../../modules/inventory/count-views.ts'
import type { decideMovement } from '../../../modules/inventory/decide-movement.ts'
import { RefusalNote } from '../shared/refusal-note.tsx'
import { useSave } from '../shared/use-save.ts'
import { useWorkplace } from '../shared/use-workplace.ts'
import classes from './stock.module.css'

export function CountQuestions({ count }: { readonly count: string }): ReactNode {
  const { today } = useWorkplace()
  const mayDecide = useMay('inventory.settleCount')
  const { rows } = useView<typeof countQuestions>('inventory.countQuestions', { count })
  const { save, refusal, isSaving } = useSave()
  if (rows === null || rows.length === 0) return null
  const decide = (move: string, isInCount: boolean) =>
    void save<typeof decideMovement>('inventory.decideMovement', { move, isInCount, businessDate: today })
  return (
    <Section title={t('stock.count-questions')}>
      <ol className={classes['rows']} aria-label={t('stock.count-questions')}>
        {rows.map((row) => (
          <li key={row.move} className={classes['row']}>
            <strong>{row.name ?? '–'}</strong>
            <span>
              <Quantity value={row.quantity} unit={row.stockUnit} />
              <span className={classes['below']}>
                {t('stock.count-question', { moved: row.movedAt, counted: row.countedAt })}
              </span>
            </span>
            {mayDecide && (
              <span>
                <Button variant="default" size="sm" loading={isSaving} onClick={() => decide(row.move, true)}>
                  {t('stock.count-has-it')}
                </Button>{' '}
                <Button variant="default" size="sm" loading={isSaving} onClick={() => decide(row.move, false)}>
                  {t('stock.count-has-not')}
                </Button>
              </span>
            )}
          </li>
        ))}
      </ol>
      <RefusalNote refusal={refusal} />
    </Section>
  )
}
