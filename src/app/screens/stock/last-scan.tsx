// The last scan in large: what it was and how many there are now, or that nobody knows the code; with a word and an icon, not by colour alone.
import { Button } from '@mantine/core'
import { IconAlertTriangle, IconCircleCheck } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { currentLocale, t } from '../../design/words.ts'
import { formatQuantity } from '../../text/format.ts'
import type { GoodsLine } from './goods-draft.ts'
import classes from './stock.module.css'

export function LastScan({
  line,
  unknown,
  onUndo,
}: {
  readonly line: GoodsLine | null
  readonly unknown: string | null
  readonly onUndo: (key: string) => void
}): ReactNode {
  return (
    <div aria-live="assertive">
      {unknown !== null ? (
        <div className={classes['last']} data-tone="error">
          <IconAlertTriangle size={32} aria-hidden />
          <div>
            <strong>{t('pos.unknown-code')}</strong>
            <p>{t('pos.unknown-code-text', { code: unknown })}</p>
          </div>
        </div>
      ) : (
        line !== null && (
          <div className={classes['last']} data-tone="ok">
            <IconCircleCheck size={32} aria-hidden />
            <div>
              <strong>{line.name}</strong>
              <p>
                {formatQuantity(line.quantity, currentLocale())} {line.unit}
              </p>
            </div>
            <Button variant="default" onClick={() => onUndo(line.key)}>
              {t('stock.undo')}
            </Button>
          </div>
        )
      )}
    </div>
  )
}
