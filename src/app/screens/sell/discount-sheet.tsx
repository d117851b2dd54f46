// A discount on the whole ticket.
import { Button, Modal } from '@mantine/core'
import type { ReactNode } from 'react'
import { t } from '../../design/words.ts'
import type { Discount } from '../../../modules/pricing/price-types.ts'
import { DiscountField } from './line-sheet.tsx'
import classes from './sell.module.css'

export interface DiscountSheetProps {
  readonly isOpen: boolean
  readonly discount: Discount | null
  readonly currency: string
  readonly onChange: (discount: Discount | null) => void
  readonly onClose: () => void
}

export function DiscountSheet({ isOpen, discount, currency, onChange, onClose }: DiscountSheetProps): ReactNode {
  return (
    <Modal
      opened={isOpen}
      onClose={onClose}
      title={t('pos.discount-on-all')}
      closeButtonProps={{ 'aria-label': t('form.close') }}
    >
      <form
        className={classes['sheet']}
        onSubmit={(event) => {
          event.preventDefault()
          onClose()
        }}
      >
        <DiscountField
          label={t('screen.discount')}
          discount={discount}
          currency={currency}
          autoFocus
          onChange={onChange}
        />
        <div className={classes['sheet-buttons']}>
          <Button variant="default" onClick={() => onChange(null)}>
            {t('pos.no-discount')}
          </Button>
          <Button type="submit">{t('screen.done')}</Button>
        </div>
      </form>
    </Modal>
  )
}
