// Who buys: a customer of this device, or nobody known. The customer's prices follow by themselves.
import { Button, Modal } from '@mantine/core'
import type { ReactNode } from 'react'
import { ViewPicker } from '../../design/view-picker.tsx'
import { useViewRow } from '../../design/use-view.ts'
import { t } from '../../design/words.ts'
import type { customerCard } from '../../../modules/crm/views.ts'
import type { parties } from '../../../modules/masters/views.ts'
import classes from './sell.module.css'
import type { TicketParty } from './ticket.ts'

export interface CustomerSheetProps {
  readonly isOpen: boolean
  readonly party: TicketParty | null
  readonly onChoose: (party: TicketParty | null) => void
  readonly onClose: () => void
}

export function CustomerSheet({ isOpen, party, onChoose, onClose }: CustomerSheetProps): ReactNode {
  const { row } = useViewRow<typeof customerCard>('crm.customerCard', party === null ? null : { party: party.id })
  const choose = (chosen: TicketParty | null) => {
    onChoose(chosen)
    onClose()
  }
  return (
    <Modal
      opened={isOpen}
      onClose={onClose}
      title={t('screen.customer')}
      closeButtonProps={{ 'aria-label': t('form.close') }}
    >
      <div className={classes['sheet']}>
        <ViewPicker<typeof parties>
          label={t('pos.find-customer')}
          value={row === null || party === null ? null : row}
          autoFocus
          view="masters.parties"
          argsFor={(search) => ({ search, role: 'customer', limit: 20 })}
          rowKey={({ id }) => id}
          rowText={({ name }) => name}
          rowHint={({ code, phone }) => [code, phone].filter((part) => part !== null).join(' · ')}
          onChange={(chosen) =>
            choose(chosen === null ? null : { id: chosen.id, name: chosen.name, territory: chosen.territory })
          }
        />
        <Button variant="default" onClick={() => choose(null)}>
          {t('screen.walk-in')}
        </Button>
      </div>
    </Modal>
  )
}
