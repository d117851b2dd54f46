// Parking a ticket under a name and taking one back. A parked ticket is a command like any other: it survives the device and is seen at the
// close of the shift.
import { Button, Modal } from '@mantine/core'
import { useState, type ReactNode } from 'react'
import { TextField } from '../../design/fields.tsx'
import { useView, type RowOfView } from '../../design/use-view.ts'
import { When } from '../../design/values.tsx'
import { t } from '../../design/words.ts'
import type { dropHeldSale } from '../../../modules/pos/drop-held-sale.ts'
import type { holdSale } from '../../../modules/pos/hold-sale.ts'
import type { resumeSale } from '../../../modules/pos/resume-sale.ts'
import type { heldSales } from '../../../modules/pos/views.ts'
import { RefusalNote } from '../shared/refusal-note.tsx'
import { useSave, type Saver } from '../shared/use-save.ts'
import classes from './sell.module.css'
import { newTicket, type Ticket } from './ticket.ts'
import type { Till } from './till.ts'
import type { KeptTicket } from './use-ticket.ts'

type Held = RowOfView<typeof heldSales>

export interface Parking {
  readonly held: readonly Held[]
  readonly saver: Saver
  readonly hasLines: boolean
  readonly suggestion: string
  park(name: string): Promise<boolean>
  recall(held: Held): Promise<boolean>
  /** Gives the ticket up; a parked one needs a reason. */
  drop(reason: string): Promise<void>
}

export function useParking(till: Till, kept: KeptTicket): Parking {
  const saver = useSave()
  const { rows } = useView<typeof heldSales>('pos.heldSales', { till: till.till })
  const { ticket, change, clear } = kept
  return {
    // The one on the ticket is not waiting.
    held: (rows ?? []).filter(({ id }) => id !== ticket?.heldSale),
    saver,
    hasLines: (ticket?.lines.length ?? 0) > 0,
    suggestion: ticket?.heldName ?? ticket?.party?.name ?? '',
    async park(name) {
      if (ticket === null) return false
      const basket = { ...ticket, tenders: [], isPaying: false, pending: null, heldSale: null, heldName: null }
      const party = ticket.party === null ? {} : { party: ticket.party.id }
      // A ticket that was taken back and is parked again leaves its old place first.
      if (
        ticket.heldSale !== null &&
        (await saver.save<typeof dropHeldSale>(
          'pos.dropHeldSale',
          { heldSale: ticket.heldSale, reason: t('pos.parked-again') },
          { isQuiet: true },
        )) === null
      )
        return false
      const saved = await saver.save<typeof holdSale>(
        'pos.holdSale',
        { shift: till.shift, businessDate: till.businessDate, name, basket, ...party },
        { requestKey: `${ticket.id}/park` },
      )
      if (saved === null) return false
      clear()
      return true
    },
    async recall(held) {
      if (
        held.state === 'held' &&
        (await saver.save<typeof resumeSale>('pos.resumeSale', { heldSale: held.id }, { isQuiet: true })) === null
      )
        return false
      const basket = JSON.parse(held.basket) as Ticket
      change(() => ({
        ...newTicket(crypto.randomUUID()),
        ...basket,
        id: crypto.randomUUID(),
        heldSale: held.id,
        heldName: held.name,
      }))
      return true
    },
    async drop(reason) {
      if (
        ticket?.heldSale != null &&
        (await saver.save<typeof dropHeldSale>('pos.dropHeldSale', { heldSale: ticket.heldSale, reason })) === null
      )
        return
      clear()
    },
  }
}

export function ParkedSheet({
  mode,
  parking,
  onClose,
}: {
  readonly mode: 'park' | 'parked' | null
  readonly parking: Parking
  readonly onClose: () => void
}): ReactNode {
  const title = mode === 'park' ? t('pos.park') : t('pos.parked')
  return (
    <Modal opened={mode !== null} onClose={onClose} title={title} closeButtonProps={{ 'aria-label': t('form.close') }}>
      {mode === 'park' ? <Park parking={parking} onClose={onClose} /> : <Parked parking={parking} onClose={onClose} />}
    </Modal>
  )
}

function Park({ parking, onClose }: { readonly parking: Parking; readonly onClose: () => void }): ReactNode {
  const [name, setName] = useState(parking.suggestion)
  const [isMissing, setMissing] = useState(false)
  const submit = async () => {
    if (name.trim() === '') setMissing(true)
    else if (await parking.park(name.trim())) onClose()
  }
  return (
    <form
      className={classes['sheet']}
      onSubmit={(event) => {
        event.preventDefault()
        void submit()
      }}
    >
      <TextField
        label={t('pos.park-name')}
        help={t('pos.park-name-help')}
        value={name}
        onChange={setName}
        autoFocus
        error={isMissing ? t('form.required') : null}
        lengthMax={200}
      />
      <RefusalNote refusal={parking.saver.refusal} />
      <div className={classes['sheet-buttons']}>
        <Button variant="default" onClick={onClose}>
          {t('form.cancel')}
        </Button>
        <Button type="submit" loading={parking.saver.isSaving}>
          {t('pos.park')}
        </Button>
      </div>
    </form>
  )
}

function Parked({ parking, onClose }: { readonly parking: Parking; readonly onClose: () => void }): ReactNode {
  const recall = async (held: Held) => {
    if (await parking.recall(held)) onClose()
  }
  return (
    <div className={classes['sheet']}>
      {parking.hasLines && <p className={classes['problem']}>{t('pos.recall-needs-empty')}</p>}
      <RefusalNote refusal={parking.saver.refusal} />
      <ul className={classes['held']} aria-label={t('pos.parked')}>
        {parking.held.map((held) => (
          <li key={held.id}>
            <Button
              variant="default"
              fullWidth
              size="md"
              justify="space-between"
              disabled={parking.hasLines}
              onClick={() => void recall(held)}
              rightSection={<When at={held.heldAt} />}
            >
              {held.name}
            </Button>
          </li>
        ))}
      </ul>
    </div>
  )
}
