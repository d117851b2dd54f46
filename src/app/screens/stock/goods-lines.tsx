// Goods while they are scanned: the scan field first, the last scan in large with its undo, then the lines. It keeps nothing by itself and
// shows no stock, so that a count stays blind.
import { useState, type ReactNode } from 'react'
import { useDevice } from '../../design/device-context.ts'
import { Section } from '../../design/page.tsx'
import { ScanInput } from '../../design/scan-input.tsx'
import { ViewPicker } from '../../design/view-picker.tsx'
import { refusalText, t } from '../../design/words.ts'
import type { Refusal } from '../../../kernel/refusal.ts'
import type { items } from '../../../modules/masters/views.ts'
import { lineOfRefusal } from '../shared/refusal-note.tsx'
import { addGoods, changeGoods, removeGoods, undoScan, type CountableItem, type GoodsDraft } from './goods-draft.ts'
import { GoodsRow, type GoodsMode } from './goods-row.tsx'
import { LastScan } from './last-scan.tsx'
import classes from './stock.module.css'

export interface GoodsLinesProps extends Pick<GoodsDraft, 'lines' | 'last'> {
  readonly mode: GoodsMode
  readonly refusal: Refusal | null
  readonly onChange: (next: (before: GoodsDraft) => GoodsDraft) => void
}

export function GoodsLines({ lines, last, mode, refusal, onChange }: GoodsLinesProps): ReactNode {
  const device = useDevice()
  const [unknown, setUnknown] = useState<string | null>(null)
  const scanned = async (code: string) => {
    const { rows } = await device.query('masters.itemByScan', { scanned: code })
    const found = rows[0] as unknown as (CountableItem & { unit: string }) | undefined
    setUnknown(found === undefined ? code : null)
    if (found !== undefined) onChange((before) => addGoods(before, found, found.unit))
  }
  const about = lineOfRefusal(refusal)
  return (
    <Section title={t('stock.goods')}>
      <div className={classes['scan']}>
        <ScanInput onCode={(code) => void scanned(code)} autoFocus />
        <ViewPicker<typeof items>
          label={t('pos.add-item')}
          value={null}
          view="masters.items"
          argsFor={(search) => ({ search, limit: 20 })}
          rowKey={({ id }) => id}
          rowText={({ name }) => name}
          rowHint={({ code }) => code}
          onChange={(item) => item !== null && onChange((before) => addGoods(before, item))}
        />
      </div>
      <LastScan
        line={lines.find(({ key }) => key === last) ?? null}
        unknown={unknown}
        onUndo={(key) => onChange((before) => undoScan(before, key))}
      />
      <ol className={classes['rows']} aria-label={t('stock.goods')}>
        {lines.map((line, at) => (
          <GoodsRow
            key={line.key}
            line={line}
            mode={mode}
            problem={about === `line/${at}` && refusal !== null ? refusalText(refusal.code, refusal.facts) : null}
            onChange={(next) => onChange((before) => changeGoods(before, line.key, next))}
            onRemove={() => onChange((before) => removeGoods(before, line.key))}
          />
        ))}
      </ol>
    </Section>
  )
}
